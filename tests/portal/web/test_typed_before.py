"""A form that is sent after the sign-in has aged: what was typed is there again after the question, but for secrets."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from portal.governance.models import GovernanceAction
from portal.instances.models import AppInstance
from portal.people.models import User
from portal.people.roles import Role
from tests.portal.connected import connected_github
from tests.portal.web import inventory_rows as rows
from tests.portal.web.visitor import PASSWORD, client_of, person, text_of
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db

SECRET = "f" * 40
STILL_HERE = "What you typed is here again; only secrets must be typed anew."
FORM = {
    "client_id": "Ov23liTYPEDBEFORE001", "client_secret": SECRET, "organization": "contoso-typed",
    "name": "Contoso Typed", "scan_hours": "6",
}


@pytest.fixture
def user() -> User:
    return person(Role.GLOBAL_ADMIN)


@pytest.fixture
def browser(user: User) -> Client:
    """Signed in an hour ago."""
    return client_of(user, is_recent=False)


@pytest.fixture
def instance(sandbox: Sandbox) -> AppInstance:
    return connected_github(sandbox)


def sent_and_proven(browser: Client, address: str, form: dict[str, str]) -> str:
    """Send the form, prove who one is, and come back to the page: its source."""
    asked = browser.post(address, form, headers={"Referer": f"http://testserver{address}"})
    assert "/auth/reauthenticate/" in asked.headers["Location"]
    kept = str([session.get_decoded() for session in Session.objects.all()])
    assert [value for value in form.values() if len(value) > 2 and value in kept] == [], "readable in the session"
    proven = {"password": PASSWORD, "next": f"http://testserver{address}"}
    return browser.post(asked.headers["Location"], proven, follow=True).content.decode()


@pytest.mark.parametrize("page", ["instance_edit", "wizard_details"])
def test_details_are_there_again_without_the_secret(page: str, browser: Client, instance: AppInstance) -> None:
    address = reverse(page, args=[instance.pk])
    html = sent_and_proven(browser, address, FORM)
    assert 'value="Ov23liTYPEDBEFORE001"' in html
    assert 'value="contoso-typed"' in html
    assert SECRET not in html
    assert STILL_HERE in html
    instance.refresh_from_db()
    assert instance.config["organization"] != "contoso-typed"
    assert "contoso-typed" not in browser.get(address).content.decode(), "once, and then no more"


def test_name_and_cadence_are_there_again(browser: Client, instance: AppInstance) -> None:
    html = sent_and_proven(browser, reverse("instance_edit", args=[instance.pk]), FORM)
    assert 'value="Contoso Typed"' in html
    assert '<option value="6" selected>' in html


def test_the_reason_of_an_action_is_there_again(browser: Client, instance: AppInstance) -> None:
    target = rows.account(instance, "Ada")
    address = reverse("governance_request", args=["account", target.pk, "remove_account"])
    assert "Left on Friday" in sent_and_proven(browser, address, {"reason": "Left on Friday"})
    assert not GovernanceAction.objects.exists()


def test_settings_are_there_again(browser: Client) -> None:
    html = sent_and_proven(browser, reverse("settings_general"), {"organisation_domains": "contoso-typed.example"})
    assert "contoso-typed.example" in html


def test_an_invitation_is_there_again(browser: Client) -> None:
    form = {"email": "pradeep@contoso.example", "name": "Pradeep", "role": "security_reader"}
    html = sent_and_proven(browser, reverse("people_invite"), form)
    assert 'value="pradeep@contoso.example"' in html
    assert 'value="Pradeep"' in html


def test_what_one_typed_is_not_shown_to_the_next_person_at_this_browser(
    browser: Client, instance: AppInstance
) -> None:
    address = reverse("instance_edit", args=[instance.pk])
    browser.post(address, FORM, headers={"Referer": f"http://testserver{address}"})
    left = browser.session["typed_before"]
    other = client_of(person(Role.SECURITY_ADMIN))
    session = other.session
    session["typed_before"] = left
    session.save()
    assert "contoso-typed" not in text_of(other.get(address))
    assert "Ov23liTYPEDBEFORE001" not in other.get(address).content.decode()
