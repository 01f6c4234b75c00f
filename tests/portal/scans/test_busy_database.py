"""The database is kept busy by others: pages and workers wait for so long, and what waited in vain is put back."""

import importlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from portal import patience
from portal.instances.models import AppInstance
from portal.inventory.models import Account, Group
from portal.leases import LEASE
from portal.patience import WEB, WORKER
from portal.people.models import User
from portal.queue import enqueue
from portal.scans import deliveries, disconnecting, runner, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import Delivery, Disconnection, FeedState, FeedStatus, Inbox, RunOutcome, ScanRun
from tests.portal.busy_database import SHORT, be_patient, occupied
from tests.portal.scans.conftest import Clock, present, state_of
from tests.portal.scans.example import ExampleVendor, accounts, connector
from tests.portal.scans.pushing import Registrar, pushing
from tests.portal.scans.test_deliveries import push
from tests.portal.web.visitor import client_of, text_of
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one busy timeout for all")


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """As a command; a test before this one may have been a worker."""
    be_patient()
    yield
    be_patient()


def waits() -> list[str]:
    """Of a connection that this process opens now: for a lock, and for a statement."""
    fresh = connections.create_connection("default")
    with fresh.cursor() as cursor:
        found = []
        for name in ("lock_timeout", "statement_timeout"):
            cursor.execute(f"SHOW {name}")
            found.append(cursor.fetchone()[0])
    fresh.close()
    return found


@on_postgresql
def test_commands_wait_as_long_as_it_takes_pages_and_workers_so_long() -> None:
    assert waits() == ["0", "0"]
    importlib.reload(importlib.import_module("portal.wsgi"))
    assert waits() == ["10s", "30s"]
    enqueue(dispatch_due)
    run_tasks()
    assert waits() == ["30s", "100s"]
    assert WEB.lock < WEB.statement
    assert timedelta(seconds=runner.SLICE_SECONDS) + WORKER.lock < LEASE
    assert WORKER.statement < LEASE


@on_postgresql
def test_a_slice_that_waited_in_vain_is_put_back_and_goes_on(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock
) -> None:
    declare(connector(feeds=(accounts,)))
    instance = connect()
    service.begin(instance)
    patience.have(SHORT)
    with occupied(Account._meta.db_table):
        runner.run_feed(*FeedState.objects.values_list("pk", "lease_owner").get())
    state = state_of(instance, "accounts")
    assert (state.status, state.error_code, state.failures, state.crashes) == (
        FeedStatus.WAITING, "database_busy", 0, 0,
    )
    assert state.is_mid_run
    assert ScanRun.objects.get().outcome == RunOutcome.RUNNING
    patience.have(WORKER)
    clock.wait_and_work(seconds=31)
    assert len(present(Account, instance)) == len(vendor.accounts)
    assert state_of(instance, "accounts").error_code == ""
    assert ScanRun.objects.get().outcome == RunOutcome.DONE


@on_postgresql
def test_a_deletion_that_waited_in_vain_is_put_back_and_counts_for_no_death(
    known: AppInstance, admin: User, clock: Clock
) -> None:
    service.disconnect(admin, known, delete_data=True)
    patience.have(SHORT)
    with occupied(Group._meta.db_table):
        disconnecting.run_disconnect(known.pk, Disconnection.objects.get().lease_owner)
    row = Disconnection.objects.get()
    assert (row.lease_owner, row.tries, row.problem, row.ended_at) == ("", 0, "", None)
    patience.have(WORKER)
    clock.wait_and_work(seconds=60)
    assert Disconnection.objects.get().ended_at
    assert not Account.objects.exists()


@on_postgresql
def test_a_delivery_that_waited_in_vain_waits_on_and_counts_for_no_death(
    connect: Callable[..., AppInstance], declare: Callable[..., None], clock: Clock
) -> None:
    instance = connect()
    declare(pushing(Registrar(), feeds=(accounts,)))
    service.begin(instance)
    run_tasks()
    push(instance, {"account": "flo"}, "d1")
    patience.have(SHORT)
    with occupied(Account._meta.db_table):
        deliveries.work_off(instance.pk, Inbox.objects.get().lease_owner)
    assert Delivery.objects.get().tries == 0
    patience.have(WORKER)
    clock.wait(seconds=60)
    deliveries.revive()
    run_tasks("actions")
    assert "uflo" in present(Account, instance)


@on_postgresql
def test_a_page_that_waited_in_vain_says_so(known: AppInstance, admin: User) -> None:
    client: Client = client_of(admin)
    client.raise_request_exception = False
    patience.have(SHORT)
    with occupied(FeedState._meta.db_table):
        response = client.post(reverse("instance_scan", args=[known.pk]))
    assert response.status_code == 503
    assert "The database is busy" in text_of(response)


def test_what_else_goes_wrong_is_not_taken_for_being_busy() -> None:
    with pytest.raises(DatabaseError) as other, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    assert not patience.was_too_short(other.value)
    assert not patience.was_too_short(ValueError())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is tried above")
def test_a_lock_that_sqlite_waited_for_in_vain_counts_as_busy(known: AppInstance) -> None:
    other = connections.create_connection("default")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with other.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError) as busy, transaction.atomic():
            pass
        cursor.execute("ROLLBACK")
    other.close()
    assert patience.was_too_short(busy.value)
