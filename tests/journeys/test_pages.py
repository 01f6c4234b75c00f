"""Every page that belongs to connecting and to settings: no rule of accessibility broken, light or dark, no page wider
than its window; and the wizard by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.people.roles import Role
from portal.preferences import preferences, suggestions
from tests.journeys.conftest import Audit, Shoot, admit
from tests.portal.web.visitor import DETAILS, client_of, connect, draft, person
from tests.sandbox.github import CONTOSO
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUS = """() => {
  const element = document.activeElement;
  return [element.innerText || element.id, getComputedStyle(element).outlineStyle];
}"""
"""What has the focus, and how that is drawn."""


LINES = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return new Set([...range.getClientRects()].map(box => box.top)).size;
}"""
"""In how many lines a text stands."""


def test_every_page_is_accessible_and_fits_its_window(
    page: Page, portal: str, sandbox: Sandbox, run_tasks: Callable[..., int], shoot: Shoot, audit: Audit,
    expected_console: list[str],
) -> None:
    user = person(Role.GLOBAL_ADMIN)
    preferences.keep({"egress_addresses": ["198.51.100.7", "198.51.100.64/28"]})
    suggestions.keep(user.pk, user.email, "Zoom", "https://zoom.example", "Who records meetings?\nAnd where?")
    client = client_of(user)
    instance = connect(client)
    run_tasks()
    unfinished = draft(client, "Contoso Labs")
    admit(page.context, portal, user)
    expected_console.append("404 (Not Found)")
    for name, address in {
        "20-connected-apps": reverse("connected_apps"),
        "20-capabilities": reverse("capability_matrix"),
        "20-capabilities-of-one": f"{reverse('capability_matrix')}?app=github",
        "21-choose": reverse("wizard_choose"),
        "22-name": reverse("wizard_name", args=["github"]),
        "23-details": reverse("wizard_details", args=[unfinished.pk]),
        "24-consent": reverse("wizard_consent", args=[unfinished.pk]),
        "25-cancel": reverse("wizard_cancel", args=[unfinished.pk]),
        "26-done": reverse("wizard_done", args=[instance.pk]),
        "30-instance": reverse("instance_detail", args=[instance.pk]),
        "31-edit": reverse("instance_edit", args=[instance.pk]),
        "32-disconnect": reverse("instance_disconnect", args=[instance.pk]),
        "40-settings": reverse("settings_home"),
        "41-general": reverse("settings_general"),
        "42-mail": reverse("settings_mail"),
        "43-suggest": reverse("suggest_app"),
        "44-suggestions": reverse("suggestion_list"),
        "45-people": reverse("people_list"),
        "46-audit": reverse("audit_list"),
        "47-help": reverse("help_home"),
        "48-guide": reverse("help_guide", args=["github"]),
        "49-operations": reverse("help_document", args=["operations"]),
        "50-missing": "/settings/nowhere/",
    }.items():
        page.goto(f"{portal}{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        audit(page)
        shoot(page, name)


def test_the_callback_address_stands_in_one_line_beside_the_form(page: Page, portal: str, sandbox: Sandbox) -> None:
    user = person(Role.GLOBAL_ADMIN)
    unfinished = draft(client_of(user), "Contoso Labs")
    page.set_viewport_size({"width": 1280, "height": 800})
    admit(page.context, portal, user)
    page.goto(f"{portal}{reverse('wizard_details', args=[unfinished.pk])}")
    address = page.locator(".wizard-side code", has_text="/connect/callback/")
    expect(address).to_be_visible()
    assert address.evaluate(LINES) == 1
    form = page.locator("#wizard-form").bounding_box()
    assert form is not None
    assert form["width"] >= 360, "the form keeps enough room"


def test_pages_with_complaints_are_accessible_too(
    page: Page, portal: str, sandbox: Sandbox, shoot: Shoot, audit: Audit, expected_console: list[str]
) -> None:
    user = person(Role.GLOBAL_ADMIN)
    client = client_of(user)
    client.post(reverse("wizard_name", args=["github"]), {"name": "Contoso"})
    admit(page.context, portal, user)
    expected_console.append("422 (Unprocessable Entity)")
    page.goto(f"{portal}{reverse('connected_apps')}")
    page.get_by_role("link", name="Continue Contoso").click()

    page.get_by_label("Client ID").fill("too short")
    page.get_by_label("Client Secret").fill(DETAILS["client_secret"])
    expect(page.locator("#id_client_id-error")).to_contain_text("A Client ID has 16 to 40 letters and digits.")
    expect(page.get_by_label("Client ID")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Client ID").fill(DETAILS["client_id"])
    page.get_by_label("Organization Login Name").fill("https://github.com/not a name")
    expect(page.locator("#id_client_id-error")).to_be_empty()
    page.get_by_role("button", name="Next: Connect in GitHub").click()
    expect(page.locator("#id_organization-error")).to_contain_text("A login name has up to 39 letters")
    expect(page.get_by_label("Organization Login Name")).to_be_focused()
    expect(page.get_by_label("Client ID")).to_have_value(DETAILS["client_id"])
    expect(page.get_by_label("Client Secret")).to_have_value("")
    audit(page)
    shoot(page, "27-complaints")

    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog", name="Leave the wizard?")).to_be_visible()
    audit(page)
    shoot(page, "28-leave")
    page.get_by_role("button", name="Go on connecting").click()
    expect(page.get_by_role("dialog", name="Leave the wizard?")).to_be_hidden()


def test_the_wizard_by_keyboard_alone(page: Page, portal: str, sandbox: Sandbox) -> None:
    user = person(Role.GLOBAL_ADMIN)
    admit(page.context, portal, user)
    page.goto(f"{portal}{reverse('connected_apps')}")

    def reach(words: str) -> None:
        """Tab until the focus is on what is called so; it is seen, too."""
        for _ in range(60):
            page.keyboard.press("Tab")
            name, outline = page.evaluate(FOCUS)
            if re.search(words, name):
                assert outline != "none", f"the focus on {words} cannot be seen"
                return
        raise AssertionError(f"{words} cannot be reached with the Tab key")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    reach("Connect an app")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose the app")).to_be_visible()
    reach("GitHub")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Select GitHub components")).to_be_visible()
    reach("component-file_names|File names in repositories")
    page.keyboard.press("Space")
    expect(page.get_by_label("File names in repositories")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Instance name")).to_be_focused()
    page.keyboard.type("Contoso")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Connect GitHub")).to_be_visible()
    for name in ("client_id", "client_secret", "organization"):
        reach(f"id_{name}")
        page.keyboard.type(DETAILS[name])
    reach("Next: Connect in GitHub")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Connect in GitHub", exact=True)).to_be_visible()
    reach("Connect in GitHub")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(sandbox.base_url)))
    page.get_by_role("button", name=f"Grant access to {CONTOSO}").press("Enter")
    page.get_by_role("button", name="Authorize Gatehouse at Contoso").press("Enter")
    expect(page.get_by_role("heading", name="Great, GitHub is connected")).to_be_visible()
