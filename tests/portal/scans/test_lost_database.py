"""The database goes away in the middle of a scan: nothing is lost or doubled. PostgreSQL only.

Mostly the loss is simulated: all of the test's backends are terminated by another connection, as a restart of the
server does, and the server itself goes on. Where GATEHOUSE_RESTART_POSTGRESQL names a command, real workers see a real
restart as well, without a checkpoint, as after a loss of power.
"""

import os
import shlex
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.scans import runner, runs, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from tests.portal.connected import connected_github
from tests.portal.scans.conftest import Clock, hash_without_our_hook, rows_hash, state_of
from tests.portal.scans.example import ExampleVendor
from tests.portal.scans.test_killed_worker import is_finished, wait_for, workers
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could go away"),
]

RESTART = os.environ.get("GATEHOUSE_RESTART_POSTGRESQL", "")
EVERY = 3
"""So many pages are read between two losses."""


def terminate_all() -> None:
    """Every connection to the test's database ends, but for the one that says so."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    other.close()


def restart_server() -> None:
    """Returns when the server answers again."""
    connection.close()
    subprocess.run(shlex.split(RESTART), check=True, timeout=60, stdout=subprocess.DEVNULL)


def work_off(clock: Clock) -> int:
    """Let workers work until nothing is due. Returns how often they lost the database."""
    losses = 0
    for _ in range(100):
        clock.wait(seconds=121)  # the lease of a worker that could say nothing any more ends
        dispatch_due()
        held = list(FeedState.objects.exclude(lease_owner="").values_list("pk", "lease_owner"))
        if not held:
            return losses
        for pk, ticket in held:
            try:
                runner.run_feed(pk, ticket)
            except (OperationalError, InterfaceError):
                losses += 1
                connection.close()  # as a worker does after each task
    raise AssertionError("the scan never ends")


@pytest.fixture
def lose_while_the_app_answers(vendor: ExampleVendor) -> Callable[[], None]:
    def arm() -> None:
        def lose(path: str) -> None:
            if len(vendor.calls) % EVERY == 0:
                terminate_all()

        vendor.before_answer = lose

    return arm


@pytest.fixture
def lose_within_a_transaction(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The page's rows are written and not committed."""
    real, pages = runs.write, []

    def lose(*args: Any) -> Any:
        saved = real(*args)
        pages.append(saved)
        if len(pages) % EVERY == 0:
            terminate_all()
        return saved

    return lambda: monkeypatch.setattr(runs, "write", lose)


@pytest.mark.usefixtures("page_by_page")
@pytest.mark.parametrize("moment", ["lose_while_the_app_answers", "lose_within_a_transaction"])
def test_after_the_database_was_lost_the_scan_goes_on(
    moment: str, connect: Callable[..., AppInstance], clock: Clock, request: pytest.FixtureRequest
) -> None:
    reference = connect("Undisturbed")
    service.begin(reference)
    run_tasks("scans")
    expected = rows_hash(reference)
    AppInstance.objects.update(state="paused")
    instance = connect("Disturbed")
    service.begin(instance)
    request.getfixturevalue(moment)()

    assert work_off(clock) >= 3
    assert rows_hash(instance) == expected
    assert set(ScanRun.objects.filter(instance=instance).values_list("outcome", flat=True)) == {RunOutcome.DONE}
    assert not FeedState.objects.filter(instance=instance, status=FeedStatus.BLOCKED).exists()


needs_command = pytest.mark.skipif(not RESTART, reason="GATEHOUSE_RESTART_POSTGRESQL names no command")


@pytest.mark.kill
@pytest.mark.parametrize("lose", [terminate_all, pytest.param(restart_server, marks=needs_command)])
def test_real_workers_go_on_after_the_database_was_lost(sandbox: Sandbox, lose: Callable[[], None]) -> None:
    """A cluster as in production, not started again: each of its processes connects anew."""
    sandbox.github.state.grow(members=900)
    reference = connected_github(sandbox, "Undisturbed")
    service.begin(reference)
    run_tasks("scans")
    expected = hash_without_our_hook(reference)
    AppInstance.objects.filter(pk=reference.pk).update(state=State.DISCONNECTED)

    instance = connected_github(sandbox, "Disturbed")
    service.begin(instance)
    sandbox.latency = 0.4
    with workers(sandbox) as cluster:
        wait_for(lambda: state_of(instance, "accounts").run_pages >= 2, "the second page")
        lose()
        connection.close()
        sandbox.latency = 0.0
        assert state_of(instance, "accounts").status == FeedStatus.RUNNING, "it was in the middle of a run"
        held = FeedState.objects.filter(instance=instance).exclude(lease_until=None)
        held.update(lease_until=timezone.now() - timedelta(seconds=1))  # two minutes pass
        dispatch_due()
        wait_for(lambda: is_finished(instance), "the end of the scan")
        assert cluster.poll() is None
    assert hash_without_our_hook(instance) == expected
