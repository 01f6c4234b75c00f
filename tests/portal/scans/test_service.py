"""What people do to scans: start, stop, resume, and end for good."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from pytest_django import Settings

from connectors.base import Tenant
from portal.audit.models import AuditEntry
from portal.instances import connecting
from portal.instances import service as instances
from portal.instances.models import AppInstance, Connection, State
from portal.instances.problems import Problem
from portal.inventory import store
from portal.inventory.models import Account, Group
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.people.scope import Scope, scope_of
from portal.scans import disconnecting, queries, runner, service
from portal.scans.jobs import dispatch_due
from portal.scans.leases import claim
from portal.scans.models import Disconnection, FeedState, RunOutcome, ScanRun
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import TABLES, Clock, Killed, present, rows_hash, state_of
from tests.portal.scans.example import HOST, ExampleVendor, connector
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(instance: AppInstance) -> AppInstance:
    service.begin(instance)
    run_tasks("scans")
    return instance


# --- now, stop, resume ----------------------------------------------------------------------------------------------


def test_scan_now_reads_everything_again_and_is_in_the_audit_trail(
    known: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    vendor.accounts.append("flo")
    vendor.server.seen.clear()
    service.scan_now(admin, known)
    run_tasks("scans")
    assert "uflo" in present(Account, known)
    assert {call.split("?")[0] for call in vendor.calls} >= {"/accounts", "/regions", "/events", "/labels"}
    assert AuditEntry.objects.get(verb="instance.scan_asked").actor_email == admin.email


def test_scan_now_of_one_feed_reads_that_alone(known: AppInstance, vendor: ExampleVendor, admin: User) -> None:
    vendor.server.seen.clear()
    service.scan_now(admin, known, "labels")
    run_tasks("scans")
    assert {call.split("?")[0] for call in vendor.calls} == {"/labels"}


def test_scan_now_twice_reads_once(known: AppInstance, vendor: ExampleVendor, admin: User) -> None:
    vendor.server.seen.clear()
    service.scan_now(admin, known, "accounts")
    service.scan_now(admin, known, "accounts")
    run_tasks("scans")
    assert vendor.calls == ["/accounts?0", "/accounts?1", "/accounts?2"]


def test_scan_now_says_which_feeds_it_started_and_why_not_the_others(
    known: AppInstance, vendor: ExampleVendor, admin: User, clock: Clock
) -> None:
    vendor.trouble("/labels", says({}, 429, Retry_After="900"))
    service.scan_now(admin, known, "labels")
    run_tasks("scans")
    asked = service.scan_now(admin, known)
    pause = "the app asked for a pause; it goes on by itself in about 15 minutes."
    assert (asked.started, asked.reading) == ([], [])
    assert asked.others == dict.fromkeys(["Accounts", "Teams", "Audit log", "Labels"], pause)
    clock.wait(minutes=16)
    asked = service.scan_now(admin, known)
    assert asked.sentence == "4 feeds started: Accounts, Teams, Audit log, Labels."
    assert claim(state_of(known, "accounts").pk, state_of(known, "accounts").lease_owner)
    again = service.scan_now(admin, known)
    assert (again.started, again.reading) == (["Teams", "Audit log", "Labels"], ["Accounts"])


def test_scan_now_of_a_first_scan_says_what_the_others_wait_for(instance: AppInstance, admin: User) -> None:
    asked = service.scan_now(admin, instance)
    assert asked.started == ["Accounts"]
    assert asked.others == dict.fromkeys(["Teams", "Audit log", "Labels"], "starts when Accounts has been read.")


def test_scan_now_with_every_place_taken_says_what_comes_next(
    known: AppInstance, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "AT_ONCE", 1)
    asked = service.scan_now(admin, known)
    assert asked.sentence == "1 feed started: Accounts. Next, as soon as there is room: Teams, Audit log, Labels."


NO_LABELS = "The plan of Contoso has no labels."


@pytest.fixture
def plan(known: AppInstance, declare: Callable[..., None]) -> dict[str, str]:
    """What the next checks find not to be offered; a check has found it, after a first scan of everything."""
    unavailable = {"labels": NO_LABELS}
    declare(connector(check=lambda client: Tenant(client.config["tenant"], "Contoso", unavailable=unavailable)))
    connecting.recheck(known)
    return unavailable


def asked_for(vendor: ExampleVendor) -> set[str]:
    """The paths of the requests since the last call."""
    paths = {call.split("?")[0] for call in vendor.calls}
    vendor.server.seen.clear()
    return paths


def test_scan_now_does_not_ask_for_what_the_check_found_not_offered_and_says_so(
    known: AppInstance, plan: dict[str, str], vendor: ExampleVendor, admin: User, clock: Clock
) -> None:
    vendor.server.seen.clear()
    asked = service.scan_now(admin, known)
    assert asked.others == {"Labels": NO_LABELS}
    assert service.scan_now(admin, known, "labels").others == {"Labels": NO_LABELS}
    run_tasks("scans")
    clock.wait_and_work(hours=25)
    paths = asked_for(vendor)
    assert paths >= {"/accounts", "/events", "/regions"}
    assert "/labels" not in paths
    labels = queries.health(known)[3]
    assert (labels.word, labels.sentence, labels.is_read) == ("Not available", NO_LABELS, False)


def test_what_was_queued_before_the_check_found_it_not_offered_is_not_asked_for(
    known: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    service.scan_now(admin, known, "labels")
    AppInstance.objects.filter(pk=known.pk).update(unavailable={"labels": NO_LABELS})
    vendor.server.seen.clear()
    run_tasks("scans")
    assert "/labels" not in asked_for(vendor)
    dispatch_due()
    assert waiting("scans") == []
    assert queries.health(known)[3].word == "Not available"


def test_a_run_that_was_cut_ends_when_the_check_finds_its_feed_not_offered(
    known: AppInstance, vendor: ExampleVendor, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.labels += ["cyan", "pink", "grey"]
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    service.scan_now(admin, known, "labels")
    state = state_of(known, "labels")
    runner.run_feed(state.pk, state.lease_owner)
    assert state_of(known, "labels").is_mid_run
    AppInstance.objects.filter(pk=known.pk).update(unavailable={"labels": NO_LABELS})
    run_tasks("scans")
    dispatch_due()
    run = ScanRun.objects.filter(instance=known, feed="labels").latest("pk")
    assert (run.outcome, run.error) == (RunOutcome.FAILED, NO_LABELS)


def test_another_plan_is_noticed_by_test_now(
    known: AppInstance, plan: dict[str, str], vendor: ExampleVendor, admin: User
) -> None:
    service.scan_now(admin, known)
    run_tasks("scans")
    plan.clear()
    connecting.test_now(admin, known)
    vendor.labels.append("cyan")
    asked_for(vendor)
    service.after_reconnect(known)
    run_tasks("scans")
    assert "/labels" in asked_for(vendor)
    assert "cyan" in present(Group, known)
    assert queries.health(known)[3].word == "Up to date"


def test_another_plan_is_noticed_within_a_day_by_itself(
    known: AppInstance, plan: dict[str, str], vendor: ExampleVendor, admin: User, clock: Clock
) -> None:
    service.scan_now(admin, known)
    run_tasks("scans")
    plan.clear()
    vendor.labels.append("cyan")
    clock.wait_and_work(hours=24)
    clock.wait_and_work(minutes=1)
    assert "cyan" in present(Group, known)


def test_partitions_of_what_the_check_found_not_offered_rest_until_it_is(
    known: AppInstance, plan: dict[str, str], vendor: ExampleVendor, admin: User, clock: Clock
) -> None:
    plan["teams"] = "The plan of Contoso has no teams."
    connecting.recheck(known)
    service.scan_now(admin, known)
    run_tasks("scans")
    asked_for(vendor)
    clock.wait_and_work(hours=25)
    assert not [path for path in asked_for(vendor) if path.startswith("/regions")]
    plan.clear()
    connecting.recheck(known)
    vendor.regions["eu"].append("bonn")
    clock.wait_and_work(minutes=1)
    assert "eu-bonn" in present(Group, known)


def test_scan_now_needs_the_right_and_a_connected_instance(known: AppInstance, admin: User) -> None:
    reader = User.objects.create_user("reader@contoso.example")
    RoleAssignment.objects.create(user=reader, role=Role.SECURITY_READER)
    with pytest.raises(PermissionDenied):
        service.scan_now(reader, known)
    instances.pause(admin, known)
    with pytest.raises(Problem, match="not read at present"):
        service.scan_now(admin, known)


def test_stopping_halts_a_run_after_the_page_it_is_at_and_resuming_goes_on_there(
    instance: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    def pause_at_second_page(path: str) -> None:
        if len(vendor.calls) == 2 and instance.state == State.CONNECTED:
            instances.pause(admin, instance)
            service.stop(instance)
            connection.close()

    vendor.before_answer = pause_at_second_page
    service.begin(instance)
    run_tasks("scans")

    assert vendor.calls == ["/accounts?0", "/accounts?1"]
    assert present(Account, instance) == ["uada", "ubo", "ucy", "udi"]
    assert ScanRun.objects.get(instance=instance).outcome == RunOutcome.STOPPED
    assert not FeedState.objects.filter(instance=instance).exclude(lease_until=None).exists()
    dispatch_due()
    assert waiting("scans") == []

    instances.resume(admin, instance)
    service.resume(instance)
    run_tasks("scans")
    assert vendor.calls[2] == "/accounts?2"
    assert present(Account, instance) == ["uada", "ubo", "ucy", "udi", "ueve"]


# --- words ----------------------------------------------------------------------------------------------------------


def test_health_tells_each_feed_in_order(known: AppInstance, instance: AppInstance) -> None:
    health = queries.health(known)
    assert [each.title for each in health] == ["Accounts", "Teams", "Audit log", "Labels"]
    assert {each.word for each in health} == {"Up to date"}
    assert all(each.as_of and each.is_read and not each.is_running for each in health)
    assert not queries.is_scanning(known)
    runs = queries.recent_runs(known)
    assert {run.title for run in runs} == {"Accounts", "Teams, Region eu", "Teams, Region us", "Audit log", "Labels"}
    assert {run.word for run in runs} == {"Done"}


def test_while_it_reads_it_says_how_far_it_is(
    instance: AppInstance, vendor: ExampleVendor, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    service.begin(instance)
    state = state_of(instance, "accounts")
    runner.run_feed(state.pk, state.lease_owner)

    accounts, teams, *_ = queries.health(instance)
    assert (accounts.word, accounts.is_running, accounts.records, accounts.total) == ("Scanning", True, 4, 5)
    assert accounts.progress == "4 of about 5 records"
    assert (teams.word, teams.sentence) == ("Waiting", "Starts when Accounts has been read.")
    assert queries.is_scanning(instance)
    [line] = queries.running(scope_of(admin))
    assert (line.instance, line.feed_title, line.records, line.total) == (instance, "Accounts", 4, 5)
    assert queries.running(Scope()) == [], "nobody sees what is read elsewhere"


def test_what_is_due_and_not_begun_is_never_called_up_to_date(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    clock.wait(minutes=6)
    words = {each.title: (each.word, each.sentence) for each in queries.health(known)}
    assert words["Audit log"] == ("Waiting", "Starts shortly.")
    assert words["Accounts"] == ("Up to date", "")
    clock.wait(minutes=10)
    late = next(each for each in queries.health(known) if each.title == "Audit log")
    assert (late.word, late.tone) == ("Overdue", "warn")
    assert late.sentence == "It was due about 11 minutes ago and has not begun: the workers are busy, or do not run."
    assert "workers' log" in late.remedy


def test_partitions_that_are_due_and_not_begun_are_not_called_up_to_date(known: AppInstance, clock: Clock) -> None:
    clock.wait(hours=13)
    planner = state_of(known, "teams")
    service.begin(known)
    runner.run_feed(planner.pk, state_of(known, "teams").lease_owner)
    assert queries.health(known)[1].sentence == "Starts shortly."


# --- the end --------------------------------------------------------------------------------------------------------


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
