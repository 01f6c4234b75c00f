"""Links in mails lead to the public address of the settings, whatever host a request names."""

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from portal.people.models import User
from portal.people.roles import Role
from portal.preferences import preferences
from tests.portal.people.persons import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

PUBLIC = "https://gatehouse.contoso.example"
HOST = "elsewhere.example:4433"
ADDRESSES = re.compile(r"https?://[^/\s]+")


@pytest.fixture(autouse=True)
def other_host(settings: Settings) -> None:
    """A second name under which the portal answers, as behind a careless proxy."""
    settings.ALLOWED_HOSTS = ["gatehouse.contoso.example", "elsewhere.example", "testserver"]
    settings.IS_MAIL_CONFIGURED = True
    cache.clear()
    preferences.keep({"public_url": PUBLIC})


@pytest.fixture
def adele() -> User:
    return person(Role.GLOBAL_ADMIN)


def body_of_the_mail() -> str:
    body = str(mail.outbox[-1].body)
    assert "elsewhere.example" not in body + str(mail.outbox[-1].subject)
    return body


def test_a_password_is_reset_at_the_public_address(adele: User) -> None:
    Client().post(reverse("account_reset_password"), {"email": adele.email}, headers={"Host": HOST})
    assert re.search(rf"{PUBLIC}/auth/password/reset/key/\S+-\S+/", body_of_the_mail())
    assert set(ADDRESSES.findall(body_of_the_mail())) == {PUBLIC}


def test_an_address_is_confirmed_at_the_public_address(adele: User) -> None:
    request = RequestFactory().get("/", headers={"Host": HOST})
    with context.request_context(request):
        EmailAddress.objects.get(user=adele).send_confirmation(request)
    assert re.search(rf"{PUBLIC}/auth/confirm-email/\S+/", body_of_the_mail())


def test_an_invitation_leads_to_the_public_address(adele: User) -> None:
    form = {"email": "pradeep@contoso.example", "role": "security_reader"}
    signed_in(adele).post(reverse("people_invite"), form, headers={"Host": HOST})
    assert re.search(rf"{PUBLIC}/invitation/\S+/", body_of_the_mail())
    assert set(ADDRESSES.findall(body_of_the_mail())) == {PUBLIC}


def test_a_notice_of_a_changed_password_names_the_public_address_alone(adele: User) -> None:
    new = "another-horse-battery"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    signed_in(adele).post(reverse("account_change_password"), form, headers={"Host": HOST})
    assert set(ADDRESSES.findall(body_of_the_mail())) == {PUBLIC}


def test_a_query_of_a_link_is_kept_and_other_words_are_left_alone() -> None:
    request = RequestFactory().get("/", headers={"Host": HOST})
    words = {"signup_url": f"http://{HOST}/auth/signup/?a=b", "password_reset_url": f"http://{HOST}/x/"}
    with context.request_context(request):
        get_adapter().send_mail("account/email/unknown_account", "lee@contoso.example", words)
    assert f"{PUBLIC}/auth/signup/?a=b" in body_of_the_mail()


def test_guesses_are_counted_whatever_host_they_name(adele: User) -> None:
    for port in range(8001, 8007):
        typed = {"login": adele.email, "password": "wrong"}
        answer = Client().post(reverse("account_login"), typed, headers={"Host": f"testserver:{port}"})
    assert "Too many failed" in answer.content.decode()
