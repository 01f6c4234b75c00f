"""Others keep the database busy while an action is carried out: it is put back, and done once. PostgreSQL only."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from portal import patience
from portal.governance import jobs, service
from portal.governance.models import ActionState, GovernanceAction, StoredFile
from portal.instances.models import Connection
from portal.inventory.models import Account, File
from portal.people.models import User
from tests.portal.busy_database import SHORT, be_patient, occupied
from tests.portal.connected import connected_box, read_box_drive
from tests.portal.governance.conftest import Vendor, again, due_now
from tests.portal.scans.test_killed_worker import wait_for
from tests.sandbox.server import Sandbox

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one busy timeout for all"),
]

ACTIONS, ACCOUNTS, SECRETS = (each._meta.db_table for each in (GovernanceAction, Account, Connection))
PUT_BACK = (ActionState.QUEUED, "database_busy", "")


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    patience.have(SHORT)
    yield
    be_patient()


@pytest.fixture
def row(admin: User, target: Account) -> GovernanceAction:
    return service.request(admin, target, "remove_account", "left the company")


def standing(row: GovernanceAction) -> tuple[str, str, str]:
    now = again(row)
    return now.state, now.problem_code, now.lease_owner


def goes_on(row: GovernanceAction) -> GovernanceAction:
    due_now(row)
    jobs.run_action(row.pk)
    return again(row)


def test_what_waited_before_the_app_was_asked_is_put_back_and_done(row: GovernanceAction, vendor: Vendor) -> None:
    with occupied(SECRETS):
        jobs.run_action(row.pk)
    assert (standing(row), again(row).steps, vendor.removals()) == (PUT_BACK, [], [])
    assert goes_on(row).state == ActionState.DONE
    assert vendor.removals() == [204]


def test_what_waited_after_the_app_had_answered_is_not_asked_for_again(row: GovernanceAction, vendor: Vendor) -> None:
    with occupied(ACCOUNTS):
        jobs.run_action(row.pk)
    assert (standing(row), vendor.removals()) == (PUT_BACK, [204])
    assert goes_on(row).state == ActionState.DONE
    assert vendor.removals() == [204]
    assert again(row).problem == ""


def test_what_cannot_even_be_put_back_is_found_done_by_the_next_worker(
    row: GovernanceAction, vendor: Vendor, sandbox: Sandbox
) -> None:
    sandbox.latency = 0.5
    with pytest.raises(OperationalError), occupied_once(ACTIONS, vendor):
        jobs.run_action(row.pk)
    sandbox.latency = 0.0
    assert (again(row).state, vendor.removals()) == (ActionState.RUNNING, [204])
    assert goes_on(row).state == ActionState.DONE
    assert again(row).steps[-1]["state"] == "found_done"
    assert vendor.removals() == [204]


def test_it_is_not_tried_for_ever(row: GovernanceAction, vendor: Vendor) -> None:
    with occupied(SECRETS):
        for _ in range(jobs.MOST_TRIES):
            goes_on(row)
    now = again(row)
    assert (now.state, now.problem_code) == (ActionState.FAILED, "database_busy")
    assert "It was tried 6 times." in now.problem
    assert vendor.removals() == []


def test_what_was_begun_is_unknown_in_the_end(row: GovernanceAction, vendor: Vendor) -> None:
    with occupied(ACCOUNTS):
        for _ in range(jobs.MOST_TRIES):
            goes_on(row)
    now = again(row)
    assert (now.state, now.remedy) == (ActionState.UNKNOWN, jobs.UNKNOWN.remedy)
    assert "not known how far" in now.problem
    assert vendor.removals() == [204]


def test_bytes_that_could_not_be_kept_are_kept_by_the_next_try(admin: User, sandbox: Sandbox) -> None:
    box, instance = sandbox.box.state, connected_box(sandbox)
    read_box_drive(instance, box.person("jmueller").id)
    file = File.objects.get(instance_id=instance.pk, name="Skizze.png")
    row = service.request(admin, file, "quarantine_with_portal", "holds customers' data")
    with occupied(StoredFile._meta.db_table):
        jobs.run_action(row.pk)
    assert (standing(row), StoredFile.objects.count()) == (PUT_BACK, 0)
    assert goes_on(row).state == ActionState.DONE
    assert StoredFile.objects.count() == 1


@contextmanager
def occupied_once(table: str, vendor: Vendor) -> Iterator[None]:
    """From the moment at which the app has done it, before it answers, until the end of the block."""
    ended = threading.Event()

    def occupy() -> None:
        wait_for(lambda: bool(vendor.removals()), "the call")
        with occupied(table, "EXCLUSIVE"):
            ended.wait(20)

    other = threading.Thread(target=occupy)
    other.start()
    try:
        yield
    finally:
        ended.set()
        other.join()
