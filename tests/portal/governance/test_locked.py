"""A file that is locked in the app: tried again later by itself, visibly, and at once when somebody says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.governance import jobs, queries, service
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.problems import Problem
from portal.inventory.filters import Condition
from portal.inventory.models import File
from portal.people.models import User
from portal.people.scope import scope_of
from tests.portal.connected import connected_box, read_box_drive
from tests.portal.governance.conftest import RunTasks, again, due_now
from tests.portal.web.visitor import client_of, text_of
from tests.sandbox.box.items import File as BoxFile
from tests.sandbox.box.items import Lock
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(sandbox: Sandbox) -> File:
    instance, owner = connected_box(sandbox), sandbox.box.state.person("jmueller")
    read_box_drive(instance, owner.id)
    return File.objects.get(instance_id=instance.pk, name="Skizze.png")


@pytest.fixture
def item(sandbox: Sandbox, file: File) -> BoxFile:
    """Somebody else has it open."""
    found = sandbox.box.state.tree.items[file.vendor_id.partition(":")[2]]
    assert isinstance(found, BoxFile)
    editor = sandbox.box.state.person("hkim")
    found.lock = Lock("9001", editor.id, sandbox.box.state.now(), None, False)
    return found


@pytest.fixture
def row(admin: User, file: File, item: BoxFile, run_tasks: RunTasks) -> GovernanceAction:
    made = service.request(admin, file, "overwrite_file", "holds a password")
    run_tasks("actions")
    return again(made)


def test_it_is_said_on_the_log_on_the_action_and_on_the_file(admin: User, row: GovernanceAction, file: File) -> None:
    assert (row.state, row.problem_code, row.tries) == (ActionState.QUEUED, "conflict", 1)
    browser = client_of(admin)
    listed = text_of(browser.get(reverse("governance_list"), {"state": "waiting"}))
    assert "Waits, locked tried again in" in listed
    page = text_of(browser.get(reverse("governance_detail", args=[row.pk])))
    assert "The file is locked in Box." in page
    assert "So far: 1 try." in page
    shown = text_of(browser.get(reverse("file_detail", args=[file.pk])))
    assert "The file is locked in Box. Waits, locked" in shown


def test_it_is_done_once_the_lock_is_gone(
    admin: User, row: GovernanceAction, item: BoxFile, run_tasks: RunTasks
) -> None:
    item.lock = None
    due_now(row)
    jobs.revive()
    run_tasks("actions")
    assert again(row).state == ActionState.DONE
    assert item.current.data != item.past[-1].data


def test_pauses_grow_and_end(row: GovernanceAction) -> None:
    pauses = []
    while again(row).state == ActionState.QUEUED:
        wait = again(row).next_try_at
        assert wait is not None
        pauses.append(round((wait - timezone.now()) / timedelta(minutes=1)))
        due_now(row)
        jobs.run_action(row.pk)
    assert pauses == [1, 5, 15, 60, 240]
    assert again(row).state == ActionState.FAILED
    assert again(row).problem.startswith("The file is locked in Box. It was tried 6 times.")


def test_somebody_who_knows_better_has_it_tried_now(
    admin: User, row: GovernanceAction, item: BoxFile, run_tasks: RunTasks
) -> None:
    item.lock = None
    client_of(admin).post(reverse("governance_try_now", args=[row.pk]))
    run_tasks("actions")
    assert again(row).state == ActionState.DONE
    with pytest.raises(Problem, match="does not wait"):
        service.try_now(admin, again(row))


def test_waiting_ones_are_found(admin: User, row: GovernanceAction) -> None:
    for state, found in (("waiting", [row.pk]), ("queued", [row.pk]), ("done", [])):
        listing = queries.actions(scope_of(admin), [Condition("state", (state,))])
        assert [each.pk for each in listing.rows] == found
