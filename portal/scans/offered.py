"""Feeds that the last check found the tenant not to offer: they are not asked for, until a check finds them offered.

The check comes with Connect, Reconnect and Test now, and before each full pass, so at least daily: that is how another
plan or another way of connecting is noticed. What a vendor refuses without the check knowing of it is another matter
(troubles.py): there the feed itself asks again daily.
"""

from django.db import transaction
from django.utils import timezone

from connectors.base import NotAvailable
from portal.instances.models import AppInstance
from portal.leases import is_free
from portal.scans import runs
from portal.scans.models import FeedState, FeedStatus


def keep_to_check(instance: AppInstance) -> None:
    """Close the feeds that `instance.unavailable` names and open those it no longer does. Often called, seldom writes;
    a feed that a worker holds is closed at a later call."""
    for row in FeedState.objects.filter(instance=instance, partition="").exclude(status=FeedStatus.STOPPED):
        reason = instance.unavailable.get(row.feed, "")
        is_closed = row.status == FeedStatus.UNAVAILABLE and row.next_run_at is None
        if reason and not (is_closed and row.error == reason):
            _close(row, reason)
        elif is_closed and not reason:
            _open(row)


def _close(row: FeedState, reason: str) -> None:
    feed = FeedState.objects.filter(is_free(timezone.now()), instance_id=row.instance_id, feed=row.feed)
    with transaction.atomic():
        closed = feed.filter(pk=row.pk).update(
            status=FeedStatus.UNAVAILABLE, next_run_at=None, is_mid_run=False, error_code=NotAvailable.code,
            error=reason, remedy="",
        )
        if closed:
            runs.fail(row, NotAvailable.code, reason)
            feed.exclude(partition="").filter(status=FeedStatus.WAITING).update(next_run_at=None)


def _open(row: FeedState) -> None:
    FeedState.objects.filter(pk=row.pk, status=FeedStatus.UNAVAILABLE, next_run_at=None).update(
        status=FeedStatus.WAITING, next_run_at=timezone.now(), failures=0, **runs.NO_ERROR
    )
