"""Holding a feed while it is read; how leases work stands in portal/leases.py."""

import secrets
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from portal import leases
from portal.instances.models import AppInstance, State
from portal.leases import LEASE, SKEW, has_ticket, is_free, is_held_too_long
from portal.scans.models import FeedState, FeedStatus


class Held(leases.Held[FeedState]):
    """A feed and the proof that this worker holds it."""

    @property
    def state(self) -> FeedState:
        return self.row

    def release(self, **values: Any) -> None:
        """The last write of a slice, which therefore did not kill its worker. Raises LeaseLost."""
        super().release(crashes=0, **values)

    def is_stop_wanted(self) -> bool:
        """Whether somebody wants the run to halt, or the instance is no longer read."""
        row = FeedState.objects.filter(pk=self.state.pk).values_list("is_stop_wanted", "instance__state").first()
        return row is None or row[0] or row[1] != State.CONNECTED


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


def give_back(feed_state_id: int, ticket: str) -> bool:
    """The task of this ticket may not run: the place in the queue is free again. False where the ticket is old."""
    mine = FeedState.objects.filter(has_ticket(), pk=feed_state_id, lease_owner=ticket)
    return bool(mine.update(lease_owner="", lease_until=None))


def drop_tickets(instance: AppInstance) -> None:
    """Forget the tasks that have not begun: what is enqueued now does not wait for them, they find nothing to do."""
    FeedState.objects.filter(has_ticket(), instance=instance).update(lease_owner="", lease_until=None)


def mend_times() -> None:
    """After the clock was set back, free what is held for longer than a lease lasts, and let what was read, or
    connected, at a time to come be due now. A worker that still runs finds its lease lost and leaves.

    What waits after an error, or because the app asked for a pause, waits longer by as much as the clock was set back.
    """
    now = timezone.now()
    later = now + SKEW
    FeedState.objects.filter(is_held_too_long(now)).update(lease_owner="", lease_until=None, next_run_at=now)
    was_read = Q(last_success_at__gt=later) | Q(last_page_at__gt=later, is_mid_run=True)
    was_connected = Q(instance__connected_at__gt=later, last_success_at=None)
    waiting = FeedState.objects.filter(status=FeedStatus.WAITING, error_code="", next_run_at__gt=now)
    waiting.filter(was_read | was_connected).update(next_run_at=now)
