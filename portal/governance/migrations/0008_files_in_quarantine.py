from typing import Any

from django.db import migrations


def tell_inventory(apps: Any, schema_editor: Any) -> None:
    """Which files are held, of records from before."""
    records = apps.get_model("governance", "QuarantineRecord").objects.filter(released_at=None, deleted_at=None)
    held = records.exclude(held_at=None).filter(action__target_kind="file")
    files = apps.get_model("inventory", "File").objects
    for instance_id, file_id in held.values_list("instance_id", "action__target_id").iterator():
        files.filter(instance_id=instance_id, vendor_id=file_id).update(is_quarantined=True)


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0007_stored_files'),
        ('inventory', '0013_files_in_quarantine'),
    ]

    operations = [
        migrations.RunPython(tell_inventory, migrations.RunPython.noop),
    ]
