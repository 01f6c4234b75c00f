"""How fast pages answer while a scan writes at full speed, and beside that when nothing runs.

Real: the web server as `run.py` starts it (one process, four threads), a worker that reads a page server as fast as it
can, the database, and somebody signed in who opens the lists one after the other, with the counts that each loads
after its rows. One request asks for something (a row is written): on SQLite it waits for the scan. Not real: there is
no browser, one person only, and everything shares the machine's cores.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from portal.instances.models import AppInstance
from portal.scans import service
from portal.scans.models import FeedState, FeedStatus
from tests.bench.figures import Figure, percentile, seconds, spread
from tests.bench.paged_app import MANY, connected, paged, records_read
from tests.bench.processes import portal, wait_for
from tests.bench.visiting import Visitor

ROWS = 100_000
"""Activities that are there before the first look; a fifth as many accounts and files."""
ROUNDS = 30
LISTS = ("activity", "account", "file", "group", "governance", "scan")
PAGES = ("home", "connected_apps", *(f"{name}_{part}" for name in LISTS for part in ("list", "count")))
WRITING = "suggest_app"

Durations = dict[str, list[float]]
"""Seconds, by page."""


def measure() -> Iterator[Figure]:
    fifth = ROWS // 5
    with paged(events=MANY, accounts=fifth, files=fifth), portal() as address, connected() as instance:
        visitor, wanted, before = Visitor(address), ROWS + 2 * fifth, records_read()
        wait_for(lambda: records_read() - before >= wanted, "enough rows")
        visit(visitor)
        before, busy = records_read(), Durations()
        took = seconds(lambda: busy.update(look(visitor)))
        rate = (records_read() - before) / took
        halt(instance)
        quiet = look(visitor)
    yield from _figures("during a scan", busy)
    yield Figure("the scan meanwhile", rate, "records a second")
    yield from _figures("nothing runs", quiet)


def look(visitor: Visitor) -> Durations:
    found: Durations = defaultdict(list)
    for _ in range(ROUNDS):
        for page, took in visit(visitor).items():
            found[page].append(took)
    return found


def visit(visitor: Visitor) -> dict[str, float]:
    """Each page once; seconds, by page."""
    found = {page: seconds(partial(visitor.get, reverse(page))) for page in PAGES}
    return {**found, WRITING: seconds(partial(visitor.post, reverse(WRITING), app_name="Some app"))}


def halt(instance: AppInstance) -> None:
    service.stop(instance)
    running = FeedState.objects.filter(instance=instance, status=FeedStatus.RUNNING)
    wait_for(lambda: not running.exists(), "the end of the slice")


def _figures(when: str, found: Durations) -> Iterator[Figure]:
    reading = [each for page in PAGES for each in found[page]]
    yield from spread(f"{when}: a page", reading)
    yield Figure(f"{when}: a page, the slowest of {len(reading):,}", 1000 * max(reading), "ms")
    slowest = max(PAGES, key=lambda page: percentile(0.95, found[page]))
    yield Figure(f"{when}: {slowest}, p95 (the slowest page)", 1000 * percentile(0.95, found[slowest]), "ms")
    yield from spread(f"{when}: a request that writes", found[WRITING])
