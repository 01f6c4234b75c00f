"""Calling off what waits of a batch."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.governance import bulk, bulk_cancelling, service
from portal.governance.models import ActionBatch, ActionState, GovernanceAction
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.people.models import User
from portal.people.roles import Role
from tests.portal.governance.test_bulk import Vendor, accounts, admin, connected, instance, person, states, vendor
from tests.portal.inventory.reading import asked
from tests.tasks import run_tasks

__all__ = ["admin", "instance", "vendor"]
pytestmark = pytest.mark.django_db(transaction=True)


def batch_of(actor: User, *where: AppInstance) -> ActionBatch:
    return bulk.request_many(actor, accounts(*where), "block", "all left").batch


def test_what_waits_is_ended_and_never_asked_of_the_app(admin: User, instance: AppInstance, vendor: Vendor) -> None:
    batch = batch_of(admin, instance)
    done, running = GovernanceAction.objects.order_by("pk")[:2]
    GovernanceAction.objects.filter(pk=done.pk).update(state=ActionState.DONE)
    until = timezone.now() + timedelta(minutes=1)
    GovernanceAction.objects.filter(pk=running.pk).update(state=ActionState.RUNNING, lease_until=until)
    assert bulk_cancelling.cancel_batch(admin, batch) == 10
    run_tasks("actions")
    assert vendor.blocked == []
    assert states() == {"done": 1, "running": 1, "failed": 10}
    row = GovernanceAction.objects.filter(state=ActionState.FAILED).first()
    assert row is not None
    assert (row.problem_code, row.remedy) == ("cancelled", "Nothing was changed.")
    assert row.problem == f"{admin.email} cancelled it while it waited."
    entry = AuditEntry.objects.get(verb="action.batch_cancelled")
    assert (entry.actor_email, entry.after) == (admin.email, {"reason": "all left", "targets": 10})
    with pytest.raises(Problem, match="None of them waits"):
        bulk_cancelling.cancel_batch(admin, batch)


@pytest.mark.parametrize(("step", "state"), [("started", ActionState.UNKNOWN), ("done", ActionState.FAILED)])
def test_one_that_was_begun_and_waits_to_be_tried_again_says_so(
    admin: User, instance: AppInstance, step: str, state: ActionState
) -> None:
    batch = batch_of(admin, instance)
    begun = GovernanceAction.objects.order_by("pk")[0]
    steps = [{"name": "block", "state": step, "at": "", "result": {}}]
    GovernanceAction.objects.filter(pk=begun.pk).update(steps=steps, tries=1, next_try_at=timezone.now())
    assert bulk_cancelling.cancel_batch(admin, batch) == 12
    begun.refresh_from_db()
    assert (begun.state, begun.remedy, begun.next_try_at) == (state, "What its steps say was done stays done.", None)


def test_others_batches_and_single_actions_stay(admin: User, vendor: Vendor) -> None:
    first, second, third = connected("Contoso", 2), connected("Fabrikam", 3), connected("Adatum", 1)
    batch = batch_of(admin, first)
    batch_of(admin, second)
    service.request(admin, accounts(third)[0], "block", "left")
    assert bulk_cancelling.cancel_batch(admin, batch) == 2
    run_tasks("actions")
    assert states() == {"failed": 2, "done": 4}


def test_who_may_act_in_one_of_the_apps_ends_what_waits_there_alone(admin: User, vendor: Vendor) -> None:
    own, foreign = connected("Contoso", 2), connected("Fabrikam", 3)
    batch = batch_of(admin, own, foreign)
    local = person(Role.APP_ADMIN, instance_id=own.pk, is_full=True)
    assert bulk_cancelling.cancel_batch(local, batch) == 2
    assert set(GovernanceAction.objects.filter(state="queued").values_list("instance_id", flat=True)) == {foreign.pk}


@pytest.mark.parametrize("role", [Role.SECURITY_READER, Role.SUPPORT])
def test_who_may_not_act_ends_nothing(admin: User, instance: AppInstance, role: Role) -> None:
    batch = batch_of(admin, instance)
    with pytest.raises(PermissionDenied):
        bulk_cancelling.cancel_batch(person(role), batch)
    assert states() == {"queued": 12}
    assert not AuditEntry.objects.filter(verb="action.batch_cancelled").exists()


def test_a_large_batch_is_ended_by_few_queries(admin: User, vendor: Vendor) -> None:
    batch = batch_of(admin, connected("Contoso", 1_200))
    assert asked(lambda: bulk_cancelling.cancel_batch(admin, batch)) < 20
    assert states() == {"failed": 1_200}
