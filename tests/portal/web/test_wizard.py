"""The wizard without a browser: what each page says, keeps and refuses."""

import pytest
from django.urls import reverse

from connectors.catalogue import catalogue
from portal.audit.models import AuditEntry
from portal.instances.models import AppInstance, Connection, State
from portal.people.roles import Role
from tests.portal.web.visitor import (
    DETAILS,
    at_vendor,
    client_of,
    come_back,
    connect,
    consent_link,
    draft,
    person,
    text_of,
)
from tests.sandbox.github import CLIENT_SECRET
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_all_thirteen_apps_are_listed_and_those_not_built_cannot_be_chosen() -> None:
    page = client_of(person(Role.GLOBAL_ADMIN)).get(reverse("wizard_choose"))
    html, text = page.content.decode(), text_of(page)
    names = [
        "Amazon Web Services", "Box", "Cisco Webex", "Dropbox", "GitHub", "Google Cloud Platform", "Google Workspace",
        "Microsoft Azure", "Microsoft Office 365", "Okta", "Salesforce", "ServiceNow", "Workday",
    ]
    assert [name for name in names if name not in text] == []
    linked = html.count('href="' + reverse("wizard_choose")) - html.count(f'href="{reverse("wizard_choose")}"')
    assert linked == len(catalogue())
    begins = {
        reverse("wizard_components" if connector.components else "wizard_name", args=[app_id])
        for app_id, connector in catalogue().items()
    }
    assert all(f'href="{address}"' in html for address in begins)
    assert "Not built yet" in text
    assert text.index("Suggest more apps") > max(text.index(name) for name in names)


def test_an_app_that_is_not_built_has_no_page() -> None:
    response = client_of(person(Role.GLOBAL_ADMIN)).get(reverse("wizard_name", args=["okta"]))
    assert response.status_code == 404


def test_the_wizard_names_its_steps_and_its_buttons(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    name_page = text_of(client.get(reverse("wizard_name", args=["github"])))
    assert "Choose the app (done)" in name_page
    assert "Instance name (current step)" in name_page
    assert "Connect in GitHub (still to come)" in name_page
    assert "Next: Connect GitHub" in name_page
    instance = draft(client)
    details = text_of(client.get(reverse("wizard_details", args=[instance.pk])))
    assert "Connect GitHub (current step)" in details
    assert "Next: Connect in GitHub" in details
    assert "What to do in GitHub Make a service account in GitHub for this purpose alone" in details
    assert "/connect/callback/" in details
    client.post(reverse("wizard_details", args=[instance.pk]), DETAILS)
    asked = text_of(client.get(reverse("wizard_consent", args=[instance.pk])))
    assert "What Gatehouse asks for Administer organisations: members, teams, roles, settings admin:org" in asked


def test_an_empty_name_and_a_name_in_use_are_told_under_the_field() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    other = client_of(person(Role.SECURITY_ADMIN))
    address = reverse("wizard_name", args=["github"])
    assert "Instance name is needed." in text_of(client.post(address, {"name": "  "}))
    other.post(address, {"name": "Contoso"})
    refused = client.post(address, {"name": "contoso"})
    assert refused.status_code == 422
    assert "An instance of this app is already called contoso." in text_of(refused)
    assert 'value="contoso"' in refused.content.decode()
    assert AppInstance.objects.count() == 1


def test_sending_the_name_twice_goes_on_with_the_same_draft() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    address = reverse("wizard_name", args=["github"])
    first = client.post(address, {"name": "Contoso"})
    second = client.post(address, {"name": "Contoso"})
    assert first.headers["Location"] == second.headers["Location"]
    assert AppInstance.objects.count() == 1


def test_a_draft_can_be_renamed_on_the_way_back() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.post(reverse("wizard_name", args=["github"]), {"name": "Contoso"})
    instance = AppInstance.objects.get()
    client.post(reverse("wizard_rename", args=[instance.pk]), {"name": "Contoso Ltd"})
    instance.refresh_from_db()
    assert instance.name == "Contoso Ltd"


def test_wrong_details_are_told_in_words_and_nothing_typed_is_lost_but_secrets() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.post(reverse("wizard_name", args=["github"]), {"name": "Contoso"})
    instance = AppInstance.objects.get()
    typed = {**DETAILS, "organization": "not an organisation!"}
    response = client.post(reverse("wizard_details", args=[instance.pk]), typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="not an organisation!"' in html
    assert f'value="{DETAILS["client_id"]}"' in html
    assert CLIENT_SECRET not in html
    assert 'aria-invalid="true"' in html
    assert not Connection.objects.exists()


def test_leaving_a_field_asks_the_server_which_answers_with_one_sentence() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.post(reverse("wizard_name", args=["github"]), {"name": "Contoso"})
    instance = AppInstance.objects.get()
    address = reverse("wizard_validate_field", args=[instance.pk, "organization"])
    assert text_of(client.post(address, {"organization": "no spaces please"})) != ""
    assert text_of(client.post(address, {"organization": "contoso-dev"})) == ""
    assert text_of(client.post(address, {"organization": ""})) == "Organization Login Name is needed."
    unknown = reverse("wizard_validate_field", args=[instance.pk, "shoe_size"])
    assert client.post(unknown, {}).status_code == 404
    names = reverse("wizard_validate_name", args=["github"])
    assert "already called Contoso" in text_of(client.post(names, {"name": "Contoso"}))
    assert text_of(client.post(f"{names}?instance={instance.pk}", {"name": "Contoso"})) == ""


def test_a_name_is_checked_for_those_alone_who_may_give_it() -> None:
    admin = client_of(person(Role.GLOBAL_ADMIN))
    admin.post(reverse("wizard_name", args=["github"]), {"name": "Contoso"})
    pk = AppInstance.objects.get().pk
    names = reverse("wizard_validate_name", args=["github"])
    reader = client_of(person(Role.SECURITY_READER))
    for address in (names, f"{names}?instance={pk}", reverse("wizard_rename", args=[pk])):
        refused = reader.post(address, {"name": "Contoso"})
        assert refused.status_code == 403
        assert "already called" not in text_of(refused)
    assert reader.get(reverse("wizard_rename", args=[pk])).status_code == 403
    for wrong in ("x", "1'", "9" * 30, str(pk + 1)):
        assert admin.post(f"{names}?instance={wrong}", {"name": "Contoso"}).status_code == 404
    assert admin.post(reverse("wizard_validate_name", args=["nothing"]), {"name": "x"}).status_code == 404


def test_a_stored_secret_is_never_shown_and_kept_when_left_empty(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    page = client.get(reverse("wizard_details", args=[instance.pk]))
    assert CLIENT_SECRET not in page.content.decode()
    assert "Stored and never shown again." in text_of(page)
    again = client.post(reverse("wizard_details", args=[instance.pk]), {**DETAILS, "client_secret": ""})
    assert again.headers["Location"] == reverse("wizard_consent", args=[instance.pk])
    assert connect(client, "Other").state == State.CONNECTED
    come_back(client, at_vendor(consent_link(client, instance)))


def test_the_consent_page_before_the_details_leads_back_to_them() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    client.post(reverse("wizard_name", args=["github"]), {"name": "Contoso"})
    instance = AppInstance.objects.get()
    response = client.get(reverse("wizard_consent", args=[instance.pk]))
    assert response.headers["Location"] == reverse("wizard_details", args=[instance.pk])


def test_the_way_to_the_vendor_is_a_link_and_each_showing_makes_a_new_one(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    first, second = consent_link(client, instance), consent_link(client, instance)
    assert first.startswith(sandbox.base_url)
    assert "code_challenge_method=S256" in first
    assert CLIENT_SECRET not in first
    assert first != second


def test_connecting_ends_on_the_page_that_says_so_and_a_refresh_repeats_nothing(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    address = at_vendor(consent_link(client, instance))
    page = come_back(client, address)
    assert "Great, GitHub is connected" in text_of(page)
    asked = len(sandbox.requests)
    again = client.get(reverse("wizard_done", args=[instance.pk]))
    assert "Great, GitHub is connected" in text_of(again)
    assert len(sandbox.requests) == asked
    used_up = come_back(client, address)
    assert "does not belong to a connection started in this browser" in text_of(used_up)
    instance.refresh_from_db()
    assert instance.state == State.CONNECTED


def test_the_result_page_shows_live_counts_and_stops_asking_when_all_is_read(
    sandbox: Sandbox, run_tasks: object
) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = connect(client)
    address = reverse("wizard_done_live", args=[instance.pk])
    before = client.get(address)
    assert 'hx-trigger="every 2s"' in before.content.decode()
    assert callable(run_tasks)
    run_tasks()
    after = client.get(address)
    members = len(sandbox.github.organisation().members)
    assert "hx-trigger" not in after.content.decode()
    assert f'data-count="accounts">{members}' not in before.content.decode()
    assert "Accounts" in text_of(after)


def test_a_draft_waits_in_the_list_and_can_be_continued_or_discarded(sandbox: Sandbox) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = draft(client)
    page = client.get(reverse("connected_apps"))
    assert "Not finished" in text_of(page)
    assert f'href="{reverse("wizard_details", args=[instance.pk])}"' in page.content.decode()
    asked = client.get(reverse("wizard_cancel", args=[instance.pk]))
    assert "Discard Contoso?" in text_of(asked)
    assert AppInstance.objects.exists()
    client.post(reverse("wizard_cancel", args=[instance.pk]))
    assert not AppInstance.objects.exists()
    assert not Connection.objects.exists()
    assert "instance.cancelled" in AuditEntry.objects.values_list("verb", flat=True)


def test_connecting_asks_for_a_recent_sign_in(sandbox: Sandbox) -> None:
    user = person(Role.GLOBAL_ADMIN)
    instance = draft(client_of(user))
    response = client_of(user, is_recent=False).get(reverse("wizard_consent", args=[instance.pk]))
    assert response.status_code == 302
    assert "reauthenticate" in response.headers["Location"]


@pytest.mark.parametrize("role", [Role.COMPLIANCE_ADMIN, Role.SECURITY_OPERATOR, Role.SECURITY_READER, Role.SUPPORT])
def test_roles_that_may_not_connect_are_refused_everywhere(role: Role, sandbox: Sandbox) -> None:
    instance = draft(client_of(person(Role.GLOBAL_ADMIN)))
    client = client_of(person(role))
    assert client.get(reverse("wizard_choose")).status_code == 403
    assert client.post(reverse("wizard_name", args=["github"]), {"name": "Mine"}).status_code == 403
    for name in ("wizard_details", "wizard_consent"):
        assert client.get(reverse(name, args=[instance.pk])).status_code in (403, 404)
    assert client.post(reverse("wizard_cancel", args=[instance.pk])).status_code in (403, 404)
    assert list(AppInstance.objects.values_list("name", flat=True)) == ["Contoso"]


def test_nobody_sees_the_wizard_without_signing_in(client: object) -> None:
    from django.test import Client

    assert isinstance(client, Client)
    for name in ("wizard_choose", "connected_apps", "consent_callback"):
        assert client.get(reverse(name)).status_code == 302
