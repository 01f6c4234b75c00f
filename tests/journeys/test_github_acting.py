"""What an analyst does about people and apps in GitHub, in a browser: found by filters, asked for with a reason, done
by exactly the call that was meant, and seen in the lists."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from portal.instances.models import AppInstance
from portal.people.roles import Role
from portal.scans import service
from tests.journeys.acting import RunTasks, ask, changes, undo
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.connected import connected_github, connected_github_app, connected_github_server, read_only
from tests.portal.web.visitor import person
from tests.sandbox.github import CONTOSO
from tests.sandbox.github.app import Installation
from tests.sandbox.github.seed_apps import APP_ID, ENTERPRISE
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEMBER, OUTSIDER, OTHER = "yhaddad", "fab-lena", "asingh"


def read(instance: AppInstance, page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks) -> None:
    """Its first scan, and somebody signed in who may do everything; what GitHub was asked so far is forgotten."""
    service.begin(instance)
    run_tasks()
    sandbox.requests.clear()
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))


def filtered(page: Page, address: str, **values: object) -> Locator:
    """The rows of a list that match."""
    page.goto(f"{address}?{'&'.join(f'{name}={value}' for name, value in values.items())}")
    return page.locator("tbody tr[data-href]")


def open_only(page: Page, portal: str, rows: Locator) -> None:
    expect(rows).to_have_count(1)
    page.goto(f"{portal}{rows.first.get_attribute('data-href')}")


def test_on_an_enterprise_server_an_account_is_suspended_and_let_in_again_and_stays_what_it_is_on_github_com(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    cloud, instance = connected_github(sandbox), connected_github_server(sandbox)
    read_only(cloud, "accounts")
    read(instance, page, portal, sandbox, run_tasks)
    accounts = f"{portal}{reverse('account_list')}"
    open_only(page, portal, filtered(page, accounts, instance=instance.pk, status="active", q=MEMBER))
    ask(page, "Suspend on the server", "Lost a laptop", run_tasks)
    shoot(page, "70-suspended-on-the-server")
    assert changes(sandbox) == [("PUT", f"/api/v3/users/{MEMBER}/suspended")]
    rows = filtered(page, accounts, instance=instance.pk, status="suspended", q=MEMBER)
    expect(rows.first).to_contain_text("Suspended")
    expect(filtered(page, accounts, q=MEMBER)).to_have_count(2)
    shoot(page, "71-suspended-on-one-of-two")
    expect(filtered(page, accounts, instance=cloud.pk, status="active", q=MEMBER)).to_have_count(1)
    rows = filtered(page, accounts, instance=instance.pk, status="suspended", q=MEMBER)
    open_only(page, portal, rows)
    expect(page.get_by_role("link", name="Suspend on the server…", exact=True)).to_have_count(0)
    audit(page)
    ask(page, "Unsuspend on the server", "The laptop was found", run_tasks)
    assert changes(sandbox) == [("DELETE", f"/api/v3/users/{MEMBER}/suspended")]
    expect(filtered(page, accounts, instance=instance.pk, status="active", q=MEMBER)).to_have_count(1)
    expect(filtered(page, f"{portal}{reverse('governance_list')}", state="done")).to_have_count(2)
    shoot(page, "72-governance-log-of-a-server")


def test_somebody_from_outside_is_blocked_and_a_member_deprovisioned_in_one_sitting(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    instance = connected_github(sandbox)
    read(instance, page, portal, sandbox, run_tasks)
    organisation, accounts = sandbox.github.organisation(), f"{portal}{reverse('account_list')}"

    open_only(page, portal, filtered(page, accounts, instance=instance.pk, affiliation="external", q=OUTSIDER))
    ask(page, "Block in the organisation", "Spam in issues", run_tasks)
    blocked = page.url
    assert changes(sandbox) == [("PUT", f"/orgs/{CONTOSO}/blocks/{OUTSIDER}")]
    rows = filtered(page, accounts, instance=instance.pk, status="blocked", q=OUTSIDER)
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Blocked")
    shoot(page, "73-blocked")
    page.goto(blocked)
    undo(page, run_tasks)
    assert changes(sandbox) == [("DELETE", f"/orgs/{CONTOSO}/blocks/{OUTSIDER}")]
    expect(filtered(page, accounts, instance=instance.pk, status="blocked", q=OUTSIDER)).to_have_count(0)

    identities = {each.user_id: each for each in organisation.identities}
    identity = identities[sandbox.github.state.person(OTHER).id]
    open_only(page, portal, filtered(page, accounts, instance=instance.pk, affiliation="internal", q=OTHER))
    ask(page, "Deprovision by SCIM", "Left the company on Friday", run_tasks)
    shoot(page, "74-deprovisioned")
    audit(page)
    assert changes(sandbox) == [("PATCH", f"/scim/v2/organizations/{CONTOSO}/Users/{identity.guid}")]
    assert identity.user_id not in organisation.members
    expect(filtered(page, accounts, instance=instance.pk, q=OTHER)).to_have_count(0)
    gone = filtered(page, accounts, instance=instance.pk, presence="gone", q=OTHER)
    expect(gone).to_have_count(1)
    expect(gone.first).to_contain_text("Gone")


def installed_on_enterprise(sandbox: Sandbox) -> None:
    """The app that Gatehouse is connected by, with the permission to uninstall others."""
    state = sandbox.github.state
    enterprise = state.enterprises[ENTERPRISE]
    granted = {"enterprise_organization_installations": "write"}
    enterprise.installations[62_118_005] = Installation(62_118_005, state.apps[APP_ID], None, granted, enterprise)


def test_a_risky_app_is_found_by_its_scope_and_uninstalled_and_a_suspended_one_told_apart(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    installed_on_enterprise(sandbox)
    instance = connected_github_app(sandbox, enterprise=ENTERPRISE)
    read(instance, page, portal, sandbox, run_tasks)
    apps = f"{portal}{reverse('oauth_app_list')}"
    open_only(page, portal, filtered(page, apps, instance=instance.pk, scope="administration:write", q="repo-janitor"))
    shoot(page, "75-app-to-uninstall")
    audit(page)
    ask(page, "Uninstall from the organisation", "May administrate every repository", run_tasks)
    shoot(page, "76-app-uninstalled")
    path = f"/enterprises/{ENTERPRISE}/apps/organizations/{CONTOSO}/installations/55019226"
    assert changes(sandbox) == [("DELETE", path)]
    assert 55_019_226 not in sandbox.github.organisation().installations
    rows = filtered(page, apps, instance=instance.pk, scope="administration:write", q="repo-janitor")
    expect(rows).to_have_count(0)
    open_only(page, portal, filtered(page, apps, instance=instance.pk, presence="gone", q="repo-janitor"))
    expect(page.locator("#main")).to_contain_text("GitHub lists this app no more")
    shoot(page, "77-app-gone")
    open_only(page, portal, filtered(page, apps, instance=instance.pk, q="old-ci"))
    expect(page.locator("#main")).to_contain_text("Not active")
