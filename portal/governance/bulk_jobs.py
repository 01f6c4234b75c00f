"""Carrying out a batch: one action after another, in slices short enough that nobody's single action waits long.

The actions are claimed one by one like any other, so a batch that is killed anywhere goes on where it was. A vendor
that asks for a pause is not asked for the rest meanwhile, and an instance that is no longer connected is not tried.
"""

import logging
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.governance.jobs import run_action
from portal.governance.models import ActionBatch, ActionState, GovernanceAction
from portal.instances.models import AppInstance, State
from portal.queue import enqueue

logger = logging.getLogger(__name__)

SLICE_SECONDS = 5.0
LEASE = timedelta(seconds=150)
"""Longer than the cluster lets a task run; renewed with each action."""
IN_QUEUE = timedelta(minutes=10)


class LeaseLost(Exception):
    """Another worker has taken the batch over."""


@dataclass(frozen=True)
class Held:
    """A batch and the proof that this worker holds it."""

    batch_id: int
    owner: str

    def write(self, **values: Any) -> None:
        """Raises LeaseLost."""
        mine = ActionBatch.objects.filter(pk=self.batch_id, lease_owner=self.owner)
        if not mine.update(**{"lease_until": timezone.now() + LEASE, **values}):
            raise LeaseLost

    def release(self, **values: Any) -> None:
        self.write(lease_owner="", lease_until=None, **values)


def put_in_queue(batch_id: int) -> None:
    """A task for the next slice, unless one runs or waits."""
    now, ticket = timezone.now(), secrets.token_hex(16)
    with transaction.atomic():
        free = ActionBatch.objects.filter(_is_free(now), pk=batch_id)
        if free.update(lease_owner=ticket, lease_until=now + IN_QUEUE, resume_at=None):
            enqueue(run_batch, batch_id, ticket, cluster="actions")


def revive() -> None:
    """Each minute: batches whose pause is over, whose task was lost or whose worker died."""
    now = timezone.now()
    left = GovernanceAction.objects.filter(_unbegun(), batch__isnull=False)
    waiting = ActionBatch.objects.filter(_is_free(now), pk__in=left.values("batch_id"))
    for batch_id in waiting.filter(Q(resume_at=None) | Q(resume_at__lte=now)).values_list("pk", flat=True):
        put_in_queue(batch_id)


def run_batch(batch_id: int, ticket: str) -> None:
    """The task. A doubled one finds its ticket used and leaves."""
    owner = secrets.token_hex(16)
    mine = ActionBatch.objects.filter(pk=batch_id, lease_owner=ticket)
    if not mine.update(lease_owner=owner, lease_until=timezone.now() + LEASE):
        return
    try:
        _go_on(Held(batch_id, owner))
    except LeaseLost:
        logger.warning("action batch %s was taken over by another worker", batch_id)


def _go_on(held: Held) -> None:
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
                put_in_queue(held.batch_id)
            return


def _next(held: Held) -> GovernanceAction | None:
    """The first that was not begun, and whose instance is connected."""
    while True:
        rows = GovernanceAction.objects.filter(_unbegun(), batch_id=held.batch_id).order_by("pk")
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


def _is_free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)
