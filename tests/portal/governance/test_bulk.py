"""One action asked for of many targets: what is left out is counted, the rest is done once each, killed or not."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

import connectors.catalogue
from connectors.base import (
    Account,
    ActionKind,
    Client,
    ConnectorError,
    CredentialsRejected,
    Facts,
    File,
    Order,
    RateLimited,
    Record,
    StepResult,
    action,
)
from portal import leases
from portal.audit.models import AuditEntry
from portal.governance import bulk, bulk_jobs, claims, jobs, queries, service
from portal.governance.models import ActionBatch, ActionState, GovernanceAction
from portal.instances.models import AppInstance, State
from portal.instances.problems import Problem
from portal.instances.vault import InstanceVault
from portal.inventory import models, store
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.people.scope import REFUSAL, Held, Scope, scope_of
from tests.portal.inventory.reading import asked
from tests.portal.scans import example
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Vendor:
    """Whom the app was asked to block, and what it answers instead to some."""

    blocked: list[str] = field(default_factory=list)
    answers: dict[str, list[ConnectorError]] = field(default_factory=dict)

    def block(self, account_id: str) -> None:
        if self.answers.get(account_id):
            raise self.answers[account_id].pop(0)
        self.blocked.append(account_id)


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    vendor = Vendor()

    def left(client: Client, order: Order) -> Iterable[Record]:
        return [Account(id=order.target.id, name=order.target.name, status="suspended", raw=order.target.raw)]  # type: ignore[arg-type]

    def is_active(facts: Facts) -> bool:
        return bool(facts["status"] == "active")

    @action(
        ActionKind.BLOCK_ACCOUNT, Account, label="Block", effect="", undo_effect="", read_back=left, applies=is_active
    )
    def block(client: Client, order: Order) -> StepResult:
        vendor.block(order.target.id)
        return {"record": dict(order.target.raw)}

    @action(ActionKind.MAKE_PRIVATE, File, label="Hide", effect="", undo_effect="", read_back=lambda *_: ())
    def hide(client: Client, order: Order) -> StepResult:
        return {}

    monkeypatch.setattr(connectors.catalogue, "_in_folders", lambda: [example.connector(actions=(block, hide))])
    connectors.catalogue.catalogue.cache_clear()
    yield vendor
    monkeypatch.undo()
    connectors.catalogue.catalogue.cache_clear()


def connected(name: str, number: int, **values: Any) -> AppInstance:
    instance = AppInstance.objects.create(
        app_id="example", name=name, method_id="token", tenant_id=name, **{"state": State.CONNECTED, **values}
    )
    InstanceVault(instance.pk).write_fields({"token": example.TOKEN})
    with transaction.atomic():
        store.save(
            instance.pk, [Account(id=f"{each:05}", name=f"Person {each}", raw={"n": each}) for each in range(number)],
            feed="accounts", partition="", pass_id=1, now=timezone.now(),
        )
    return instance


def person(role: Role = Role.GLOBAL_ADMIN, **where: Any) -> User:
    user = User.objects.create_user(f"{role}@contoso.example")
    RoleAssignment.objects.create(user=user, role=role, **where)
    return user


def accounts(*instances: AppInstance) -> list[Any]:
    rows = models.Account.objects.filter(instance_id__in=[each.pk for each in instances])
    return list(rows.defer("raw").order_by("pk"))


@pytest.fixture
def instance(vendor: Vendor) -> AppInstance:
    return connected("Contoso", 12)


@pytest.fixture
def admin() -> User:
    return person()


def states() -> Counter[str]:
    return Counter(GovernanceAction.objects.values_list("state", flat=True))


def test_each_target_has_its_row_and_is_acted_on_once(admin: User, instance: AppInstance, vendor: Vendor) -> None:
    asked_for = bulk.request_many(admin, accounts(instance), "block", " all left ")
    assert (asked_for.number, asked_for.skipped) == (12, {})
    assert waiting("actions") == ["portal.governance.bulk_jobs.run_batch"]
    run_tasks("actions")
    assert vendor.blocked == [f"{each:05}" for each in range(12)]
    assert states() == {"done": 12}
    row = GovernanceAction.objects.order_by("pk")[3]
    assert (row.reason, row.requested_by_email, row.target_name) == ("all left", admin.email, "Person 3")
    assert row.steps[0]["result"] == {"record": {"n": 3}}, "the vendor's record is there though lists leave it out"
    assert models.Account.objects.filter(status="suspended").count() == 12
    entry = AuditEntry.objects.get(verb="action.requested_of_many")
    assert entry.after == {"reason": "all left", "targets": 12, "skipped": 0}


def test_what_cannot_be_asked_for_is_left_out_and_counted(admin: User, instance: AppInstance, vendor: Vendor) -> None:
    paused = connected("Paused", 3, state=State.PAUSED)
    closed = connected("Closed", 2, unavailable={"block": "The plan of Closed has no blocking."})
    targets = accounts(instance, paused, closed)
    with transaction.atomic():
        store.save(instance.pk, [File(id="f", name="Plan")], feed="f", partition="", pass_id=1, now=timezone.now())
    models.Account.objects.filter(pk=targets[0].pk).update(gone_at=timezone.now())
    models.Account.objects.filter(pk=targets[1].pk).update(status="suspended")
    models.Account.objects.filter(pk=targets[2].pk).delete()
    service.request(admin, targets[3], "block", "first")
    found = bulk.request_many(admin, [*targets, targets[4], *models.File.objects.all()], "block", "leaver")
    assert found.number == 8
    assert found.skipped == {
        "It is no longer in the app.": 1, bulk.NO_SENSE: 1, bulk.NOT_KNOWN: 1, bulk.UNDER_WAY: 1,
        "Paused is paused. Resume it first.": 3, "The plan of Closed has no blocking.": 2, bulk.NOT_OFFERED: 1,
    }
    found.batch.refresh_from_db()
    assert dict(found.batch.skipped) == found.skipped
    run_tasks("actions")
    assert vendor.blocked == [f"{each:05}" for each in range(3, 12)]


def test_nobody_acts_where_the_role_does_not_reach(instance: AppInstance, vendor: Vendor) -> None:
    other = connected("Fabrikam", 2)
    own = person(Role.APP_ADMIN, instance_id=other.pk, is_full=True)
    found = bulk.request_many(own, accounts(instance, other), "block", "leaver")
    assert (found.number, found.skipped) == (2, {REFUSAL: 12})
    run_tasks("actions")
    assert set(GovernanceAction.objects.values_list("instance_id", flat=True)) == {other.pk}
    with pytest.raises(Problem) as refused:
        bulk.request_many(person(Role.COMPLIANCE_ADMIN), accounts(instance), "block", "leaver")
    assert refused.value.why == f"12: {REFUSAL}"
    with pytest.raises(PermissionDenied):
        service.request(person(Role.SECURITY_READER), accounts(instance)[0], "block", "leaver")


@pytest.mark.parametrize(
    ("number", "reason", "words"),
    [(12, " ", "A reason is needed."), (0, "left", "Nothing was asked for."), (13, "left", "These are 13 targets")],
)
def test_what_is_refused_leaves_nothing_behind(
    admin: User, instance: AppInstance, monkeypatch: pytest.MonkeyPatch, number: int, reason: str, words: str
) -> None:
    monkeypatch.setattr(bulk, "MOST_TARGETS", 12)
    targets = (accounts(instance) * 2)[:number]
    with pytest.raises(Problem, match=words):
        bulk.request_many(admin, targets, "block", reason)
    assert not ActionBatch.objects.exists()
    assert waiting("actions") == []


def test_many_targets_take_few_queries(admin: User, vendor: Vendor) -> None:
    few, many = accounts(connected("Few", 3)), accounts(connected("Many", 400))
    first = asked(lambda: bulk.request_many(admin, few, "block", "leaver"))
    assert asked(lambda: bulk.request_many(admin, many, "block", "leaver")) <= first + 20, "INSERTs come in parts"


def test_a_batch_lets_others_go_first_between_its_slices(
    admin: User, instance: AppInstance, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_jobs, "SLICE_SECONDS", 0.0)
    targets = accounts(instance)
    bulk.request_many(admin, targets[:6], "block", "leaver")
    service.request(admin, targets[11], "block", "urgent")
    run_tasks("actions")
    assert vendor.blocked.index("00011") == 1
    assert len(vendor.blocked) == 7


def test_a_vendor_that_asks_for_a_pause_is_not_asked_for_the_rest_meanwhile(
    admin: User, instance: AppInstance, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.answers["00002"] = [RateLimited("A pause of 60 seconds.", retry_after=60)]
    found = bulk.request_many(admin, accounts(instance), "block", "leaver")
    run_tasks("actions")
    assert vendor.blocked == ["00000", "00001"]
    bulk_jobs.revive()
    jobs.revive()
    assert waiting("actions") == [], "not before its time"
    now = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: now)
    jobs.revive()
    bulk_jobs.revive()
    run_tasks("actions")
    assert sorted(vendor.blocked) == [f"{each:05}" for each in range(12)]
    assert queries.progress(scope_of(admin), found.batch)[ActionState.DONE] == 12


def test_an_instance_that_is_no_longer_connected_is_not_tried_again_and_again(
    admin: User, instance: AppInstance, vendor: Vendor
) -> None:
    other = connected("Fabrikam", 2)
    vendor.answers["00003"] = [CredentialsRejected("The token was withdrawn.", remedy="Reconnect it.")]
    bulk.request_many(admin, accounts(instance, other), "block", "leaver")
    run_tasks("actions")
    assert vendor.blocked == ["00000", "00001", "00002", "00000", "00001"]
    assert states() == {"done": 5, "failed": 9}
    last = GovernanceAction.objects.filter(instance=instance).order_by("-pk")[0]
    assert "withdrawn" in last.problem
    assert last.tries == 0


@pytest.mark.parametrize("at", range(1, 12))
def test_a_worker_that_dies_anywhere_leaves_each_action_done_once(
    admin: User, instance: AppInstance, vendor: Vendor, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    class Killed(BaseException):
        """The worker is no more."""

    bulk.request_many(admin, accounts(instance)[:3], "block", "leaver")
    ticket = ActionBatch.objects.get().lease_owner
    commits = {"n": 0}

    def dying(real: Callable[..., None]) -> Callable[..., None]:
        def write(self: Any, **values: Any) -> None:
            real(self, **values)
            commits["n"] += 1
            if commits["n"] == at:
                raise Killed

        return write

    with monkeypatch.context() as death:
        death.setattr(claims.Claim, "write", dying(claims.Claim.write))
        death.setattr(leases.Held, "write", dying(leases.Held.write))
        with pytest.raises(Killed):
            bulk_jobs.run_batch(ActionBatch.objects.get().pk, ticket)
    long_ago = timezone.now() - timedelta(seconds=1)
    for _ in range(2):
        ActionBatch.objects.exclude(lease_owner="").update(lease_until=long_ago)
        GovernanceAction.objects.filter(state=ActionState.RUNNING).update(lease_until=long_ago)
        jobs.revive()
        bulk_jobs.revive()
        run_tasks("actions")
    assert states() == {"done": 3}
    assert set(vendor.blocked) == {"00000", "00001", "00002"}


def test_a_doubled_task_does_nothing(admin: User, instance: AppInstance, vendor: Vendor) -> None:
    found = bulk.request_many(admin, accounts(instance), "block", "leaver")
    ticket = ActionBatch.objects.get().lease_owner
    run_tasks("actions")
    bulk_jobs.run_batch(found.batch.pk, ticket)
    bulk_jobs.run_batch(found.batch.pk, "")
    bulk_jobs.revive()
    assert len(vendor.blocked) == 12
    assert waiting("actions") == []


def test_a_failed_one_is_tried_again_by_itself(admin: User, instance: AppInstance, vendor: Vendor) -> None:
    vendor.answers["00001"] = [ConnectorError("The app refused.")]
    found = bulk.request_many(admin, accounts(instance)[:3], "block", "leaver")
    run_tasks("actions")
    scope = scope_of(admin)
    assert queries.progress(scope, found.batch) == {
        ActionState.QUEUED: 0, ActionState.RUNNING: 0, ActionState.DONE: 2, ActionState.FAILED: 1,
        ActionState.UNKNOWN: 0,
    }
    service.retry(admin, GovernanceAction.objects.get(state="failed"))
    run_tasks("actions")
    assert vendor.blocked == ["00000", "00002", "00001"]


def test_a_batch_is_seen_by_who_sees_its_actions(admin: User, instance: AppInstance) -> None:
    found = bulk.request_many(admin, accounts(instance), "block", "leaver")
    own = Scope(frozenset({Held(Role.APP_ADMIN, instance_id=instance.pk)}))
    other = Scope(frozenset({Held(Role.APP_ADMIN, instance_id=instance.pk + 1)}))
    assert queries.batch(own, found.batch.pk) == found.batch
    assert queries.progress(other, found.batch)[ActionState.QUEUED] == 0
    with pytest.raises(ActionBatch.DoesNotExist):
        queries.batch(other, found.batch.pk)


def test_batches_are_looked_for_each_minute() -> None:
    call_command("migrate", verbosity=0)
    schedule = Schedule.objects.get(name="portal.governance.bulk_jobs.revive")
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats, schedule.cluster) == (
        Schedule.MINUTES, 1, -1, "actions",
    )
