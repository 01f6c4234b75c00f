"""Carrying out a batch: one action after another, in slices short enough that nobody's single action waits long.

The actions are claimed one by one like any other, so a batch that is killed anywhere goes on where it was. A vendor
that asks for a pause is not asked for the rest meanwhile, and an instance that is no longer connected is not tried.
"""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.governance.jobs import run_action
from portal.governance.models import ActionBatch, ActionState, GovernanceAction
from portal.instances.models import AppInstance, State
from portal.leases import Held, LeaseLost, forget_lost_tickets, is_free, reserve, take
from portal.queue import enqueue

logger = logging.getLogger(__name__)

SLICE_SECONDS = 5.0
LEASE = timedelta(seconds=150)
"""Longer than nearly every action takes; renewed with each. Beside one that takes longer a second worker may go on with
the others: each is claimed by itself, so none is done twice."""


def put_in_queue(batch_id: int) -> None:
    """A task for the next slice, unless one runs or waits."""
    with transaction.atomic():
        ticket = reserve(ActionBatch.objects.filter(pk=batch_id), resume_at=None)
        if ticket:
            enqueue(run_batch, batch_id, ticket, cluster="actions")


def revive() -> None:
    """Each minute: batches whose pause is over, whose task was lost or whose worker died."""
    forget_lost_tickets(ActionBatch.objects.all(), "actions")
    now = timezone.now()
    left = GovernanceAction.objects.filter(_unbegun(), batch__isnull=False)
    waiting = ActionBatch.objects.filter(is_free(now), pk__in=left.values("batch_id"))
    for batch_id in waiting.filter(Q(resume_at=None) | Q(resume_at__lte=now)).values_list("pk", flat=True):
        put_in_queue(batch_id)


def run_batch(batch_id: int, ticket: str) -> None:
    """The task. A doubled one finds its ticket used and leaves."""
    held = take(ActionBatch.objects.filter(pk=batch_id), ticket, LEASE)
    if held is None:
        return
    try:
        _go_on(held)
    except LeaseLost:
        logger.warning("action batch %s was taken over by another worker", batch_id)


def _go_on(held: Held[ActionBatch]) -> None:
    deadline = time.monotonic() + SLICE_SECONDS
    while True:
        action = _next(held)
        if action is None:
            held.release()
            return
        run_action(action.pk)
        action.refresh_from_db(fields=["state", "problem_code", "next_try_at"])
        if action.state == ActionState.QUEUED and action.problem_code == "rate_limited":
            held.release(resume_at=action.next_try_at)
            return
        held.write()
        if time.monotonic() >= deadline:
            with transaction.atomic():
                held.release()
                put_in_queue(held.row.pk)
            return


def _next(held: Held[ActionBatch]) -> GovernanceAction | None:
    """The first that was not begun, and whose instance is connected."""
    while True:
        rows = GovernanceAction.objects.filter(_unbegun(), batch=held.row).order_by("pk")
        action = rows.select_related("instance").first()
        if action is None or action.instance.state == State.CONNECTED:
            return action
        _give_up(rows, action.instance)


def _give_up(rows: QuerySet[GovernanceAction], instance: AppInstance) -> None:
    words = instance.problem or f"{instance.name} is no longer connected."
    rows.filter(instance=instance).update(
        state=ActionState.FAILED, ended_at=timezone.now(), problem_code="not_connected", problem=words,
        remedy=f"Nothing was changed. Look at {instance.name}, then try again.",
    )


def _unbegun() -> Q:
    return Q(state=ActionState.QUEUED, next_try_at=None)
