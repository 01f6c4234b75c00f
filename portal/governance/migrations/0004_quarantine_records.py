from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def note_what_is_held(apps: Any, schema_editor: Any) -> None:
    """Of actions from before: where the files were is not known any more."""
    actions = apps.get_model("governance", "GovernanceAction").objects.filter(
        kind__in=["quarantine_file", "quarantine_trashed_file"], state="done", reverts=None
    )
    undone = dict(
        apps.get_model("governance", "GovernanceAction").objects.filter(reverts__in=actions, state="done")
        .values_list("reverts_id", "ended_at")
    )
    record = apps.get_model("governance", "QuarantineRecord")
    record.objects.bulk_create(
        record(
            action_id=each.pk, instance_id=each.instance_id, name=each.target_name, exposure="unknown",
            held_at=each.ended_at, released_at=undone.get(each.pk),
        )
        for each in actions.iterator()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0003_retried_by'),
        ('instances', '0004_servers_count_from_one'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuarantineRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('place', models.CharField(blank=True, max_length=2000)),
                ('owner_name', models.CharField(blank=True, max_length=255)),
                ('exposure', models.CharField(max_length=16)),
                ('held_at', models.DateTimeField(null=True)),
                ('review_at', models.DateTimeField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('action', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='quarantine', to='governance.governanceaction')),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='instances.appinstance')),
            ],
            options={
                'indexes': [models.Index(fields=['-held_at', '-id'], name='quarantine_by_time')],
            },
        ),
        migrations.RunPython(note_what_is_held, migrations.RunPython.noop),
    ]
