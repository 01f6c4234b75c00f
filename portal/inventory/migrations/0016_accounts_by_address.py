import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0015_activities_by_component'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='account',
            index=models.Index(models.F('instance_id'), django.db.models.functions.text.Lower('email'), name='account_by_email'),
        ),
        migrations.AddIndex(
            model_name='account',
            index=models.Index(models.F('instance_id'), django.db.models.functions.text.Lower('username'), name='account_by_username'),
        ),
    ]
