"""How the reading of all instances stands, in numbers. A fixed number of queries; labels are instances and feeds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, Min, Q
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.scans import budgets, meters
from portal.scans.models import Delivery, DeliveryState, FeedState, FeedStatus, Inbox

MOST = 10_000
"""Of each measure: beyond that a scrape would cost more than it tells."""


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    value: float
    labels: tuple[str, ...]


def instances() -> dict[int, AppInstance]:
    """Those that are connected, in whatever state."""
    rows = AppInstance.objects.exclude(state__in=[State.CONNECTING, State.DISCONNECTED])
    return {row.pk: row for row in rows.order_by("pk")[:MOST]}


def feeds(known: dict[int, AppInstance]) -> Iterator[Measure]:
    """Per feed: how many partitions are in which state, how late it is, how old what was read last."""
    now = timezone.now()
    rows = FeedState.objects.filter(instance__in=list(known)).exclude(status=FeedStatus.STOPPED)
    due = Q(next_run_at__lte=now, status=FeedStatus.WAITING)
    grouped = rows.values("instance_id", "feed").annotate(
        due_since=Min("next_run_at", filter=due),
        read_at=Min("last_success_at"),
        failing=Count("pk", filter=~Q(error_code="")),
    )
    for row in grouped.order_by("instance_id", "feed")[:MOST]:
        labels = (*_labels(known[row["instance_id"]]), row["feed"])
        late = (now - row["due_since"]).total_seconds() if row["due_since"] else 0.0
        yield Measure("feed_lag_seconds", max(late, 0.0), labels)
        yield Measure("feed_failing", row["failing"], labels)
        if row["read_at"]:
            yield Measure("feed_age_seconds", (now - row["read_at"]).total_seconds(), labels)


def counters(known: dict[int, AppInstance]) -> Iterator[Measure]:
    """calls, pages, records, new_rows, and errors by class."""
    for (instance_id, name), value in sorted(meters.totals().items())[:MOST]:
        if instance_id in known:
            kind, _, code = name.partition(":")
            labels = _labels(known[instance_id])
            yield Measure(kind, value, (*labels, code) if code else labels)


def limits(known: dict[int, AppInstance]) -> Iterator[Measure]:
    """What is left of the apps' limits, those included that only we count."""
    found = budgets.left(known.values())
    for instance_id, left in islice(found.items(), MOST):
        for each in left:
            yield Measure("budget_remaining", each.remaining, (*_labels(known[instance_id]), each.name))


def pushes(known: dict[int, AppInstance]) -> Iterator[Measure]:
    for row in Inbox.objects.filter(instance__in=list(known)).defer("document").order_by("pk")[:MOST]:
        yield Measure("deliveries_accepted", row.accepted, _labels(known[row.pk]))
        yield Measure("deliveries_refused", row.refused, _labels(known[row.pk]))
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)[:MOST].count()
    yield Measure("deliveries_waiting", waiting, ())


def _labels(instance: AppInstance) -> tuple[str, str]:
    return instance.app_id, instance.name
