"""A real worker, killed for real in the middle of a file action: another one goes on, and the bytes are never gone.

For each app that quarantines files, found in the catalogue, on the tenant of its bench. Every other call at which a
worker may die is played in tests/connectors/test_conformance.py, without processes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from connectors.base import Action, ActionKind
from connectors.catalogue import catalogue
from portal.governance import jobs, service
from portal.governance.models import ActionState
from portal.instances import connecting
from portal.instances.clients import client_for
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.inventory import store
from portal.inventory.models import File
from portal.people.models import User
from tests.connectors.conformance import benches_of
from tests.connectors.conformance.acting import carry_out, changing_calls
from tests.connectors.conformance.bench import Bench, Trial
from tests.connectors.conformance.dying import readable
from tests.connectors.conformance.reading import partitions_of
from tests.portal.governance.conftest import again, due_now
from tests.portal.scans.test_killed_worker import kill, wait_for, workers
from tests.tasks import run_tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kill]

APPS = [
    each.id
    for each in catalogue().values()
    if any(action.kind is ActionKind.QUARANTINE_FILE for action in each.actions)
]


@pytest.fixture(params=APPS)
def bench(request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("Q_CLUSTER_NAME", "actions")
    bench = benches_of(request.param)[0]()
    with bench.sandbox:
        settings.SANDBOX = True
        settings.NETWORK_OVERRIDES = bench.sandbox.overrides()
        yield bench


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The quarantine when nobody dies: how many calls change something, and in how many places bytes are then."""

    changes: int
    places: dict[str, int]


def quarantine_of(bench: Bench) -> tuple[Trial, Action]:
    """The one that copies the file, where the app has such: its bytes go from place to place."""
    tried = [(trial, bench.connector.action(trial.action)) for trial in bench.trials]
    able = [(trial, action) for trial, action in tried if action.kind is ActionKind.QUARANTINE_FILE]
    return max(able, key=lambda each: any(step.name == "copy" for step in each[1].steps))


def undisturbed(bench: Bench, trial: Trial, action: Action) -> Undisturbed:
    bench.begin(is_short=True)
    order, kept = bench.order(trial), readable(bench)
    bench.sandbox.requests.clear()
    carry_out(action, order, bench.client())
    changes = len(changing_calls(bench, bench.sandbox.requests))
    return Undisturbed(changes, places(bench, kept))


def places(bench: Bench, kept: set[str]) -> dict[str, int]:
    return {each: len(bench.simulator.state.places_of(each)) for each in kept}


def connected(bench: Bench) -> AppInstance:
    """The bench's tenant as an instance, as after the wizard."""
    tenant = bench.connector.check(bench.client())
    instance = AppInstance.objects.create(
        app_id=bench.connector_id, name="Contoso", method_id=bench.method_id, state=State.CONNECTED,
        config=bench.config, components=[each.id for each in bench.connector.components], tenant_id=tenant.id,
        tenant_name=tenant.name, connected_at=timezone.now(),
    )  # fmt: skip
    secrets, vault = bench.secrets.read(), InstanceVault(instance.pk)
    vault.write_fields(secrets["fields"])
    vault.write_tokens(secrets["tokens"])
    connecting.recheck(instance)
    instance.refresh_from_db()
    return instance


def read_files(bench: Bench, instance: AppInstance, trial: Trial) -> File:
    client = client_for(instance)
    for feed in (each for each in bench.feeds_of(trial.action) if trial.target in each.records):
        for part in partitions_of(feed, client):
            for page in feed.pages(client, None, part):
                with transaction.atomic():
                    store.save(
                        instance.pk, page.records, feed=feed.name, partition=part, pass_id=1, now=timezone.now()
                    )
    return File.objects.get(instance_id=instance.pk, vendor_id=trial.target_id)


def test_a_quarantine_is_carried_to_its_end_by_the_next_worker(bench: Bench, admin: User) -> None:
    """The app does what the changing call in the middle asks for; before the answer comes the worker is dead."""
    trial, action = quarantine_of(bench)
    calm = undisturbed(bench, trial, action)
    bench.begin(is_short=True)
    instance = connected(bench)
    row = service.request(admin, read_files(bench, instance, trial), action.name, "holds customers' data")
    kept, before = readable(bench), len(bench.sandbox.requests)

    def is_in_the_middle() -> bool:
        return len(changing_calls(bench, bench.sandbox.requests[before:])) > calm.changes // 2

    bench.sandbox.latency = 0.3
    with workers(bench.sandbox) as cluster:
        wait_for(is_in_the_middle, "the call in the middle")
        kill(cluster)
    bench.sandbox.latency = 0.0
    assert kept <= readable(bench)
    assert again(row).state == ActionState.RUNNING, "it was killed in the middle of the action"
    due_now(row)
    jobs.revive()
    run_tasks("actions")
    assert again(row).state == ActionState.DONE
    assert places(bench, kept) == calm.places, "nothing is lost, and nothing was copied twice"
