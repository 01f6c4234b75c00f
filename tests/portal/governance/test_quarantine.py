"""What is held in quarantine: noted with where it was, until the undo has brought it back."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.governance import jobs, quarantine, quarantine_queries, service
from portal.governance.models import GovernanceAction, QuarantineRecord
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.inventory import file_queries, store
from portal.inventory.filters import Condition
from portal.inventory.models import File
from portal.people.models import User
from portal.people.roles import Role
from portal.people.scope import scope_of
from portal.preferences import preferences
from tests.portal.governance.conftest import Killed, again, due_now, killing_claims, person
from tests.portal.inventory.reading import EVERYWHERE

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "docs"
MIGRATION = import_module("portal.governance.migrations.0008_files_in_quarantine")


@pytest.fixture
def docs(instance: AppInstance) -> File:
    """A public repository, as the scan found it."""
    feed = connector_of(instance).feed("repositories")
    for page in feed.pages(client_for(instance), None):
        with transaction.atomic():
            store.save(instance.pk, page.records, feed=feed.name, partition="", pass_id=1, now=timezone.now())
    return File.objects.get(instance_id=instance.pk, name=NAME)


def quarantined(admin: User, file: File) -> GovernanceAction:
    row = service.request(admin, file, "quarantine_repository", "holds customers' data")
    jobs.run_action(row.pk)
    return again(row)


def marked(answer: str = "yes") -> list[str]:
    """On the list of files: those in quarantine, or with "no" the others."""
    found = file_queries.files(EVERYWHERE, [Condition("quarantined", (answer,))])
    return [each.name for each in found.rows]


def listed(reader: User, *states: str) -> list[str]:
    conditions = [Condition("state", states)] if states else []
    return [each.name for each in quarantine_queries.records(scope_of(reader), conditions).rows]


def test_a_file_is_held_with_where_it_was_until_the_undo_has_brought_it_back(
    admin: User, docs: File, instance: AppInstance
) -> None:
    row = quarantined(admin, docs)
    record = QuarantineRecord.objects.get(action=row)
    assert (record.name, record.place, record.exposure) == (NAME, "contoso-dev/docs", "public")
    assert File.objects.get(pk=docs.pk).exposure != "public"
    assert record.held_at is not None
    assert record.review_at is not None
    assert record.review_at - record.held_at == timedelta(days=90)
    assert listed(admin) == [NAME]

    assert marked() == [NAME]
    assert NAME not in marked("no")

    undo = service.revert(admin, row)
    assert listed(admin) == marked() == [NAME], "asked for is not released"
    jobs.run_action(undo.pk)
    assert listed(admin) == marked() == []
    assert listed(admin, "released") == [NAME]
    with pytest.raises(Problem, match="not held any more"):
        quarantine.extend(admin, record)


def test_what_was_not_done_is_not_held(admin: User, docs: File, instance: AppInstance) -> None:
    row = service.request(admin, docs, "quarantine_repository", "holds customers' data")
    AppInstance.objects.filter(pk=instance.pk).update(state="paused")
    jobs.run_action(row.pk)
    assert listed(admin) == marked() == []
    AppInstance.objects.filter(pk=instance.pk).update(state="connected")
    service.retry(admin, again(row))
    jobs.run_action(row.pk)
    assert listed(admin) == [NAME]


@pytest.mark.parametrize("at", [3, 8])
def test_where_it_was_is_known_although_the_worker_died_on_the_way(
    admin: User, docs: File, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    row = service.request(admin, docs, "quarantine_repository", "holds customers' data")
    with monkeypatch.context() as dying:
        killing_claims(dying, at, before=False)
        with pytest.raises(Killed):
            jobs.run_action(row.pk)
    due_now(row)
    jobs.run_action(row.pk)
    assert QuarantineRecord.objects.get().exposure == "public"
    assert listed(admin) == [NAME]


def test_a_file_stays_marked_when_it_is_listed_again_and_while_another_action_holds_it(
    admin: User, docs: File, instance: AppInstance
) -> None:
    row = quarantined(admin, docs)
    feed = connector_of(instance).feed("repositories")
    for page in feed.pages(client_for(instance), None):
        with transaction.atomic():
            store.save(instance.pk, page.records, feed=feed.name, partition="", pass_id=2, now=timezone.now())
    assert marked() == [NAME]
    copied = GovernanceAction.objects.get(pk=row.pk)
    copied.pk = None
    copied.save()
    QuarantineRecord.objects.create(action=copied, instance=instance, name=NAME, held_at=timezone.now())
    jobs.run_action(service.revert(admin, row).pk)
    assert marked() == [NAME]


def test_the_undo_of_another_action_marks_no_file_that_has_the_number_of_its_target(admin: User, docs: File) -> None:
    quarantined(admin, docs)
    other = GovernanceAction(
        instance_id=docs.instance_id, kind="suspend_account", target_kind="account", target_id=docs.vendor_id,
        reverts_id=1,
    )
    quarantine.note_done(other)
    assert marked() == [NAME]


def test_files_that_were_held_before_are_marked(admin: User, docs: File) -> None:
    quarantined(admin, docs)
    File.objects.update(is_quarantined=False)
    MIGRATION.tell_inventory(apps, None)
    assert marked() == [NAME]


def test_a_review_comes_due_and_is_put_off_by_whoever_may_act_on_files(admin: User, docs: File) -> None:
    row = quarantined(admin, docs)
    assert listed(admin, "due") == []
    QuarantineRecord.objects.update(review_at=timezone.now() - timedelta(days=1))
    assert listed(admin, "due") == [NAME]
    preferences.keep({"quarantine_days": "30"})
    record = QuarantineRecord.objects.select_related("action", "instance").get(action=row)
    with pytest.raises(PermissionDenied):
        quarantine.extend(person(Role.SECURITY_READER, "reader@contoso.example"), record)
    quarantine.extend(admin, record)
    assert listed(admin, "due") == []
    again_read = QuarantineRecord.objects.get(pk=record.pk)
    assert again_read.review_at is not None
    assert timedelta(days=29) < again_read.review_at - timezone.now() < timedelta(days=31)
    assert AuditEntry.objects.get(verb="action.quarantine_extended").object_label == NAME


def test_an_app_admin_sees_what_is_held_in_the_own_instance_alone(admin: User, docs: File) -> None:
    quarantined(admin, docs)
    own = person(Role.APP_ADMIN, "own@contoso.example", instance_id=docs.instance_id)
    other = person(Role.APP_ADMIN, "other@contoso.example", instance_id=docs.instance_id + 1)
    assert (listed(own), listed(other)) == ([NAME], [])
