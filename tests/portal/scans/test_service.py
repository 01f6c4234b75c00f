"""What people do to scans: start, stop and resume."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from connectors.base import Tenant
from portal.audit.models import AuditEntry
from portal.instances import connecting
from portal.instances import service as instances
from portal.instances.models import AppInstance, State
from portal.instances.problems import Problem
from portal.inventory.models import Account, Group
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.scans import queries, runner, service
from portal.scans.jobs import dispatch_due
from portal.scans.leases import claim
from portal.scans.models import FeedState, RunOutcome, ScanRun
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import Clock, present, state_of
from tests.portal.scans.example import ExampleVendor, connector
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.usefixtures("page_by_page")
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
