"""What an analyst does in Microsoft's cloud, in a browser: the Activity log by Office app, somebody suspended, a
consent revoked, a file quarantined and released; Azure connected by an administrator, roles taken and given back."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from connectors.office365 import components
from portal.instances.models import AppInstance
from portal.inventory.models import Account, File
from portal.people.roles import Role
from portal.scans import service
from tests.journeys.acting import RunTasks, ask, undo
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.connected import connected_office365, read_only
from tests.portal.web.microsoft import DETAILS
from tests.portal.web.visitor import person
from tests.sandbox.microsoft.directory.objects import SERVICE_PRINCIPAL
from tests.sandbox.microsoft.login.consenting import consent
from tests.sandbox.microsoft.seed_people import user_id
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.one_database]

MEMBER, OWNER, WITH_ROLES = "wjones", "C1023", user_id("C1012")
APP, FILE = "Mail Merge Assistant", "Notes.txt"


@pytest.fixture(autouse=True)
def admin(page: Page, portal: str) -> None:
    """Somebody is signed in who may do everything."""
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))


def matching(page: Page, portal: str, name: str, **values: object) -> Locator:
    """The rows of a list that match."""
    page.goto(f"{portal}{reverse(name)}?{'&'.join(f'{key}={value}' for key, value in values.items())}")
    return page.locator("tbody tr[data-href]")


def open_only(page: Page, portal: str, rows: Locator) -> None:
    expect(rows).to_have_count(1)
    page.goto(f"{portal}{rows.first.get_attribute('data-href')}")


def test_people_apps_and_activity_of_office_365(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    contoso = connected_office365(sandbox, components.USERS_AND_GROUPS, components.ACTIVITIES, components.APPS)
    directory = sandbox.microsoft.state.directory
    service.begin(contoso)
    page.goto(f"{portal}{reverse('instance_detail', args=[contoso.pk])}")
    expect(page.get_by_text("Starts when Users has been read.").first).to_be_visible()
    run_tasks()
    page.reload()
    expect(page.get_by_text("first scan not complete")).to_have_count(0)
    expect(page.get_by_text("Starts when")).to_have_count(0)
    shoot(page, "90-office-365-read")

    rows = matching(page, portal, "activity_list", component="Exchange")
    expect(rows.first).to_contain_text("Exchange")
    expect(rows.filter(has_not_text="Exchange")).to_have_count(0)
    shoot(page, "91-activity-of-exchange")
    audit(page)

    open_only(page, portal, matching(page, portal, "account_list", status="active", q=MEMBER))
    ask(page, "Suspend", "Lost a laptop", run_tasks)
    assert directory.user(MEMBER).properties["accountEnabled"] is False
    read_only(contoso, "users")
    expect(matching(page, portal, "account_list", status="suspended", q=MEMBER)).to_have_count(1)

    app_id = directory.named(SERVICE_PRINCIPAL, APP).id
    consents = [each for each in directory.grants.values() if each["clientId"] == app_id]
    open_only(page, portal, matching(page, portal, "oauth_app_list", q=APP.replace(" ", "+")))
    let_in = page.get_by_role("region", name="Let in by").get_by_role("listitem")
    expect(let_in).to_have_count(len(consents))
    names = [Account.objects.get(vendor_id=each["principalId"]).name for each in consents]
    expect(let_in.filter(has_text=names[0])).to_have_count(1)
    audit(page)
    shoot(page, "92-who-let-an-app-in")
    address = page.url
    page.goto(f"{portal}{let_in.first.get_by_role('link', name='Revoke grant').get_attribute('href')}")
    page.get_by_label("Reason").fill("Sends mail to everybody")
    page.get_by_role("button", name="Revoke grant").click()
    run_tasks()
    expect(page.locator("#live-state")).to_contain_text("Done")
    assert len([each for each in directory.grants.values() if each["clientId"] == app_id]) == len(consents) - 1
    read_only(contoso, "grants")
    page.goto(address)
    expect(let_in).to_have_count(len(consents) - 1)


def test_a_file_of_office_365_is_quarantined_with_its_owner_and_released(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot
) -> None:
    files = sandbox.microsoft.state.files
    item = next(each for each in files.below(files.root(files.drive_named(user_id(OWNER)))) if each.name == FILE)
    folder = item.parent_id
    contoso = connected_office365(sandbox, components.USERS_AND_GROUPS, components.ACTIVITIES, components.FILES)
    service.begin(contoso)
    read_only(contoso, "users")
    read_only(contoso, "files")
    page.goto(f"{portal}{reverse('file_detail', args=[File.objects.get(vendor_id__endswith=item.id).pk])}")
    ask(page, "Quarantine with the owner", "Under review", run_tasks)
    log = page.url
    assert item.parent_id != folder
    page.goto(f"{portal}{reverse('quarantine_list')}")
    expect(page.locator("tbody tr[data-href]")).to_contain_text(FILE)
    shoot(page, "93-quarantine-of-office-365")
    page.goto(log)
    undo(page, run_tasks, "Release")
    assert (item.parent_id, item.name) == (folder, FILE)


def test_azure_is_connected_by_an_administrator_and_roles_are_taken_and_given_back(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    state = sandbox.microsoft.state
    consent(state)
    sandbox.microsoft.register(portal)
    page.goto(f"{portal}{reverse('wizard_choose')}")
    page.get_by_role("link", name="Microsoft Azure").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Directory (tenant) ID").fill(DETAILS["tenant_id"])
    page.get_by_label("Application (client) ID").fill(DETAILS["client_id"])
    page.get_by_label("Client secret").fill(DETAILS["client_secret"])
    page.get_by_label("What Gatehouse may do").select_option("act")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Read what is in the subscriptions")).to_be_visible()
    audit(page)
    shoot(page, "94-azure-asks-for")
    page.get_by_role("link", name="Connect in Microsoft Azure").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Great, Microsoft Azure is connected")).to_be_visible()
    run_tasks()

    def held() -> set[tuple[str, str]]:
        found = state.azure.assignments.values()
        return {(each.scope, each.role_id) for each in found if each.principal_id == WITH_ROLES}

    before = held()
    assert before
    account = Account.objects.get(instance_id=AppInstance.objects.get().pk, vendor_id=WITH_ROLES)
    page.goto(f"{portal}{reverse('account_detail', args=[account.pk])}")
    ask(page, "Remove role assignments", "Left the team", run_tasks)
    assert not held()
    shoot(page, "95-roles-removed")
    undo(page, run_tasks)
    assert held() == before
