"""A real worker, killed for real in the middle of a scan: another one goes on, and nothing is lost or doubled."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.inventory.models import Account
from portal.scans import service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from tests.portal.connected import connected_github
from tests.portal.scans.conftest import hash_without_our_hook, state_of
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kill]

ROOT = Path(portal_settings.BASE_DIR)
PATIENCE_SECONDS = 60


def database_url() -> str:
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{there['NAME']}"
    secret = f":{there['PASSWORD']}" if there["PASSWORD"] else ""
    return f"postgres://{there['USER']}{secret}@{there['HOST']}:{there['PORT']}/{there['NAME']}"


@contextmanager
def workers(sandbox: Sandbox) -> Iterator[subprocess.Popen[bytes]]:
    """A cluster of workers as in production, in a process group of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": database_url(),
        "GATEHOUSE_SANDBOX": "1",
        "GATEHOUSE_NETWORK_OVERRIDES": json.dumps(sandbox.overrides()),
    }
    cluster = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"], cwd=ROOT, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        yield cluster
    finally:
        kill(cluster)


def kill(cluster: subprocess.Popen[bytes]) -> None:
    """kill -9 for the cluster and all its workers at once."""
    if cluster.poll() is None:
        os.killpg(cluster.pid, signal.SIGKILL)
    cluster.wait(timeout=10)


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS} s for {what}"
        time.sleep(0.1)


def is_finished(instance: AppInstance) -> bool:
    return not offered(instance).filter(last_success_at=None).exists()


def offered(instance: AppInstance) -> QuerySet[FeedState]:
    """Feeds that the tenant and the way of connecting have."""
    return FeedState.objects.filter(instance=instance).exclude(status=FeedStatus.UNAVAILABLE)


def test_a_scan_survives_kill_9_of_its_workers(sandbox: Sandbox) -> None:
    sandbox.github.state.grow(members=900)
    reference = connected_github(sandbox, "Undisturbed")
    service.begin(reference)
    run_tasks("scans")
    assert is_finished(reference)
    expected = hash_without_our_hook(reference)
    AppInstance.objects.filter(pk=reference.pk).update(state=State.DISCONNECTED)

    instance = connected_github(sandbox, "Disturbed")
    service.begin(instance)
    sandbox.latency = 0.4
    with workers(sandbox) as cluster:
        wait_for(lambda: state_of(instance, "accounts").run_pages >= 2, "the second page")
        kill(cluster)
    state = state_of(instance, "accounts")
    assert state.status == FeedStatus.RUNNING, "it was killed in the middle of a run"
    assert state.lease_until is not None
    assert 0 < Account.objects.filter(instance_id=instance.pk).count() < 900

    sandbox.latency = 0.0
    FeedState.objects.filter(pk=state.pk).update(lease_until=timezone.now() - timedelta(seconds=1))  # two minutes pass
    dispatch_due()
    with workers(sandbox):
        wait_for(lambda: is_finished(instance), "the end of the scan")
    assert hash_without_our_hook(instance) == expected
    runs = ScanRun.objects.filter(instance=instance)
    assert set(runs.values_list("outcome", flat=True)) == {RunOutcome.DONE}
    assert runs.count() == offered(instance).count(), "each feed had one run"
