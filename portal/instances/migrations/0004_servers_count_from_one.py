from typing import Any

from django.db import migrations


def name_the_host(apps: Any, schema_editor: Any) -> None:
    """Organisations of GitHub away from github.com: each server counts from one, so the host is part of who they are."""
    for row in apps.get_model("instances", "AppInstance").objects.filter(app_id="github"):
        host = row.config.get("base_url", "").removeprefix("https://")
        if host and row.tenant_id.isdigit():
            row.tenant_id = f"{host}:{row.tenant_id}"
            row.save(update_fields=["tenant_id"])


class Migration(migrations.Migration):
    dependencies = [("instances", "0003_notices")]
    operations = [migrations.RunPython(name_the_host, migrations.RunPython.noop)]
