"""All feeds of all instances for an operator: what runs, what is due, late or failed, how fast, what limits leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from connectors.catalogue import catalogue
from portal.instances.queries import visible
from portal.inventory import keyset
from portal.inventory.filters import APP, INSTANCE, Condition, FilterField, Values, fields_of, narrow
from portal.inventory.keyset import Listing, Order
from portal.people.scope import Scope
from portal.scans import budgets
from portal.scans.models import VANISHED, FeedState, FeedStatus
from portal.scans.reading import PATIENCE, is_interrupted, is_read_now
from portal.scans.words import Standing, progress, standing

IN_ORDER = Order("feed", ("instance_id", "position", "id"))
PERIODS = {60: "a minute", 3_600: "an hour", 86_400: "a day"}
PAGE_SIZE = 100
CAP = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One feed or partition. `rate`: records a second in the present run, 0 where nothing is measured."""

    state: FeedState
    title: str
    standing: Standing
    progress: str
    rate: float
    budgets: tuple[str, ...]
    as_of: datetime | None


def _states() -> dict[str, Q]:
    now = timezone.now()
    is_read = Q(instance__state="connected") & ~Q(status=FeedStatus.STOPPED)
    is_due = Q(next_run_at__lte=now, status=FeedStatus.WAITING) & ~is_read_now()
    return {
        "running": is_read & is_read_now(),
        "interrupted": is_read & is_interrupted(),
        "due": is_read & is_due,
        "late": is_read & is_due & Q(next_run_at__lte=now - PATIENCE),
        "failed": is_read & ~Q(error_code__in=["", VANISHED]) & ~Q(status=FeedStatus.UNAVAILABLE),
        "blocked": is_read & Q(status=FeedStatus.BLOCKED),
        "unavailable": is_read & Q(status=FeedStatus.UNAVAILABLE),
    }


STATES = (
    ("running", "Running"), ("interrupted", "Interrupted"), ("due", "Due"), ("late", "Late"), ("failed", "Failed"),
    ("blocked", "Needs attention"), ("unavailable", "Not available"),
)


def _in_state(values: Values) -> Q:
    meanings, condition = _states(), Q()
    for value in values:
        condition |= meanings[value]
    return condition


SCAN_FILTERS: dict[str, FilterField] = fields_of(APP, INSTANCE, FilterField("state", "State", _in_state, STATES))


def feeds(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = ""
) -> tuple[Listing[FeedState], list[Line]]:
    """A page of feeds, those of one instance together, with what there is to say of each."""
    rows = _rows(scope, conditions).select_related("instance").defer("cursor")
    listing = keyset.page(rows, IN_ORDER, older=older, newer=newer, size=PAGE_SIZE)
    limits = _budgets(listing.rows)
    return listing, [_line(row, limits) for row in listing.rows]


def count(scope: Scope, conditions: Sequence[Condition]) -> int:
    """Up to CAP + 1."""
    return _rows(scope, conditions).order_by()[: CAP + 1].count()


def counts(scope: Scope) -> list[tuple[str, str, int]]:
    """(state, words, how many); one query."""
    rows = _rows(scope, []).order_by()
    found = rows.aggregate(**{state: Count("pk", filter=meaning) for state, meaning in _states().items()})
    return [(state, words, found[state]) for state, words in STATES]


def _rows(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[FeedState]:
    rows = FeedState.objects.exclude(status=FeedStatus.STOPPED).filter(instance__in=visible(scope))
    found: QuerySet[FeedState] = narrow(rows, SCAN_FILTERS, list(conditions))
    return found


def _line(row: FeedState, limits: dict[int, list[budgets.Left]]) -> Line:
    connector = catalogue().get(row.instance.app_id)
    feed = next((each for each in connector.feeds if each.name == row.feed), None) if connector else None
    found = standing(row.instance, row)
    seconds = (timezone.now() - row.run_started_at).total_seconds() if row.run_started_at else 0.0
    title = feed.title if feed else row.feed
    left = [each for each in limits.get(row.instance_id, []) if feed and each.name in feed.limits]
    return Line(
        state=row,
        title=f"{title}, {row.partition_label or row.partition}" if row.partition else title,
        standing=found,
        progress=progress(row.run_records, row.run_total, row.run_started_at) if found.is_running else "",
        rate=row.run_records / seconds if found.is_running and seconds > 1 else 0.0,
        budgets=tuple(map(_left_words, left)),
        as_of=row.last_success_at,
    )


def _budgets(rows: Iterable[FeedState]) -> dict[int, list[budgets.Left]]:
    """By instance."""
    return budgets.left({row.instance_id: row.instance for row in rows}.values())


def _left_words(each: budgets.Left) -> str:
    """Such as "4,800 of 5,000 core", or "950 of 1,000 a minute (counted here)"."""
    words = f"{each.remaining:,} of {each.limit:,}"
    if each.counted_s is not None:
        words += f" {PERIODS.get(each.counted_s) or f'in {each.counted_s:,} seconds'}"
    words += f" {each.name}" if each.name else ""
    return words if each.counted_s is None else f"{words} (counted here)"
