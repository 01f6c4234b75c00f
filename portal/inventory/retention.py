"""How long activities are kept, and removing what is older: months by dropping their partition where there are
partitions, all the rest in small batches with pauses.

What a vendor delivers of a time that is no longer kept is not taken in: it would only be removed again.
"""

import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from portal.inventory import activities, months, roll_ups
from portal.preferences import preferences
from portal.queue import enqueue

SLICE_SECONDS = 20.0
AT_ONCE = 2_000
SQLITE_AT_ONCE = 500
SQLITE_PAUSE_SECONDS = 0.02
EVERY_MINUTES = 60


def oldest_kept(now: datetime) -> datetime:
    """The beginning of the first day (UTC) whose activities are kept."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=preferences.get("activity_days"))


def look_after() -> None:
    """Each hour, since a day falls out of what is kept once a day, and a try that found the tables busy is made up for.
    Raises OperationalError like `months.arrange`."""
    now = timezone.now()
    if connection.vendor == "postgresql":
        months.arrange(connection, oldest_kept(now), now)
    remove_rest()


def remove_rest() -> None:
    """A task in slices. Two of them at once do the same work; the counts by day say where something is left."""
    oldest, deadline = oldest_kept(timezone.now()), time.monotonic() + SLICE_SECONDS
    is_sqlite = connection.vendor == "sqlite"
    for instance_id in roll_ups.instances_before(oldest):
        while _remove_some(instance_id, SQLITE_AT_ONCE if is_sqlite else AT_ONCE, oldest):
            if time.monotonic() >= deadline:
                enqueue(remove_rest)
                return
            if is_sqlite:
                time.sleep(SQLITE_PAUSE_SECONDS)


def _remove_some(instance_id: int, limit: int, oldest: datetime) -> int:
    with transaction.atomic():
        return activities.delete_some(instance_id, limit, before=oldest)
