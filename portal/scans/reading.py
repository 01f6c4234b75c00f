"""Whether a feed is being read at this moment, and since when nobody reads what was begun.

Every write of a worker renews its lease, so the end of a lease tells when the worker last wrote.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from portal.leases import IN_QUEUE, LEASE, TICKET, has_ticket
from portal.scans.models import FeedState, FeedStatus

QUIET = timedelta(seconds=45)
"""A call ends within ten seconds, and few pages need more than some calls: who is silent for longer may be dead."""
PATIENCE = timedelta(minutes=5)
"""Within a minute the dispatcher finds what is due; some minutes more it may wait for a worker."""


def is_read_now() -> Q:
    """Rows whose worker wrote lately, or whose run was cut into slices and goes on at once."""
    now = timezone.now()
    is_alive = Q(status=FeedStatus.RUNNING, lease_until__gte=now + LEASE - QUIET) & ~has_ticket()
    goes_on = Q(status=FeedStatus.WAITING, is_mid_run=True, error_code="")
    return is_alive | (goes_on & Q(next_run_at__gt=now - PATIENCE, next_run_at__lte=now))


def is_interrupted() -> Q:
    """Rows that a worker began to read, and nobody reads now."""
    return Q(status=FeedStatus.RUNNING) & ~is_read_now()


def last_sign(row: FeedState) -> datetime | None:
    """Of a row that a worker holds: when that worker last wrote. None where the row is free or its task waits."""
    if row.lease_until is None or row.lease_until < timezone.now() or row.lease_owner.startswith(TICKET):
        return None
    return row.lease_until - LEASE


def left_at(row: FeedState) -> datetime | None:
    """Of a row that was begun and nobody holds: since when it waits for another worker."""
    if row.lease_until is None:
        return row.next_run_at
    return row.lease_until - IN_QUEUE if row.lease_owner.startswith(TICKET) else row.lease_until
