"""Looking which partitions a feed has (drives, namespaces, regions), before they are read side by side."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from connectors.base import Client, Feed
from portal.scans import remembered, runs
from portal.scans.leases import Held
from portal.scans.models import VANISHED, FeedState, FeedStatus
from portal.scans.plan import cadence

NOT_LISTED = "The app no longer lists it."
AT_ONCE = 500
STOPPED = {"status": FeedStatus.STOPPED, "next_run_at": None, "is_mid_run": False}


def listed(held: Held, feed: Feed, client: Client) -> dict[str, str]:
    """All partitions, id to label, as the vendor lists them now. Raises LeaseLost or a ConnectorError."""
    found: dict[str, str] = {}
    for partition in (feed.partitions or _none)(client):
        if not partition.id:
            raise ValueError(f"feed {feed.name} has a partition without an id")
        found[partition.id] = partition.label
        if len(found) % AT_ONCE == 0:
            held.write()
    return found


def plan(held: Held, feed: Feed, found: dict[str, str]) -> None:
    """New partitions get a row, all that rest become due, those no longer listed stop. Raises LeaseLost."""
    now = timezone.now()
    with transaction.atomic():
        held.release(
            status=FeedStatus.WAITING, next_run_at=now + cadence(feed, held.state.instance), last_success_at=now,
            failures=0, **runs.NO_ERROR,
        )
        known = {row.partition: row for row in _rows(held)}
        _create(held, feed, {key: label for key, label in found.items() if key not in known}, now)
        staying = [row for row in known.values() if row.partition in found]
        _begin_anew([row for row in staying if row.error_code == VANISHED], feed, now)
        _update([row for row in staying if _rests(row)], next_run_at=now)
        _stop([row for row in known.values() if row.partition not in found and row.error_code != VANISHED], feed, now)


def _rows(held: Held) -> Iterable[FeedState]:
    rows = FeedState.objects.filter(instance_id=held.state.instance_id, feed=held.state.feed).exclude(partition="")
    return rows.defer("cursor")


def _rests(row: FeedState) -> bool:
    """Its last run is over, and it waits to be planned. What is blocked waits for a person instead."""
    return row.status == FeedStatus.WAITING and row.next_run_at is None


def _create(held: Held, feed: Feed, missing: dict[str, str], now: datetime) -> None:
    planner = held.state
    rows = [
        FeedState(
            instance_id=planner.instance_id, feed=planner.feed, position=planner.position, partition=partition,
            partition_label=label[:255], next_run_at=now, is_full_pass=feed.is_swept,
        )
        for partition, label in missing.items()
    ]
    FeedState.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)


def _begin_anew(rows: Sequence[FeedState], feed: Feed, now: datetime) -> None:
    """Partitions that are back are read from the beginning; a worker that still sweeps one finds its lease lost."""
    _update(
        rows, status=FeedStatus.WAITING, next_run_at=now, cursor=None, is_full_pass=feed.is_swept, is_mid_run=False,
        failures=0, crashes=0, lease_owner="", lease_until=None, **runs.NOT_SWEEPING, **runs.NO_ERROR,
    )
    for row in rows:
        runs.fail(row, VANISHED, NOT_LISTED)


def _stop(rows: Sequence[FeedState], feed: Feed, now: datetime) -> None:
    """What was in it is gone with it: the vendor listed all partitions, and this one is not among them. It is swept in
    slices of its own, as after a pass that listed nothing."""
    ended = {"lease_owner": "", "lease_until": None, "failures": 0, "crashes": 0}
    then = _to_sweep(now) if feed.is_swept else STOPPED
    _update(rows, error_code=VANISHED, error=NOT_LISTED, remedy="", **ended, **then)
    for row in rows:
        runs.fail(row, VANISHED, NOT_LISTED)
        remembered.forget(row)


def _to_sweep(now: datetime) -> dict[str, Any]:
    return {
        "status": FeedStatus.WAITING, "next_run_at": now, "is_mid_run": True, "pass_id": F("pass_id") + 1,
        "sweep_began_at": now, "sweep_told": [],
    }


def _update(rows: Sequence[FeedState], **values: Any) -> None:
    for start in range(0, len(rows), AT_ONCE):
        FeedState.objects.filter(pk__in=[row.pk for row in rows[start : start + AT_ONCE]]).update(**values)


def _none(client: Client) -> tuple[()]:
    return ()
