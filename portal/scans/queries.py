"""How the reading stands, in words. Reads only; a fixed number of queries whatever the number of partitions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from connectors.base import Feed, NotAvailable
from connectors.catalogue import catalogue
from portal.instances.models import AppInstance, State
from portal.instances.queries import visible
from portal.people.scope import Scope
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from portal.scans.plan import held_back
from portal.scans.reading import is_interrupted, is_read_now
from portal.scans.words import RUN_WORDS, SCANNING, Standing, interrupted, progress, standing, waiting

MOST_RUNNING = 10
MOST_FAILING = 50


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One feed of one instance, its partitions taken together. `tone`: ok, run, warn, bad, info or off.

    `as_of`: everything of it is at least this fresh, None before its first run ended well. `is_read`: whether it is
    read at all. `progress` is filled while `is_running`; `total` only where the vendor says it.
    """

    name: str
    title: str
    word: str
    tone: str
    sentence: str
    remedy: str
    code: str
    is_running: bool
    needs_attention: bool
    is_read: bool
    as_of: datetime | None
    next_run_at: datetime | None
    records: int
    total: int | None
    progress: str
    partitions: int = 0
    partitions_failing: int = 0


@dataclass(frozen=True, slots=True)
class RunningFeed:
    """One line of what is being read at this moment."""

    instance: AppInstance
    feed_title: str
    records: int
    total: int | None


@dataclass(frozen=True, slots=True)
class RecentRun:
    """One run in words."""

    title: str
    word: str
    tone: str
    error: str
    started_at: datetime
    ended_at: datetime | None
    pages: int
    records: int
    new_rows: int
    gone_rows: int


@dataclass(slots=True)
class Parts:
    """The partitions of one feed, counted."""

    count: int = 0
    reading: int = 0
    interrupted: int = 0
    failing: int = 0
    unread: int = 0
    due_at: datetime | None = None
    records: int = 0
    oldest: datetime | None = None
    started_at: datetime | None = None
    troubles: list[FeedState] = field(default_factory=list)


def health(instance: AppInstance) -> list[FeedHealth]:
    """Every feed in the order of a first scan; empty where nothing was begun yet."""
    connector = catalogue().get(instance.app_id)
    if connector is None:
        return []
    rows = {row.feed: row for row in FeedState.objects.filter(instance=instance, partition="")}
    if not rows:
        return []
    parts, waiting = _parts(instance), held_back(instance)
    return [
        _health(instance, feed, rows[feed.name], parts.get(feed.name, Parts()), waiting.get(feed.name, ""))
        for feed in connector.feeds
        if feed.name in rows
    ]


def is_scanning(instance: AppInstance) -> bool:
    """Whether something of it is being read, or is about to be."""
    if instance.state != State.CONNECTED:
        return False
    now = timezone.now()
    is_coming = Q(status=FeedStatus.WAITING, next_run_at__lte=now, is_stop_wanted=False)
    is_begun = Q(status=FeedStatus.RUNNING) | Q(is_mid_run=True, error_code="")
    return FeedState.objects.filter(is_begun | is_coming, instance=instance).exists()


def recent_runs(instance: AppInstance, limit: int = 20) -> list[RecentRun]:
    """The newest first."""
    runs = list(_runs(instance)[:limit])
    partitions = {run.partition for run in runs if run.partition}
    named = FeedState.objects.filter(instance=instance, partition__in=partitions) if partitions else ()
    labels = {(row.feed, row.partition): row.partition_label for row in named}
    titles = _titles(instance.app_id)
    return [_recent(run, titles, labels.get((run.feed, run.partition), run.partition)) for run in runs]


def every_run(instance: AppInstance) -> Iterator[RecentRun]:
    """All that are kept, newest first, read while they are taken."""
    parts = FeedState.objects.filter(instance=instance).exclude(partition="")
    labels = {(feed, part): label for feed, part, label in parts.values_list("feed", "partition", "partition_label")}
    titles = _titles(instance.app_id)
    for run in _runs(instance).iterator(chunk_size=2000):
        yield _recent(run, titles, labels.get((run.feed, run.partition), run.partition))


def _runs(instance: AppInstance) -> QuerySet[ScanRun]:
    return ScanRun.objects.filter(instance=instance).order_by("-started_at", "-pk")


def running(scope: Scope) -> list[RunningFeed]:
    """What is being read now in the instances the scope may see; a few, for every page."""
    instances = {each.pk: each for each in visible(scope).filter(state=State.CONNECTED)}
    rows = (
        FeedState.objects.filter(is_read_now(), instance__in=list(instances))
        .values("instance_id", "feed")
        .annotate(
            read=Sum("run_records"), whole=Sum("run_total"), rows=Count("pk"), told=Count("run_total"),
            first=Min("position"),
        )
        .order_by("instance_id", "first")[:MOST_RUNNING]
    )
    return [_running(instances[row["instance_id"]], dict(row)) for row in rows]


def _running(instance: AppInstance, row: dict[str, Any]) -> RunningFeed:
    title = _titles(instance.app_id).get(row["feed"], row["feed"])
    total = row["whole"] if row["told"] == row["rows"] else None
    return RunningFeed(instance, title, row["read"], total)


def _health(instance: AppInstance, feed: Feed, row: FeedState, parts: Parts, waits_for: str) -> FeedHealth:
    found = standing(instance, row, waits_for)
    is_running = found.is_running or (parts.reading > 0 and instance.state == State.CONNECTED)
    if parts.count and instance.state == State.CONNECTED:
        found = _with_partitions(found, parts, is_running)
    records, total = (parts.records, None) if parts.count else (row.run_records, row.run_total)
    started_at = parts.started_at if parts.count else row.run_started_at
    return FeedHealth(
        name=feed.name,
        title=feed.title,
        word=found.word,
        tone=found.tone,
        sentence=found.sentence,
        remedy=found.remedy,
        code=found.code,
        is_running=is_running,
        needs_attention=found.needs_attention,
        is_read=_is_read(instance, row),
        as_of=_as_of(row, parts),
        next_run_at=row.next_run_at if instance.state == State.CONNECTED else None,
        records=records,
        total=total,
        progress=progress(records, total, started_at) if is_running else "",
        partitions=parts.count,
        partitions_failing=parts.failing,
    )


def _with_partitions(found: Standing, parts: Parts, is_running: bool) -> Standing:
    """The feed's own word, unless its partitions have something to say."""
    if parts.failing and not found.needs_attention:
        names = ", ".join(row.partition_label or row.partition for row in parts.troubles[:3])
        example = parts.troubles[0]
        word = "Scanning" if is_running else "Partly read"
        sentence = f"{parts.failing} of {parts.count} could not be read ({names}): {example.error}"
        is_blocked = any(row.status == FeedStatus.BLOCKED for row in parts.troubles)
        tone = "run" if is_running else "warn"
        return Standing(word, tone, sentence, example.remedy, example.error_code, is_running, is_blocked)
    if is_running and not found.needs_attention:
        return SCANNING
    if parts.interrupted and found.word == "Up to date":
        return interrupted()
    if parts.due_at and found.word == "Up to date":
        return waiting(parts.due_at)
    return found


def _is_read(instance: AppInstance, row: FeedState) -> bool:
    """What the plan does not offer is not read, also while that is asked again."""
    if row.status == FeedStatus.STOPPED or row.error_code == NotAvailable.code or row.feed in instance.unavailable:
        return False
    return row.status != FeedStatus.BLOCKED or row.last_success_at is not None


def _as_of(row: FeedState, parts: Parts) -> datetime | None:
    if not parts.count:
        return row.last_success_at
    return None if parts.unread else parts.oldest


def _parts(instance: AppInstance) -> dict[str, Parts]:
    rows = FeedState.objects.filter(instance=instance).exclude(partition="").exclude(status=FeedStatus.STOPPED)
    is_failing = Q(failures__gt=0) & ~Q(error_code="")
    counted = rows.values("feed").annotate(
        count=Count("pk"),
        reading=Count("pk", filter=is_read_now()),
        interrupted=Count("pk", filter=is_interrupted()),
        failing=Count("pk", filter=is_failing),
        unread=Count("pk", filter=Q(last_success_at=None) & ~Q(error_code=NotAvailable.code)),
        due_at=Min("next_run_at", filter=Q(status=FeedStatus.WAITING, error_code="", next_run_at__lte=timezone.now())),
        records=Sum("run_records"),
        oldest=Min("last_success_at"),
        started_at=Max("run_started_at"),
    )
    found: list[dict[str, Any]] = [dict(row) for row in counted.order_by("feed")]
    parts = {row.pop("feed"): Parts(**row) for row in found}
    for trouble in rows.filter(is_failing).order_by("feed", "pk")[:MOST_FAILING]:
        parts[trouble.feed].troubles.append(trouble)
    return parts


def _recent(run: ScanRun, titles: dict[str, str], label: str) -> RecentRun:
    title = titles.get(run.feed, run.feed)
    word, tone = RUN_WORDS[RunOutcome(run.outcome)]
    return RecentRun(
        f"{title}, {label}" if label else title, word, tone, run.error, run.started_at, run.ended_at, run.pages,
        run.records, run.new_rows, run.gone_rows,
    )


def _titles(app_id: str) -> dict[str, str]:
    connector = catalogue().get(app_id)
    feeds: Iterable[Feed] = connector.feeds if connector else ()
    return {feed.name: feed.title for feed in feeds}
