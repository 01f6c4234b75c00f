"""The end of a connection: the app is told, the secrets and, if wanted, the data go."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from pytest_django import Settings

from portal.audit.models import AuditEntry
from portal.instances.models import AppInstance, Connection, State
from portal.instances.problems import Problem
from portal.inventory import store
from portal.leases import MOST_CRASHES
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.scans import disconnecting, queries, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import Disconnection, FeedState, ScanRun
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import TABLES, Clock, Killed, rows_hash
from tests.portal.scans.example import HOST, ExampleVendor
from tests.portal.web.visitor import client_of, text_of
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)


def left(instance: AppInstance) -> int:
    return sum(table._default_manager.filter(instance_id=instance.pk).count() for table in TABLES)


def test_disconnecting_revokes_forgets_the_secrets_and_keeps_the_data(
    known: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    before = rows_hash(known)
    service.disconnect(admin, known, delete_data=False)
    assert known.state == State.DISCONNECTING
    run_tasks("scans")

    known.refresh_from_db()
    assert known.state == State.DISCONNECTED
    assert vendor.calls[-1] == "/revoke?"
    assert not Connection.objects.filter(pk=known.pk).exists()
    assert rows_hash(known) == before
    assert not FeedState.objects.filter(instance=known).exists()
    progress = service.disconnect_progress(known)
    assert progress is not None
    assert (progress.is_done, progress.problem) == (True, "")
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["instance.disconnect_asked", "instance.disconnected"]


def test_a_vendor_that_does_not_revoke_is_told_and_stops_nothing(
    known: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    vendor.trouble("/revoke", says({}, 500))
    service.disconnect(admin, known, delete_data=True)
    run_tasks("scans")
    known.refresh_from_db()
    progress = service.disconnect_progress(known)
    assert progress is not None
    assert known.state == State.DISCONNECTED
    assert progress.problem == "The app did not revoke the token (status 500)."
    assert AuditEntry.objects.get(verb="instance.disconnected").after == {"data": "deleted", "vendor": progress.problem}
    assert not Connection.objects.filter(pk=known.pk).exists()
    assert left(known) == 0


def test_disconnecting_takes_the_feeds_away_from_a_worker_in_the_middle_of_a_page(
    instance: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    def disconnect_at_second_page(path: str) -> None:
        if len(vendor.calls) == 2 and path == "/accounts":
            service.disconnect(admin, instance, delete_data=True)
            connection.close()

    vendor.before_answer = disconnect_at_second_page
    service.begin(instance)
    run_tasks("scans")
    assert left(instance) == 0
    instance.refresh_from_db()
    assert instance.state == State.DISCONNECTED


def test_a_deletion_goes_on_after_its_worker_was_killed(
    known: AppInstance, connect: Callable[..., AppInstance], admin: User, clock: Clock, vendor: ExampleVendor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = connect("Other")
    service.begin(other)
    run_tasks("scans")
    before, total = rows_hash(other), store.count(known.pk)
    monkeypatch.setattr(disconnecting, "SQLITE_AT_ONCE", 3)
    monkeypatch.setattr(disconnecting, "AT_ONCE", 3)
    monkeypatch.setattr(disconnecting, "SLICE_SECONDS", 0.0)
    real, calls = store.delete_some, []

    def deadly(instance_id: int, limit: int) -> int:
        deleted = real(instance_id, limit)
        calls.append(deleted)
        if len(calls) % 2 == 0:
            raise Killed
        return deleted

    monkeypatch.setattr(store, "delete_some", deadly)
    service.disconnect(admin, known, delete_data=True)
    deaths, seen = 0, set()
    for _ in range(60):
        row = Disconnection.objects.get(pk=known.pk)
        if row.ended_at:
            break
        seen.add(row.deleted_rows)
        try:
            disconnecting.run_disconnect(known.pk, row.lease_owner)
        except Killed:
            deaths += 1
        clock.wait(seconds=601)
        dispatch_due()

    progress = service.disconnect_progress(known)
    assert progress is not None
    assert (progress.is_done, progress.deleted, progress.total) == (True, total, total)
    assert deaths > 3
    assert len(seen) > 3, "the progress was to be seen"
    assert vendor.calls.count("/revoke?") == 1
    assert left(known) == 0
    assert not ScanRun.objects.filter(instance=known).exists()
    assert rows_hash(other) == before, "another instance keeps what it has"


def test_a_doubled_task_of_a_disconnection_leaves(known: AppInstance, admin: User, vendor: ExampleVendor) -> None:
    service.disconnect(admin, known, delete_data=False)
    ticket = Disconnection.objects.get(pk=known.pk).lease_owner
    disconnecting.run_disconnect(known.pk, ticket)
    disconnecting.run_disconnect(known.pk, ticket)
    run_tasks("scans")
    assert vendor.calls.count("/revoke?") == 1
    with pytest.raises(Problem):
        service.disconnect(admin, known, delete_data=True)


def test_disconnecting_needs_the_right(known: AppInstance) -> None:
    reader = User.objects.create_user("reader@contoso.example")
    RoleAssignment.objects.create(user=reader, role=Role.SECURITY_READER)
    with pytest.raises(PermissionDenied):
        service.disconnect(reader, known, delete_data=True)
    known.refresh_from_db()
    assert known.state == State.CONNECTED


def test_an_app_out_of_reach_or_without_its_connector_can_be_disconnected(
    known: AppInstance, connect: Callable[..., AppInstance], admin: User, settings: Settings,
    declare: Callable[..., None],
) -> None:
    orphan = connect("Orphan")
    settings.NETWORK_OVERRIDES = {HOST: "http://127.0.0.1:9"}
    service.disconnect(admin, known, delete_data=False)
    run_tasks("scans")
    declare()
    service.disconnect(admin, orphan, delete_data=True)
    run_tasks("scans")

    unreached, gone = service.disconnect_progress(known), service.disconnect_progress(orphan)
    assert unreached is not None
    assert gone is not None
    assert (unreached.is_done, gone.is_done) == (True, True)
    assert unreached.problem
    assert gone.problem == "Its connector is no longer installed, so the app could not be told."
    assert queries.health(orphan) == []


def test_a_vendor_whose_answer_kills_every_worker_does_not_keep_the_instance(
    known: AppInstance, admin: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadly(instance: AppInstance) -> str:
        raise Killed

    monkeypatch.setattr(disconnecting, "_end_at_vendor", deadly)
    service.disconnect(admin, known, delete_data=True)
    for _ in range(MOST_CRASHES):
        with pytest.raises(Killed):
            disconnecting.run_disconnect(known.pk, Disconnection.objects.get(pk=known.pk).lease_owner)
        clock.wait(seconds=601)
        dispatch_due()
    run_tasks("scans")
    progress = service.disconnect_progress(known)
    assert progress is not None
    assert progress.problem == "The worker that tells the app died 5 times, so it was not told. End the access there."
    assert (progress.is_done, left(known)) == (True, 0)


def test_data_whose_deletion_kills_every_worker_stands_still_says_so_and_is_let_go_on(
    known: AppInstance, admin: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadly(instance_id: int, limit: int) -> int:
        raise Killed

    service.disconnect(admin, known, delete_data=True)
    with monkeypatch.context() as death:
        death.setattr(store, "delete_some", deadly)
        for _ in range(1 + MOST_CRASHES):  # the first told the app and forgot the secrets: it got on
            with pytest.raises(Killed):
                disconnecting.run_disconnect(known.pk, Disconnection.objects.get(pk=known.pk).lease_owner)
            clock.wait(seconds=601)
            dispatch_due()
        run_tasks("scans")
    clock.wait_and_work(seconds=601)
    assert left(known) > 0
    client = client_of(admin)
    page = text_of(client.get(reverse("instance_detail", args=[known.pk])))
    assert "The worker that does it died 5 times in a row. It stands still." in page

    assert "Disconnecting goes on." in text_of(client.post(reverse("instance_go_on", args=[known.pk]), follow=True))
    run_tasks("scans")
    assert left(known) == 0
    with pytest.raises(Problem, match="goes on by itself"):
        service.go_on_disconnecting(admin, known)
