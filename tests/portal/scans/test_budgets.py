"""The vendor's limits: shared by all workers of an instance, with a part left for what people ask for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django_q.models import OrmQ

from connectors.base import Answer, Budget, ConnectorError, Limit, RateLimited
from portal.instances.models import AppInstance
from portal.scans import budgets, pace, runner, service
from portal.scans.models import Budget as Row
from portal.scans.models import ScanRun
from tests.connectors.base.vendor import says
from tests.portal.scans import example
from tests.portal.scans.conftest import Clock, state_of
from tests.portal.scans.example import ExampleVendor
from tests.tasks import run_one, run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def said(answer: Answer) -> Budget | None:
    """The example app counts its calls in headers."""
    left = answer.headers.get("x-left", "")
    if not left:
        return None
    return Budget(answer.headers.get("x-limit", ""), 100, int(left), datetime.fromisoformat(answer.headers["x-reset"]))


def paused(answer: Answer) -> ConnectorError | None:
    if answer.status == 429:
        return RateLimited("The app asks for a pause.", retry_after=600, limit=answer.headers.get("x-limit", ""))
    return example.classify(answer)


def declared(**values: Any) -> Any:
    feeds = (
        replace(example.accounts, limits=("people",)),
        replace(example.events, needs=(), limits=("events",)),
        replace(example.labels, limits=("people", "labels")),
    )
    return example.connector(**{"feeds": feeds, "budget": said, "classify": paused, **values})


@pytest.fixture(autouse=True)
def noted_with_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "NOTED_EVERY_S", 0.0)


@pytest.fixture
def begin(connect: Callable[..., AppInstance], declare: Callable[..., None]) -> Callable[..., AppInstance]:
    def begun(**values: Any) -> AppInstance:
        instance = connect()
        declare(declared(**values))
        service.begin(instance)
        return instance

    return begun


def headers(clock: Clock, limit: str, left: int) -> dict[str, str]:
    return {"x-limit": limit, "x-left": str(left), "x-reset": (clock.now() + HOUR).isoformat()}



def test_a_pause_for_one_limit_rests_every_feed_that_draws_on_it_and_no_other(
    begin: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock
) -> None:
    instance = begin()
    run_tasks("scans")
    vendor.server.seen.clear()
    clock.wait(hours=13)
    vendor.trouble("/accounts", says({}, status=429, **{"x-limit": "people"}))
    vendor.events += 1
    clock.wait_and_work()
    asked = {call.split("?")[0] for call in vendor.calls}
    assert "/events" in asked
    assert budgets.resting(instance).keys() == {"people"}
    vendor.server.seen.clear()
    clock.wait_and_work(minutes=6)
    assert {call.split("?")[0] for call in vendor.calls} == {"/events"}
    clock.wait_and_work(minutes=6)
    assert {"/accounts", "/labels"} <= {call.split("?")[0] for call in vendor.calls}


def test_the_last_part_of_a_limit_is_left_to_people_and_the_run_goes_on_when_it_starts_anew(
    begin: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock
) -> None:
    near = headers(clock, "people", 10)
    vendor.trouble("/accounts", says({"items": ["ada", "bo"], "next": 1, "count": 5}, 200, **near))
    instance = begin()
    run_tasks("scans")
    state = state_of(instance, "accounts")
    assert [call for call in vendor.calls if call.startswith("/accounts")] == ["/accounts?0"]
    assert state.is_mid_run
    assert state.next_run_at == datetime.fromisoformat(near["x-reset"])
    row = Row.objects.get(instance=instance, name="people")
    assert (row.limit, row.remaining) == (100, 10)
    clock.wait_and_work(hours=1, minutes=1)
    assert [call for call in vendor.calls if call.startswith("/accounts")] == [
        "/accounts?0", "/accounts?1", "/accounts?2",
    ]
    assert not state_of(instance, "accounts").is_mid_run


def test_with_enough_left_nothing_rests(
    begin: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.trouble(
        "/accounts", says({"items": ["ada"], "next": None, "count": 1}, 200, **headers(clock, "people", 90))
    )
    instance = begin()
    run_tasks("scans")
    assert budgets.resting(instance) == {}
    assert Row.objects.get(name="people").remaining == 90


def test_a_limit_that_only_the_documents_state_is_counted_over_all_runs(
    begin: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock
) -> None:
    instance = begin(budget=None, limits=(Limit(calls=4, seconds=60, name="people"),))
    run_tasks("scans")
    row = Row.objects.get(instance=instance, name="people")
    assert row.used <= 4
    assert row.rests_until is not None
    first = len([call for call in vendor.calls if call.split("?")[0] in ("/accounts", "/labels")])
    assert first <= 4
    for _ in range(6):
        clock.wait_and_work(seconds=61)
    assert not state_of(instance, "accounts").is_mid_run
    assert not state_of(instance, "labels").is_mid_run
    assert state_of(instance, "labels").last_success_at is not None


def test_a_small_limit_is_noted_with_each_call_however_fast_they_come(
    begin: Callable[..., AppInstance], vendor: ExampleVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "NOTED_EVERY_S", 3_600.0)
    instance = begin(budget=None, limits=(Limit(calls=2, seconds=60, name="people"),))
    run_tasks("scans")
    assert Row.objects.get(instance=instance, name="people").used <= 2
    assert len([call for call in vendor.calls if call.split("?")[0] in ("/accounts", "/labels")]) <= 2


def test_every_request_of_a_run_is_counted_also_those_answered_with_an_error(
    begin: Callable[..., AppInstance], vendor: ExampleVendor
) -> None:
    vendor.trouble("/accounts?2", says({}, status=500))
    instance = begin()
    run_tasks("scans")
    assert ScanRun.objects.get(instance=instance, feed="accounts").calls == 3


def test_one_app_does_not_take_all_the_places_and_its_instances_take_turns(
    connect: Callable[..., AppInstance], declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch,
    vendor: ExampleVendor,
) -> None:
    monkeypatch.setattr(runner, "AT_ONCE_PER_APP", 3)
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    instances = [connect(f"Contoso {number}") for number in range(6)]
    declare(declared())
    for instance in instances:
        service.begin(instance)
    assert OrmQ.objects.count() == 3
    most = 0
    while OrmQ.objects.exists():
        most = max(most, OrmQ.objects.count())
        run_one("scans")
    assert most <= 3
    assert all(state_of(each, "accounts").last_success_at for each in instances)
    ended = ScanRun.objects.filter(feed="accounts").order_by("started_at").values_list("instance_id", flat=True)
    assert len(set(ended[:6])) == 6
