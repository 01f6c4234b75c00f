"""Reads of app instances, always within what a person may see."""

from django.db.models import Q, QuerySet

from portal.instances.models import AppInstance, State
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


def connected_app_ids() -> set[str]:
    """Apps with a connection or a draft, whoever may see it: what a single-instance app is refused by."""
    return set(AppInstance.objects.exclude(state=State.DISCONNECTED).values_list("app_id", flat=True))
