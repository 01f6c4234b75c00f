"""Single sign-on against a provider of ours: people who are known or invited come in, strangers do not."""

import re
import time
from html import unescape
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.audit.models import AuditEntry
from portal.people import invitations, service
from portal.people.models import User
from portal.people.roles import Role
from portal.people.scope import Held, scope_of
from tests.portal.people.persons import PASSWORD, age_sign_in, is_signed_in, person, signed_in, text_of
from tests.portal.people.provider import Provider

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def link_of(browser: Client, query: str = "") -> str:
    """Where the page before the provider's leads."""
    page = browser.get(reverse("single_sign_on") + query).content.decode()
    found = re.search(r'href="([^"]*/go/[^"]*)"', page)
    assert found is not None, page
    return unescape(found[1])


def come_in(
    provider: Provider, browser: Client, email: str, *, is_verified: object = True, query: str = ""
) -> HttpResponse:
    """The whole trip; `email` is who the provider says it is."""
    provider.person = {"sub": f"id of {email}", "email": email, "email_verified": is_verified, "name": "Adele Vance"}
    go = browser.get(link_of(browser, query))
    assert go.status_code == 302
    back = urlsplit(provider.consent(go["Location"]))
    answer: HttpResponse = browser.get(f"{back.path}?{back.query}")  # type: ignore[assignment]
    return answer


def test_a_known_person_comes_in_by_verified_address(provider: Provider) -> None:
    adele, browser = person(Role.SECURITY_READER), Client()
    come_in(provider, browser, adele.email)
    assert is_signed_in(browser)
    assert User.objects.count() == 1
    adele.refresh_from_db()
    assert adele.check_password(PASSWORD)
    entry = AuditEntry.objects.get(verb="sign_in.done")
    assert (entry.actor_email, entry.after) == (adele.email, {"by": ["socialaccount"]})


def test_a_provider_that_writes_the_flag_as_text_is_understood(provider: Provider) -> None:
    adele, browser = person(Role.SECURITY_READER), Client()
    come_in(provider, browser, adele.email, is_verified="true")
    assert is_signed_in(browser)


def test_the_second_time_the_provider_s_id_counts_not_the_address(provider: Provider) -> None:
    adele = person(Role.SECURITY_READER)
    come_in(provider, Client(), adele.email)
    browser = Client()
    provider.person = {"sub": f"id of {adele.email}", "email": "new@contoso.example", "email_verified": True}
    back = urlsplit(provider.consent(browser.get(link_of(browser))["Location"]))
    browser.get(f"{back.path}?{back.query}")
    assert is_signed_in(browser)
    assert browser.get(reverse("profile")).wsgi_request.user == adele


@pytest.mark.parametrize("is_verified", [False, None, "false", 0])
def test_an_address_that_the_provider_did_not_verify_opens_nothing(provider: Provider, is_verified: object) -> None:
    adele, browser = person(Role.SECURITY_READER), Client()
    answer = come_in(provider, browser, adele.email, is_verified=is_verified)
    assert not is_signed_in(browser)
    assert "by invitation" in text_of(answer.content.decode())
    assert not SocialAccount.objects.exists()


def test_a_stranger_stays_outside(provider: Provider) -> None:
    person(Role.SECURITY_READER)
    browser = Client()
    answer = come_in(provider, browser, "stranger@contoso.example")
    assert "no invitation is waiting" in text_of(answer.content.decode())
    assert not is_signed_in(browser)
    assert User.objects.count() == 1


def test_an_invited_person_comes_in_with_the_role_and_uses_the_invitation_up(provider: Provider) -> None:
    admin = person(Role.GLOBAL_ADMIN, email="megan@contoso.example")
    invitation, _ = invitations.invite(admin, "adele@contoso.example", Held(Role.COMPLIANCE_ADMIN))
    browser = Client()
    come_in(provider, browser, "Adele@contoso.example")
    assert is_signed_in(browser)
    adele = User.objects.get(email="adele@contoso.example")
    assert scope_of(adele).roles == {Role.COMPLIANCE_ADMIN}
    assert (adele.name, adele.has_usable_password()) == ("Adele Vance", False)
    invitation.refresh_from_db()
    assert invitation.used_at is not None


def test_a_removed_person_stays_outside_until_invited_again(provider: Provider) -> None:
    admin, adele = person(Role.GLOBAL_ADMIN, email="megan@contoso.example"), person(Role.SECURITY_READER)
    come_in(provider, Client(), adele.email)
    service.remove(admin, adele)
    browser = Client()
    assert come_in(provider, browser, adele.email)["Location"] == reverse("account_inactive")
    assert not is_signed_in(browser)
    invitations.invite(admin, adele.email, Held(Role.SECURITY_READER))
    come_in(provider, browser, adele.email)
    assert is_signed_in(browser)


def test_a_second_factor_is_asked_for_after_single_sign_on_too(provider: Provider) -> None:
    adele, browser = person(Role.SECURITY_READER), Client()
    Authenticator.objects.create(user=adele, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    assert come_in(provider, browser, adele.email)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(browser)


def test_another_site_cannot_begin_the_trip(provider: Provider) -> None:
    other = link_of(Client())
    for address in (reverse("single_sign_on_go"), reverse("single_sign_on_go") + "?key=", other):
        assert Client().get(address)["Location"] == reverse("single_sign_on")


def test_another_browser_s_way_back_is_not_taken(provider: Provider) -> None:
    attacker, victim = Client(), Client()
    provider.person = {"sub": "1", "email": person(Role.SECURITY_READER).email, "email_verified": True}
    back = urlsplit(provider.consent(attacker.get(link_of(attacker))["Location"]))
    answer = victim.get(f"{back.path}?{back.query}")
    assert answer.status_code == 401
    assert "without proof" in text_of(answer.content.decode())
    assert not is_signed_in(victim)


def test_a_signed_in_person_cannot_be_made_to_tie_a_further_identity(provider: Provider) -> None:
    adele = person(Role.SECURITY_READER)
    browser = signed_in(adele)
    provider.person = {"sub": "mallory", "email": "mallory@evil.example", "email_verified": True}
    login = reverse("openid_connect_login", args=["sso"])
    go = browser.post(f"{login}?process=connect")
    back = urlsplit(provider.consent(go["Location"]))
    assert browser.get(f"{back.path}?{back.query}")["Location"] == reverse("mfa_index")
    assert not SocialAccount.objects.exists()


def test_the_provider_s_own_page_of_allauth_leads_to_ours(provider: Provider) -> None:
    answer = Client().get(reverse("openid_connect_login", args=["sso"]))
    assert reverse("single_sign_on") in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_no_token_of_the_provider_is_kept(provider: Provider) -> None:
    come_in(provider, Client(), person(Role.SECURITY_READER).email)
    assert not SocialToken.objects.exists()


def test_afterwards_the_page_asked_for_opens_and_never_another_site(provider: Provider) -> None:
    adele = person(Role.SECURITY_READER)
    wanted = reverse("usersessions_list")
    assert come_in(provider, Client(), adele.email, query=f"?next={wanted}")["Location"] == wanted
    assert come_in(provider, Client(), adele.email, query="?next=https://evil.example/")["Location"] == "/"


@pytest.fixture
def admin() -> User:
    """Somebody with single sign-on alone."""
    found = person(Role.GLOBAL_ADMIN)
    found.set_unusable_password()
    found.save()
    return found


def prove_again(provider: Provider, browser: Client, email: str) -> HttpResponse:
    """From a page that asks for a recent sign-in through the provider and back."""
    asked = browser.get(reverse("people_invite"))
    assert asked["Location"].startswith(reverse("single_sign_on"))
    return come_in(provider, browser, email, query="?" + urlsplit(asked["Location"]).query)


def is_recent(browser: Client) -> bool:
    return browser.get(reverse("people_invite")).status_code == 200


def test_without_a_password_a_recent_sign_in_is_proved_at_the_provider(provider: Provider, admin: User) -> None:
    browser = Client()
    come_in(provider, browser, admin.email)
    age_sign_in(browser)
    address = browser.get(link_of(browser))["Location"]
    assert "prompt=login" in address
    assert "max_age=0" in address
    assert prove_again(provider, browser, admin.email)["Location"] == reverse("people_invite")
    assert is_recent(browser)


def test_a_provider_that_waves_through_proves_nothing_and_nobody_is_signed_out(
    provider: Provider, admin: User
) -> None:
    browser = Client()
    come_in(provider, browser, admin.email)
    age_sign_in(browser)
    provider.waves_through, provider.auth_time = True, int(time.time()) - 90
    answer = prove_again(provider, browser, admin.email)
    assert answer.status_code == 403
    assert "The provider did not ask you anew" in text_of(answer.content.decode())
    assert f"{reverse('single_sign_on')}?next={reverse('people_invite')}" in answer.content.decode()
    assert is_signed_in(browser)
    assert not is_recent(browser)


def test_the_provider_s_clock_may_be_a_little_behind(provider: Provider, admin: User) -> None:
    browser = Client()
    come_in(provider, browser, admin.email)
    age_sign_in(browser)
    provider.waves_through, provider.auth_time = True, int(time.time()) - 30
    prove_again(provider, browser, admin.email)
    assert is_recent(browser)


@pytest.mark.parametrize("auth_time", [None, "1795867200", True])
def test_a_provider_without_auth_time_proves_nothing_and_the_page_says_what_to_do(
    provider: Provider, admin: User, auth_time: object
) -> None:
    browser = Client()
    provider.waves_through, provider.auth_time = True, auth_time
    come_in(provider, browser, admin.email)
    assert is_signed_in(browser)
    answer = prove_again(provider, browser, admin.email)
    words = text_of(answer.content.decode())
    assert answer.status_code == 403
    assert "does not say when it last asked you" in words
    assert "GATEHOUSE_OIDC_TRUST_PROMPT" in words
    assert not is_recent(browser)


def test_auth_time_counts_in_the_id_token_alone(provider: Provider, admin: User) -> None:
    browser = Client()
    provider.auth_time = None
    come_in(provider, browser, admin.email)
    provider.person |= {"auth_time": int(time.time())}
    provider.says_in_user_data_alone = {"auth_time"}
    back = urlsplit(provider.consent(browser.get(link_of(browser))["Location"]))
    assert browser.get(f"{back.path}?{back.query}").status_code == 403
    assert not is_recent(browser)


def test_where_the_operator_trusts_it_a_provider_without_auth_time_proves_when_told_to_ask(
    provider: Provider, admin: User, settings: Settings
) -> None:
    settings.OIDC_TRUST_PROMPT = True
    browser = Client()
    provider.auth_time = None
    come_in(provider, browser, admin.email)
    assert not is_recent(browser)  # an ordinary sign-in, for which it was not told to ask
    prove_again(provider, browser, admin.email)
    assert is_recent(browser)


def test_that_trust_does_not_outweigh_an_auth_time_that_is_too_old(
    provider: Provider, admin: User, settings: Settings
) -> None:
    settings.OIDC_TRUST_PROMPT = True
    browser = Client()
    provider.waves_through, provider.auth_time = True, int(time.time()) - 3600
    come_in(provider, browser, admin.email)
    assert prove_again(provider, browser, admin.email).status_code == 403
    assert not is_recent(browser)


def test_signing_out_and_in_again_is_no_way_round(provider: Provider, admin: User) -> None:
    """Whoever sits at an unlocked screen could have the provider wave the browser through."""
    browser = Client()
    provider.auth_time = int(time.time()) - 3600
    come_in(provider, browser, admin.email)
    assert is_signed_in(browser)
    assert not is_recent(browser)
    provider.auth_time = int(time.time()) + 3600
    come_in(provider, browser, admin.email)
    age_sign_in(browser, 700)
    assert not is_recent(browser), "a time ahead of ours counts as now"


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "account_set_password"])
def test_a_new_way_in_is_added_on_a_recent_sign_in_only(provider: Provider, admin: User, name: str) -> None:
    browser = Client()
    come_in(provider, browser, admin.email)
    assert browser.get(reverse(name)).status_code == 200
    age_sign_in(browser)
    for answer in (browser.get(reverse(name)), browser.post(reverse(name), {"code": "1"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("single_sign_on"))


def test_a_provider_that_is_down_is_told_in_words(provider: Provider) -> None:
    provider.is_broken = True
    browser = Client()
    answer = browser.get(link_of(browser))
    assert answer.status_code == 502
    assert "cannot be reached" in text_of(answer.content.decode())


def test_saying_no_at_the_provider_leads_back_in_words(provider: Provider) -> None:
    browser = Client()
    back = urlsplit(provider.consent(browser.get(link_of(browser))["Location"]))
    state = back.query.partition("state=")[2]
    answer = browser.get(f"{back.path}?error=access_denied&state={state}", follow=True)
    assert "cancelled at the provider" in text_of(answer.content.decode())


def test_the_sign_in_page_offers_it(provider: Provider) -> None:
    assert "Sign in with Contoso" in text_of(Client().get(reverse("account_login")).content.decode())


def test_without_setting_it_up_there_is_none() -> None:
    assert Client().get(reverse("single_sign_on")).status_code == 404
    assert "single-sign-on" not in Client().get(reverse("account_login")).content.decode()
