"""A file in GitHub overwritten, deleted and put back by the portal, interrupted at every point: one commit each."""

import pytest
from django.db import transaction
from django.utils import timezone

from portal.governance import catalogue, jobs, service
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.inventory import store
from portal.inventory.models import File
from portal.people.models import User
from portal.people.scope import scope_of
from tests.portal.governance.conftest import Killed, RunTasks, again, due_now, killing_claims
from tests.sandbox.faults import FaultKind
from tests.sandbox.github.repository import Repository
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

NAMES = ["overwrite_file", "trash_file"]
COMMITS = 6
"""Of an undisturbed action: claimed, two steps started and done, ended."""
UNDO_COMMITS = 4


@pytest.fixture
def docs(sandbox: Sandbox) -> Repository:
    found = sandbox.github.organisation().repository("docs")
    assert found is not None
    return found


@pytest.fixture
def source(instance: AppInstance, docs: Repository) -> File:
    """A file of the repository docs, as the scan of file names found it."""
    feed = connector_of(instance).feed("file_names")
    instance.components = [feed.component]
    instance.save(update_fields=["components"])
    for page in feed.pages(client_for(instance), None, str(docs.id)):
        with transaction.atomic():
            store.save(
                instance.pk, page.records, feed=feed.name, partition=str(docs.id), pass_id=1, now=timezone.now()
            )
    return File.objects.get(instance_id=instance.pk, path="contoso-dev/docs/src/main.txt")


def carry_on(row: GovernanceAction) -> ActionState:
    for _ in range(3):
        due_now(row)
        jobs.run_action(row.pk)
    return ActionState(again(row).state)


def killed(row: GovernanceAction, monkeypatch: pytest.MonkeyPatch, at: int, before: bool) -> ActionState:
    with monkeypatch.context() as dying:
        killing_claims(dying, at, before)
        with pytest.raises(Killed):
            jobs.run_action(row.pk)
    return carry_on(row)


def test_neither_is_offered_once_the_component_is_switched_off(
    admin: User, instance: AppInstance, source: File
) -> None:
    instance.components = []
    instance.save(update_fields=["components"])
    reasons = {each.reason for each in catalogue.offers(scope_of(admin), instance, source)}
    assert reasons == {"File names in repositories is switched off: it is a component of Contoso."}


def test_both_are_offered_for_a_file_and_not_for_its_repository(
    admin: User, instance: AppInstance, source: File
) -> None:
    offered = {each.action.name: each.reason for each in catalogue.offers(scope_of(admin), instance, source)}
    assert offered == dict.fromkeys(NAMES, "")


def test_the_inventory_says_what_the_app_says(
    admin: User, source: File, run_tasks: RunTasks
) -> None:
    row = service.request(admin, source, "trash_file", "holds a password")
    run_tasks("actions")
    source.refresh_from_db()
    assert source.gone_at is not None
    undo = service.revert(admin, again(row))
    run_tasks("actions")
    assert again(undo).state == ActionState.DONE
    source.refresh_from_db()
    assert source.gone_at is None


@pytest.mark.parametrize("name", NAMES)
def test_an_undisturbed_action_commits_as_often_as_the_tests_below_assume(
    admin: User, source: File, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    row = service.request(admin, source, name, "holds a password")
    with monkeypatch.context() as counted:
        commits = killing_claims(counted, 0, False)
        jobs.run_action(row.pk)
    assert commits["n"] == COMMITS
    undo = service.revert(admin, again(row))
    commits = killing_claims(monkeypatch, 0, False)
    jobs.run_action(undo.pk)
    assert commits["n"] == UNDO_COMMITS


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("at", range(1, COMMITS + 1))
def test_wherever_the_worker_dies_the_repository_gets_one_commit(
    admin: User, source: File, docs: Repository, monkeypatch: pytest.MonkeyPatch, at: int, before: bool, name: str
) -> None:
    count = len(docs.history.commits)
    row = service.request(admin, source, name, "holds a password")
    assert killed(row, monkeypatch, at, before) is ActionState.DONE
    assert len(docs.history.commits) == count + 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("at", range(1, UNDO_COMMITS + 1))
def test_wherever_the_worker_dies_the_file_is_put_back_by_one_commit(
    admin: User, source: File, docs: Repository, monkeypatch: pytest.MonkeyPatch, at: int, before: bool, name: str
) -> None:
    content = docs.history.branches["main"].files["src/main.txt"].data()
    row = service.request(admin, source, name, "holds a password")
    jobs.run_action(row.pk)
    count = len(docs.history.commits)
    assert killed(service.revert(admin, again(row)), monkeypatch, at, before) is ActionState.DONE
    assert len(docs.history.commits) == count + 1
    assert docs.history.branches["main"].files["src/main.txt"].data() == content


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.TRUNCATED, FaultKind.HTML])
def test_a_commit_whose_answer_was_lost_is_not_made_again(
    admin: User, source: File, docs: Repository, sandbox: Sandbox, run_tasks: RunTasks, kind: FaultKind, name: str
) -> None:
    count = len(docs.history.commits)
    method = "PUT" if name == "overwrite_file" else "DELETE"
    sandbox.faults.add(kind, method=method, path_pattern="/contents/", performed=True)
    row = service.request(admin, source, name, "holds a password")
    run_tasks("actions")
    assert carry_on(row) is ActionState.DONE
    assert len(docs.history.commits) == count + 1
