from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0012_collaborator_domains'),
    ]

    operations = [
        migrations.AddField(
            model_name='file',
            name='is_quarantined',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='file',
            index=models.Index(condition=models.Q(('is_quarantined', True)), fields=['sort_name', 'id'], name='file_quarantined'),
        ),
    ]
