"""Holding a feed: one worker at a time, and nothing is written by a worker that no longer holds it.

The lease passes from hand to hand: a ticket while a task waits in the queue, an owner while it runs. Taking it is one
compare-and-set, so that of two workers one wins; a lease that ran out belongs to whoever comes first.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.scans.models import FeedState, FeedStatus

LEASE = timedelta(seconds=120)
"""Renewed with every page."""
IN_QUEUE = timedelta(minutes=10)
"""A task that did not start for so long is given up, and another one enqueued."""
MOST_CRASHES = 5
TICKET = "ticket-"
"""Begins what stands as owner while a task waits in the queue; a worker's own begins otherwise."""


class LeaseLost(Exception):
    """Another worker has taken the feed over, or it was stopped: this worker must not write any more."""


@dataclass(frozen=True)
class Held:
    """A feed and the proof that this worker holds it. Every write checks the proof."""

    state: FeedState
    owner: str

    def write(self, **values: Any) -> None:
        """Raises LeaseLost."""
        if not FeedState.objects.filter(pk=self.state.pk, lease_owner=self.owner).update(**values):
            raise LeaseLost
        for name, value in values.items():
            setattr(self.state, name, value)

    def heartbeat(self) -> None:
        """Goes on holding the feed. Raises LeaseLost."""
        self.write(lease_until=timezone.now() + LEASE)

    def release(self, **values: Any) -> None:
        """The last write of a slice. Raises LeaseLost."""
        self.write(lease_owner="", lease_until=None, crashes=0, **values)

    def is_stop_wanted(self) -> bool:
        """Whether somebody wants the run to halt, or the instance is no longer read."""
        row = FeedState.objects.filter(pk=self.state.pk).values_list("is_stop_wanted", "instance__state").first()
        return row is None or row[0] or row[1] != State.CONNECTED


def is_free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)


def claim(feed_state_id: int, ticket: str = "") -> Held | None:
    """Take a feed that is due. None where there is nothing to do: it is held, stopped, not due, or the task is late."""
    now = timezone.now()
    owner = secrets.token_hex(16)
    may_take = is_free(now) | Q(lease_owner=ticket) if ticket else is_free(now)
    due = FeedState.objects.filter(pk=feed_state_id, next_run_at__lte=now, is_stop_wanted=False)
    taken = due.filter(may_take).exclude(status=FeedStatus.STOPPED).update(
        lease_owner=owner, lease_until=now + LEASE, status=FeedStatus.RUNNING, crashes=F("crashes") + 1
    )
    if not taken:
        return None
    return Held(FeedState.objects.select_related("instance").get(pk=feed_state_id), owner)


def reserve(feed_state_id: int) -> str:
    """A ticket for the task that is about to be enqueued; '' where the feed is held or has one already."""
    now = timezone.now()
    ticket = TICKET + secrets.token_hex(12)
    free = FeedState.objects.filter(is_free(now), pk=feed_state_id)
    return ticket if free.update(lease_owner=ticket, lease_until=now + IN_QUEUE) else ""


def give_back(feed_state_id: int, ticket: str) -> bool:
    """The task of this ticket may not run: the place in the queue is free again. False where the ticket is old."""
    mine = FeedState.objects.filter(has_ticket(), pk=feed_state_id, lease_owner=ticket)
    return bool(mine.update(lease_owner="", lease_until=None))


def drop_tickets(instance: AppInstance) -> None:
    """Forget the tasks that have not begun: what is enqueued now does not wait for them, they find nothing to do."""
    FeedState.objects.filter(has_ticket(), instance=instance).update(lease_owner="", lease_until=None)


def has_ticket() -> Q:
    """Feeds that wait in the queue, and are not held by a worker."""
    return Q(lease_owner__startswith=TICKET)
