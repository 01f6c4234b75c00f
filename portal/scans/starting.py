"""What asking for a scan came to: which feeds are read now, and why the others are not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from connectors.base import RateLimited
from portal.instances.models import AppInstance
from portal.leases import TICKET
from portal.scans import budgets
from portal.scans.models import FeedState, FeedStatus
from portal.scans.plan import feeds_of, held_back
from portal.scans.words import about


@dataclass(slots=True)
class Started:
    """Titles of feeds: those `started`, those that were `reading` already, those that come `next` by themselves, and
    by title why the `others` do not start."""

    started: list[str] = field(default_factory=list)
    reading: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """All of it in words."""
        number = len(self.started)
        words = f"{number} feed{'' if number == 1 else 's'} started: {', '.join(self.started)}." if number else ""
        parts = [
            words or "No feed was started.",
            f"Being read already: {', '.join(self.reading)}." if self.reading else "",
            f"Next, as soon as there is room: {', '.join(self.next)}." if self.next else "",
            *(f"{title}: {why}" for title, why in self.others.items()),
        ]
        return " ".join(filter(None, parts))


def started(instance: AppInstance, only: str | None = None) -> Started:
    """As the feeds stand now, just after they were made due."""
    found, waits, limits = Started(), held_back(instance), budgets.resting(instance)
    rows = list(FeedState.objects.filter(instance=instance).exclude(status=FeedStatus.STOPPED).defer("cursor"))
    for feed in feeds_of(instance):
        own = [row for row in rows if row.feed == feed.name]
        if not own or only not in (None, feed.name):
            continue
        if feed.name in instance.unavailable:
            found.others[feed.title] = instance.unavailable[feed.name]
        else:
            _sort(found, feed.title, own, waits.get(feed.name, ""), budgets.rests_until(feed, limits))
    return found


def _sort(
    found: Started, title: str, rows: Sequence[FeedState], waits_for: str, rests_until: datetime | None
) -> None:
    now = timezone.now()
    held = [row.lease_owner for row in rows if row.lease_until and row.lease_until >= now]
    if any(not owner.startswith(TICKET) for owner in held):
        found.reading.append(title)
    elif held:
        found.started.append(title)
    elif waits_for:
        found.others[title] = f"starts when {waits_for} has been read."
    elif rests_until:
        found.others[title] = _pause(rests_until)
    elif any(row.next_run_at and row.next_run_at <= now for row in rows):
        found.next.append(title)
    else:
        found.others[title] = _why_not(rows)


def _why_not(rows: Sequence[FeedState]) -> str:
    pauses = [row for row in rows if row.error_code == RateLimited.code and row.next_run_at]
    if not pauses:
        return next((row.error for row in rows if row.error), "it has no time to start at.")
    return _pause(max(row.next_run_at for row in pauses if row.next_run_at))


def _pause(until: datetime) -> str:
    seconds = (until - timezone.now()).total_seconds()
    return f"the app asked for a pause; it goes on by itself in {about(seconds)}."
