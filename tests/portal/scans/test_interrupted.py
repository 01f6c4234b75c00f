"""A worker may die at any point: nothing is lost or doubled, and the rows end up as if nothing had happened."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Sum

from connectors.base import Feed
from portal.instances.models import AppInstance, State
from portal.scans import runner, runs, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from tests.portal.connected import connected_github
from tests.portal.scans.conftest import Clock, Killed, rows_hash, state_of
from tests.portal.scans.example import ExampleVendor, accounts, connector, events, labels, teams
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

Arm = Callable[[int], None]


def undisturbed(connect: Callable[..., AppInstance]) -> str:
    instance = connect("Undisturbed")
    service.begin(instance)
    run_tasks("scans")
    return rows_hash(instance)


def pages_read() -> int:
    """By all scans so far."""
    return int(ScanRun.objects.aggregate(pages=Sum("pages"))["pages"])


def is_idle() -> bool:
    return not FeedState.objects.exclude(lease_owner="").exists()


def read_feeds(instance: AppInstance) -> set[tuple[str, str]]:
    """Those whose first run is over, with their partitions."""
    read = FeedState.objects.filter(instance=instance).exclude(last_success_at=None)
    return set(read.values_list("feed", "partition"))


def work_off(clock: Clock, is_over: Callable[[], bool] = is_idle) -> int:
    """Let workers work until nothing is due, however often they are killed. Returns how often they were."""
    deaths = 0
    for _ in range(400):
        # The dead worker's lease ends, and the dispatcher finds what it left.
        clock.wait(seconds=121)
        dispatch_due()
        if is_over():
            return deaths
        for pk, ticket in list(FeedState.objects.exclude(lease_owner="").values_list("pk", "lease_owner")):
            try:
                runner.run_feed(pk, ticket)
            except Killed:
                deaths += 1
    raise AssertionError("the scan never ends")


@pytest.fixture
def kill_before_commit(monkeypatch: pytest.MonkeyPatch) -> Arm:
    """The n-th page is written, and the worker dies before the transaction is committed."""
    return _armed(monkeypatch, runs, "write", is_after=True)


@pytest.fixture
def kill_after_commit(monkeypatch: pytest.MonkeyPatch) -> Arm:
    """The n-th page is committed, and the worker dies before it does anything else."""
    return _armed(monkeypatch, runs, "keep", is_after=True)


@pytest.fixture
def kill_at_the_end(monkeypatch: pytest.MonkeyPatch) -> Arm:
    """The n-th run has read everything, and the worker dies within the transaction that ends it."""
    return _armed(monkeypatch, runs, "finish", is_after=True)


@pytest.fixture
def kill_on_the_way(vendor: ExampleVendor, monkeypatch: pytest.MonkeyPatch) -> Arm:
    """The n-th page is asked for, and the worker dies before it has the answer."""
    return _armed(monkeypatch, Feed, "pages", is_after=False)


@pytest.fixture
def kill_at_every_page(monkeypatch: pytest.MonkeyPatch) -> Arm:
    """Each of the next n pages is committed, and its worker dies."""
    real = runs.keep

    def arm(pages: int) -> None:
        left = iter(range(pages))

        def deadly(*args: Any) -> None:
            real(*args)
            if next(left, None) is not None:
                raise Killed

        monkeypatch.setattr(runs, "keep", deadly)

    return arm


def _armed(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, *, is_after: bool) -> Arm:
    real = getattr(place, name)

    def arm(fatal_call: int) -> None:
        calls: list[str] = []

        def deadly(*args: Any, **options: Any) -> Any:
            calls.append(name)
            if len(calls) == fatal_call and not is_after:
                raise Killed
            result = real(*args, **options)
            if len(calls) == fatal_call:
                raise Killed
            return result

        monkeypatch.setattr(place, name, deadly)

    return arm


MOMENTS = ["kill_before_commit", "kill_after_commit", "kill_at_the_end", "kill_on_the_way"]


@pytest.mark.usefixtures("page_by_page")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_it_ends_with_the_rows_of_an_undisturbed_scan(
    moment: str, connect: Callable[..., AppInstance], clock: Clock, request: pytest.FixtureRequest
) -> None:
    """The first call is fatal, then the second in another scan, and so on to the last that there is."""
    expected = undisturbed(connect)
    runs_of_it, pages_of_it = ScanRun.objects.count(), pages_read()
    arm: Arm = request.getfixturevalue(moment)
    for fatal_call in itertools.count(1):
        AppInstance.objects.update(state="paused")
        instance = connect(f"Disturbed {fatal_call}")
        arm(fatal_call)
        service.begin(instance)

        deaths = work_off(clock)
        assert rows_hash(instance) == expected, f"killed at call {fatal_call}"
        assert deaths <= 1
        if not deaths:
            break
    assert fatal_call - 1 >= (pages_of_it if moment.endswith("_commit") else runs_of_it)


@pytest.mark.usefixtures("page_by_page")
def test_killed_at_every_page_of_one_scan_it_still_ends(
    connect: Callable[..., AppInstance], clock: Clock, kill_at_every_page: Arm
) -> None:
    expected = undisturbed(connect)
    pages_of_it = pages_read()
    AppInstance.objects.update(state="paused")
    instance = connect("Disturbed")
    kill_at_every_page(pages_of_it)
    service.begin(instance)

    assert work_off(clock) == pages_of_it
    assert rows_hash(instance) == expected
    assert set(ScanRun.objects.filter(instance=instance).values_list("outcome", flat=True)) == {RunOutcome.DONE}


@pytest.mark.usefixtures("page_by_page")
def test_github_killed_at_as_many_pages_as_it_has_ends_with_the_rows_of_an_undisturbed_scan(
    sandbox: Sandbox, clock: Clock, kill_at_every_page: Arm
) -> None:
    reference = connected_github(sandbox, "Undisturbed")
    service.begin(reference)
    run_tasks("scans")
    expected, pages_of_it = rows_hash(reference), pages_read()
    AppInstance.objects.filter(pk=reference.pk).update(state=State.DISCONNECTED)
    instance = connected_github(sandbox, "Disturbed")
    kill_at_every_page(pages_of_it)
    service.begin(instance)

    assert work_off(clock, lambda: read_feeds(instance) == read_feeds(reference)) == pages_of_it
    assert rows_hash(instance) == expected


@pytest.mark.parametrize("feed", [accounts, teams, events, labels], ids=lambda feed: feed.name)
def test_what_went_from_the_app_is_gone_even_if_the_scan_that_finds_it_was_killed(
    feed: Feed, connect: Callable[..., AppInstance], vendor: ExampleVendor, declare: Callable[..., None],
    clock: Clock, kill_after_commit: Arm,
) -> None:
    declare(connector(feeds=(feed,) if feed is not events else (accounts, events)))
    instance = connect()
    service.begin(instance)
    run_tasks("scans")
    vendor.accounts.remove("bo")
    vendor.regions["eu"].remove("rome")
    vendor.labels.append("-red")
    vendor.events += 1
    kill_after_commit(1)

    clock.wait(hours=13)
    assert work_off(clock) == 1
    disturbed = rows_hash(instance)

    again = connect("Again")
    service.begin(again)
    run_tasks("scans")
    gone = {"accounts": 2, "teams": 2, "labels": 1, "events": 2}[feed.name]
    assert _gone(instance) == gone
    if feed is events:
        assert disturbed != rows_hash(again), "the new instance never saw who left"


def _gone(instance: AppInstance) -> int:
    from portal.inventory.rows import TABLES

    tables = (table.model._default_manager for table in TABLES.values())
    return sum(table.filter(instance_id=instance.pk).exclude(gone_at=None).count() for table in tables)


def test_a_scan_that_kills_every_worker_is_blocked_and_says_so(
    instance: AppInstance, vendor: ExampleVendor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Feed.pages

    def poison(feed: Feed, *args: Any) -> Any:
        if feed.name == "accounts":
            raise Killed
        return real(feed, *args)

    monkeypatch.setattr(Feed, "pages", poison)
    service.begin(instance)

    assert work_off(clock) == 5
    state = state_of(instance, "accounts")
    assert (state.status, state.error_code, state.next_run_at) == (FeedStatus.BLOCKED, "worker_died", None)
    assert "died 5 times" in state.error
    assert "Scan now" in state.remedy
    assert state_of(instance, "labels").last_success_at, "the others go on"


@pytest.mark.usefixtures("page_by_page")
def test_pages_between_deaths_reset_the_count(
    instance: AppInstance, vendor: ExampleVendor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.accounts[:] = [f"n{number:02}" for number in range(30)]
    real = runs.keep

    def deadly(*args: Any) -> None:
        real(*args)
        raise Killed

    monkeypatch.setattr(runs, "keep", deadly)
    service.begin(instance)

    assert work_off(clock) > 15
    assert state_of(instance, "accounts").status == FeedStatus.WAITING
