"""Sensitive verbs ask for a recent sign-in, and keep nothing readable of what was typed."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from portal.people.models import Invitation
from portal.people.roles import Role
from tests.portal.people.persons import PASSWORD, age_sign_in, person, signed_in, text_of

pytestmark = pytest.mark.django_db
FORM = {"email": "pradeep@contoso.example", "role": "security_reader", "name": "typed-and-secret"}


@pytest.fixture
def browser() -> Client:
    client = signed_in(person(Role.GLOBAL_ADMIN))
    age_sign_in(client)
    return client


def test_a_sign_in_of_a_moment_ago_is_recent() -> None:
    assert signed_in(person(Role.GLOBAL_ADMIN)).get(reverse("people_invite")).status_code == 200


def test_after_ten_minutes_the_page_asks_again_and_comes_back(browser: Client) -> None:
    answer = browser.get(reverse("people_invite"))
    assert answer["Location"] == f"{reverse('account_reauthenticate')}?next=%2Fsettings%2Fpeople%2Finvite%2F"
    back = browser.post(answer["Location"], {"password": PASSWORD, "next": reverse("people_invite")})
    assert back["Location"] == reverse("people_invite")
    assert browser.get(reverse("people_invite")).status_code == 200


def test_a_wrong_password_does_not_prove_anything(browser: Client) -> None:
    answer = browser.get(reverse("people_invite"))
    assert "Incorrect password" in text_of(browser.post(answer["Location"], {"password": "wrong"}).content.decode())
    assert browser.get(reverse("people_invite")).status_code == 302


def test_a_form_sent_too_late_does_nothing_and_leaves_nothing_readable(browser: Client) -> None:
    page = reverse("people_invite")
    answer = browser.post(page, FORM, headers={"Referer": f"http://testserver{page}"})
    assert answer.status_code == 302
    assert not Invitation.objects.exists()
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert "typed-and-secret" not in str(kept)
    back = browser.post(answer["Location"], {"password": PASSWORD, "next": f"http://testserver{page}"}, follow=True)
    assert "send it once more" in text_of(back.content.decode())
    assert not Invitation.objects.exists()


def test_the_way_back_never_leads_to_another_site(browser: Client) -> None:
    answer = browser.post(reverse("people_invite"), FORM, headers={"Referer": "https://evil.example/"})
    assert answer["Location"].endswith("?next=%2F")


def test_htmx_opens_the_question_as_a_whole_page(browser: Client) -> None:
    here = "http://testserver/settings/people/"
    answer = browser.post(reverse("people_invite"), FORM, headers={"HX-Request": "true", "HX-Current-URL": here})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(f"{reverse('account_reauthenticate')}?next=http%3A%2F%2Ftestserver")
