"""Why a feed is not being read at this moment, in sentences, for whoever runs the portal."""

from collections.abc import Iterator

from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.leases import TICKET
from portal.queue import waiting
from portal.scans import budgets
from portal.scans.models import FeedState, FeedStatus
from portal.scans.plan import feeds_of, held_back, is_readable
from portal.scans.runner import AT_ONCE, AT_ONCE_PER_APP
from portal.scans.words import about

MOST_PARTITIONS = 20
STANDS = {
    State.ATTENTION: "needs attention",
    State.PAUSED: "is paused",
    State.DISCONNECTING: "is being disconnected",
    State.DISCONNECTED: "is disconnected",
}


def feed(instance: AppInstance, name: str) -> Iterator[str]:
    """One sentence for each reason, first what stands before all else. Raises KeyError for a feed it does not have."""
    declared = {each.name: each for each in feeds_of(instance)}
    rows = list(FeedState.objects.filter(instance=instance, feed=name).order_by("partition").defer("cursor"))
    if name not in declared and not rows:
        raise KeyError(name)
    if not is_readable(instance):
        yield _unreadable(instance)
        return
    if name not in declared:
        yield "It is switched off: its part of the app is off, or file monitoring is, or the connector has it no more."
        return
    if not rows:
        yield "It was never planned: the dispatcher, which looks each minute, has not run since connecting."
    waits_for = held_back(instance).get(name)
    if waits_for:
        yield f"It waits for {waits_for} to have been read once."
    rests_until = budgets.rests_until(declared[name], budgets.resting(instance))
    if rests_until:
        yield f"A limit of the app is used up; it rests until {rests_until:%Y-%m-%d %H:%M:%S} UTC."
    for row in rows[:MOST_PARTITIONS]:
        yield from (f"{_label(row)}{sentence}" for sentence in _row(row))
    if len(rows) > MOST_PARTITIONS:
        yield f"... and {len(rows) - MOST_PARTITIONS} more partitions."
    yield from _places(instance)
    yield from _queue()


def _unreadable(instance: AppInstance) -> str:
    if instance.state == State.CONNECTED:
        return "Its connector is not installed."
    words = f"The instance {STANDS.get(State(instance.state), 'is not connected')}"
    return f"{words}: {instance.problem} {instance.remedy}".strip() if instance.problem else f"{words}."


def _label(row: FeedState) -> str:
    return f"{row.partition_label or row.partition}: " if row.partition else ""


def _row(row: FeedState) -> Iterator[str]:
    now = timezone.now()
    if row.is_stop_wanted:
        yield "It was told to stop."
    if row.status in (FeedStatus.BLOCKED, FeedStatus.UNAVAILABLE, FeedStatus.STOPPED):
        yield f"{FeedStatus(row.status).label}: {row.error} {row.remedy}".strip()
    if row.sweep_began_at:
        yield (
            f"Everything was read; since {row.sweep_began_at:%Y-%m-%d %H:%M:%S} UTC what is no longer there is being "
            "marked gone, some rows at a time. It goes on with that."
        )
    if row.lease_until and row.lease_until > now:
        holder = "a task in the queue" if row.lease_owner.startswith(TICKET) else "a worker"
        seconds = (row.lease_until - now).total_seconds()
        yield f"It is held by {holder}; if that is lost, it is free again in {about(seconds)}."
    elif row.lease_until:
        yield "The worker that held it is gone; the dispatcher gives it to another within a minute."
    elif row.next_run_at and row.next_run_at > now:
        yield f"It is not due before {row.next_run_at:%Y-%m-%d %H:%M:%S} UTC."
    elif row.next_run_at and row.status == FeedStatus.WAITING:
        yield f"It is due for {about((now - row.next_run_at).total_seconds())} and waits for a place or a worker."
    if row.error_code and row.status == FeedStatus.WAITING:
        times = f", {row.failures} times in a row" if row.failures else ""
        yield f"Its last run ended in {row.error_code}{times}: {row.error}"
    if row.crashes:
        yield f"Workers died {row.crashes} times over it without a page."


def _places(instance: AppInstance) -> Iterator[str]:
    now = timezone.now()
    held = FeedState.objects.filter(lease_until__gte=now)
    own, of_app = held.filter(instance=instance).count(), held.filter(instance__app_id=instance.app_id).count()
    if own >= AT_ONCE:
        yield f"All {AT_ONCE} places of the instance are taken."
    if of_app >= AT_ONCE_PER_APP:
        yield f"All {AT_ONCE_PER_APP} places of the app are taken; its instances take turns."


def _queue() -> Iterator[str]:
    each = waiting()["scans"]
    if each.due and each.oldest_s > 60:
        yield (
            f"{each.due} tasks of the scans cluster wait, the oldest for {about(each.oldest_s)}: the workers are busy, "
            "or none runs (manage.py qcluster)."
        )
