"""Deleting for good what quarantine holds: asked for by one, approved by another, done once, and only what is held."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.governance import catalogue, deleting, quarantine_queries, service
from portal.governance.models import ActionState, DeletionRequest, GovernanceAction, QuarantineRecord
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.inventory.filters import Condition
from portal.inventory.models import File
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.people.scope import scope_of
from portal.preferences import preferences
from tests.portal.connected import connected_box, read_box_drive
from tests.portal.governance.conftest import RunTasks, again, person
from tests.sandbox.box.items import File as BoxFile
from tests.sandbox.box.state import State
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Skizze.png"


@pytest.fixture
def box(sandbox: Sandbox) -> State:
    return sandbox.box.state


@pytest.fixture
def file(sandbox: Sandbox, box: State) -> File:
    instance, owner = connected_box(sandbox), box.person("jmueller")
    read_box_drive(instance, owner.id)
    return File.objects.get(instance_id=instance.pk, name=NAME)


@pytest.fixture
def sha1(box: State, file: File) -> str:
    item = box.tree.items[file.vendor_id.partition(":")[2]]
    assert isinstance(item, BoxFile)
    return item.current.sha1


@pytest.fixture
def record(admin: User, file: File, sha1: str, run_tasks: RunTasks) -> QuarantineRecord:
    """Its bytes are in the owner's trash and in the admin's folder."""
    service.request(admin, file, "quarantine_with_admin", "holds customers' data")
    run_tasks("actions")
    return QuarantineRecord.objects.select_related("action", "instance").get()


@pytest.fixture
def second() -> User:
    return person(Role.COMPLIANCE_ADMIN, "second@contoso.example")


def asked_for(admin: User, record: QuarantineRecord) -> DeletionRequest:
    made = deleting.ask(admin, record, "The customer wants it")
    assert isinstance(made, DeletionRequest)
    return made


def listed(reader: User, *states: str) -> list[str]:
    found = quarantine_queries.records(scope_of(reader), [Condition("state", states)])
    return [each.name for each in found.rows]


def test_the_bytes_are_gone_after_a_second_person_has_approved_and_not_before(
    admin: User, second: User, record: QuarantineRecord, box: State, sha1: str, run_tasks: RunTasks
) -> None:
    asked = asked_for(admin, record)
    run_tasks("actions")
    assert len(box.places_of(sha1)) == 2
    assert listed(admin, "deletion") == [NAME]
    assert File.objects.get(is_quarantined=True).name == NAME
    row = deleting.approve(second, asked)
    run_tasks("actions")
    assert again(row).state == ActionState.DONE
    assert box.places_of(sha1) == []
    assert (again(row).requested_by_email, again(row).approved_by_email) == (admin.email, second.email)
    assert (listed(admin, "held"), listed(admin, "deleted")) == ([], [NAME])
    assert not File.objects.filter(is_quarantined=True).exists()
    verbs = list(AuditEntry.objects.filter(verb__startswith="action.deletion").values_list("verb", "actor_email"))
    assert sorted(verbs) == [("action.deletion_approved", second.email), ("action.deletion_asked", admin.email)]
    for sentence in (service.revert_obstacle(again(record.action)), service.revert_obstacle(again(row))):
        assert sentence


def test_nobody_approves_what_they_asked_for_nor_without_the_right(admin: User, record: QuarantineRecord) -> None:
    asked = asked_for(admin, record)
    with pytest.raises(Problem, match="cannot approve"):
        deleting.approve(admin, asked)
    reader = person(Role.SECURITY_READER, "reader@contoso.example")
    for refused in (deleting.approve, deleting.decline):
        with pytest.raises(PermissionDenied):
            refused(reader, asked)
    with pytest.raises(PermissionDenied):
        deleting.ask(reader, record, "Why not")
    assert not GovernanceAction.objects.filter(deletes=record.action).exists()


def test_a_request_expires_is_declined_and_can_be_made_anew(
    admin: User, second: User, record: QuarantineRecord
) -> None:
    asked = asked_for(admin, record)
    with pytest.raises(Problem, match="asked for already"):
        asked_for(second, record)
    DeletionRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Problem, match="expired"):
        deleting.approve(second, asked)
    anew = asked_for(second, record)
    deleting.decline(second, anew)
    with pytest.raises(Problem, match="decided"):
        deleting.approve(admin, anew)
    assert listed(admin, "held") == [NAME]


def test_who_lost_the_right_meanwhile_deletes_nothing(
    admin: User, second: User, record: QuarantineRecord, box: State, sha1: str, run_tasks: RunTasks
) -> None:
    row = deleting.approve(second, asked_for(admin, record))
    RoleAssignment.objects.filter(user=second).delete()
    run_tasks("actions")
    assert (again(row).state, again(row).problem_code) == (ActionState.FAILED, "not_allowed")
    assert len(box.places_of(sha1)) == 2
    assert listed(admin, "held") == [NAME]


def test_without_the_setting_one_person_is_enough(
    admin: User, record: QuarantineRecord, box: State, sha1: str, run_tasks: RunTasks
) -> None:
    preferences.keep({"deletion_second_person": False})
    deleting.ask(admin, record, "The customer wants it")
    run_tasks("actions")
    assert box.places_of(sha1) == []


def test_what_is_being_released_is_not_deleted_nor_the_other_way_round(
    admin: User, second: User, record: QuarantineRecord, run_tasks: RunTasks
) -> None:
    asked = asked_for(admin, record)
    service.revert(admin, again(record.action))
    with pytest.raises(Problem, match="released"):
        deleting.approve(second, asked)
    run_tasks("actions")
    with pytest.raises(Problem, match="not held any more"):
        deleting.ask(admin, QuarantineRecord.objects.get(), "Now then")


def test_a_file_that_is_not_held_is_not_deleted_for_good(admin: User, file: File) -> None:
    instance = AppInstance.objects.get(pk=file.instance_id)
    offered = [each.action.name for each in catalogue.offers(scope_of(admin), instance, file)]
    assert "delete_file" not in offered
    with pytest.raises(Problem, match="something else"):
        service.request(admin, file, "delete_file", "Away with it")


def test_the_preview_says_what_would_be_gone_and_changes_nothing(
    admin: User, record: QuarantineRecord, box: State, sha1: str
) -> None:
    said = " ".join(deleting.preview(admin, record).details)
    assert "in the trash of" in said
    assert "deleted, too: 1." in said
    assert len(box.places_of(sha1)) == 2
