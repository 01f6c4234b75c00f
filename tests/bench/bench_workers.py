"""Two workers beside one: each a process of its own that reads all events of one instance of a page server.

The page server is one process for both. With two workers, both have an instance to read and begin together.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from portal.inventory.models import Activity
from tests.bench.figures import Figure
from tests.bench.paged_app import connected, paged
from tests.bench.processes import work

COUNT = 100_000


def measure() -> Iterator[Figure]:
    one, two = rate(1), rate(2)
    yield Figure(f"{COUNT:,} events by one worker", one, "events a second")
    yield Figure(f"twice {COUNT:,} events by two workers", two, "events a second")
    yield Figure("two workers beside one", two / one, "of its speed")


def rate(workers: int) -> float:
    """Events a second of all of them together."""
    with ExitStack() as stack, ThreadPoolExecutor(workers) as threads:
        stack.enter_context(paged(events=COUNT))
        instances = [stack.enter_context(connected(f"Contoso {number}")) for number in range(workers)]
        worked = list(threads.map(lambda _: work(), instances))
        read = Activity.objects.filter(instance_id__in=[each.pk for each in instances]).count()
        assert read == workers * COUNT
    return read / max(each.seconds for each in worked)
