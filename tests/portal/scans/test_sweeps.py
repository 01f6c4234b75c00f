"""The end of a complete pass: what it did not list goes in small transactions, whoever dies or stops meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from connectors.base import Feed
from portal.instances.models import AppInstance
from portal.inventory import differences, sweeping
from portal.inventory.models import Account, Activity, Group, Privilege
from portal.scans import queries, runner, runs, service
from portal.scans.jobs import dispatch_due
from portal.scans.leases import Held
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from tests.portal.scans.conftest import Clock, Killed, present, state_of
from tests.portal.scans.example import ExampleVendor, accounts, connector, teams
from tests.tasks import run_one, run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

GONE_ACCOUNTS, GONE_PRIVILEGES = 10_000, 900
EVERYBODY = ["uada", "ubo", "ucy", "udi", "ueve"]


@pytest.fixture
def read_once(connect: Callable[..., AppInstance], declare: Callable[..., None]) -> Callable[..., AppInstance]:
    """An instance with these feeds, whose first pass is over."""

    def connected(*feeds: Feed) -> AppInstance:
        declare(connector(feeds=feeds))
        instance = connect()
        service.begin(instance)
        run_tasks("scans")
        return instance

    return connected


@pytest.fixture
def by_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a transaction, and a slice is over after each."""
    monkeypatch.setattr(sweeping, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(sweeping, "FOUND_AT_ONCE", 3)


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each transaction of a sweep marked."""
    found: list[int] = []
    real = sweeping.sweep_some

    def counted(*args: Any, **options: Any) -> sweeping.Swept:
        swept = real(*args, **options)
        found.append(swept.gone)
        return swept

    monkeypatch.setattr(sweeping, "sweep_some", counted)
    return found


def listed_before(instance: AppInstance) -> None:
    """Rows that the first pass listed, and that the app has no more: copies of one, made by the database itself."""
    for model, number in ((Account, GONE_ACCOUNTS), (Privilege, GONE_PRIVILEGES)):
        names = [str(field.column) for field in model._meta.concrete_fields if field.name not in ("id", "vendor_id")]
        columns, of_one = ", ".join(names), ", ".join(f"one.{name}" for name in names)
        table, one = model._meta.db_table, model._default_manager.filter(instance_id=instance.pk).order_by("pk")[0].pk
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (vendor_id, {columns}) WITH RECURSIVE n(i) AS "
                f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) "
                f"SELECT 'x' || n.i, {of_one} FROM {table} AS one, n WHERE one.id = {one}"
            )


def work_off(clock: Clock) -> int:
    """Let workers work until nothing is held, however often they are killed. Returns how often they were."""
    deaths = 0
    while True:
        clock.wait(seconds=121)  # the dead worker's lease ends
        dispatch_due()
        held = FeedState.objects.exclude(lease_owner="").values_list("pk", "lease_owner")
        if not held:
            return deaths
        for pk, ticket in list(held):
            try:
                runner.run_feed(pk, ticket)
            except Killed:
                deaths += 1


def test_killed_within_a_transaction_and_after_each_a_sweep_ends_as_if_nothing_had_happened(
    read_once: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock, sizes: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = read_once(accounts)
    listed_before(instance)
    calls_of_a_pass = len(vendor.calls)
    real_look, real_count = Held.is_stop_wanted, runs.count_gone

    def dies_after_commit(held: Held) -> bool:
        if held.state.sweep_began_at:
            raise Killed
        return real_look(held)

    def dies_within_the_second(run: ScanRun, gone: int) -> None:
        real_count(run, gone)
        if len(sizes) == 2:
            raise Killed

    monkeypatch.setattr(Held, "is_stop_wanted", dies_after_commit)
    monkeypatch.setattr(runs, "count_gone", dies_within_the_second)
    clock.wait(hours=13)
    assert work_off(clock) == 7, "six transactions, and one that was rolled back"

    assert max(sizes) == sweeping.MOST_AT_ONCE
    assert present(Account, instance) == EVERYBODY
    assert len(vendor.calls) == 2 * calls_of_a_pass, "nothing was read again"
    state, run = state_of(instance, "accounts"), ScanRun.objects.order_by("pk").last()
    assert run is not None
    assert (run.outcome, run.gone_rows) == (RunOutcome.DONE, GONE_ACCOUNTS + GONE_PRIVILEGES)
    assert (state.sweep_began_at, state.sweep_told, state.crashes) == (None, [], 0)
    moments = {*Account.objects.values_list("gone_at", flat=True), *Privilege.objects.values_list("gone_at", flat=True)}
    noted = Activity.objects.filter(instance_id=instance.pk)
    assert len(moments - {None}) == 1
    assert {*noted.values_list("occurred_at", flat=True)} == moments - {None}
    assert noted.filter(action="gatehouse.privilege_removed").count() == GONE_PRIVILEGES
    told = noted.get(action="gatehouse.account_removed")
    assert told.description.startswith(f"{GONE_ACCOUNTS:,} account entries vanished")


@pytest.mark.usefixtures("by_twos")
def test_a_sweep_is_cut_into_slices_and_the_pass_is_complete_after_the_last(
    read_once: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock, sizes: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = read_once(accounts)
    first_success = state_of(instance, "accounts").last_success_at
    vendor.accounts = ["ada"]
    clock.wait(hours=13)
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    dispatch_due()
    while not sizes:
        assert run_one("scans")
    state = state_of(instance, "accounts")
    assert state.is_mid_run
    assert state.last_success_at == first_success
    assert queries.health(instance)[0].sentence.startswith("Everything was read; what is no longer there")
    run_tasks("scans")
    assert sizes == [2, 2, 2, 2], "four accounts with a privilege each"
    assert present(Account, instance) == ["uada"]
    assert state_of(instance, "accounts").sweep_began_at is None


@pytest.mark.usefixtures("by_twos")
def test_a_sweep_stops_between_its_transactions_when_somebody_wants_it_to_and_is_resumed(
    read_once: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = read_once(accounts)
    vendor.accounts = ["ada"]
    real = sweeping.sweep_some

    def paused(*args: Any, **options: Any) -> sweeping.Swept:
        service.stop(instance)
        return real(*args, **options)

    with monkeypatch.context() as pausing:
        pausing.setattr(sweeping, "sweep_some", paused)
        clock.wait_and_work(hours=13)
    assert len(present(Account, instance)) == 3
    assert ScanRun.objects.filter(instance=instance, outcome=RunOutcome.STOPPED).get().gone_rows == 2
    calls = len(vendor.calls)
    service.resume(instance)
    run_tasks("scans")
    assert present(Account, instance) == ["uada"]
    assert len(vendor.calls) == calls, "everything was read before"


@pytest.mark.usefixtures("by_twos")
def test_a_mistake_while_sweeping_is_told_and_the_sweep_goes_on_later(
    read_once: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = read_once(accounts)
    vendor.accounts = ["ada"]
    with monkeypatch.context() as mistaken:
        mistaken.setattr(differences, "of_sweep", lambda *args: 1 / 0)
        clock.wait_and_work(hours=13)
    assert state_of(instance, "accounts").error_code == "broken"
    clock.wait_and_work(minutes=3)
    assert present(Account, instance) == ["uada"]
    assert state_of(instance, "accounts").error_code == ""


@pytest.mark.usefixtures("by_twos")
def test_a_vanished_partition_is_swept_in_slices_and_read_anew_if_it_is_back_before_the_end(
    read_once: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = read_once(teams)
    regions, vendor.regions = vendor.regions, {"us": ["austin"]}
    clock.wait(hours=13)
    dispatch_due()
    runner.run_feed(*FeedState.objects.values_list("pk", "lease_owner").get(partition=""))
    state = state_of(instance, "teams", "eu")
    assert (state.status, state.error_code) == (FeedStatus.WAITING, "vanished")
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    runner.run_feed(state.pk, state.lease_owner)
    assert len(present(Group, instance)) == 2, "one of three of the vanished one, and the other partition's"

    vendor.regions = regions
    FeedState.objects.filter(partition="").update(next_run_at=timezone.now() - timedelta(seconds=1))
    dispatch_due()
    runner.run_feed(*FeedState.objects.values_list("pk", "lease_owner").get(partition=""))
    assert ScanRun.objects.get(partition="eu", outcome=RunOutcome.FAILED).error == "The app no longer lists it."
    run_tasks("scans")
    assert present(Group, instance) == ["eu-oslo", "eu-paris", "eu-rome", "us-austin"]

    vendor.regions = {"us": ["austin"]}
    clock.wait_and_work(hours=13)
    run_tasks("scans")
    assert present(Group, instance) == ["us-austin"]
    assert state_of(instance, "teams", "eu").status == FeedStatus.STOPPED
    last = ScanRun.objects.filter(partition="eu").order_by("pk").last()
    assert last is not None
    assert (last.outcome, last.gone_rows) == (RunOutcome.STOPPED, 6)
