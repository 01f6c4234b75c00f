"""Office 365 in the wizard and afterwards: components, the consent of an admin, and components that come later."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from connectors.office365 import components, connector
from connectors.office365.methods import BY_MADE_CERTIFICATE, BY_SECRET
from portal.instances.models import AppInstance, State
from portal.people.roles import Role
from portal.preferences import preferences
from tests.portal.web.microsoft import DETAILS, consent, consent_link, draft, register, upload
from tests.portal.web.visitor import client_of, person, text_of
from tests.sandbox.microsoft import seed, seed_apps
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

USERS, MANAGEMENT, APPS = components.USERS_AND_GROUPS, components.MANAGEMENT_EVENTS, components.APPS
READ = {"access": "read"}
LACKING = re.compile(r"\d permissions? not granted")


@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.GLOBAL_ADMIN))


def wanted(*on: str) -> tuple[str, ...]:
    return connector.wanted(connector.method(BY_SECRET), READ, on)


@pytest.fixture
def instance(admin: Client, sandbox: Sandbox) -> AppInstance:
    """Connected with two components, and with what those need."""
    register(sandbox, wanted(USERS, MANAGEMENT))
    made = draft(admin, MANAGEMENT)
    consent(admin, made)
    made.refresh_from_db()
    return made


def page_of(client: Client, instance: AppInstance) -> str:
    return text_of(client.get(reverse("instance_detail", args=[instance.pk])))


def choose(client: Client, instance: AppInstance, *on: str) -> str:
    sent = {"name": instance.name, "scan_hours": "12", "components": list(on), **DETAILS, **READ, "client_secret": ""}
    return text_of(client.post(reverse("instance_edit", args=[instance.pk]), sent, follow=True))


def test_the_first_page_offers_six_components_the_first_always_on(admin: Client) -> None:
    page = admin.get(reverse("wizard_components", args=["office365"]))
    words = text_of(page)
    assert "Select Microsoft Office 365 components" in words
    for label in ("Azure AD Users and groups", "Azure AD Management events", "Azure AD Sign-in events",
                  "Azure AD Apps", "Office 365 activities", "Office 365 files"):
        assert label in words
    boxes = re.findall(r'name="components" value="(\w+)"([^>]*)>', page.content.decode())
    assert [name for name, _ in boxes] == [each.id for each in connector.components]
    assert [name for name, rest in boxes if "disabled" in rest] == [USERS]


def test_files_wait_for_file_monitoring(admin: Client) -> None:
    preferences.keep({"file_monitoring": False})
    words = text_of(admin.get(reverse("wizard_components", args=["office365"])))
    files = words[words.index("Office 365 files"):]
    assert "Needs Office 365 activities. File monitoring is off." in files
    refused = admin.post(
        reverse("wizard_components", args=["office365"]), {"components": [components.ACTIVITIES, components.FILES]}
    )
    assert refused.status_code == 422


def test_the_details_ask_for_what_the_chosen_components_need_under_each_api(admin: Client, sandbox: Sandbox) -> None:
    instance = draft(admin, MANAGEMENT, components.ACTIVITIES)
    words = text_of(admin.get(reverse("wizard_details", args=[instance.pk])))
    graph = words[words.index("Microsoft Graph, Application permissions"):words.index("Office 365 Management APIs")]
    assert [name for name in wanted(USERS, MANAGEMENT) if name not in graph] == []
    assert "ActivityFeed" not in graph
    assert "ActivityFeed.Read ActivityFeed.ReadDlp" in words
    assert "SharePoint, Application permissions" not in words
    assert "Application.Read.All" not in words
    assert "/connect/callback/" in words


def test_a_secret_id_is_refused_in_the_form(admin: Client, sandbox: Sandbox) -> None:
    instance = draft(admin, MANAGEMENT)
    sent = {**DETAILS, "client_secret": seed_apps.SECRET_ID}
    refused = admin.post(reverse("wizard_details", args=[instance.pk]), sent)
    assert refused.status_code == 422
    assert "This is no Value of a client secret." in text_of(refused)


def test_consent_connects_the_tenant_with_what_its_components_need(admin: Client, instance: AppInstance) -> None:
    assert instance.state == State.CONNECTED
    assert (instance.tenant_id, instance.sole_app_id) == (seed.TENANT_ID, "office365")
    assert instance.components == [USERS, MANAGEMENT]
    assert instance.missing == []
    assert set(instance.granted) == set(wanted(USERS, MANAGEMENT))


def test_a_declined_consent_keeps_the_draft_and_says_who_may_accept(admin: Client, sandbox: Sandbox) -> None:
    register(sandbox, wanted(USERS))
    made = draft(admin)
    words = text_of(consent(admin, made, "cancel"))
    assert "Consent was declined (AADSTS65004)." in words
    assert "Global Administrator or Privileged Role Administrator" in words
    made.refresh_from_db()
    assert made.state == State.CONNECTING


def test_a_second_office_365_is_not_begun(admin: Client, instance: AppInstance) -> None:
    assert "Connected already" in text_of(admin.get(reverse("wizard_choose")))
    refused = admin.post(reverse("wizard_name", args=["office365"]), {"name": "Another"})
    assert refused.status_code == 422
    assert "Microsoft Office 365 is connected already, and one connection covers it all." in text_of(refused)


def test_one_that_somebody_began_is_not_said_to_be_connected(admin: Client, sandbox: Sandbox) -> None:
    draft(admin)
    assert "Begun already" in text_of(admin.get(reverse("wizard_choose")))


def test_a_component_that_comes_later_says_what_to_grant_and_consents_again(
    admin: Client, instance: AppInstance, sandbox: Sandbox
) -> None:
    said = choose(admin, instance, MANAGEMENT, APPS)
    assert "Azure AD Apps: 2 permissions not granted" in said
    assert "Application.Read.All" in said
    assert "API permissions" in said
    link = f'href="{reverse("instance_reconnect", args=[instance.pk])}">Connect in Microsoft Office 365</a>'
    assert link in admin.get(reverse("instance_detail", args=[instance.pk])).content.decode()
    instance.refresh_from_db()
    assert (instance.state, instance.components) == (State.CONNECTED, [USERS, MANAGEMENT, APPS])
    register(sandbox, wanted(USERS, MANAGEMENT, APPS))
    consent(admin, instance)
    instance.refresh_from_db()
    assert instance.missing == []
    assert set(instance.granted) == set(wanted(USERS, MANAGEMENT, APPS))
    assert not LACKING.search(page_of(admin, instance))


def test_a_component_that_is_taken_away_is_missed_no_more(admin: Client, instance: AppInstance) -> None:
    choose(admin, instance, MANAGEMENT, APPS)
    assert LACKING.search(page_of(admin, instance))
    assert not LACKING.search(choose(admin, instance, MANAGEMENT))
    instance.refresh_from_db()
    assert (instance.components, instance.missing) == ([USERS, MANAGEMENT], [])


def test_the_page_says_which_components_are_on(admin: Client, instance: AppInstance) -> None:
    words = page_of(admin, instance)
    assert "Azure AD Users and groups On Always on. Azure AD Management events On" in words
    assert "Office 365 files Off" in words


def test_a_certificate_made_here_connects_once_it_is_uploaded(admin: Client, sandbox: Sandbox) -> None:
    register(sandbox, wanted(USERS))
    first = admin.post(reverse("wizard_components", args=["office365"]))
    admin.post(first["Location"], {"name": "Contoso", "method": BY_MADE_CERTIFICATE})
    made = AppInstance.objects.get()
    details = reverse("wizard_details", args=[made.pk])
    assert "Thumbprint" in text_of(admin.get(details))
    admin.post(details, {**DETAILS, **READ})
    assert "AADSTS700027" in text_of(consent(admin, made))
    pem = admin.get(reverse("certificate_download", args=[made.pk, "key_pair", "current", "pem"])).content.decode()
    upload(sandbox, pem)
    consent(admin, made)
    made.refresh_from_db()
    assert made.state == State.CONNECTED


def test_another_tenant_than_the_one_typed_is_refused(admin: Client, sandbox: Sandbox) -> None:
    register(sandbox, wanted(USERS))
    made = draft(admin)
    link = consent_link(admin, made)
    state = re.search(r"state=([^&]+)", link)
    assert state
    answer = admin.get(
        reverse("consent_callback"), {"admin_consent": "True", "tenant": "other", "state": state[1]}, follow=True
    )
    assert "Consent was given for another tenant than the one that was typed" in text_of(answer)


def test_pages_take_few_queries_however_much_is_missing(
    admin: Client, instance: AppInstance, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    detail, first = reverse("instance_detail", args=[instance.pk]), reverse("wizard_components", args=["office365"])
    admin.get(detail)
    with django_assert_max_num_queries(30):
        admin.get(detail)
    choose(admin, instance, *(each.id for each in connector.components))
    with django_assert_max_num_queries(30):
        admin.get(detail)
    with django_assert_max_num_queries(8):
        admin.get(first)
