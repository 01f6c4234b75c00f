from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class ScansConfig(AppConfig):
    name = "portal.scans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(plan_dispatching, sender=self)


def plan_dispatching(**kwargs: Any) -> None:
    """With the tables comes the clock: due feeds are looked for each minute."""
    from django.apps import apps

    from portal.queue import repeat
    from portal.scans.jobs import dispatch_due

    if apps.get_model("django_q", "Schedule")._meta.db_table in connection.introspection.table_names():
        repeat(dispatch_due)
