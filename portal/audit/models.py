"""The audit trail: who changed what in the portal, and who came in. Rows are added and never touched again."""

from typing import Any, NoReturn

from django.db import models


class TrailIsFixed(Exception):
    """Somebody's code tried to change or remove entries of the audit trail."""

    def __init__(self) -> None:
        super().__init__("Entries of the audit trail cannot be changed or removed.")


class Source(models.TextChoices):
    WEB = "web", "Portal"
    COMMAND = "command", "Command line"
    JOB = "job", "Background job"


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads and adds; everything else is refused."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TrailIsFixed

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TrailIsFixed

    def delete(self) -> NoReturn:
        raise TrailIsFixed


class AuditEntry(models.Model):
    """`verb` is dotted, thing first: `people.role_given`. `before` and `after` hold what changed, never a secret."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_email = models.CharField(max_length=254, blank=True)
    verb = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=255, blank=True)
    object_label = models.CharField(max_length=255, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    ip_address = models.GenericIPAddressField(null=True)
    source = models.CharField(max_length=8, choices=Source.choices)

    objects = AuditQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["actor_email", "-id"], name="audit_by_actor"),
            models.Index(fields=["verb", "-id"], name="audit_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_email} {self.verb} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TrailIsFixed
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TrailIsFixed
