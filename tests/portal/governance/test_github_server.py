"""Suspending on a GitHub Enterprise Server through the portal, interrupted at every point."""

import pytest
from django.db import transaction
from django.utils import timezone

from portal.governance import catalogue as offered
from portal.governance import jobs, service
from portal.governance.models import ActionState
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance
from portal.inventory import store
from portal.inventory.models import Account
from portal.people.models import User
from portal.people.scope import scope_of
from tests.portal.connected import connected_github, connected_github_server
from tests.portal.governance.conftest import MEMBER, RunTasks, again, killed_once, killing_claims
from tests.sandbox.github import SERVER, GitHub
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

COMMITS = 4
"""Of an undisturbed action: claimed, its step started and done, ended."""


@pytest.fixture
def server(sandbox: Sandbox) -> GitHub:
    return sandbox.github_at(SERVER.id)


@pytest.fixture
def instance(sandbox: Sandbox) -> AppInstance:
    """Connected with an account that runs the server; its accounts are read."""
    instance = connected_github_server(sandbox)
    feed = connector_of(instance).feed("accounts")
    for page in feed.pages(client_for(instance), None):
        with transaction.atomic():
            store.save(instance.pk, page.records, feed=feed.name, partition="", pass_id=1, now=timezone.now())
    return instance


def names(admin: User, instance: AppInstance, account: Account) -> set[str]:
    """What can be asked for now."""
    offers = offered.offers(scope_of(admin), instance, account)
    return {each.action.name for each in offers if each.is_allowed}


def events(server: GitHub) -> int:
    log = server.organisation().audit
    told = [(each.event.get("action"), each.event.get("user")) for each in log.ascending(0, None)]
    return told.count(("user.suspend", MEMBER))


def test_the_row_says_suspended_and_offers_the_way_back(
    admin: User, instance: AppInstance, target: Account, run_tasks: RunTasks
) -> None:
    assert "suspend_account" in names(admin, instance, target)
    assert "unsuspend_account" not in names(admin, instance, target)
    service.request(admin, target, "suspend_account", "left the company")
    run_tasks("actions")
    target.refresh_from_db()
    assert (target.status, target.gone_at) == ("suspended", None)
    assert "suspend_account" not in names(admin, instance, target)
    row = service.request(admin, target, "unsuspend_account", "came back")
    run_tasks("actions")
    assert again(row).state == ActionState.DONE
    target.refresh_from_db()
    assert target.status == "active"


def test_the_organisation_with_the_same_number_on_github_com_is_another_one(
    sandbox: Sandbox, server: GitHub, instance: AppInstance
) -> None:
    cloud = connected_github(sandbox)
    assert cloud.tenant_id == str(server.organisation().id)
    assert instance.tenant_id == f"{SERVER.web_host}:{cloud.tenant_id}"


def test_an_undisturbed_action_commits_as_often_as_the_test_below_assumes(
    admin: User, target: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = service.request(admin, target, "suspend_account", "left the company")
    commits = killing_claims(monkeypatch, 0, False)
    jobs.run_action(row.pk)
    assert commits["n"] == COMMITS


@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("at", range(1, COMMITS + 1))
def test_wherever_the_worker_dies_the_account_is_suspended_once(
    admin: User, target: Account, server: GitHub, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    row = service.request(admin, target, "suspend_account", "left the company")
    killed_once(row, monkeypatch, at, before)
    assert again(row).state == ActionState.DONE
    assert events(server) == 1
    target.refresh_from_db()
    assert target.status == "suspended"
