"""The pages about people and roles: who opens them, what they change."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.people import invitations, queries
from portal.people.models import Invitation, User
from portal.people.roles import Role
from portal.people.scope import Held, scope_of
from tests.portal.people.persons import age_sign_in, person, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN, email="megan@contoso.example")


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def say(browser: Client, name: str, *args: int) -> str:
    return text_of(browser.get(reverse(name, args=args)).content.decode())


def test_the_list_names_roles_and_missing_second_factors(browser: Client) -> None:
    person(Role.APP_ADMIN, email="lee@contoso.example", app_id="github", is_full=True)
    words = say(browser, "people_list")
    assert "lee@contoso.example App admin, full control (GitHub) Off" in words


def test_a_role_for_an_instance_that_is_gone_is_still_named(browser: Client) -> None:
    person(Role.APP_ADMIN, email="lee@contoso.example", instance_id=99)
    assert "a connected app that is gone" in say(browser, "people_list")


def test_the_list_is_paged_and_searched(browser: Client) -> None:
    User.objects.bulk_create([User(email=f"p{number:03}@contoso.example") for number in range(queries.PAGE + 5)])
    page = browser.get(reverse("people_list")).content.decode()
    assert "p048@contoso.example" in page
    assert "p049@contoso.example" not in page
    following = browser.get(reverse("people_list"), {"after": "p048@contoso.example"}).content.decode()
    assert "p049@contoso.example" in following
    assert "p048@contoso.example<" not in following
    found = browser.get(reverse("people_list"), {"q": "P012"}).content.decode()
    assert ("p012@contoso.example" in found, "p013@contoso.example" in found) == (True, False)


def test_the_number_of_queries_does_not_grow_with_the_people(admin: User, browser: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("people_list"))
        return len(captured)

    few = count()
    for number in range(20):
        person(Role.SECURITY_READER, email=f"p{number}@contoso.example")
        invitations.invite(admin, f"i{number}@contoso.example", Held(Role.SECURITY_READER))
    assert count() == few


@pytest.mark.parametrize("role", [Role.COMPLIANCE_ADMIN, Role.SECURITY_OPERATOR, Role.SECURITY_READER, Role.SUPPORT])
def test_others_do_not_open_the_pages(role: Role) -> None:
    someone = person(role)
    browser = signed_in(someone)
    for name, args in (("people_list", []), ("person_detail", [someone.pk]), ("person_remove", [someone.pk])):
        assert browser.get(reverse(name, args=args)).status_code == 403
    typed = {"role": Role.GLOBAL_ADMIN.value}
    assert browser.post(reverse("person_give_role", args=[someone.pk]), typed).status_code == 403
    assert scope_of(someone).roles == {role}


def test_a_role_is_given_and_taken_on_the_page(browser: Client) -> None:
    lee = person(email="lee@contoso.example")
    browser.post(reverse("person_give_role", args=[lee.pk]), {"role": "security_operator"})
    assert scope_of(lee).roles == {Role.SECURITY_OPERATOR}
    assignment = lee.role_assignments.get()
    assert "Security Operator Every app" in say(browser, "person_detail", lee.pk)
    browser.post(reverse("person_take_role", args=[lee.pk, assignment.pk]))
    assert scope_of(lee).roles == set()


def test_a_forged_choice_of_a_role_that_is_not_offered_is_refused() -> None:
    alex, lee = person(Role.SECURITY_ADMIN), person(email="lee@contoso.example")
    answer = signed_in(alex).post(reverse("person_give_role", args=[lee.pk]), {"role": "global_admin"})
    assert answer.status_code == 422
    assert scope_of(lee).roles == set()


def test_the_last_global_admin_is_told_why_the_role_stays(admin: User, browser: Client) -> None:
    address = reverse("person_take_role", args=[admin.pk, admin.role_assignments.get().pk])
    assert "last Global Admin" in text_of(browser.post(address, follow=True).content.decode())
    assert scope_of(admin).roles == {Role.GLOBAL_ADMIN}


def test_a_role_of_somebody_else_is_not_taken_through_this_person_s_page(admin: User, browser: Client) -> None:
    lee = person(Role.SECURITY_READER, email="lee@contoso.example")
    browser.post(reverse("person_take_role", args=[admin.pk, lee.role_assignments.get().pk]))
    assert scope_of(lee).roles == {Role.SECURITY_READER}


def test_a_security_admin_sees_a_global_admin_without_buttons(admin: User) -> None:
    words = say(signed_in(person(Role.SECURITY_ADMIN)), "person_detail", admin.pk)
    assert "Only a Global Admin can change a Global Admin" in words
    assert "Take away" not in words
    assert "Remove from the portal" not in words


def test_removing_says_first_what_it_means(browser: Client) -> None:
    lee = person(Role.SECURITY_READER, email="lee@contoso.example")
    assert "cannot sign in any more" in say(browser, "person_remove", lee.pk)
    lee.refresh_from_db()
    assert lee.is_active
    browser.post(reverse("person_remove", args=[lee.pk]))
    lee.refresh_from_db()
    assert not lee.is_active
    assert browser.get(reverse("person_detail", args=[lee.pk])).status_code == 404


def test_every_change_asks_for_a_recent_sign_in(admin: User, browser: Client) -> None:
    lee = person(Role.SECURITY_READER, email="lee@contoso.example")
    invitations.invite(admin, "new@contoso.example", Held(Role.SECURITY_READER))
    age_sign_in(browser)
    for name, args in (
        ("person_give_role", [lee.pk]),
        ("person_take_role", [lee.pk, lee.role_assignments.get().pk]),
        ("person_remove", [lee.pk]),
        ("person_reset_mfa", [lee.pk]),
        ("people_invite", []),
        ("invitation_revoke", [Invitation.objects.get().pk]),
    ):
        answer = browser.post(reverse(name, args=args), {"role": "global_admin", "email": "x@contoso.example"})
        assert answer["Location"].startswith(reverse("account_reauthenticate")), name
    lee.refresh_from_db()
    assert lee.is_active
    assert scope_of(lee).roles == {Role.SECURITY_READER}
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_people_are_downloaded_as_the_list_is_narrowed(browser: Client) -> None:
    person(Role.SECURITY_READER, email="lee@contoso.example")
    person(Role.APP_ADMIN, email="mia@contoso.example", app_id="github")
    page = browser.get(reverse("people_list"), {"q": "mia"}).content.decode()
    assert f'href="{reverse("people_export")}?q=mia"' in page
    answer = browser.get(reverse("people_export"), {"q": "mia"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Name,E-mail,Roles,Second factor,Last sign-in"
    assert [line.split(",")[1:4] for line in lines[1:]] == [["mia@contoso.example", "App admin (GitHub)", "no"]]


def test_an_open_invitation_is_taken_back_on_the_page(admin: User, browser: Client) -> None:
    invitation, _ = invitations.invite(admin, "new@contoso.example", Held(Role.SECURITY_READER))
    assert "new@contoso.example Security Reader" in say(browser, "people_list")
    browser.post(reverse("invitation_revoke", args=[invitation.pk]))
    assert "new@contoso.example Security Reader" not in say(browser, "people_list")


def test_everybody_changes_the_own_name_and_time_zone() -> None:
    lee = person(email="lee@contoso.example")
    browser = signed_in(lee)
    browser.post(reverse("profile"), {"name": "Lee Gu", "time_zone": "Europe/Berlin", "email": "other@contoso.example"})
    lee.refresh_from_db()
    assert (lee.name, lee.time_zone, lee.email) == ("Lee Gu", "Europe/Berlin", "lee@contoso.example")
    assert browser.post(reverse("profile"), {"name": "Lee", "time_zone": "Mars/Base"}).status_code == 422


def test_hostile_names_come_out_escaped(browser: Client) -> None:
    lee = person(Role.SECURITY_READER, email="lee@contoso.example")
    User.objects.filter(pk=lee.pk).update(name="<script>alert(1)</script>")
    for name, args in (("people_list", []), ("person_detail", [lee.pk]), ("person_remove", [lee.pk])):
        assert "<script>alert" not in browser.get(reverse(name, args=args)).content.decode()
