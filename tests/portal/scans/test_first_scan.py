"""From connecting to rows: the order of a first scan, and when each feed runs again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from connectors.base import Account as AccountRecord
from connectors.base import Capability, Client, Cursor, Page, changes
from portal.instances.models import AppInstance
from portal.inventory.models import Account, Activity, Group, Membership
from portal.scans import queries, runner, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from tests.connectors.base.vendor import says
from tests.portal.connected import connected_github
from tests.portal.scans import example
from tests.portal.scans.conftest import Clock, present, state_of
from tests.portal.scans.example import ExampleVendor, accounts, connector, events, labels, teams
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_first_scan_reads_everything(instance: AppInstance, vendor: ExampleVendor) -> None:
    service.begin(instance)
    run_tasks("scans")

    assert present(Account, instance) == ["uada", "ubo", "ucy", "udi", "ueve"]
    assert present(Group, instance) == sorted(
        ["eu-paris", "eu-rome", "eu-oslo", "us-austin", "red", "green", "blue"]
    )
    assert Membership.objects.filter(instance_id=instance.pk, member_id="uada").count() == 4
    assert Activity.objects.filter(instance_id=instance.pk).count() == 7
    assert not ScanRun.objects.exclude(outcome=RunOutcome.DONE).exists()


def test_a_slice_leaves_statistics_of_the_tables_that_it_made_large(
    instance: AppInstance, vendor: ExampleVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL plans by statistics of its own: DATABASE_URL names none")
    monkeypatch.setattr(example, "PAGE_SIZE", 100)
    vendor.accounts = [f"person-{number}" for number in range(600)]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Account._meta.db_table}")  # other tests leave pages, and what was guessed of them
    service.begin(instance)
    run_tasks("scans")
    assert rows_as_the_database_guesses() == 600

    Account.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Account._meta.db_table}")
    assert rows_as_the_database_guesses() == 0
    FeedState.objects.update(next_run_at=timezone.now())
    dispatch_due()
    run_tasks("scans")
    assert rows_as_the_database_guesses() == 600, "deleted rows had left their pages"


def rows_as_the_database_guesses() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Account._meta.db_table])
        return float(cursor.fetchone()[0])


def test_accounts_come_before_everything_else(instance: AppInstance, vendor: ExampleVendor) -> None:
    service.begin(instance)
    assert waiting("scans") == ["portal.scans.runner.run_feed"], "only the accounts are enqueued"
    run_tasks("scans")

    paths = [call.split("?")[0] for call in vendor.calls]
    assert paths[:3] == ["/accounts"] * 3
    assert "/accounts" not in paths[3:]


def test_a_first_feed_in_trouble_does_not_hold_the_others_back_but_what_needs_it_waits(
    instance: AppInstance, vendor: ExampleVendor
) -> None:
    vendor.trouble("/accounts", says({}, 403))
    service.begin(instance)
    run_tasks("scans")

    assert state_of(instance, "accounts").status == FeedStatus.BLOCKED
    assert queries.health(instance)[2].sentence == "Starts when Accounts has been read."
    assert present(Group, instance)
    assert "/events?0" not in vendor.calls, "the audit log needs the accounts"


def test_each_feed_runs_again_at_its_own_pace(instance: AppInstance, vendor: ExampleVendor, clock: Clock) -> None:
    AppInstance.objects.filter(pk=instance.pk).update(scan_hours=3)
    service.begin(instance)
    run_tasks("scans")

    def due_in(feed: str) -> timedelta:
        due = state_of(instance, feed).next_run_at
        assert due is not None
        return due - timezone.now()

    assert timedelta(hours=2, minutes=59) < due_in("accounts") <= timedelta(hours=3)
    assert timedelta(minutes=4) < due_in("events") <= timedelta(minutes=5)

    vendor.events = 9
    vendor.server.seen.clear()
    clock.wait_and_work(minutes=6)
    assert Activity.objects.filter(instance_id=instance.pk).count() == 9
    assert "/events?0" not in vendor.calls, "changes go on where they ended"
    assert not any(call.startswith("/accounts") for call in vendor.calls)


def test_a_run_is_cut_into_slices_that_follow_each_other(
    instance: AppInstance, vendor: ExampleVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    service.begin(instance)
    tasks = run_tasks("scans")

    run = ScanRun.objects.get(instance=instance, feed="accounts")
    # Three slices end after a page, one finds nothing more.
    assert (run.pages, run.slices, run.records, run.outcome) == (3, 4, 10, RunOutcome.DONE)
    assert tasks > 10
    assert present(Account, instance) == ["uada", "ubo", "ucy", "udi", "ueve"]


def test_feeds_of_a_component_that_is_off_or_of_a_plan_without_them_are_not_read(
    connect: Callable[..., AppInstance], vendor: ExampleVendor, declare: Callable[..., None], clock: Clock
) -> None:
    declare(connector(feeds=(accounts, replace(teams, component="groups"), events, labels)))
    instance = connect(unavailable={"labels": "The audit of labels needs the Enterprise plan."})
    service.begin(instance)
    run_tasks("scans")
    assert "/regions?" not in vendor.calls
    assert not FeedState.objects.filter(instance=instance, feed="teams").exists()

    state = state_of(instance, "labels")
    assert (state.status, state.error) == (FeedStatus.UNAVAILABLE, "The audit of labels needs the Enterprise plan.")
    assert "/labels?0" not in vendor.calls

    AppInstance.objects.filter(pk=instance.pk).update(components=["groups"])
    clock.wait_and_work(minutes=1)
    assert "/regions?" in vendor.calls, "switched on, it is read within a minute"


def test_what_the_connector_no_longer_declares_stops_and_comes_back_with_it(
    instance: AppInstance, vendor: ExampleVendor, declare: Callable[..., None], clock: Clock
) -> None:
    service.begin(instance)
    run_tasks("scans")

    declare(connector(feeds=(accounts,)))
    clock.wait_and_work(minutes=6)
    assert {row.feed for row in FeedState.objects.exclude(status=FeedStatus.STOPPED)} == {"accounts"}

    declare(connector())
    vendor.events = 8
    clock.wait_and_work(minutes=1)
    assert not FeedState.objects.filter(status=FeedStatus.STOPPED).exists()
    assert Activity.objects.filter(instance_id=instance.pk).count() == 8


@changes(AccountRecord, title="Renamings", every=timedelta(minutes=5), serves=(Capability.REAL_TIME,))
def renamings(client: Client, cursor: Cursor) -> Iterator[Page]:
    yield Page([AccountRecord(id="uada", name="Ada anew"), AccountRecord(id="ufay", name="Fay")], {"seen": 1})


def test_a_row_that_changes_brought_news_of_is_still_swept_by_the_snapshot_that_lists_it(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock
) -> None:
    instance = connect()
    declare(connector(feeds=(accounts, renamings)))
    service.begin(instance)
    run_tasks("scans")
    assert Account.objects.get(vendor_id="uada").name == "Ada anew"
    assert present(Account, instance) == ["uada", "ubo", "ucy", "udi", "ueve", "ufay"]
    declare(connector(feeds=(accounts,)))
    vendor.accounts = ["bo"]
    for _ in range(2):
        clock.wait_and_work(hours=13)
    assert present(Account, instance) == ["ubo"]


def test_the_github_connector_fills_the_inventory_from_its_simulator(sandbox: Sandbox) -> None:
    instance = connected_github(sandbox)
    service.begin(instance)
    run_tasks("scans")

    assert Account.objects.filter(instance_id=instance.pk, gone_at=None).count() > 10
    assert Group.objects.filter(instance_id=instance.pk, gone_at=None).exists()
    assert Activity.objects.filter(instance_id=instance.pk).exists()
    assert not ScanRun.objects.exclude(outcome=RunOutcome.DONE).exists()
