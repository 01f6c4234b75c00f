"""An app with two ways to connect, one of them without a consent page."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.people.roles import Role
from tests.portal.web.visitor import client_of, person, text_of
from tests.sandbox.github import CONTOSO, SERVICE_OWNER
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db

@pytest.fixture
def admin() -> Client:
    return client_of(person(Role.GLOBAL_ADMIN))


def _typed(admin: Client, token: str) -> AppInstance:
    admin.post(reverse("wizard_name", args=["github"]), {"name": "Contoso", "method": "pasted_token"})
    instance = AppInstance.objects.get()
    form = {"token": token, "organization": CONTOSO}
    assert admin.post(reverse("wizard_details", args=[instance.pk]), form).status_code == 302
    return instance


@pytest.mark.usefixtures("two_ways")
def test_the_ways_are_offered_with_the_first_one_proposed(admin: Client) -> None:
    html = admin.get(reverse("wizard_name", args=["github"])).content.decode()
    assert '<input type="radio" name="method" value="oauth_app" checked>' in html
    assert '<input type="radio" name="method" value="pasted_token">' in html
    unknown = admin.post(reverse("wizard_name", args=["github"]), {"name": "Contoso", "method": "telepathy"})
    assert "This way to connect does not exist." in text_of(unknown)
    assert AppInstance.objects.get().method_id == "oauth_app"


@pytest.mark.usefixtures("two_ways")
def test_a_way_without_consent_connects_by_a_button(admin: Client, sandbox: Sandbox) -> None:
    token = sandbox.github.state.issue_token(SERVICE_OWNER, ["admin:org", "read:audit_log", "read:user"])
    instance = _typed(admin, token)
    page = admin.get(reverse("wizard_consent", args=[instance.pk]))
    assert "Gatehouse now signs in to GitHub with the details you gave." in text_of(page)
    assert "login/oauth/authorize" not in page.content.decode()
    assert sandbox.requests == []
    done = admin.post(reverse("wizard_consent", args=[instance.pk]), follow=True)
    assert "Great, GitHub is connected" in text_of(done)
    assert token not in done.content.decode()
    assert AppInstance.objects.get().state == State.CONNECTED


@pytest.mark.usefixtures("two_ways")
def test_a_refused_token_is_told_and_mended_by_edit_details(admin: Client, sandbox: Sandbox) -> None:
    instance = _typed(admin, "gho_nobodysTokenAtAll")
    refused = admin.post(reverse("wizard_consent", args=[instance.pk]), follow=True)
    assert "GitHub does not accept the token." in text_of(refused)
    assert reverse("wizard_details", args=[instance.pk]) in refused.content.decode()
    token = sandbox.github.state.issue_token(SERVICE_OWNER, ["admin:org", "read:audit_log", "read:user"])
    admin.post(reverse("wizard_details", args=[instance.pk]), {"token": token, "organization": CONTOSO})
    done = admin.post(reverse("wizard_consent", args=[instance.pk]), follow=True)
    assert "Great, GitHub is connected" in text_of(done)


@pytest.mark.usefixtures("two_ways")
def test_choosing_another_way_on_the_way_back_shows_its_fields(admin: Client, sandbox: Sandbox) -> None:
    instance = _typed(admin, "gho_nobodysTokenAtAll")
    admin.post(reverse("wizard_rename", args=[instance.pk]), {"name": "Contoso", "method": "oauth_app"})
    text = text_of(admin.get(reverse("wizard_details", args=[instance.pk])))
    assert "Client ID" in text
    assert "Token Made in GitHub." not in text


@pytest.mark.usefixtures("two_ways")
def test_another_way_forgets_the_secrets_that_were_typed_for_the_one_before(admin: Client) -> None:
    instance = _typed(admin, "gho_nobodysTokenAtAll")
    rename, details = (reverse(name, args=[instance.pk]) for name in ("wizard_rename", "wizard_details"))
    admin.post(rename, {"name": "Contoso", "method": "pasted_token"})
    assert InstanceVault(instance.pk).read()["fields"] == {"token": "gho_nobodysTokenAtAll"}
    admin.post(rename, {"name": "Contoso", "method": "oauth_app"})
    assert InstanceVault(instance.pk).read() == {"fields": {}, "tokens": {}}
    admin.post(rename, {"name": "Contoso", "method": "pasted_token"})
    empty = admin.post(details, {"token": "", "organization": CONTOSO})
    assert empty.status_code == 422
    assert "Token is needed." in text_of(empty)
