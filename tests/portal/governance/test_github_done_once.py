"""Deprovisioning a member and uninstalling an app of GitHub, interrupted at every point: done once."""

import pytest
from django.db import transaction
from django.utils import timezone

from portal.governance import jobs, service
from portal.governance.models import ActionState, GovernanceAction
from portal.instances import connecting
from portal.instances.clients import client_for, connector_of
from portal.inventory import store
from portal.inventory.models import Account, Grant
from portal.people.models import User
from tests.portal.connected import connected_github_app
from tests.portal.governance.conftest import MEMBER, again, killed_once, killing_claims
from tests.sandbox.github.app import Installation
from tests.sandbox.github.seed_apps import APP_ID, ENTERPRISE
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

DEPROVISIONING, UNINSTALLING = 6, 4
"""Commits of an undisturbed action: claimed, each step started and done, ended."""
JANITOR = 55_019_226
dying_at = pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after the commit"])


@pytest.fixture
def app_grant(sandbox: Sandbox) -> Grant:
    """Another app's installation, in a connection by our app, which is installed on the enterprise, too."""
    state = sandbox.github.state
    permissions = {"enterprise_organization_installations": "write"}
    made = Installation(62_118_005, state.apps[APP_ID], None, permissions, state.enterprises[ENTERPRISE])
    state.enterprises[ENTERPRISE].installations[made.id] = made
    instance = connected_github_app(sandbox)
    instance.config = {**instance.config, "enterprise": ENTERPRISE}
    instance.save(update_fields=["config"])
    connecting.recheck(instance)
    feed = connector_of(instance).feed("app_permissions")
    for page in feed.pages(client_for(instance), None):
        with transaction.atomic():
            store.save(instance.pk, page.records, feed=feed.name, partition="", pass_id=1, now=timezone.now())
    return Grant.objects.get(instance_id=instance.pk, vendor_id=f"installation:{JANITOR}")


def events(sandbox: Sandbox, action: str) -> int:
    log = sandbox.github.organisation().audit
    return [each.event.get("action") for each in log.ascending(0, None)].count(action)


def commits_of(row: GovernanceAction, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of an undisturbed run."""
    commits = killing_claims(monkeypatch, 0, False)
    jobs.run_action(row.pk)
    return commits["n"]


def test_a_deprovisioning_commits_as_often_as_the_test_below_assumes(
    admin: User, target: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = service.request(admin, target, "deprovision_account", "left the company")
    assert commits_of(row, monkeypatch) == DEPROVISIONING


def test_an_uninstalling_commits_as_often_as_the_test_below_assumes(
    admin: User, app_grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert commits_of(service.request(admin, app_grant, "uninstall_app", "reads too much"), monkeypatch) == UNINSTALLING


@dying_at
@pytest.mark.parametrize("at", range(1, DEPROVISIONING + 1))
def test_a_member_is_deprovisioned_once(
    admin: User, target: Account, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    row = service.request(admin, target, "deprovision_account", "left the company")
    killed_once(row, monkeypatch, at, before)
    assert again(row).state == ActionState.DONE
    assert events(sandbox, "external_identity.deprovision") == 1
    assert sandbox.github.state.person(MEMBER).id not in sandbox.github.organisation().members
    target.refresh_from_db()
    assert target.gone_at is not None


@dying_at
@pytest.mark.parametrize("at", range(1, UNINSTALLING + 1))
def test_an_app_is_uninstalled_once(
    admin: User, app_grant: Grant, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    row = service.request(admin, app_grant, "uninstall_app", "reads too much")
    killed_once(row, monkeypatch, at, before)
    assert again(row).state == ActionState.DONE
    assert events(sandbox, "integration_installation.destroy") == 1
    assert JANITOR not in sandbox.github.organisation().installations
    app_grant.refresh_from_db()
    assert app_grant.gone_at is not None
