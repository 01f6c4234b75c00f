from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class InventoryConfig(AppConfig):
    name = "portal.inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.inventory import checks  # noqa: F401  registers the check

        post_migrate.connect(plan_looking_after, sender=self)


def plan_looking_after(**kwargs: Any) -> None:
    """With the tables comes the clock: rows worked out with other domains are looked for each minute, what is too old
    to be kept each hour; and each hour it is counted how far files are shared."""
    from django.apps import apps

    from portal.inventory import exposure_days, recomputing, retention
    from portal.queue import repeat

    if apps.get_model("django_q", "Schedule")._meta.db_table in connection.introspection.table_names():
        repeat(recomputing.look_after)
        repeat(exposure_days.look_after, minutes=exposure_days.EVERY_MINUTES)
        repeat(retention.look_after, minutes=retention.EVERY_MINUTES)
