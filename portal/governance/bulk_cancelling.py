"""Ending what waits of a batch. What runs, or has ended, stays as it is."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from connectors.base import ActionKind
from portal.audit import trail
from portal.governance.bulk import AT_ONCE
from portal.governance.catalogue import right_for
from portal.governance.models import ActionBatch, ActionState, GovernanceAction
from portal.governance.service import ending_of_cancelled
from portal.instances.problems import Problem
from portal.people.models import User
from portal.people.scope import REFUSAL, Scope, scope_of


def cancel_batch(actor: User, batch: ActionBatch) -> int:
    """How many were ended: those that wait in the instances where the person may act. Raises Problem where none waits,
    PermissionDenied where the person may end none of those that do."""
    if not _waiting(batch).exists():
        raise Problem("None of them waits any more.", remedy="Only actions that wait are cancelled.")
    with transaction.atomic():
        # Those that a worker is taking at this moment are left to it.
        rows = list(cancellable(scope_of(actor), batch).select_for_update(skip_locked=True).only("pk", "steps"))
        if not rows:
            raise PermissionDenied(REFUSAL)
        untouched = [row.pk for row in rows if not row.steps]
        for start in range(0, len(untouched), AT_ONCE):
            some = GovernanceAction.objects.filter(pk__in=untouched[start : start + AT_ONCE])
            some.update(**ending_of_cancelled(actor, []))
        for row in rows:
            if row.steps:
                GovernanceAction.objects.filter(pk=row.pk).update(**ending_of_cancelled(actor, row.steps))
        trail.record(
            actor=actor, verb="action.batch_cancelled", object_kind="action_batch", object_id=str(batch.pk),
            object_label=f"{batch.action_name}: {len(rows):,} targets",
            after={"reason": batch.reason, "targets": len(rows)},
        )
    return len(rows)


def cancellable(scope: Scope, batch: ActionBatch) -> QuerySet[GovernanceAction]:
    """The actions of a batch that wait and that this person may end, in the order in which they would be done."""
    waiting = _waiting(batch)
    places = waiting.order_by().values_list("instance_id", "instance__app_id", "kind").distinct()
    allowed = Q(pk__in=[])
    for instance_id, app_id, kind in places:
        if scope.can(right_for(ActionKind(kind)), instance_id=instance_id, app_id=app_id):
            allowed |= Q(instance_id=instance_id, kind=kind)
    return waiting.filter(allowed)


def _waiting(batch: ActionBatch) -> QuerySet[GovernanceAction]:
    return GovernanceAction.objects.filter(batch=batch, state=ActionState.QUEUED).order_by("pk")
