"""The vendor's limits, shared by all workers of an instance: noted with every page, kept to before and between pages.

Scans leave a part of each limit alone, so that what an admin asks for still reaches the app while a scan is on.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from connectors.base import Budget as Said
from connectors.base import Connector, Feed, Limit, RateLimited, Traffic
from connectors.catalogue import catalogue
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.scans.models import Budget

KEPT_SHARE = 0.1
"""Of each limit, for actions and tests."""
LONGEST_REST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of one limit. `counted_s`: we alone count it, over so many seconds; None: the app says so."""

    name: str
    limit: int
    remaining: int
    counted_s: int | None


def note(instance: AppInstance, feed: Feed, traffic: Traffic) -> None:
    """Keep what the last calls used and what the answers said is left."""
    now = timezone.now()
    for said in traffic.budgets.values():
        _keep_said(instance, said, now)
    if traffic.calls:
        for limit in connector_of(instance).limits:
            if limit.name in feed.limits:
                _count(instance, limit, traffic.calls, now)


def rest(instance: AppInstance, feed: Feed, error: RateLimited) -> None:
    """The vendor asked for a pause: all feeds that draw on the same limit make it."""
    now = timezone.now()
    until = now + min(timedelta(seconds=max(error.retry_after, 1.0)), LONGEST_REST)
    name = error.limit if error.limit in feed.limits else feed.limits[0]
    _write(instance, name, now, rests_until=until)


def resting(instance: AppInstance) -> dict[str, datetime]:
    """The limits that must not be drawn on now, by name, with the moment they may again."""
    now = timezone.now()
    rows = Budget.objects.filter(instance=instance, rests_until__gt=now)
    return {row.name: row.rests_until for row in rows if row.rests_until is not None}


def rests_until(feed: Feed, limits: dict[str, datetime]) -> datetime | None:
    """When a feed may be read, None: now."""
    return max((limits[name] for name in feed.limits if name in limits), default=None)


def resting_feeds(connector: Connector, limits: Collection[str]) -> set[str]:
    """Names of the feeds that draw on one of these limits."""
    return {feed.name for feed in connector.feeds if set(feed.limits) & set(limits)}


def left(instances: Iterable[AppInstance]) -> dict[int, list[Left]]:
    """Of the limits that are known, by instance; in one query. What has started anew since it was noted is whole."""
    now, known = timezone.now(), {each.pk: each for each in instances}
    found: dict[int, list[Left]] = {pk: [] for pk in known}
    rows = Budget.objects.filter(instance__in=list(known)).exclude(limit=None).order_by("instance_id", "name")
    noted = {(row.instance_id, row.name): row for row in rows}
    for (instance_id, name), row in noted.items():
        limit, is_whole = row.limit or 0, row.resets_at is not None and row.resets_at <= now
        counted = _counted(known[instance_id]).get(name)
        remaining = limit if is_whole or row.remaining is None else row.remaining
        found[instance_id].append(Left(name, limit, remaining, counted.seconds if counted else None))
    for instance_id, instance in known.items():
        unused = (limit for name, limit in _counted(instance).items() if (instance_id, name) not in noted)
        found[instance_id] += (Left(limit.name, limit.calls, limit.calls, limit.seconds) for limit in unused)
    return found


def _counted(instance: AppInstance) -> dict[str, Limit]:
    """By name, the limits that the app's answers do not count."""
    connector = catalogue().get(instance.app_id)
    return {limit.name: limit for limit in connector.limits} if connector else {}


def part_of_counted(instance: AppInstance, feed: Feed) -> float:
    """A fifth of the smallest limit that only we count, in calls: so many are noted at once, whatever time it is."""
    counted = [limit.calls for limit in connector_of(instance).limits if limit.name in feed.limits]
    return max(min(counted) // 5, 1) if counted else float("inf")


def is_spent(said: Said) -> bool:
    """Whether scans must leave what is left of a limit to others."""
    return said.remaining <= said.limit * KEPT_SHARE and said.resets_at > timezone.now()


def _keep_said(instance: AppInstance, said: Said, now: datetime) -> None:
    until = min(said.resets_at, now + LONGEST_REST) if is_spent(said) else None
    values = {"limit": said.limit, "remaining": max(said.remaining, 0), "resets_at": said.resets_at}
    # Where enough is left, a pause that the vendor asked for still holds.
    _write(instance, said.name, now, **values, **({"rests_until": until} if until else {}))


def _count(instance: AppInstance, limit: Limit, calls: int, now: datetime) -> None:
    """A window of our own: it begins with the first call and rests when its calls are used, but for the kept share."""
    rows = Budget.objects.filter(instance=instance, name=limit.name)
    if not rows.filter(window_ends_at__gt=now).update(used=F("used") + calls, noted_at=now):
        ends_at = now + timedelta(seconds=limit.seconds)
        _write(instance, limit.name, now, used=calls, window_ends_at=ends_at, limit=limit.calls, resets_at=ends_at)
    row = rows.get()
    most = int(limit.calls * (1 - KEPT_SHARE))
    rows.update(remaining=max(limit.calls - row.used, 0))
    if row.used >= max(most, 1):
        rows.update(rests_until=row.window_ends_at)


def _write(instance: AppInstance, name: str, now: datetime, **values: object) -> None:
    Budget.objects.update_or_create(instance=instance, name=name, defaults={"noted_at": now, **values})
