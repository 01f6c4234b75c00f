"""The portal as Django sees it at start."""

from typing import Any

from django.apps import AppConfig, apps
from django.db import connection
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "portal"
    label = "gatehouse"

    def ready(self) -> None:
        from portal import checks  # noqa: F401  registers the checks
        from portal.queue import when_a_worker_begins

        when_a_worker_begins(wait_as_worker)
        post_migrate.connect(plant_canary, sender=apps.get_app_config("vault"))


def wait_as_worker() -> None:
    from portal import patience

    patience.have(patience.WORKER)


def plant_canary(**kwargs: Any) -> None:
    """After the first migration: remember which keys this database was begun with."""
    from portal.vault import canary
    from portal.vault.models import Canary

    if Canary._meta.db_table in connection.introspection.table_names():
        canary.plant()
