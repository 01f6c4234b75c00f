"""Pages share a transaction, and each that was read is stored whatever comes after it."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from connectors.base import (
    Account,
    ActivityCategory,
    Capability,
    Client,
    Cursor,
    Gone,
    KnownPage,
    Page,
    RateLimited,
    changes,
)
from connectors.base import Activity as Event
from portal.instances.models import AppInstance
from portal.inventory.models import Activity
from portal.scans import gathering, runner, runs, service
from portal.scans.gathering import in_batches
from portal.scans.models import FeedState, ScanRun
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import Clock, Killed, rows_hash, state_of
from tests.portal.scans.example import FIRST_EVENT, ExampleVendor, connector, events
from tests.portal.scans.test_interrupted import work_off
from tests.tasks import run_tasks


@pytest.fixture(autouse=True)
def never_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the tests are slow: after the first page, time alone stores nothing."""
    monkeypatch.setattr(gathering, "LONGEST_SECONDS", 10_000.0)


# --- how pages are put together ---------------------------------------------------------------------------------------


def page(number: int, size: int = 1, **values: Any) -> Page:
    return Page([Account(id=f"{number}-{each}") for each in range(size)], {"page": number}, **values)


def numbers(pages: Iterator[Page], is_over: Callable[[], bool] = lambda: False) -> list[list[int]]:
    """The cursors of each batch."""
    return [[each.cursor["page"] for each in batch if each.cursor] for batch in in_batches(pages, is_over)]


def test_the_first_page_is_stored_at_once_and_then_as_many_as_hold_enough_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(gathering.MOST_RECORDS, connection.vendor, 10)
    assert numbers(page(each, size=4) for each in range(6)) == [[0], [1, 2, 3], [4, 5]]
    assert numbers(iter([page(0), page(1, size=99), page(2)])) == [[0], [1], [2]]
    assert numbers(iter([])) == []


def test_a_page_that_comes_late_is_stored_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "LONGEST_SECONDS", 1.0)
    seconds = itertools.chain([0.0, 0.0, 0.5, 0.9, 1.1, 1.1], itertools.count(5.0, 2.0))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    assert numbers(page(each) for each in range(6)) == [[0], [1, 2, 3], [4], [5]]


def test_a_slice_that_is_over_and_an_error_leave_nothing_behind() -> None:
    def broken() -> Iterator[Page]:
        yield from (page(0), page(1), page(2))
        raise RateLimited("later", retry_after=1)

    found = in_batches(broken(), lambda: False)
    assert [len(next(found)), len(next(found))] == [1, 2]
    with pytest.raises(RateLimited):
        next(found)
    over = iter([False, False, True, False])
    assert numbers((page(each) for each in range(4)), lambda: next(over)) == [[0], [1, 2, 3]]


def test_a_page_asked_for_by_etag_and_one_that_takes_something_away_stand_alone() -> None:
    taken = Page([Gone(Account, "1-0")], {"page": 3})
    pages = [page(0), page(1), page(2), taken, page(4), page(5, known=KnownPage("k", "e", "", "", 1)), page(6)]
    assert numbers(iter(pages)) == [[0], [1, 2], [3], [4], [5], [6]]


# --- in a scan ------------------------------------------------------------------------------------------------------

in_a_scan = pytest.mark.django_db(transaction=True)
LONG = 15


@pytest.fixture
def log(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor
) -> Callable[..., AppInstance]:
    """Instances of an app that has eight pages of events and nothing else."""
    vendor.events = LONG

    def connected(name: str = "Contoso") -> AppInstance:
        instance = connect(name)
        declare(connector(feeds=(events,)))
        return instance

    return connected


@pytest.fixture
def events_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.scans.runner.held_back", lambda instance: {})


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pages each transaction kept."""
    real, found = runs.keep, list[int]()

    def counted(held: Any, run: Any, batch: Any, *rest: Any) -> None:
        real(held, run, batch, *rest)
        found.append(len(batch))

    monkeypatch.setattr(runs, "keep", counted)
    return found


@in_a_scan
@pytest.mark.usefixtures("events_alone")
def test_several_pages_share_a_transaction_and_are_counted_each(
    log: Callable[..., AppInstance], kept: list[int]
) -> None:
    instance = log()
    service.begin(instance)
    run_tasks("scans")
    assert kept == [1, 7]
    run, state = ScanRun.objects.get(), state_of(instance, "events")
    assert (run.pages, run.records, run.new_rows, run.slices) == (8, LONG, LONG, 1)
    assert (state.run_pages, state.run_records, state.cursor) == (8, LONG, {"seen": LONG})


@in_a_scan
@pytest.mark.usefixtures("events_alone")
@pytest.mark.parametrize("trouble", [says({}, 429, Retry_After="60"), says({}, 403), says({"nothing": "expected"})])
def test_pages_read_before_an_error_are_kept_and_not_read_again(
    trouble: Any, log: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock, kept: list[int]
) -> None:
    instance = log()
    vendor.trouble("/events?5", trouble)
    service.begin(instance)
    run_tasks("scans")
    assert kept == [1, 4]
    state = state_of(instance, "events")
    assert (state.cursor, Activity.objects.count()) == ({"seen": 10}, 10)
    assert state.error_code
    vendor.server.seen.clear()
    clock.wait_and_work(hours=25)
    assert Activity.objects.count() == LONG
    assert vendor.calls[0] == "/events?5"


@in_a_scan
@pytest.mark.usefixtures("events_alone")
def test_a_worker_whose_lease_ended_stores_none_of_what_it_gathered(
    log: Callable[..., AppInstance], vendor: ExampleVendor
) -> None:
    instance = log()

    def take_over(path: str) -> None:
        if len(vendor.calls) == 5:
            FeedState.objects.update(lease_owner="another")

    vendor.before_answer = take_over
    service.begin(instance)
    run_tasks("scans")
    state = state_of(instance, "events")
    assert (state.cursor, state.lease_owner, Activity.objects.count()) == ({"seen": 2}, "another", 2)


@in_a_scan
@pytest.mark.usefixtures("events_alone")
def test_a_run_that_is_to_stop_halts_after_the_batch_it_is_at(
    log: Callable[..., AppInstance], vendor: ExampleVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gathering.MOST_RECORDS, connection.vendor, 6)
    instance = log()

    def stop_at_third_page(path: str) -> None:
        if len(vendor.calls) == 3:
            FeedState.objects.update(is_stop_wanted=True)

    vendor.before_answer = stop_at_third_page
    service.begin(instance)
    run_tasks("scans")
    assert len(vendor.calls) == 4
    assert (state_of(instance, "events").cursor, Activity.objects.count()) == ({"seen": 8}, 8)


@in_a_scan
@pytest.mark.usefixtures("events_alone")
@pytest.mark.parametrize("place", ["write", "keep"])
def test_killed_at_any_batch_it_ends_with_the_rows_of_an_undisturbed_scan(
    place: str, log: Callable[..., AppInstance], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gathering.MOST_RECORDS, connection.vendor, 6)
    monkeypatch.setattr(runner, "SLICE_SECONDS", 1_000.0)
    reference = log("Undisturbed")
    service.begin(reference)
    run_tasks("scans")
    expected = rows_hash(reference)
    AppInstance.objects.update(state="paused")
    instance, real, calls = log("Disturbed"), getattr(runs, place), itertools.count()

    def deadly(*args: Any) -> Any:
        result = real(*args)
        if next(calls) % 2:
            raise Killed
        return result

    monkeypatch.setattr(runs, place, deadly)
    service.begin(instance)
    assert work_off(clock) >= 2
    assert rows_hash(instance) == expected


@changes(Event, title="Queue", every=timedelta(minutes=5), serves=(Capability.USER_ACTIVITY,))
def queue(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Messages that are there until they are deleted."""
    left = QUEUE.copy()
    for name in left:
        event = Event(id=name, occurred_at=FIRST_EVENT, action="x", category=ActivityCategory.USER)
        yield Page([event], {}, when_stored=partial(delete, name))


QUEUE: list[str] = []
STORED: list[set[str]] = []


def delete(name: str) -> None:
    """Notes what other connections see by then."""
    STORED.append(set(Activity.objects.values_list("vendor_id", flat=True)))
    QUEUE.remove(name)


@in_a_scan
@pytest.mark.usefixtures("events_alone")
def test_what_has_to_wait_until_a_page_is_stored_is_done_then_and_not_before(
    connect: Callable[..., AppInstance], declare: Callable[..., None], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    QUEUE[:], STORED[:] = list("abcde"), []
    instance = connect()
    declare(connector(feeds=(queue,)))
    with monkeypatch.context() as dying:
        dying.setattr(runs, "write", killing(runs.write, at=2))
        service.begin(instance)
        with pytest.raises(Killed):
            run_tasks("scans")
    assert list("bcde") == QUEUE, "the second batch was read and not stored"
    assert work_off(clock) == 0
    assert QUEUE == []
    assert all(name in stored for name, stored in zip("abcde", STORED, strict=True))


def killing(real: Callable[..., Any], at: int) -> Callable[..., Any]:
    calls = itertools.count(1)

    def deadly(*args: Any) -> Any:
        if next(calls) == at:
            raise Killed
        return real(*args)

    return deadly
