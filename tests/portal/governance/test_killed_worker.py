"""A real worker, killed for real in the middle of a file action: another one goes on, and the bytes are never gone.

Every other call at which a worker may die is played in tests/connectors/test_conformance.py, without processes.
"""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from portal.governance import jobs, service
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.inventory import store
from portal.inventory.models import File
from portal.people.models import User
from tests.portal.connected import connected_box, read_box_drive
from tests.portal.governance.conftest import again, due_now
from tests.portal.scans.test_killed_worker import kill, wait_for, workers
from tests.sandbox.box.items import File as BoxFile
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kill]


@pytest.fixture(autouse=True)
def _workers_for_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("Q_CLUSTER_NAME", "actions")


def killed_at(sandbox: Sandbox, row: GovernanceAction, method: str, path: str, lost: Callable[[], bool]) -> None:
    """The vendor does what this call asks for; before its answer has come the worker is dead. Another one goes on."""
    before = len(sandbox.requests)
    sandbox.latency = 0.3
    with workers(sandbox) as cluster:
        wait_for(
            lambda: any(call.method == method and path in call.path for call in sandbox.requests[before:]), path
        )
        kill(cluster)
    sandbox.latency = 0.0
    assert not lost()
    assert again(row).state == ActionState.RUNNING, "it was killed in the middle of the action"
    due_now(row)
    jobs.revive()
    run_tasks("actions")
    assert again(row).state == ActionState.DONE
    assert not lost()


def test_a_file_in_box_is_quarantined_by_the_next_worker(admin: User, sandbox: Sandbox) -> None:
    box, instance = sandbox.box.state, connected_box(sandbox)
    owner = box.person("jmueller")
    read_box_drive(instance, owner.id)
    file = File.objects.get(instance_id=instance.pk, name="Skizze.png")
    item = box.tree.items[file.vendor_id.partition(":")[2]]
    assert isinstance(item, BoxFile)
    row = service.request(admin, file, "quarantine_with_admin", "holds customers' data")
    killed_at(sandbox, row, "POST", "/files/content", lambda: not box.places_of(item.current.sha1))
    assert sorted(place.how for place in box.places_of(item.current.sha1)) == ["live", "trash"]


def test_a_repository_in_github_is_quarantined_by_the_next_worker(
    admin: User, instance: AppInstance, sandbox: Sandbox
) -> None:
    feed = connector_of(instance).feed("repositories")
    for page in feed.pages(client_for(instance), None):
        with transaction.atomic():
            store.save(instance.pk, page.records, feed=feed.name, partition="", pass_id=1, now=timezone.now())
    github, file = sandbox.github.state, File.objects.get(instance_id=instance.pk, name="docs")
    blobs = github.fingerprints()
    row = service.request(admin, file, "quarantine_repository", "holds customers' data")
    killed_at(sandbox, row, "PATCH", "/repos/", lambda: bool(blobs - github.fingerprints()))
    found = github.repository_by_id(int(file.vendor_id))
    assert found is not None
    assert (found.visibility, found.is_archived) == ("private", True)
