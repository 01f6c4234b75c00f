"""What an analyst finds and mends in GitHub, in a browser: a public repository, a risky app, an owner, a token, a file
that reaches too far; in two organisations, each seen apart."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.instances.models import AppInstance
from portal.inventory.models import File
from portal.people.roles import Role
from portal.scans import service
from tests.journeys.acting import RunTasks, ask, undo
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.connected import connected_github, connected_github_app
from tests.portal.web.visitor import person
from tests.sandbox.github import FABRIKAM
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWNER = "dokafor"


@pytest.fixture
def contoso(page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks) -> AppInstance:
    """Two organisations connected and read; the first of them, and somebody signed in who may do everything."""
    both = [connected_github(sandbox), connected_github(sandbox, "Fabrikam", FABRIKAM)]
    for each in both:
        service.begin(each)
    run_tasks()
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))
    page.goto(portal)
    return both[0]


def test_a_public_repository_is_found_made_private_and_public_again(
    page: Page, portal: str, sandbox: Sandbox, contoso: AppInstance, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    docs = next(each for each in sandbox.github.organisation().repositories.values() if each.name == "docs")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Files").click()
    page.goto(f"{portal}{reverse('file_list')}?exposure=public&instance={contoso.pk}")
    expect(page.locator("tbody tr[data-href]")).to_have_count(3)
    shoot(page, "50-public-repositories")
    audit(page)
    page.goto(f"{portal}{reverse('file_list')}?exposure=public&instance={contoso.pk}&q=docs")
    page.goto(f"{portal}{page.locator('tbody tr[data-href]').first.get_attribute('data-href')}")
    shoot(page, "51-repository")
    audit(page)
    ask(page, "Make private", "Holds internal hostnames", run_tasks)
    shoot(page, "52-made-private")
    assert docs.visibility == "private"
    log = page.url
    page.goto(f"{portal}{reverse('file_list')}?exposure=public&instance={contoso.pk}&q=docs")
    expect(page.locator("tbody tr[data-href]")).to_have_count(0)
    page.goto(log)
    undo(page, run_tasks)
    assert docs.visibility == "public"


def test_a_risky_app_is_found_by_its_scope(
    page: Page, portal: str, contoso: AppInstance, shoot: Shoot, audit: Audit
) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="OAuth apps").click()
    shoot(page, "53-oauth-apps")
    audit(page)
    page.goto(f"{portal}{reverse('oauth_app_list')}?scope=administration:write&instance={contoso.pk}")
    rows = page.locator("tbody tr[data-href]")
    expect(rows).to_have_count(2)
    for row in rows.all():
        expect(row).to_contain_text("High")
    page.goto(f"{portal}{rows.first.get_attribute('data-href')}")
    expect(page.locator("#main")).to_contain_text("The whole organisation")
    shoot(page, "54-risky-app")
    audit(page)
    page.goto(f"{portal}{reverse('credential_list')}?instance={contoso.pk}")
    shoot(page, "55-credentials")
    audit(page)


def test_an_owner_is_demoted_in_one_organisation_and_stays_what_he_is_in_the_other(
    page: Page, portal: str, sandbox: Sandbox, contoso: AppInstance, run_tasks: RunTasks, shoot: Shoot
) -> None:
    page.goto(f"{portal}{reverse('account_list')}?admin=yes&instance={contoso.pk}&q={OWNER}")
    rows = page.locator("tbody tr[data-href]")
    expect(rows).to_have_count(1)
    fabrikam = sandbox.github.organisation(FABRIKAM)
    before = {number: each.role for number, each in fabrikam.members.items()}
    page.goto(f"{portal}{rows.first.get_attribute('data-href')}")
    shoot(page, "56-owner")
    ask(page, "Make a member instead of an owner", "Moved to another team", run_tasks)
    number = sandbox.github.state.person(OWNER).id
    assert sandbox.github.organisation().members[number].role == "member"
    assert {number: each.role for number, each in fabrikam.members.items()} == before
    page.goto(f"{portal}{reverse('account_list')}?admin=yes&instance={contoso.pk}&q={OWNER}")
    expect(page.locator("tbody tr[data-href]")).to_have_count(0)


def test_two_organisations_are_seen_together_and_each_apart(
    page: Page, portal: str, sandbox: Sandbox, contoso: AppInstance, shoot: Shoot, audit: Audit
) -> None:
    counts = {}
    for instance in AppInstance.objects.all():
        page.goto(f"{portal}{reverse('file_list')}?instance={instance.pk}")
        counts[instance.name] = page.locator("tbody tr[data-href]").count()
    assert counts["Contoso"] == len(sandbox.github.organisation().repositories)
    assert counts["Fabrikam"] == len(sandbox.github.organisation(FABRIKAM).repositories)
    page.goto(f"{portal}{reverse('scan_list')}")
    expect(page.locator("tbody")).to_contain_text("Fabrikam")
    shoot(page, "57-scans")
    audit(page)
    page.goto(f"{portal}{reverse('instance_detail', args=[contoso.pk])}")
    expect(page.locator("#main")).to_contain_text("Changes at once")
    shoot(page, "58-instance")


def test_a_fine_grained_token_is_found_revoked_and_seen_gone(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    instance = connected_github_app(sandbox)
    service.begin(instance)
    run_tasks()
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))
    grants = sandbox.github.organisation().token_grants
    number, grant = next(iter(grants.items()))
    tokens = f"{portal}{reverse('credential_list')}?instance={instance.pk}&q={grant.name}"
    page.goto(f"{portal}{reverse('credential_list')}?instance={instance.pk}")
    expect(page.locator("#main")).to_contain_text(grant.name)
    shoot(page, "60-credentials-of-an-app")
    page.goto(tokens)
    rows = page.locator("tbody tr[data-href]")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("fine-grained token")
    rows.first.click()
    expect(page.get_by_role("link", name="Revoke the token's access")).to_be_visible()
    shoot(page, "61-fine-grained-token-drawer")
    audit(page)
    page.goto(f"{portal}{rows.first.get_attribute('data-href')}")
    ask(page, "Revoke the token's access", "Reaches every repository", run_tasks)
    shoot(page, "62-token-revoked")
    assert number not in grants
    page.goto(tokens)
    expect(page.locator("tbody tr[data-href]")).to_have_count(0)
    page.goto(f"{tokens}&presence=gone")
    expect(page.locator("tbody tr[data-href]")).to_have_count(1)
    shoot(page, "63-token-gone")
    page.goto(f"{portal}{page.locator('tbody tr[data-href]').first.get_attribute('data-href')}")
    expect(page.locator("#main")).to_contain_text("It is no longer in the app")
    expect(page.get_by_role("link", name="Revoke the token's access…")).to_have_count(0)
    expect(page.get_by_role("link", name="Revoke the token's access")).to_be_visible()
    service.begin(instance)
    run_tasks()
    page.goto(tokens)
    expect(page.locator("tbody tr[data-href]")).to_have_count(0)


def test_a_file_is_found_by_its_name_overwritten_and_put_back(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: RunTasks, shoot: Shoot, audit: Audit
) -> None:
    instance = connected_github(sandbox)
    instance.components = ["file_names"]
    instance.save(update_fields=["components"])
    service.begin(instance)
    run_tasks()
    admit(page.context, portal, person(Role.GLOBAL_ADMIN))
    docs = next(each for each in sandbox.github.organisation().repositories.values() if each.name == "docs")
    path = "src/settings/defaults.env"
    before = docs.history.branches["main"].files[path].data()
    page.goto(f"{portal}{reverse('file_list')}?instance={instance.pk}&exposure=public&q=defaults.env")
    rows = page.locator("tbody tr[data-href]")
    expect(rows).to_have_count(3)
    shoot(page, "64-files-by-name")
    found = File.objects.get(instance_id=instance.pk, parent_id=str(docs.id), path__endswith=path)
    row = page.locator(f'tbody tr[data-href="{reverse("file_detail", args=[found.pk])}"]')
    row.click()
    expect(page.get_by_role("link", name="Overwrite by a commit")).to_be_visible()
    shoot(page, "65-file-drawer")
    audit(page)
    page.goto(f"{portal}{row.get_attribute('data-href')}")
    ask(page, "Overwrite by a commit", "Holds a password", run_tasks)
    shoot(page, "66-file-overwritten")
    assert docs.history.branches["main"].files[path].data() != before
    undo(page, run_tasks)
    assert docs.history.branches["main"].files[path].data() == before
