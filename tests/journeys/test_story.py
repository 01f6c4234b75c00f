"""The whole story in a browser: from the first set-up link to a member who is removed and invited back."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.people import first_admin
from tests.journeys.conftest import Audit, Shoot, Workers
from tests.portal.web.visitor import DETAILS, PASSWORD
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEAVER = "asingh"
MANY = 400
"""Members, so that the scan takes several pages."""


def set_up(page: Page, portal: str) -> None:
    """The first Global Admin comes in by the one-time link."""
    _, token = first_admin.make_link()
    page.goto(f"{portal}/set-up/{token}/")
    page.get_by_label("Your e-mail address").fill("dana.okafor@contoso.example")
    page.get_by_label("Your name").fill("Dana Okafor")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Later").click()


def to_consent(page: Page, details: dict[str, str] | None = None, name: str = "Contoso") -> None:
    """Settings > Connected apps > + up to "Connect in GitHub"."""
    page.get_by_role("banner").get_by_role("link", name="Settings").click()
    page.get_by_role("main").get_by_role("link", name="Connected apps").click()
    page.get_by_role("link", name="Connect an app").first.click()
    page.get_by_role("link", name="GitHub").click()
    page.get_by_role("button", name="Next: Instance name").click()
    page.get_by_label("Instance name").fill(name)
    page.get_by_role("button", name="Next: Connect GitHub").click()
    fill_details(page, {**DETAILS, **(details or {})})
    page.get_by_role("button", name="Next: Connect in GitHub").click()
    expect(page.get_by_role("heading", name="Connect in GitHub", exact=True)).to_be_visible()


def fill_details(page: Page, details: dict[str, str]) -> None:
    page.get_by_label("Client ID").fill(details["client_id"])
    page.get_by_label("Client Secret").fill(details["client_secret"])
    page.get_by_label("Organization Login Name").fill(details["organization"])


def consent(page: Page, *, is_granted: bool = False) -> None:
    """At the vendor: grant the organisation unless that was done before, authorise, and come back."""
    page.get_by_role("link", name="Connect in GitHub", exact=True).click()
    page.get_by_label("Signed in as").select_option("contoso-security-svc")
    if not is_granted:
        page.get_by_role("button", name="Grant access to contoso-dev").click()
    page.get_by_role("button", name="Authorize Gatehouse at Contoso").click()


def counted(page: Page, what: str) -> int:
    """A live count of the result page."""
    text = page.locator(f'[data-count="{what}"]').inner_text()
    return int(re.sub(r"\D", "", text))


def test_from_the_set_up_link_to_a_member_removed_and_undone(
    page: Page, portal: str, sandbox: Sandbox, workers: Workers, shoot: Shoot, audit: Audit
) -> None:
    sandbox.github.state.grow(members=MANY, events=300)
    set_up(page, portal)
    expect(page.get_by_role("heading", name="No app is connected yet")).to_be_visible()
    shoot(page, "01-empty")
    to_consent(page)
    shoot(page, "02-consent")
    consent(page)

    # The scan fills the page while one looks at it.
    expect(page.get_by_role("heading", name="Great, GitHub is connected")).to_be_visible()
    assert counted(page, "accounts") == 0
    sandbox.latency = 0.25
    workers.start()
    expect(page.locator('[data-count="accounts"]')).not_to_have_text("0", timeout=30_000)
    seen = counted(page, "accounts")
    shoot(page, "03-connected-reading")
    sandbox.latency = 0.0
    expect(page.get_by_role("heading", name="What was read")).to_be_visible(timeout=60_000)
    assert counted(page, "accounts") >= max(seen, MANY)
    assert counted(page, "groups") == 5
    assert counted(page, "activities") >= 300
    shoot(page, "04-connected")
    audit(page)

    # Filter, open, remove with a reason.
    page.get_by_role("link", name="Next: Accounts").click()
    page.get_by_label("Search accounts by name, user name or e-mail").fill(LEAVER)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q=asingh"))
    rows = page.locator("tbody tr[data-href]")
    expect(rows).to_have_count(1)
    rows.first.get_by_role("link").first.click()
    shoot(page, "05-account")
    page.get_by_role("link", name=re.compile("Remove from the organisation")).click()
    page.get_by_label("Reason").fill("Left the company on Friday")
    shoot(page, "06-confirm")
    page.get_by_role("button", name=re.compile("Remove from the organisation")).click()
    expect(page.locator("#live-state")).to_contain_text("Done", timeout=30_000)
    shoot(page, "07-done")
    assert sandbox.github.state.person(LEAVER).id not in sandbox.github.organisation().members
    log = page.url

    # What the app says now is what the list shows.
    page.goto(f"{portal}/accounts/?q={LEAVER}&presence=gone")
    expect(page.locator("tbody tr.is-gone")).to_have_count(1)
    page.goto(f"{portal}/accounts/?q={LEAVER}")
    expect(page.locator("tbody tr[data-href]")).to_have_count(0)

    # And back again.
    page.goto(log)
    page.get_by_role("link", name=re.compile("Undo")).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#live-state")).to_contain_text("Done", timeout=30_000)
    invited = {each.login for each in sandbox.github.organisation().invitations.values()}
    assert LEAVER in invited
    page.goto(f"{portal}/governance/")
    expect(page.locator("tbody tr[data-href]")).to_have_count(2)
    shoot(page, "08-governance-log")
    workers.stop()


def test_consent_denied_and_a_forged_answer_are_told_and_lead_on(
    page: Page, portal: str, sandbox: Sandbox, shoot: Shoot, audit: Audit
) -> None:
    set_up(page, portal)
    to_consent(page)
    page.get_by_role("link", name="Connect in GitHub", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("main .banner-bad")).to_contain_text("Consent was declined")
    shoot(page, "10-denied")
    audit(page)
    page.reload()
    expect(page.locator("main .banner-bad")).to_contain_text("Consent was declined")

    page.goto(f"{portal}/connect/callback/?code=0123456789abcdef&state=forged")
    expect(page.locator("main .banner-bad")).to_contain_text("does not belong to a connection started in this browser")
    shoot(page, "11-mismatch")
    audit(page)
    page.get_by_role("link", name="Continue Contoso").click()
    expect(page.get_by_label("Client ID")).to_have_value(DETAILS["client_id"])
    page.get_by_role("button", name="Next: Connect in GitHub").click()
    consent(page)
    expect(page.get_by_role("heading", name="Great, GitHub is connected")).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("heading", name="Great, GitHub is connected")).to_be_visible()


def test_a_wrong_client_secret_is_mended_by_edit_details(
    page: Page, portal: str, sandbox: Sandbox, shoot: Shoot
) -> None:
    set_up(page, portal)
    to_consent(page, {"client_secret": "f" * 40})
    consent(page)
    expect(page.locator("main .banner-bad")).to_contain_text("does not know this Client ID with this Client Secret")
    shoot(page, "12-wrong-secret")
    page.get_by_role("link", name="Edit details").click()
    expect(page.get_by_label("Client Secret")).to_have_value("")
    expect(page.get_by_label("Organization Login Name")).to_have_value(DETAILS["organization"])
    page.get_by_label("Client Secret").fill(DETAILS["client_secret"])
    page.get_by_role("button", name="Next: Connect in GitHub").click()
    consent(page, is_granted=True)
    expect(page.get_by_role("heading", name="Great, GitHub is connected")).to_be_visible()
