"""How fast one worker reads an organisation, how much memory it takes, and what a second pass costs.

The vendor is the sandbox, which answers within milliseconds: it is the portal that is measured. Takes
half an hour and more.
"""

from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.scanning import LARGE, SMALL, Scan, Size, large

SIZES = (SMALL, LARGE)


def measure() -> Iterator[Figure]:
    for size in SIZES:
        with large(size) as organisation:
            first, second = organisation.scan(), organisation.scan()
        yield from _figures(size, first, second)


def _figures(size: Size, first: Scan, second: Scan) -> Iterator[Figure]:
    name = f"{size.members:,} members, {size.events:,} events"
    yield Figure(f"{name}: first pass", first.records / first.work.seconds, "records a second")
    yield Figure(f"{name}: first pass", first.records / first.work.cpu_seconds, "records a CPU second of the worker")
    yield Figure(f"{name}: first pass", first.work.seconds, "seconds")
    yield Figure(f"{name}: peak of the first pass", first.work.peak_mib, "MiB")
    yield Figure(f"{name}: peak of the second pass", second.work.peak_mib, "MiB")
    yield Figure(f"{name}: second pass", 100 * second.work.seconds / first.work.seconds, "% of the time")
    yield Figure(f"{name}: second pass", 100 * second.calls / first.calls, "% of the calls")
    for limit, units in first.units.items():
        yield Figure(f"{name}: second pass", 100 * second.units[limit] / units, f"% of the limit {limit}")
