from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class GovernanceConfig(AppConfig):
    name = "portal.governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(plan_reviving, sender=self)


def plan_reviving(**kwargs: Any) -> None:
    """With the tables comes the clock: actions that wait or lost their worker are looked for each minute."""
    from django.apps import apps

    from portal.governance import bulk_jobs, deletion_mails, jobs, store
    from portal.queue import repeat

    if apps.get_model("django_q", "Schedule")._meta.db_table in connection.introspection.table_names():
        repeat(jobs.revive, cluster="actions")
        repeat(bulk_jobs.revive, cluster="actions")
        repeat(deletion_mails.revive, cluster="actions")
        repeat(store.forget_incomplete, cluster="actions")
