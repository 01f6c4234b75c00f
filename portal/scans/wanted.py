"""Feeds that a push says to read now: at once where that is cheap, after a rest where everything is listed anew."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from connectors.base import Feed, FeedKind
from portal.instances.models import AppInstance
from portal.leases import is_free
from portal.scans.models import FeedState, FeedStatus
from portal.scans.plan import feeds_of

REST = timedelta(minutes=5)
"""How long after its last run a snapshot is left alone: a stream of pushes must not become a stream of full passes."""


def mark(instance: AppInstance, places: Iterable[tuple[str, str]], now: datetime) -> None:
    """Note that these (feed, partition) have changed. What runs now is read again when it has ended."""
    feeds = {feed.name: feed for feed in feeds_of(instance)}
    for name, partition in places:
        if name not in feeds:
            continue
        rows = FeedState.objects.filter(instance=instance, feed=name, partition=partition)
        rows.update(wanted_at=now)
        # In trouble, or waiting for a pause to end: then it keeps its own time.
        calm = rows.filter(is_free(now), status=FeedStatus.WAITING, error_code="")
        for row in calm.exclude(last_success_at=None):
            at = due_at(feeds[name], row, now)
            if row.next_run_at is None or row.next_run_at > at:
                FeedState.objects.filter(pk=row.pk).update(next_run_at=at)


def due_at(feed: Feed, row: FeedState, now: datetime) -> datetime:
    """When a feed that is wanted may run again."""
    if feed.kind is FeedKind.CHANGES or row.last_success_at is None:
        return now
    return max(now, row.last_success_at + REST)


def after_run(feed: Feed, row: FeedState, now: datetime) -> datetime | None:
    """When a run that ends now is followed by the next because something changed while it read; None: nothing did."""
    wanted_at = FeedState.objects.filter(pk=row.pk).values_list("wanted_at", flat=True).first()
    if wanted_at is None or row.run_started_at is None or wanted_at < row.run_started_at:
        return None
    return now if feed.kind is FeedKind.CHANGES else now + REST
