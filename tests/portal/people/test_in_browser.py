"""Coming in with a real browser, under the real content security policy: links, passkeys, single sign-on; and every
page of it accessible and no wider than its window."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import CDPSession, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal.audit.models import AuditEntry
from portal.people import first_admin, invitations
from portal.people.models import User
from portal.people.roles import Role
from portal.people.scope import Held
from portal.preferences import preferences
from tests.journeys.conftest import Audit, Shoot
from tests.portal.people.persons import PASSWORD, code_of, person
from tests.portal.people.provider import Provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def portal(live_server: LiveServer, settings: Settings) -> str:
    settings.PUBLIC_URL = live_server.url
    cache.clear()
    return str(live_server.url)


@pytest.fixture
def key(page: Page) -> Iterator[CDPSession]:
    """A device with a passkey store that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session
    session.send("WebAuthn.disable")


def sign_in(page: Page, portal: str, user: User) -> None:
    page.goto(portal + reverse("account_login"))
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_title("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_from_the_set_up_link_to_a_second_factor_and_an_invitation(page: Page, portal: str) -> None:
    _, token = first_admin.make_link()
    page.goto(portal + reverse("setup_link", args=[token]))
    page.get_by_label("Your e-mail address").fill("megan@contoso.example")
    page.get_by_label("Your name").fill("Megan Bowen")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Welcome, Megan Bowen")).to_be_visible()

    page.get_by_role("link", name="Set up the app").click()
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(code_of(page.locator("#totp-key").inner_text()))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.goto(portal + reverse("people_invite"))
    page.get_by_label("E-mail address").fill("pradeep@contoso.example")
    page.get_by_label("Security Reader").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#link").inner_text()
    assert link.startswith(portal)

    sign_out(page)
    page.goto(link)
    expect(page.get_by_text("You will sign in to Gatehouse as pradeep@contoso.example")).to_be_visible()
    page.get_by_label("Your name").fill("Pradeep Gupta")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Welcome, Pradeep Gupta")).to_be_visible()


@pytest.mark.usefixtures("key")
def test_a_passkey_signs_in_by_itself(page: Page, portal: str) -> None:
    adele = person(Role.SECURITY_READER)
    sign_in(page, portal, adele)
    page.goto(portal + reverse("mfa_add_webauthn"))
    page.get_by_label("Name", exact=True).fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(portal + reverse("mfa_list_webauthn"))
    expect(page.get_by_role("row", name="Laptop Passkey")).to_be_visible()

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_title("Your account")).to_be_visible()
    latest = AuditEntry.objects.filter(verb="sign_in.done").last()
    assert latest is not None
    assert (latest.actor_email, latest.after) == (adele.email, {"by": ["webauthn"]})


@pytest.mark.usefixtures("key")
def test_a_security_key_comes_after_the_password(page: Page, portal: str, audit: Audit, shoot: Shoot) -> None:
    adele = person(Role.SECURITY_READER)
    sign_in(page, portal, adele)
    page.goto(portal + reverse("mfa_add_webauthn"))
    page.get_by_label("Name", exact=True).fill("USB key")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(portal + reverse("mfa_reauthenticate_webauthn"))
    audit(page)
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_title("Your account")).to_be_visible()

    sign_out(page)
    sign_in(page, portal, adele)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    audit(page)
    shoot(page, "60-second-factor")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_title("Your account")).to_be_visible()


@pytest.mark.usefixtures("key")
def test_whoever_owes_a_second_factor_adds_a_passkey_and_goes_on(
    page: Page, portal: str, audit: Audit, shoot: Shoot
) -> None:
    preferences.keep({"second_factor_required": True})
    sign_in(page, portal, person(Role.SECURITY_READER))
    expect(page.get_by_role("heading", name="One more step, Adele")).to_be_visible()
    audit(page)
    shoot(page, "59-second-factor-owed")
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("link", name="Accounts")).to_have_count(0)
    audit(page)
    shoot(page, "59-second-factor-owed-passkey")
    page.get_by_label("Name", exact=True).fill("Laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(portal)
    expect(page.get_by_role("link", name="Accounts").first).to_be_visible()


def test_a_browser_without_a_key_is_told_so(page: Page, portal: str) -> None:
    page.goto(portal + reverse("account_login"))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {"protocol": "ctap2", "transport": "usb"}})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("Try again.").or_(page.get_by_text("Try another key"))).to_be_visible(timeout=30_000)


def test_single_sign_on_goes_to_another_origin_and_back(page: Page, portal: str, provider: Provider) -> None:
    adele = person(Role.SECURITY_READER)
    provider.person = {"sub": "1", "email": adele.email, "email_verified": True}
    wanted = reverse("usersessions_list")
    page.goto(portal + wanted)
    page.get_by_role("link", name="Sign in with Contoso").click()
    page.get_by_role("link", name="Go on to Contoso").click()
    page.wait_for_url(portal + wanted)
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()


def test_pages_are_accessible_and_fit_their_windows(
    page: Page, portal: str, provider: Provider, audit: Audit, shoot: Shoot, expected_console: list[str]
) -> None:
    expected_console.append("410 (Gone)")
    admin, lee = person(Role.GLOBAL_ADMIN), person(Role.APP_ADMIN, email="lee@contoso.example", app_id="github")
    _, token = invitations.invite(admin, "pradeep@contoso.example", Held(Role.SECURITY_OPERATOR))
    outside = {
        "61-sign-in": reverse("account_login"),
        "62-invitation": reverse("accept_invitation", args=[token]),
        "63-invitation-closed": reverse("accept_invitation", args=["wrong"]),
        "64-single-sign-on": reverse("single_sign_on"),
        "65-forgotten": reverse("account_reset_password"),
    }
    inside = {
        "66-security": reverse("mfa_index"),
        "67-totp": reverse("mfa_activate_totp"),
        "68-passkey": reverse("mfa_add_webauthn"),
        "69-password": reverse("account_change_password"),
        "70-sessions": reverse("usersessions_list"),
        "71-profile": reverse("profile"),
        "72-is-it-you": reverse("account_reauthenticate"),
        "73-people": reverse("people_list"),
        "74-person": reverse("person_detail", args=[lee.pk]),
        "75-invite": reverse("people_invite"),
        "76-remove": reverse("person_remove", args=[lee.pk]),
        "77-audit": reverse("audit_list"),
        "78-sign-in-settings": reverse("settings_sign_in"),
    }
    for name, address in outside.items():
        page.goto(portal + address)
        audit(page)
        shoot(page, name)
    sign_in(page, portal, admin)
    expect(page.get_by_title("Your account")).to_be_visible()
    for name, address in inside.items():
        page.goto(portal + address)
        audit(page)
        shoot(page, name)
