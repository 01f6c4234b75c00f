"""A worker may die at any point: nothing is lost or doubled, and the rows end up as if nothing had happened."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.base import Feed
from portal.instances.models import AppInstance
from portal.scans import runner, runs, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from tests.portal.scans.conftest import Clock, Killed, rows_hash, state_of
from tests.portal.scans.example import ExampleVendor, accounts, connector, events, labels, teams
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

Arm = Callable[[int], None]


def undisturbed(connect: Callable[..., AppInstance]) -> str:
    instance = connect("Undisturbed")
    service.begin(instance)
    run_tasks("scans")
    return rows_hash(instance)


def work_off(clock: Clock) -> int:
    """Let workers work until nothing is due, however often they are killed. Returns how often they were."""
    deaths = 0
    for _ in range(200):
        # The dead worker's lease ends, and the dispatcher finds what it left.
        clock.wait(seconds=121)
        dispatch_due()
        due = list(FeedState.objects.exclude(lease_owner="").values_list("pk", "lease_owner"))
        if not due:
            return deaths
        for pk, ticket in due:
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


def _armed(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, *, is_after: bool) -> Arm:
    real, calls = getattr(place, name), []

    def arm(fatal_call: int) -> None:
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


@pytest.mark.parametrize("fatal_page", range(1, 12))
@pytest.mark.parametrize("moment", ["kill_before_commit", "kill_after_commit"])
def test_killed_at_any_page_it_ends_with_the_rows_of_an_undisturbed_scan(
    moment: str, fatal_page: int, connect: Callable[..., AppInstance], clock: Clock, request: pytest.FixtureRequest
) -> None:
    expected = undisturbed(connect)
    AppInstance.objects.update(state="paused")
    instance = connect("Disturbed")
    request.getfixturevalue(moment)(fatal_page)
    service.begin(instance)

    assert work_off(clock) == 1
    assert rows_hash(instance) == expected


@pytest.mark.parametrize("moment", ["kill_at_the_end", "kill_on_the_way"])
@pytest.mark.parametrize("fatal_call", range(1, 6))
def test_killed_between_pages_and_at_the_end_it_ends_with_the_same_rows(
    moment: str, fatal_call: int, connect: Callable[..., AppInstance], clock: Clock, request: pytest.FixtureRequest
) -> None:
    expected = undisturbed(connect)
    AppInstance.objects.update(state="paused")
    instance = connect("Disturbed")
    request.getfixturevalue(moment)(fatal_call)
    service.begin(instance)

    assert work_off(clock) == 1
    assert rows_hash(instance) == expected


def test_killed_at_every_page_of_one_scan_it_still_ends(
    connect: Callable[..., AppInstance], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = undisturbed(connect)
    AppInstance.objects.update(state="paused")
    instance = connect("Disturbed")
    real = runs.keep

    def deadly(*args: Any) -> None:
        real(*args)
        raise Killed

    monkeypatch.setattr(runs, "keep", deadly)
    service.begin(instance)

    assert work_off(clock) == 3 + 3 + 4 + 2, "pages of accounts, teams, events and labels"
    assert rows_hash(instance) == expected
    assert set(ScanRun.objects.filter(instance=instance).values_list("outcome", flat=True)) == {RunOutcome.DONE}


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
    def deadly(path: str) -> None:
        return None

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
