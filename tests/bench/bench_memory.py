"""Whether a worker's memory grows with what it reads: its peak with few records and with many.

The worker is a process of its own, a fresh one for each measurement, and reads all pages of a page server into the
database. Of activities the list is read once; of accounts a snapshot is read, and swept at its end. The vendor is not
real, its pages of 100 records are small; how much a worker takes with real apps stands with the measurement `scan`.
"""

from collections.abc import Iterator

from portal.inventory.models import Account, Activity
from tests.bench.figures import Figure
from tests.bench.paged_app import connected, paged
from tests.bench.processes import Work, work

COUNTS = (10_000, 1_000_000)
MODELS = {"events": Activity, "accounts": Account}


def measure() -> Iterator[Figure]:
    for kind in MODELS:
        peaks = []
        for count in COUNTS:
            worked = read(kind, count)
            peaks.append(worked.peak_mib)
            yield Figure(f"{count:,} {kind}: a worker's peak", worked.peak_mib, "MiB")
            yield Figure(f"{count:,} {kind}: one worker", count / worked.seconds, "records a second")
        yield Figure(f"{kind}: with the many beside the few", peaks[-1] - peaks[0], "MiB more")


def read(kind: str, count: int) -> Work:
    """All of them, by one worker."""
    with paged(**{kind: count}), connected() as instance:
        worked = work()
        assert MODELS[kind]._default_manager.filter(instance_id=instance.pk).count() == count
    return worked
