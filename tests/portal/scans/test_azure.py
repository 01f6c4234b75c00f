"""Azure on the real path: scanned into rows, acted on, and told by Event Grid to read."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from portal.governance import service as governance
from portal.governance.models import ActionState
from portal.instances.models import AppInstance
from portal.inventory.models import Account, Activity, Privilege
from portal.people.models import User
from portal.preferences import preferences
from portal.scans import service
from portal.scans.models import FeedState
from portal.scans.push_words import push_state
from tests.portal.connected import connected_azure
from tests.sandbox.microsoft.arm.people import Caller
from tests.sandbox.microsoft.arm.seed_ids import OWNER, PRODUCTION
from tests.sandbox.microsoft.seed_people import user_id
from tests.sandbox.postman import Got
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
HOLDER = user_id("C1012")
SHOP = f"/subscriptions/{PRODUCTION}/resourcegroups/rg-shop"


@pytest.fixture
def instance(sandbox: Sandbox, run_tasks: Callable[..., int]) -> AppInstance:
    """Connected, with the rights to act and to be pushed to, and somebody who owns a resource group; all is read."""
    state = sandbox.microsoft.state
    sandbox.microsoft.deliver, sandbox.microsoft.ask, sandbox.microsoft.sends_at_once = post, ask, False
    state.azure.assign(SHOP, OWNER, HOLDER, "User", state.now() - 86_400)
    preferences.keep({"public_url": "https://testserver"})
    found = connected_azure(sandbox, events="push")
    service.begin(found)
    run_tasks()
    return found


def ask(url: str, headers: dict[str, str], body: bytes) -> Got:
    """Event Grid calls the portal."""
    named = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    answer = Client().post(urlsplit(url).path, body, content_type=headers["Content-Type"], headers=named)
    return Got(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content)


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    return ask(url, headers, body).status


def held(instance: AppInstance) -> set[str]:
    """The scopes at which the holder has the role Owner, as the inventory knows it."""
    rows = Privilege.objects.filter(instance_id=instance.pk, holder_id=HOLDER, name="Owner", gone_at=None)
    return {row.scope.lower() for row in rows}


def test_what_a_scan_brings_and_a_role_that_is_taken_and_comes_back(
    instance: AppInstance, sandbox: Sandbox, admin: User, run_tasks: Callable[..., int]
) -> None:
    states = FeedState.objects.filter(instance=instance)
    assert {row.feed for row in states if row.error} <= {"sign_ins"}, "few of those calls are answered a second"
    account = Account.objects.get(instance_id=instance.pk, vendor_id=HOLDER)
    assert (account.name, account.is_admin) != ("", None)
    assert any(SHOP in scope for scope in held(instance))
    told = Activity.objects.filter(instance_id=instance.pk)
    assert told.exclude(actor_id="", actor_email="").count() > 10
    azure = sandbox.microsoft.state.azure

    def at_azure() -> list[str]:
        return [each.scope for each in azure.assignments.values() if each.principal_id == HOLDER]

    before, known = sorted(at_azure()), held(instance)
    assert before
    assert known
    row = governance.request(admin, account, "remove_roles", "left the project")
    run_tasks()
    row.refresh_from_db()
    assert (row.state, row.problem) == (ActionState.DONE, "")
    assert at_azure() == []
    assert held(instance) == set()
    governance.revert(admin, row)
    run_tasks()
    assert sorted(at_azure()) == before
    assert held(instance) == known


def test_event_grid_shakes_hands_and_the_log_is_read_without_a_scan_if_it_knows_the_secret(
    instance: AppInstance, sandbox: Sandbox, run_tasks: Callable[..., int]
) -> None:
    azure = sandbox.microsoft.state.azure
    assert azure.grid
    assert {each.state for each in azure.grid.values()} == {"Succeeded"}
    sandbox.microsoft.send()  # of what came of the connecting
    run_tasks()
    caller = Caller("somebody@contoso.example", HOLDER, "Somebody", "203.0.113.9")
    azure.record(caller, "Microsoft.Compute/virtualMachines/write", f"{SHOP}/providers/x/y", sandbox.clock.now())
    FeedState.objects.filter(instance=instance).update(next_run_at=timezone.now() + timedelta(days=1))
    sandbox.requests.clear()
    sandbox.microsoft.send()
    run_tasks()
    state = push_state(instance)
    assert state is not None
    assert state.accepted >= 1
    read = [each.path for each in sandbox.requests if "/eventtypes/management/" in each.path]
    assert {path.split("/")[2] for path in read} == {PRODUCTION}
    headers = {"aeg-event-type": "Notification", "Content-Type": "application/json", "Authorization": "Bearer x"}
    assert post(next(iter(azure.grid.values())).url, headers, b"[]") == 403
