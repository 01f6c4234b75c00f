"""Which feeds an instance has, when each runs next, and which of them must wait for others."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from connectors.base import TWELVE_HOURS, Capability, Connector, Feed, FeedKind
from connectors.catalogue import catalogue
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance, State
from portal.preferences import preferences
from portal.scans.models import FeedState, FeedStatus

DAILY = timedelta(days=1)
ACTIVITY = {Capability.SIGN_IN_ACTIVITY, Capability.USER_ACTIVITY, Capability.ADMIN_ACTIVITY}
NOT_DECLARED = "not_declared"
UNSTARTED = (FeedStatus.WAITING, FeedStatus.RUNNING)


def is_readable(instance: AppInstance) -> bool:
    """Whether feeds of it may run: connected, and its connector is installed."""
    return instance.state == State.CONNECTED and instance.app_id in catalogue()


def feeds_of(instance: AppInstance) -> list[Feed]:
    """Those of its connector that are switched on, by component and file monitoring, in the order of a first scan."""
    is_monitored = bool(preferences.get("file_monitoring"))
    return [
        feed
        for feed in connector_of(instance).feeds
        if (not feed.component or feed.component in instance.components)
        and (is_monitored or Capability.DATA_SCAN not in feed.serves)
    ]


def has_activity_log(instance: AppInstance) -> bool:
    """Whether the app tells what happened in it: a feed of activities is there for this tenant."""
    return any(
        ACTIVITY & set(feed.serves) and feed.name not in instance.unavailable for feed in connector_of(instance).feeds
    )


def cadence(feed: Feed, instance: AppInstance) -> timedelta:
    """Snapshots follow the instance's setting, unless the connector has a reason for another interval."""
    if feed.kind is FeedKind.SNAPSHOT and feed.every == TWELVE_HOURS:
        return timedelta(hours=instance.scan_hours)
    return feed.every


def ensure_states(instance: AppInstance) -> None:
    """A row for each feed. Those the connector no longer has, or whose component is off, stop; the rest stays."""
    feeds = feeds_of(instance)
    known = {row.feed: row for row in FeedState.objects.filter(instance=instance, partition="")}
    missing = [_new(instance, feed, place) for place, feed in enumerate(feeds) if feed.name not in known]
    FeedState.objects.bulk_create(missing, ignore_conflicts=True)
    declared = {feed.name for feed in feeds}
    retired = [name for name, row in known.items() if name not in declared and row.status != FeedStatus.STOPPED]
    if retired:
        _retire(instance, retired)
    returned = [name for name, row in known.items() if name in declared and row.error_code == NOT_DECLARED]
    if returned:
        FeedState.objects.filter(instance=instance, feed__in=returned, error_code=NOT_DECLARED).update(
            status=FeedStatus.WAITING, next_run_at=timezone.now(), error_code="", error="", remedy=""
        )


def held_back(instance: AppInstance) -> dict[str, str]:
    """Feeds that must wait, by name, with the title of what they wait for: the first feed (accounts) to have ended
    once, or what they declare to need. A first feed in trouble holds nobody back; what a feed needs, it needs."""
    connector = connector_of(instance)
    rows = FeedState.objects.filter(instance=instance, last_success_at=None)
    begun = rows.filter(status__in=UNSTARTED)
    reading = set(begun.filter(failures=0).values_list("feed", flat=True).distinct())
    unread = set(rows.filter(partition="").values_list("feed", flat=True))
    unread |= set(begun.values_list("feed", flat=True).distinct())
    waiting = {feed.name: _awaited(feed, connector, reading, unread) for feed in connector.feeds}
    titles = {feed.name: feed.title for feed in connector.feeds}
    return {name: titles.get(awaited, awaited) for name, awaited in waiting.items() if awaited}


def _awaited(feed: Feed, connector: Connector, reading: set[str], unread: set[str]) -> str:
    first = connector.feeds[0].name
    if feed.name != first and first in reading:
        return first
    return next((need for need in feed.needs if need in unread), "")


def _new(instance: AppInstance, feed: Feed, position: int) -> FeedState:
    now = timezone.now()
    row = FeedState(
        instance=instance, feed=feed.name, position=position, next_run_at=now, is_full_pass=feed.is_swept
    )
    reason = instance.unavailable.get(feed.name)
    if reason:
        row.status, row.error_code, row.error = FeedStatus.UNAVAILABLE, "not_available", reason
        row.next_run_at = None
    return row


def _retire(instance: AppInstance, names: Iterable[str]) -> None:
    FeedState.objects.filter(instance=instance, feed__in=names).update(
        status=FeedStatus.STOPPED, next_run_at=None, lease_owner="", lease_until=None, is_mid_run=False,
        error_code=NOT_DECLARED, error="It is switched off, or its connector no longer has it.", remedy="",
    )
