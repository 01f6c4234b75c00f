"""Numbers for Prometheus, for who has the token of `GATEHOUSE_METRICS_TOKEN`; without one there is no such page."""

import hmac
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from portal.governance.queries import open_by_state
from portal.queue import waiting
from portal.scans import measures
from portal.scans.measures import Measure

INSTANCE = ("app", "instance")
FEED = (*INSTANCE, "feed")
GAUGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "feed_lag_seconds": ("For how long a feed has been due without a worker", FEED),
    "feed_age_seconds": ("How old the oldest complete reading of a feed is", FEED),
    "feed_failing": ("Partitions of a feed that stand in an error", FEED),
    "budget_remaining": ("What is left of a vendor's limit", (*INSTANCE, "limit")),
    "deliveries_waiting": ("Pushes that wait to be worked off", ()),
}
COUNTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "calls": ("Requests sent to vendors by scans", INSTANCE),
    "pages": ("Pages read", INSTANCE),
    "records": ("Records read", INSTANCE),
    "new_rows": ("Rows that were not known before", INSTANCE),
    "error": ("Errors that ended or held up a run, by class", (*INSTANCE, "code")),
    "deliveries_accepted": ("Pushes whose sender was proven", INSTANCE),
    "deliveries_refused": ("Pushes whose sender was not proven", INSTANCE),
}


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """The state of the database at this moment; any web process gives the same answer."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Collector:
    """What prometheus_client asks for the metrics."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        known = measures.instances()
        found = [
            *measures.feeds(known), *measures.counters(known), *measures.limits(known), *measures.pushes(known)
        ]
        for name, (words, labels) in GAUGES.items():
            gauge = GaugeMetricFamily(f"gatehouse_{name}", words, labels=labels)
            yield _filled(gauge, name, found)
        for name, (words, labels) in COUNTERS.items():
            counter = CounterMetricFamily(f"gatehouse_{name}", words, labels=labels)
            yield _filled(counter, name, found)
        yield from _queue()
        yield from _actions()


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, name: str, found: Iterable[Measure]
) -> GaugeMetricFamily | CounterMetricFamily:
    for measure in found:
        if measure.name == name:
            family.add_metric(list(measure.labels), measure.value)
    return family


def _queue() -> Iterator[Metric]:
    tasks = GaugeMetricFamily("gatehouse_queue_tasks", "Tasks in the queue", labels=("cluster", "state"))
    oldest = GaugeMetricFamily("gatehouse_queue_oldest_seconds", "How long the oldest task is due", labels=("cluster",))
    for cluster, each in waiting().items():
        tasks.add_metric([cluster, "due"], each.due)
        tasks.add_metric([cluster, "taken"], each.taken)
        oldest.add_metric([cluster], each.oldest_s)
    yield tasks
    yield oldest


def _actions() -> Iterator[Metric]:
    family = GaugeMetricFamily("gatehouse_actions_open", "Actions that have not ended", labels=("state",))
    for state, number in open_by_state().items():
        family.add_metric([state], number)
    yield family


urlpatterns: list[URLPattern] = [path("metrics/", metrics, name="metrics")]
