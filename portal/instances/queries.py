"""Reads of app instances, always within what a person may see."""

from django.db.models import Q, QuerySet

from portal.audit.models import AuditEntry
from portal.instances.models import AppInstance, State
from portal.people.roles import Right
from portal.people.scope import Scope


def visible(scope: Scope) -> QuerySet[AppInstance]:
    """Every instance the scope may see, drafts and disconnected ones included."""
    everything = AppInstance.objects.all()
    if scope.sees_everything:
        return everything
    return everything.filter(Q(pk__in=scope.instance_ids) | Q(app_id__in=scope.app_ids))


def instances(scope: Scope) -> QuerySet[AppInstance]:
    """Those that were connected once: what lists and filters name."""
    return visible(scope).exclude(state=State.CONNECTING).order_by("app_id", "name")


def drafts(scope: Scope) -> QuerySet[AppInstance]:
    """Those still in the wizard."""
    return visible(scope).filter(state=State.CONNECTING).order_by("app_id", "name")


def get(scope: Scope, pk: int) -> AppInstance:
    """Raises AppInstance.DoesNotExist where the scope may not see it."""
    return visible(scope).get(pk=pk)


def names(scope: Scope) -> dict[int, AppInstance]:
    """By id; the table is small, callers read it once a request."""
    return {instance.pk: instance for instance in instances(scope)}


def begun_or_connected() -> dict[str, str]:
    """The state of a connection or a draft by app, whoever may see it: what a single-instance app is refused by."""
    return dict(AppInstance.objects.exclude(state=State.DISCONNECTED).values_list("app_id", "state"))


def changes(scope: Scope, instance: AppInstance, limit: int = 10) -> list[AuditEntry]:
    """The newest entries of the audit trail about an instance, for who may change it or read the trail; else none."""
    may_change = scope.can(Right.CONNECT, instance_id=instance.pk, app_id=instance.app_id)
    if not may_change and not scope.can(Right.READ_AUDIT):
        return []
    entries = AuditEntry.objects.filter(object_kind="app_instance", object_id=str(instance.pk))
    return list(entries.order_by("-id")[:limit])
