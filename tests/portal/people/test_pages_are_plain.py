"""Every page of signing in and of people, ours and allauth's: our look, and nothing that the content security policy
would stop."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.urls import urlpatterns as allauth_urls
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from pytest_django import Settings

from portal.people import first_admin, invitations
from portal.people.roles import Role
from portal.people.scope import Held
from portal.vault.seal import seal_text
from tests.portal.people.persons import PASSWORD, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

OUTSIDE = (
    "account_login", "account_signup", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done", "account_email_verification_sent", "socialaccount_login_cancelled",
    "single_sign_on",
)  # fmt: skip
INSIDE = (
    "account_logout", "account_email", "account_change_password", "account_reauthenticate", "mfa_index",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "settings_sign_in",
    "mfa_generate_recovery_codes", "usersessions_list", "socialaccount_connections", "profile", "people_list",
    "people_invite", "audit_list",
)  # fmt: skip


WAYS_IN = ("/auth/login/", "/auth/signup/")


def check(html: str, name: str) -> None:
    assert '<html lang="en"' in html, name
    assert len(re.findall(r"<main\b", html)) == 1, name
    assert len(re.findall(r"<h1\b", html)) == 1, name
    assert re.search(r"<title>\s*\S.*· Gatehouse</title>", html), name
    assert not re.search(r"\sstyle=|<style\b|\son[a-z]+=|javascript:", html), name
    for attributes, body in re.findall(r"(?s)<script\b([^>]*)>(.*?)</script>", html):
        assert not body.strip() or 'type="application/json"' in attributes, name
    assert "{%" not in html
    assert "{{" not in html
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", html):
        is_hidden = 'type="hidden"' in field
        identifier = re.search(r'id="([^"]+)"', field)
        is_wrapped = identifier is None and 'type="radio"' in field
        assert is_hidden or is_wrapped or (identifier and f'for="{identifier[1]}"' in html), f"{name}: {field}"


@pytest.fixture
def sso(settings: Settings) -> None:
    settings.OIDC = {"name": "Contoso"}


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.usefixtures("sso")
def test_pages_before_signing_in(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    check(answer.content.decode(), name)


@pytest.mark.parametrize("name", INSIDE)
def test_pages_behind_signing_in(name: str) -> None:
    browser = signed_in(person(Role.GLOBAL_ADMIN))
    answer = browser.get(reverse(name))
    assert answer.status_code == 200, answer.headers.get("Location")
    check(answer.content.decode(), name)


def test_pages_of_a_person_with_second_factors() -> None:
    adele = person(Role.SECURITY_READER)
    browser = signed_in(adele)
    Authenticator.objects.create(
        user=adele, type=Authenticator.Type.TOTP, data={"secret": seal_text("A" * 32, bound_to="mfa")}
    )
    browser.post(reverse("mfa_generate_recovery_codes"))
    for name in ("mfa_index", "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes"):
        check(browser.get(reverse(name)).content.decode(), name)
    newcomer = Client()
    newcomer.post(reverse("account_login"), {"login": adele.email, "password": PASSWORD})
    check(newcomer.get(reverse("mfa_authenticate")).content.decode(), "mfa_authenticate")


def test_pages_about_one_key() -> None:
    adele = person(Role.SECURITY_READER)
    browser = signed_in(adele)
    key = Authenticator.objects.create(
        user=adele, type=Authenticator.Type.WEBAUTHN, data={"name": "My <b>key</b>", "credential": {}}
    )
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        html = browser.get(reverse(name, args=[key.pk])).content.decode()
        check(html, name)
        assert "<b>key" not in html


def test_links_that_are_good_and_links_that_are_not() -> None:
    _, token = first_admin.make_link()
    for name in ("setup_link", "accept_invitation"):
        check(Client().get(reverse(name, args=["wrong"])).content.decode(), name)
    check(Client().get(reverse("setup_link", args=[token])).content.decode(), "setup_link")
    admin, lee = person(Role.GLOBAL_ADMIN), person(Role.SECURITY_READER, email="lee@contoso.example")
    _, token = invitations.invite(admin, "new@contoso.example", Held(Role.SECURITY_READER))
    check(Client().get(reverse("accept_invitation", args=[token])).content.decode(), "accept_invitation")
    for name in ("person_detail", "person_remove", "person_reset_mfa"):
        check(signed_in(admin).get(reverse(name, args=[lee.pk])).content.decode(), name)


def test_signed_in_pages_are_not_kept_by_caches_and_carry_the_policy() -> None:
    answer = signed_in(person(Role.GLOBAL_ADMIN)).get(reverse("mfa_index"))
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def names_of(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Of addresses that take no argument."""
    for each in patterns:
        if each.pattern.converters or each.pattern.regex.groups:
            continue
        if isinstance(each, URLResolver):
            yield from names_of(each.url_patterns)
        elif each.name:
            yield each.name


def test_every_other_page_of_allauth_is_behind_the_sign_in() -> None:
    for name in set(names_of(allauth_urls)) - set(OUTSIDE):
        answer = Client().get(reverse(name))
        assert answer.status_code == 302, name
        # Signing out when nobody is signed in leads to the front page, which is behind the sign-in as well.
        assert answer["Location"] == "/" or answer["Location"].startswith(WAYS_IN), name
