"""On a bad day, when all sorts of things fail at once, a scan loses nothing and doubles nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.scans import runner, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState, FeedStatus, ScanRun
from tests.portal.connected import connected_github
from tests.portal.scans.conftest import Clock, hash_without_our_hook, rows_hash
from tests.portal.scans.example import ExampleVendor
from tests.portal.scans.rough import RoughWorkers, spoil
from tests.sandbox.faults import FaultKind
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

SHARE = 0.05
"""Of all answers; of a small app's so many more that some fail."""
SHARE_OF_SMALL = 0.2
MANY_SEEDS = range(2, 12)
GITHUB_FAULTS = (
    FaultKind.SERVER_ERROR, FaultKind.BAD_GATEWAY, FaultKind.SECONDARY_RATE_LIMIT, FaultKind.RESET,
    FaultKind.TRUNCATED, FaultKind.HTML,
)


@pytest.fixture
def one_page_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there are as many tasks as can be."""
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)


def only(instance: AppInstance) -> None:
    """The others are not read meanwhile."""
    AppInstance.objects.exclude(pk=instance.pk).update(state=State.PAUSED)
    AppInstance.objects.filter(pk=instance.pk).update(state=State.CONNECTED)


def read(instance: AppInstance) -> set[tuple[str, str]]:
    """Read it as on a good day. Returns the feeds and partitions it has."""
    only(instance)
    began = timezone.now()
    dispatch_due()
    run_tasks("scans")
    return read_since(instance, began)


def read_since(instance: AppInstance, moment: datetime) -> set[tuple[str, str]]:
    rows = FeedState.objects.filter(instance=instance, last_success_at__gte=moment, is_mid_run=False)
    return set(rows.exclude(status=FeedStatus.STOPPED).values_list("feed", "partition"))


def counted(instance: AppInstance, since: datetime) -> set[tuple[str, str, int]]:
    """What each run kept: feed, partition, records. A page that two workers keep counts twice."""
    runs = ScanRun.objects.filter(instance=instance, started_at__gte=since, records__gt=0)
    return set(runs.values_list("feed", "partition", "records"))


def fill(vendor: ExampleVendor, size: int) -> None:
    """A multiple of `size` of everything."""
    vendor.accounts[:] = [f"n{number:03}" for number in range(3 * size)]
    vendor.regions.clear()
    vendor.regions.update({"eu": [f"e{n}" for n in range(2 * size)], "us": [f"u{n}" for n in range(size)], "ap": ["x"]})
    vendor.labels[:] = [f"l{number}" for number in range(2 * size)]
    vendor.events = 3 * size


def change(vendor: ExampleVendor, size: int) -> None:
    """In each list something comes and something goes."""
    vendor.accounts[1:size] = ["new"]
    vendor.regions["eu"][:size] = ["e-new"]
    vendor.regions["sa"] = ["lima", "quito", "bogota"]
    del vendor.regions["ap"]
    vendor.labels += ["-l0", "-l1", "l-new"]
    vendor.events += size


def scan_twice_on_a_bad_day(
    connect: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock, *, seed: int, size: int, share: float
) -> Counter[str]:
    """A first scan and, after changes in the app, another. After each the rows are those of an instance that was read
    undisturbed. Returns which answers failed."""
    print(f"seed {seed}")
    reference, instance, workers = connect("Undisturbed"), connect("Disturbed"), RoughWorkers(seed, clock)
    struck = Counter[str]()
    for then in (fill, change):
        then(vendor, size)
        vendor.server.answer = vendor.answer
        good_day = timezone.now()
        feeds = read(reference)
        began = timezone.now()
        only(instance)
        spoil(vendor, seed, share, struck)
        workers.work_until(lambda: read_since(instance, began) >= feeds)  # noqa: B023  called before the next turn
        assert rows_hash(instance) == rows_hash(reference), f"seed {seed}, after {then.__name__}"
        assert counted(instance, began) == counted(reference, good_day), f"seed {seed}, after {then.__name__}"
        clock.wait(hours=13)
    assert workers.doubled
    assert workers.overtaken
    return struck


@pytest.mark.usefixtures("one_page_a_slice")
def test_on_a_bad_day_the_rows_are_those_of_a_good_day(
    connect: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock
) -> None:
    struck = scan_twice_on_a_bad_day(connect, vendor, clock, seed=1, size=3, share=SHARE_OF_SMALL)
    assert len(struck) >= 3


@pytest.mark.load
@pytest.mark.usefixtures("one_page_a_slice")
@pytest.mark.parametrize("seed", MANY_SEEDS)
def test_on_many_bad_days_the_rows_are_those_of_good_days(
    seed: int, connect: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock
) -> None:
    struck = scan_twice_on_a_bad_day(connect, vendor, clock, seed=seed, size=16, share=SHARE)
    assert struck


@pytest.mark.load
@pytest.mark.parametrize("seed", MANY_SEEDS)
def test_github_on_many_bad_days_has_the_rows_of_good_days(seed: int, sandbox: Sandbox, clock: Clock) -> None:
    print(f"seed {seed}")
    reference = connected_github(sandbox, "Undisturbed")
    service.begin(reference)
    run_tasks("scans")
    feeds, expected = read_since(reference, datetime.min.replace(tzinfo=UTC)), hash_without_our_hook(reference)
    AppInstance.objects.filter(pk=reference.pk).update(state=State.DISCONNECTED)

    instance = connected_github(sandbox, "Disturbed")
    workers, began, before = RoughWorkers(seed, clock), timezone.now(), len(sandbox.requests)
    sandbox.faults.probability(SHARE, seed, GITHUB_FAULTS)
    workers.work_until(lambda: read_since(instance, began) >= feeds)
    assert hash_without_our_hook(instance) == expected, f"seed {seed}"
    assert any(each.fault for each in sandbox.requests[before:])
    assert workers.doubled
    assert workers.overtaken
