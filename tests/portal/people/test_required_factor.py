"""While a second factor is required, whoever has none is led to set one up and sees nothing else; nobody can require it
who has none."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoAssertNumQueries

from portal.audit.models import AuditEntry
from portal.people import invitations, settings_service
from portal.people.models import User
from portal.people.roles import Role
from portal.people.scope import Held
from portal.preferences import preferences
from portal.scans.models import FeedState
from tests.portal.people.factors import switch_on_totp
from tests.portal.people.persons import PASSWORD, age_sign_in, is_signed_in, person, signed_in, text_of
from tests.portal.people.provider import Provider
from tests.portal.people.test_single_sign_on import come_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

OWED = "/sign-in/second-factor/"
OPEN = {
    "second_factor_owed", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "single_sign_on",
    "single_sign_on_go", "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
    "socialaccount_login_error", "account_logout", "account_change_password", "account_set_password",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "setup_link", "accept_invitation", "health_live", "health_ready",
    "metrics", "webhook",
}  # fmt: skip
"""Whoever opens a view to people who owe a second factor says here that it shows nothing of the portal."""


def require(*, is_on: bool = True) -> None:
    preferences.keep({"second_factor_required": is_on})


def give_factor(user: User, kind: str = Authenticator.Type.TOTP) -> None:
    Authenticator.objects.create(user=user, type=kind, data={})


def views(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The name of every view."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}"


def addresses() -> dict[str, str]:
    """An address of every view, by name; what is put into it need not be there."""
    parts = {
        "pk": 1, "assignment_pk": 1, "instance_id": 1, "moment": "1", "key": "a", "kind": "account", "name": "x",
        "action_name": "x", "app_id": "github", "field_name": "x", "token": "x", "uidb36": "a", "provider_id": "sso",
        "object_id": "1", "content_type_id": "1", "app_label": "scans", "url": "x",
        "which": "current", "form": "cer",
    }  # fmt: skip
    found = {}
    for name in views(get_resolver()):
        namespace, _, last = name.rpartition(":")
        resolver = get_resolver().namespace_dict[namespace][1] if namespace else get_resolver()
        _, wanted = resolver.reverse_dict.getlist(last)[0][0][0]
        found[name] = reverse(name, kwargs={part: parts[part] for part in wanted if part in parts} or None)
    return found


def test_every_page_but_those_of_setting_one_up_is_closed() -> None:
    require()
    browser = signed_in(person(Role.GLOBAL_ADMIN))
    found = addresses()
    assert set(found) >= OPEN
    assert len(found) > 130
    for name in sorted(set(found) - OPEN):
        for answer in (browser.get(found[name]), browser.post(found[name])):
            assert (answer.status_code, answer.headers.get("Location")) == (302, OWED), name
    for name in sorted(OPEN - {"account_logout"}):
        assert browser.get(found[name]).headers.get("Location") != OWED, name


def test_what_htmx_asks_for_opens_the_way_as_a_whole_page() -> None:
    require()
    answer = signed_in(person(Role.GLOBAL_ADMIN)).get(reverse("running"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, OWED)


def test_the_pages_of_setting_up_show_nothing_of_the_portal() -> None:
    from portal.instances.models import AppInstance

    instance = AppInstance.objects.create(app_id="github", name="Contoso Dev", method_id="oauth", state="connected")
    browser = signed_in(person(Role.GLOBAL_ADMIN))
    FeedState.objects.create(instance=instance, feed="accounts")
    assert reverse("account_list") in browser.get(reverse("mfa_activate_totp")).content.decode()
    require()
    for name in ("second_factor_owed", "mfa_activate_totp", "mfa_add_webauthn", "account_change_password"):
        page = browser.get(reverse(name)).content.decode()
        assert reverse("account_list") not in page
        assert reverse("settings_home") not in page
        assert reverse("account_logout") in page


def test_an_authenticator_app_opens_the_portal() -> None:
    require()
    browser = signed_in(person(Role.SECURITY_READER))
    assert browser.get("/")["Location"] == OWED
    assert "asks everybody for a second factor" in text_of(browser.get(OWED).content.decode())
    _, codes = switch_on_totp(browser)
    assert len(codes) == 10
    assert is_signed_in(browser)
    assert browser.get(OWED)["Location"] == "/"


@pytest.mark.parametrize(
    ("kind", "is_enough"),
    [
        (Authenticator.Type.TOTP, True),
        (Authenticator.Type.WEBAUTHN, True),
        (Authenticator.Type.RECOVERY_CODES, False),
    ],
)
def test_recovery_codes_alone_are_no_second_factor(kind: str, is_enough: bool) -> None:
    adele = person(Role.SECURITY_READER)
    browser = signed_in(adele)
    give_factor(adele, kind)
    require()
    assert is_signed_in(browser) is is_enough


def test_where_it_is_not_required_nobody_is_stopped() -> None:
    browser = signed_in(person(Role.SECURITY_READER))
    assert is_signed_in(browser)
    require()
    assert not is_signed_in(browser)
    require(is_on=False)
    assert is_signed_in(browser)


def test_signing_out_and_proving_again_still_work() -> None:
    require()
    browser = signed_in(person(Role.SECURITY_READER))
    age_sign_in(browser)
    asked = browser.get(reverse("mfa_activate_totp"))["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))
    assert browser.post(asked, {"password": PASSWORD})["Location"] == reverse("mfa_activate_totp")
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200
    browser.post(reverse("account_logout"))
    assert browser.get(OWED)["Location"].startswith(reverse("account_login"))


def test_the_invited_come_in_and_set_one_up() -> None:
    admin = person(Role.GLOBAL_ADMIN, email="megan@contoso.example")
    require()
    _, token = invitations.invite(admin, "adele@contoso.example", Held(Role.SECURITY_READER))
    browser = Client()
    link = reverse("accept_invitation", args=[token])
    assert browser.get(link).status_code == 200
    browser.post(link, {"name": "Adele", "password": PASSWORD, "password_again": PASSWORD})
    assert browser.get("/")["Location"] == OWED
    switch_on_totp(browser)
    assert is_signed_in(browser)


def test_people_of_single_sign_on_set_one_up_too(provider: Provider) -> None:
    adele, browser = person(Role.SECURITY_READER), Client()
    adele.set_unusable_password()
    adele.save()
    require()
    come_in(provider, browser, adele.email)
    assert browser.get("/")["Location"] == OWED
    switch_on_totp(browser)
    assert is_signed_in(browser)


def test_who_is_asked_costs_no_query_of_its_own(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    adele = person(Role.SECURITY_READER)
    give_factor(adele)
    browser = signed_in(person(Role.SECURITY_READER, email="megan@contoso.example"))
    require()
    with django_assert_num_queries(2):  # session and person
        browser.get(reverse("profile"))


def test_nobody_requires_it_who_has_none_and_the_page_says_what_to_do() -> None:
    admin = person(Role.GLOBAL_ADMIN)
    browser = signed_in(admin)
    page = reverse("settings_sign_in")
    refused = browser.post(page, {"second_factor_required": "on"})
    assert refused.status_code == 422
    assert "You have no second factor yourself. Set one up first" in text_of(refused.content.decode())
    with pytest.raises(ValidationError, match="no second factor yourself"):
        settings_service.change(admin, {"second_factor_required": True})
    assert preferences.get("second_factor_required") is False
    assert not AuditEntry.objects.filter(verb="settings.changed").exists()


def test_a_global_admin_with_one_requires_it_and_the_trail_tells_of_it() -> None:
    admin = person(Role.GLOBAL_ADMIN)
    person(Role.SECURITY_READER, email="megan@contoso.example")
    here, other = signed_in(admin), signed_in(person(email="lee@contoso.example"))
    give_factor(admin)
    page = reverse("settings_sign_in")
    assert "2 people have no second factor now and would be led to" in text_of(here.get(page).content.decode())
    assert here.post(page, {"second_factor_required": "on"})["Location"] == page
    entry = AuditEntry.objects.get(verb="settings.changed")
    assert (entry.object_label, entry.before, entry.after) == ("Require a second factor", False, True)
    assert entry.actor_email == admin.email
    assert here.get(page).status_code == 200
    assert other.get("/")["Location"] == OWED


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.SECURITY_READER])
def test_only_a_global_admin_requires_it(role: Role) -> None:
    user = person(role)
    browser = signed_in(user)
    give_factor(user)
    assert browser.post(reverse("settings_sign_in"), {"second_factor_required": "on"}).status_code == 403
    assert preferences.get("second_factor_required") is False
