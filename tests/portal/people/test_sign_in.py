"""Signing in, second factors, sessions, passwords: through the pages, as a browser does it."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from portal.audit.models import AuditEntry
from portal.people.models import User
from portal.people.roles import Role
from portal.vault.seal import VaultError, open_text
from tests.portal.people.factors import key_shown, switch_on_totp
from tests.portal.people.persons import PASSWORD, age_sign_in, code_of, is_signed_in, person, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def adele() -> User:
    return person(Role.SECURITY_READER)


def sign_in(user: User, **more: str) -> tuple[Client, int, str]:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, **more})
    return browser, answer.status_code, answer.headers.get("Location", "")


def test_the_address_is_taken_in_any_case(adele: User) -> None:
    browser = Client()
    browser.post(reverse("account_login"), {"login": adele.email.upper(), "password": PASSWORD})
    assert is_signed_in(browser)


def test_a_page_asked_for_before_signing_in_opens_after_it(adele: User) -> None:
    wanted = reverse("profile")
    answer = Client().get(wanted)
    assert answer["Location"] == f"{reverse('account_login')}?next={wanted}"
    _, _, location = sign_in(adele, next=wanted)
    assert location == wanted


def test_nobody_is_led_to_another_site_after_signing_in(adele: User) -> None:
    assert sign_in(adele, next="https://evil.example/")[2] == "/"


def test_a_wrong_password_is_said_and_is_in_the_trail(adele: User) -> None:
    browser = Client(REMOTE_ADDR="203.0.113.9")
    answer = browser.post(reverse("account_login"), {"login": adele.email, "password": "wrong"})
    assert "not correct" in text_of(answer.content.decode())
    entry = AuditEntry.objects.get(verb="sign_in.failed")
    assert (entry.object_label, entry.ip_address, entry.actor_id) == (adele.email, "203.0.113.9", None)
    assert "wrong" not in str(AuditEntry.objects.values())


def test_guessing_is_slowed_down_and_the_limit_lies_in_the_shared_cache(adele: User) -> None:
    for _ in range(6):
        answer = Client().post(reverse("account_login"), {"login": adele.email, "password": "wrong"})
    assert "Too many failed" in text_of(answer.content.decode())
    assert "Too many failed" in text_of(
        Client().post(reverse("account_login"), {"login": adele.email, "password": PASSWORD}).content.decode()
    )
    assert isinstance(caches["default"], DatabaseCache)


def test_sign_in_and_sign_out_are_in_the_trail(adele: User) -> None:
    browser = signed_in(adele)
    browser.post(reverse("account_logout"))
    assert not is_signed_in(browser)
    done, ended = (AuditEntry.objects.get(verb=f"sign_in.{verb}") for verb in ("done", "ended"))
    assert done.after == {"by": ["password"]}
    assert done.actor_email == ended.actor_email == adele.email


def test_sign_out_takes_a_form_not_a_link(adele: User) -> None:
    browser = signed_in(adele)
    browser.get(reverse("account_logout"))
    assert is_signed_in(browser)


@pytest.mark.parametrize("name", ["account_signup", "socialaccount_signup"])
def test_sign_up_is_closed(name: str) -> None:
    typed = {"email": "mallory@evil.example", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (Client().get(reverse(name)), Client().post(reverse(name), typed)):
        assert answer.status_code in (200, 302)
        assert "password1" not in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)  # allauth tells of a new factor after the commit
def test_totp_is_asked_for_after_it_was_switched_on(adele: User) -> None:
    key, _ = switch_on_totp(signed_in(adele))
    browser, status, location = sign_in(adele)
    assert (status, location) == (302, reverse("mfa_authenticate"))
    assert not is_signed_in(browser)
    wrong = browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Incorrect code" in text_of(wrong.content.decode())
    assert not is_signed_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": code_of(key)})
    assert is_signed_in(browser)
    assert AuditEntry.objects.filter(verb="mfa.added", actor_email=adele.email).count() == 2
    assert AuditEntry.objects.filter(verb="sign_in.second_factor_failed", object_label=adele.email).exists()
    latest = AuditEntry.objects.filter(verb="sign_in.done").last()
    assert latest is not None
    assert latest.after == {"by": ["password", "totp"]}


def test_a_passkey_is_not_asked_for_from_who_has_none(adele: User) -> None:
    switch_on_totp(signed_in(adele))
    browser, _, _ = sign_in(adele)
    page = browser.get(reverse("mfa_authenticate"))
    assert "Enter the code of your authenticator app" in text_of(page.content.decode())
    assert "passkey" not in page.content.decode()


def test_a_code_signs_in_once(adele: User) -> None:
    key, _ = switch_on_totp(signed_in(adele))
    code = code_of(key)
    for expected in (True, False):
        browser, _, _ = sign_in(adele)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(browser) is expected


def test_a_recovery_code_signs_in_once(adele: User) -> None:
    _, codes = switch_on_totp(signed_in(adele))
    assert len(codes) == 10
    for expected in (True, False):
        browser, _, _ = sign_in(adele)
        browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_signed_in(browser) is expected


def test_keys_and_seeds_of_second_factors_lie_sealed_in_the_database(adele: User) -> None:
    key, _ = switch_on_totp(signed_in(adele))
    stored = {each.type: each.data for each in Authenticator.objects.all()}
    assert key not in str(stored)
    assert open_text(stored["totp"]["secret"], bound_to="mfa") == key
    assert len(open_text(stored["recovery_codes"]["seed"], bound_to="mfa")) >= 32
    with pytest.raises(VaultError):
        open_text(stored["totp"]["secret"], bound_to="instances.Connection/1")


def test_a_key_that_waits_for_its_first_code_lies_sealed_and_bound_to_its_person(adele: User) -> None:
    browser = signed_in(adele)
    key = key_shown(browser.get(reverse("mfa_activate_totp")))
    assert key not in str(dict(browser.session))
    assert open_text(browser.session["mfa.totp.secret"], bound_to=f"people.User/{adele.pk}/totp_set_up") == key
    assert key_shown(browser.post(reverse("mfa_activate_totp"), {"code": "wrong"})) == key


def test_somebody_else_s_waiting_key_is_not_taken(adele: User) -> None:
    """Who can write to the database would otherwise know the key of the next person who sets up an app."""
    known, other = signed_in(person(email="megan@contoso.example")), signed_in(adele)
    key = key_shown(known.get(reverse("mfa_activate_totp")))
    session = other.session
    session["mfa.totp.secret"] = known.session["mfa.totp.secret"]
    session.save()
    answer = other.post(reverse("mfa_activate_totp"), {"code": code_of(key)})
    assert key_shown(answer) != key
    assert not Authenticator.objects.exists()


def test_switching_a_factor_off_is_in_the_trail(adele: User) -> None:
    browser = signed_in(adele)
    switch_on_totp(browser)
    browser.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.filter(verb="mfa.removed").exists()


def test_the_page_for_a_passkey_opens_and_asks_for_this_host(adele: User) -> None:
    page = signed_in(adele).get(reverse("mfa_add_webauthn")).content.decode()
    assert '"rp": {"name": "Gatehouse", "id": "testserver"}' in page or '"name": "Gatehouse"' in page
    assert "mfa/js/webauthn.js" in page


def test_second_factors_are_not_changed_on_an_old_sign_in(adele: User) -> None:
    browser = signed_in(adele)
    age_sign_in(browser)
    answer = browser.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    browser.post(answer["Location"], {"password": PASSWORD})
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_changed_password_ends_the_other_sessions(adele: User) -> None:
    here, elsewhere = signed_in(adele), signed_in(adele)
    new = "another-horse-battery"
    answer = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302, text_of(answer.content.decode())
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert AuditEntry.objects.filter(verb="password.changed", actor_email=adele.email).exists()
    assert new not in str(AuditEntry.objects.values())


def test_the_sessions_page_signs_out_everywhere_else(adele: User) -> None:
    here, elsewhere = signed_in(adele), signed_in(adele)
    assert "Sign out everywhere else" in text_of(here.get(reverse("usersessions_list")).content.decode())
    here.post(reverse("usersessions_list"))
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1", "Safari on iPhone"),
        ("<b>curl</b>", "<b>curl</b>"),
        ("", "Unknown"),
    ],
)
def test_the_sessions_page_names_the_browser(adele: User, user_agent: str, words: str) -> None:
    browser = signed_in(adele, user_agent=user_agent)
    page = browser.get(reverse("usersessions_list"))
    assert f">{escape(words)}</span>" in page.content.decode()


def test_nobody_changes_the_own_address(adele: User) -> None:
    browser = signed_in(adele)
    browser.post(reverse("account_email"), {"action_add": "", "email": "global@contoso.example"})
    browser.post(reverse("account_email"), {"action_remove": "", "email": adele.email})
    adele.refresh_from_db()
    assert adele.email == "adele@contoso.example"
    assert EmailAddress.objects.filter(user=adele).count() == 1


def test_a_forgotten_password_without_mail_leads_to_an_admin_not_into_silence() -> None:
    words = text_of(Client().get(reverse("account_reset_password")).content.decode())
    assert "sends no mail" in words
    assert "invite you again" in words


def test_asking_for_an_unknown_address_mails_nobody() -> None:
    Client().post(reverse("account_reset_password"), {"email": "stranger@evil.example"})
    assert mail.outbox == []


def test_a_forgotten_password_is_set_anew_by_the_mailed_link(adele: User) -> None:
    browser, new = Client(), "another-horse-battery"
    browser.post(reverse("account_reset_password"), {"email": adele.email})
    link = re.search(rf"{settings.PUBLIC_URL}(/auth/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = browser.get(link[1], follow=True)
    browser.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert is_signed_in(signed_in(adele, new))
    assert AuditEntry.objects.filter(verb="password.reset").exists()
