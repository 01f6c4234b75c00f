"""Actions on the real path: requested, carried out against the sandbox, interrupted at every point."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Schedule

from portal.audit.models import AuditEntry
from portal.governance import catalogue, claims, jobs, queries, service
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance, State
from portal.instances.problems import Problem
from portal.inventory.models import Account, Membership
from portal.leases import LeaseLost
from portal.people import service as people
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.people.scope import scope_of
from tests.portal.governance.conftest import (
    MEMBER,
    Killed,
    RunTasks,
    Vendor,
    again,
    due_now,
    killed_once,
    killing_claims,
    person,
)
from tests.sandbox.faults import FaultKind
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

def asked(admin: User, target: Account) -> GovernanceAction:
    return service.request(admin, target, "remove_account", "left the company")


def test_a_member_is_removed_and_the_inventory_says_what_the_app_says(
    admin: User, target: Account, vendor: Vendor, run_tasks: RunTasks
) -> None:
    assert Membership.objects.filter(member_id=target.vendor_id, gone_at=None).exists()
    row = asked(admin, target)
    assert row.state == ActionState.QUEUED
    assert vendor.is_member()
    run_tasks("actions")
    row = again(row)
    assert (row.state, row.problem) == (ActionState.DONE, "")
    assert [step["name"] for step in row.steps] == ["remember", "remove"]
    assert not vendor.is_member()
    target.refresh_from_db()
    assert target.gone_at is not None
    assert not Membership.objects.filter(member_id=target.vendor_id, gone_at=None).exists()


def test_the_request_is_in_the_audit_trail(admin: User, target: Account) -> None:
    asked(admin, target)
    entry = AuditEntry.objects.get(verb="action.requested")
    assert entry.actor_email == admin.email
    assert entry.after == {"reason": "left the company"}


def test_undo_invites_again_with_the_same_teams(
    admin: User, target: Account, vendor: Vendor, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    row = asked(admin, target)
    run_tasks("actions")
    undo = service.revert(admin, again(row))
    run_tasks("actions")
    assert again(undo).state == ActionState.DONE
    assert again(undo).steps[0]["result"] == {"state": "pending", "teams": ["Engineering"]}
    pending = Account.objects.get(instance_id=row.instance_id, username=MEMBER, gone_at=None)
    assert pending.status == "pending"
    with pytest.raises(Problem, match="being undone already"):
        service.revert(admin, again(row))


COMMITS = 6
"""Of an undisturbed removal: claimed, step started, step done, step started, step done, ended."""


@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("at", range(1, COMMITS + 1))
def test_a_worker_that_dies_at_any_commit_leaves_the_action_done_once(
    admin: User, target: Account, vendor: Vendor, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    row = asked(admin, target)
    killed_once(row, monkeypatch, at, before)
    assert again(row).state == ActionState.DONE
    assert vendor.removals().count(204) == 1
    assert vendor.events() == 1
    target.refresh_from_db()
    assert target.gone_at is not None


def test_an_undisturbed_removal_commits_as_often_as_the_test_above_assumes(
    admin: User, target: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asked(admin, target)
    commits = killing_claims(monkeypatch, 0, False)
    jobs.run_action(row.pk)
    assert commits["n"] == COMMITS


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.TRUNCATED, FaultKind.HTML])
def test_a_lost_answer_to_a_removal_that_took_effect_is_not_repeated(
    admin: User, target: Account, vendor: Vendor, sandbox: Sandbox, run_tasks: RunTasks, kind: FaultKind
) -> None:
    sandbox.faults.add(kind, method="DELETE", path_pattern="/memberships/", performed=True)
    row = asked(admin, target)
    run_tasks("actions")
    due_now(row)
    jobs.run_action(row.pk)
    assert again(row).state == ActionState.DONE
    assert vendor.events() == 1


def test_a_step_that_must_not_be_repeated_ends_as_unknown_when_its_answer_is_lost(
    admin: User, target: Account, vendor: Vendor, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asked(admin, target)
    connector = connector_of(row.instance)
    action = connector.action("remove_account")
    once = replace(action.steps[1], is_done=None, is_repeatable=False)
    changed = replace(connector, actions=(replace(action, steps=(action.steps[0], once)),))
    monkeypatch.setattr(jobs, "connector_of", lambda _: changed)
    sandbox.faults.add(FaultKind.RESET, method="DELETE", path_pattern="/memberships/", performed=True)
    jobs.run_action(row.pk)
    assert again(row).state == ActionState.UNKNOWN
    assert "not known" in again(row).problem
    jobs.revive()
    jobs.run_action(row.pk)
    assert vendor.events() == 1
    target.refresh_from_db()
    assert target.gone_at is not None  # the target was read again all the same


def test_a_rate_limit_puts_the_action_back_with_its_time(
    admin: User, target: Account, vendor: Vendor, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    sandbox.faults.add(FaultKind.SECONDARY_RATE_LIMIT, method="DELETE", path_pattern="/memberships/", retry_after=40)
    row = asked(admin, target)
    run_tasks("actions")
    row = again(row)
    assert row.state == ActionState.QUEUED
    assert row.next_try_at is not None
    assert 30 < (row.next_try_at - timezone.now()).total_seconds() <= 41
    assert "pause" in row.problem
    jobs.run_action(row.pk)  # too early: nothing to claim
    assert again(row).tries == 0  # a pause is no failed try
    due_now(row)
    jobs.revive()
    run_tasks("actions")
    assert again(row).state == ActionState.DONE
    assert vendor.events() == 1


def test_a_vendor_that_stays_down_ends_in_a_sentence_and_not_in_endless_tries(
    admin: User, target: Account, vendor: Vendor, sandbox: Sandbox
) -> None:
    sandbox.github.state.is_down = True
    row = asked(admin, target)
    for _ in range(jobs.MOST_TRIES + 3):
        due_now(row)
        jobs.run_action(row.pk)
    row = again(row)
    assert row.state == ActionState.FAILED
    assert f"tried {jobs.MOST_TRIES} times" in row.problem
    sandbox.github.state.is_down = False
    service.retry(admin, row)
    jobs.run_action(row.pk)
    assert again(row).state == ActionState.DONE


def test_a_worker_that_always_dies_ends_as_unknown(
    admin: User, target: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asked(admin, target)
    with monkeypatch.context() as dying:
        dying.setattr(claims.Claim, "note", lambda *_: (_ for _ in ()).throw(Killed()))
        for _ in range(jobs.MOST_TRIES):
            with pytest.raises(Killed):
                jobs.run_action(row.pk)
            due_now(row)
    jobs.run_action(row.pk)
    assert again(row).state == ActionState.UNKNOWN


def test_a_worker_that_always_dies_while_it_reads_back_ends_as_unknown(
    admin: User, target: Account, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadly(*of: object) -> None:
        deaths.append(of)
        raise Killed

    row, deaths = asked(admin, target), list[object]()
    monkeypatch.setattr(jobs, "_read_back", deadly)
    for _ in range(jobs.MOST_TRIES):
        with pytest.raises(Killed):
            jobs.run_action(row.pk)
        due_now(row)
    jobs.run_action(row.pk)
    assert again(row).state == ActionState.UNKNOWN
    assert len(deaths) == jobs.MOST_TRIES
    assert len(vendor.removals()) == 1, "what was done is not repeated"


def test_a_worker_that_lost_its_lease_writes_nothing_more(admin: User, target: Account, vendor: Vendor) -> None:
    row = asked(admin, target)
    stale = claims.claim(row.pk)
    assert stale is not None
    due_now(row)
    jobs.run_action(row.pk)
    with pytest.raises(LeaseLost):
        stale.write(state=ActionState.FAILED)
    assert again(row).state == ActionState.DONE


def test_a_doubled_task_does_nothing(admin: User, target: Account, vendor: Vendor) -> None:
    row = asked(admin, target)
    jobs.run_action(row.pk)
    jobs.run_action(row.pk)
    assert len(vendor.removals()) == 1


def test_rejected_credentials_fail_the_action_and_mark_the_instance(
    admin: User, target: Account, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    row = asked(admin, target)
    sandbox.github.state.tokens.clear()
    run_tasks("actions")
    row = again(row)
    assert row.state == ActionState.FAILED
    assert "Reconnect" in row.remedy
    assert AppInstance.objects.get(pk=row.instance_id).state == State.ATTENTION


def test_the_connected_account_itself_is_refused_in_words(
    admin: User, instance: AppInstance, run_tasks: RunTasks
) -> None:
    me = Account.objects.get(instance_id=instance.pk, username="contoso-security-svc")
    assert "connected with" in service.preview(admin, me, "remove_account").problem
    row = service.request(admin, me, "remove_account", "try")
    run_tasks("actions")
    assert again(row).state == ActionState.FAILED
    assert "connected with" in again(row).problem


def test_the_preview_reads_the_app_and_changes_nothing(admin: User, target: Account, vendor: Vendor) -> None:
    found = service.preview(admin, target, "remove_account")
    assert "Contoso Engineering" in found.effect
    assert any("1 team: Engineering" in line for line in found.details)
    assert vendor.is_member()


def test_a_second_request_for_the_same_target_is_refused(admin: User, target: Account) -> None:
    asked(admin, target)
    with pytest.raises(Problem, match="under way"):
        asked(admin, target)


def test_an_empty_reason_is_refused(admin: User, target: Account) -> None:
    with pytest.raises(Problem, match="reason"):
        service.request(admin, target, "remove_account", "  ")


@pytest.mark.parametrize(
    "role", [Role.COMPLIANCE_ADMIN, Role.SECURITY_OPERATOR, Role.SECURITY_READER, Role.SUPPORT]
)
def test_roles_without_account_governance_can_neither_ask_nor_see_the_offer(target: Account, role: Role) -> None:
    reader = person(role, "reader@contoso.example")
    with pytest.raises(PermissionDenied):
        asked(reader, target)
    instance = AppInstance.objects.get(pk=target.instance_id)
    assert catalogue.offers(scope_of(reader), instance, target) == []
    assert not GovernanceAction.objects.exists()


def test_an_instance_admin_sees_only_the_log_of_the_own_instances(
    admin: User, target: Account, sandbox: Sandbox
) -> None:
    row = asked(admin, target)
    own = person(Role.APP_ADMIN, "own@contoso.example", instance_id=target.instance_id, is_full=True)
    other = person(Role.APP_ADMIN, "other@contoso.example", instance_id=target.instance_id + 1, is_full=True)
    assert [each.pk for each in queries.actions(scope_of(own), []).rows] == [row.pk]
    assert queries.actions(scope_of(other), []).rows == []
    with pytest.raises(GovernanceAction.DoesNotExist):
        queries.action(scope_of(other), row.pk)
    with pytest.raises(PermissionDenied):
        service.retry(other, row)


def test_nothing_can_be_asked_of_a_paused_instance(admin: User, target: Account) -> None:
    AppInstance.objects.update(state=State.PAUSED)
    with pytest.raises(Problem, match="paused"):
        asked(admin, target)


def test_waiting_and_orphaned_actions_are_looked_for_each_minute_by_the_cluster_of_actions() -> None:
    call_command("migrate", verbosity=0)
    schedule = Schedule.objects.get(name="portal.governance.jobs.revive")
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats) == (Schedule.MINUTES, 1, -1)
    assert schedule.cluster == "actions"


def test_what_somebody_asked_for_who_was_removed_meanwhile_is_not_done(
    admin: User, target: Account, vendor: Vendor, run_tasks: RunTasks
) -> None:
    rogue = person(Role.SECURITY_ADMIN, "rogue@contoso.example")
    row = asked(rogue, target)
    people.remove(admin, rogue)
    run_tasks("actions")
    row = again(row)
    assert (row.state, row.problem_code) == (ActionState.FAILED, "not_allowed")
    assert "may no longer do so" in row.problem
    assert vendor.removals() == []
    service.retry(admin, row)
    run_tasks("actions")
    assert (again(row).state, vendor.is_member()) == (ActionState.DONE, False)
    assert again(row).requested_by_email == rogue.email


def test_what_somebody_asked_for_whose_role_was_taken_is_not_done(
    admin: User, target: Account, vendor: Vendor, run_tasks: RunTasks
) -> None:
    alex = person(Role.SECURITY_ADMIN, "alex@contoso.example")
    RoleAssignment.objects.create(user=alex, role=Role.SECURITY_READER)
    row = asked(alex, target)
    people.take_role(admin, alex.role_assignments.get(role=Role.SECURITY_ADMIN))
    run_tasks("actions")
    assert again(row).problem_code == "not_allowed"
    assert vendor.removals() == []


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.PAUSED, "is paused"), (State.ATTENTION, "needs attention"), (State.DISCONNECTED, "is not connected")],
)
def test_an_action_that_waited_is_not_begun_in_an_app_that_is_not_connected(
    admin: User, target: Account, vendor: Vendor, run_tasks: RunTasks, state: State, words: str
) -> None:
    row = asked(admin, target)
    AppInstance.objects.update(state=state)
    run_tasks("actions")
    row = again(row)
    assert (row.state, row.problem_code) == (ActionState.FAILED, "not_connected")
    assert words in row.problem
    with pytest.raises(Problem, match=words):
        service.retry(admin, row)
    assert vendor.removals() == []


def test_nothing_is_taken_back_in_a_paused_app(admin: User, target: Account, run_tasks: RunTasks) -> None:
    row = asked(admin, target)
    run_tasks("actions")
    AppInstance.objects.update(state=State.PAUSED)
    with pytest.raises(Problem, match="is paused"):
        service.revert(admin, again(row))
    assert GovernanceAction.objects.count() == 1


def test_what_was_not_begun_is_not_tried_again_on_a_target_that_is_gone(admin: User, target: Account) -> None:
    row = asked(admin, target)
    GovernanceAction.objects.update(state=ActionState.FAILED)
    Account.objects.filter(pk=target.pk).update(gone_at=timezone.now())
    with pytest.raises(Problem, match="no longer in the app"):
        service.retry(admin, again(row))


def test_a_failed_action_is_not_tried_again_beside_its_like(admin: User, target: Account) -> None:
    first = asked(admin, target)
    GovernanceAction.objects.update(state=ActionState.FAILED)
    asked(admin, target)
    with pytest.raises(Problem, match="under way"):
        service.retry(admin, again(first))


def test_an_action_that_waits_is_cancelled(
    admin: User, target: Account, vendor: Vendor, run_tasks: RunTasks
) -> None:
    row = asked(admin, target)
    service.cancel(admin, row)
    run_tasks("actions")
    row = again(row)
    assert (row.state, row.problem_code, row.remedy) == (ActionState.FAILED, "cancelled", "Nothing was changed.")
    assert row.problem == f"{admin.email} cancelled it while it waited."
    assert vendor.removals() == []
    assert AuditEntry.objects.get(verb="action.cancelled").actor_email == admin.email
    with pytest.raises(Problem, match="or has ended"):
        service.cancel(admin, row)
    service.retry(admin, row)
    run_tasks("actions")
    assert again(row).state == ActionState.DONE


@pytest.mark.parametrize(("step", "state"), [("started", ActionState.UNKNOWN), ("done", ActionState.FAILED)])
def test_cancelling_hides_nothing_that_was_begun(admin: User, target: Account, step: str, state: ActionState) -> None:
    row = asked(admin, target)
    GovernanceAction.objects.update(steps=[{"name": "remember", "state": step, "at": "", "result": {}}])
    service.cancel(admin, row)
    assert (again(row).state, again(row).remedy) == (state, "What its steps say was done stays done.")


def test_who_may_not_act_cancels_nothing(admin: User, target: Account) -> None:
    row = asked(admin, target)
    with pytest.raises(PermissionDenied):
        service.cancel(person(Role.SECURITY_READER, "reader@contoso.example"), row)
    assert again(row).state == ActionState.QUEUED


def test_the_reason_of_an_undo_is_cut_to_what_is_kept(admin: User, target: Account, run_tasks: RunTasks) -> None:
    row = asked(admin, target)
    run_tasks("actions")
    assert len(service.revert(admin, again(row), "x" * 1_000_000).reason) == service.LONGEST_REASON


def test_a_step_that_takes_long_keeps_its_lease_and_gives_up_one_that_is_lost(admin: User, target: Account) -> None:
    row = asked(admin, target)
    held = claims.claim(row.pk)
    assert held is not None
    nearly = timezone.now() + timedelta(seconds=1)
    GovernanceAction.objects.filter(pk=row.pk).update(lease_until=nearly)
    waits = iter([False, True])
    claims.beat(held, lambda seconds: next(waits))
    renewed = again(row).lease_until
    assert renewed is not None
    assert renewed > nearly + timedelta(seconds=100)
    GovernanceAction.objects.filter(pk=row.pk).update(lease_owner="another", lease_until=nearly)
    claims.beat(held, lambda seconds: False)
    assert again(row).lease_until == nearly
