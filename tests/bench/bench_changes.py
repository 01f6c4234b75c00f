"""What it costs to keep up with a large tenant: the vendor's calls for a few changes beside those for all files.

The vendor is a page server that counts the requests it receives, and has what many real ones have: a list of all
files, 100 a page, and a list of changes since a place. The connector reads the first once and the second from then on.
The worker is a process of its own. What is measured is the portal's part: that it keeps the place and asks for no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from portal.instances.models import AppInstance
from portal.inventory.models import File
from portal.scans.models import FeedState
from tests.bench.figures import Figure
from tests.bench.paged_app import PagedVendor, connected, paged
from tests.bench.processes import work

COUNT = 1_000_000
CHANGES = 100


@dataclass(frozen=True, slots=True)
class Pass:
    calls: int
    seconds: float


def measure() -> Iterator[Figure]:
    first, second = passes(COUNT, CHANGES)
    yield Figure(f"{COUNT:,} files: the first pass", first.calls, "calls")
    yield Figure(f"{CHANGES:,} changes after it", second.calls, "calls")
    yield Figure("the changes beside the first pass", 100 * second.calls / first.calls, "% of the calls")
    yield Figure("the changes beside the first pass", 100 * second.seconds / first.seconds, "% of the time")


def passes(count: int, changes: int) -> tuple[Pass, Pass]:
    """Everything is read, something changes, and what is due is read again."""
    with paged(files=count) as vendor, connected() as instance:
        first = _read(vendor, instance)
        vendor.change(changes)
        second = _read(vendor, instance)
        _check(instance, count, changes)
    return first, second


def _read(vendor: PagedVendor, instance: AppInstance) -> Pass:
    """What is due, and in any case the files; the app's other lists are empty."""
    before = vendor.calls()
    FeedState.objects.filter(instance=instance, feed="files").update(next_run_at=timezone.now())
    seconds = work().seconds
    return Pass(vendor.calls() - before, seconds)


def _check(instance: AppInstance, count: int, changes: int) -> None:
    """Of each ten changes one is a new file, one is gone, and the others have a new name."""
    found = File.objects.filter(instance_id=instance.pk)
    assert found.filter(gone_at=None).count() == count
    assert found.exclude(gone_at=None).count() == changes // 10
    assert found.filter(name__endswith=".1.txt").count() == changes * 8 // 10
