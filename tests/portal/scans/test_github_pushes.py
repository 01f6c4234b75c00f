"""GitHub's webhooks on the real path: registered at connecting, a change at GitHub is on the pages without a scan."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client

from portal.instances.clients import client_for
from portal.instances.models import AppInstance
from portal.inventory.models import Activity, File
from portal.scans import service
from portal.scans.models import Delivery, Inbox, Subscription
from portal.scans.push_words import push_state
from tests.portal.connected import connected_github
from tests.portal.scans.conftest import Clock
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
RunTasks = Callable[..., int]


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """GitHub calls the portal."""
    named = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    answer = Client().post(urlsplit(url).path, body, content_type=headers["Content-Type"], headers=named)
    return answer.status_code


@pytest.fixture
def instance(sandbox: Sandbox, run_tasks: RunTasks) -> AppInstance:
    """Connected and read once."""
    sandbox.github.sends_at_once = False
    found = connected_github(sandbox)
    service.begin(found)
    run_tasks()
    sandbox.github.deliver = post
    sandbox.github.send()
    return found


def test_connecting_registers_the_hook_and_the_page_says_that_changes_will_come(
    instance: AppInstance, sandbox: Sandbox
) -> None:
    hook = sandbox.github.organisation().hooks[int(Subscription.objects.get().vendor_id)]
    assert "/hooks/" in hook.url
    assert hook.secret
    state = push_state(instance)
    assert state is not None
    assert (state.registrations, state.refused) == (1, 0)


def test_a_repository_made_private_at_github_is_private_here_without_a_scan(
    instance: AppInstance, sandbox: Sandbox, run_tasks: RunTasks, clock: Clock
) -> None:
    docs = File.objects.get(instance_id=instance.pk, name="docs")
    assert docs.exposure == "public"
    clock.wait(minutes=6)  # a snapshot rests after its last run
    client_for(instance).patch("/repos/contoso-dev/docs", json={"visibility": "private"})
    sandbox.github.send()
    run_tasks()
    docs.refresh_from_db()
    assert docs.exposure_in_app == "private"
    assert not Delivery.objects.exclude(state="done").exists()


def test_a_delivery_that_somebody_else_signed_is_refused(instance: AppInstance, sandbox: Sandbox) -> None:
    hook = sandbox.github.organisation().hooks[int(Subscription.objects.get().vendor_id)]
    headers = {"X-GitHub-Event": "push", "X-Hub-Signature-256": "sha256=00", "Content-Type": "application/json"}
    assert post(hook.url, headers, b"{}") == 403
    assert Inbox.objects.get(pk=instance.pk).refused == 1


@pytest.mark.parametrize(("plan", "kept"), [("enterprise", 0), ("team", 1)])
def test_pushed_events_are_activities_where_the_plan_has_no_audit_log(
    instance: AppInstance, sandbox: Sandbox, run_tasks: RunTasks, plan: str, kept: int
) -> None:
    reason = {} if plan == "enterprise" else {"audit_log": "Part of GitHub Enterprise Cloud."}
    AppInstance.objects.filter(pk=instance.pk).update(unavailable=reason)
    client_for(instance).patch("/repos/contoso-dev/docs", json={"visibility": "private"})
    sandbox.github.send()
    run_tasks("actions")
    found = Activity.objects.filter(instance_id=instance.pk, vendor_id__startswith="push:", action="repo.access")
    assert found.count() == kept
    if kept:
        told = found.get()
        assert told.actor_name == "contoso-security-svc"
        assert told.targets[0]["name"] == "contoso-dev/docs"
