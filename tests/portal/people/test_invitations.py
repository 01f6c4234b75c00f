"""Invitations: used once, in time, by the link alone; what an admin sees of them."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from portal.audit.models import AuditEntry
from portal.people import invitations, service
from portal.people.models import Invitation, User
from portal.people.problems import PeopleProblem
from portal.people.roles import Role
from portal.people.scope import Held, scope_of
from portal.people.tokens import hash_of
from tests.portal.people.persons import PASSWORD, is_signed_in, is_verified, person, signed_in, text_of

pytestmark = pytest.mark.django_db
NEW = {"name": "Pradeep Gupta", "password": PASSWORD, "password_again": PASSWORD}
EMAIL = "pradeep@contoso.example"


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN, email="megan@contoso.example")


def invite(admin: User, role: Role = Role.SECURITY_READER) -> str:
    _, token = invitations.invite(admin, EMAIL, Held(role))
    return reverse("accept_invitation", args=[token])


def test_the_invited_person_comes_in_with_name_password_and_role(admin: User) -> None:
    link, browser = invite(admin), Client()
    assert EMAIL in text_of(browser.get(link).content.decode())
    answer = browser.post(link, NEW)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("mfa_index"))
    assert is_signed_in(browser)
    newcomer = User.objects.get(email=EMAIL)
    assert newcomer.name == "Pradeep Gupta"
    assert is_verified(newcomer)
    assert scope_of(newcomer).roles == {Role.SECURITY_READER}
    assert is_signed_in(signed_in(newcomer))


def test_an_invitation_works_once(admin: User) -> None:
    link = invite(admin)
    Client().post(link, NEW)
    late = Client()
    for answer in (late.get(link), late.post(link, NEW | {"name": "Mallory"})):
        assert answer.status_code == 410
        assert "used already" in text_of(answer.content.decode())
    assert User.objects.get(email=EMAIL).name == "Pradeep Gupta"
    assert not is_signed_in(late)


def test_looking_at_the_link_does_not_use_it_up(admin: User) -> None:
    link = invite(admin)
    Client().get(link)
    assert Client().get(link).status_code == 200


def test_an_invitation_expires_after_seven_days(admin: User) -> None:
    link = invite(admin)
    invitation = Invitation.objects.get()
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = Client().post(link, NEW)
    assert answer.status_code == 410
    assert "expired" in text_of(answer.content.decode())
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_wrong_link_opens_nothing(admin: User) -> None:
    invite(admin)
    answer = Client().post(reverse("accept_invitation", args=["x" * 43]), NEW)
    assert answer.status_code == 410
    assert "does not exist" in text_of(answer.content.decode())


def test_an_invitation_taken_back_is_not_good(admin: User) -> None:
    link = invite(admin)
    invitations.revoke(admin, Invitation.objects.get())
    assert "taken back" in text_of(Client().get(link).content.decode())
    with pytest.raises(PeopleProblem):
        invitations.revoke(admin, Invitation.objects.get())


def test_a_second_invitation_replaces_the_first(admin: User) -> None:
    first, second = invite(admin), invite(admin)
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_only_the_hash_of_the_link_is_stored(admin: User) -> None:
    invitation, token = invitations.invite(admin, EMAIL, Held(Role.SECURITY_READER))
    assert invitation.token_hash == hash_of(token)
    stored = [str(value) for row in Invitation.objects.values() for value in row.values()]
    stored += [str(value) for row in AuditEntry.objects.values() for value in row.values()]
    assert not any(token in value for value in stored)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "short-1", "password_again": "short-1"}, "too short"),
        ({"password": "password1234", "password_again": "password1234"}, "too common"),
        ({"password_again": "something else entirely"}, "differ"),
        ({"name": ""}, "Write your name"),
    ],
)
def test_what_is_not_good_enough_is_said_under_the_field(admin: User, typed: dict[str, str], words: str) -> None:
    link = invite(admin)
    answer = Client().post(link, NEW | typed)
    assert answer.status_code == 422
    assert words in text_of(answer.content.decode())
    assert Client().get(link).status_code == 200


def test_somebody_who_is_here_is_not_invited_again(admin: User) -> None:
    adele = person()
    with pytest.raises(PeopleProblem, match="is here already"):
        invitations.invite(admin, adele.email.upper(), Held(Role.SECURITY_READER))


def test_a_removed_person_comes_back_by_a_new_invitation(admin: User) -> None:
    adele = person(Role.SECURITY_ADMIN)
    service.remove(admin, adele)
    _, token = invitations.invite(admin, adele.email, Held(Role.SECURITY_READER))
    again = invitations.accept(token, "Adele", "another-horse-battery")
    assert again.pk == adele.pk
    assert scope_of(again).roles == {Role.SECURITY_READER}
    assert is_signed_in(signed_in(again, "another-horse-battery"))


def test_a_security_admin_invites_no_global_admin() -> None:
    alex = person(Role.SECURITY_ADMIN)
    with pytest.raises(PermissionDenied):
        invitations.invite(alex, EMAIL, Held(Role.GLOBAL_ADMIN))
    choices = signed_in(alex).get(reverse("people_invite")).content.decode()
    assert 'value="security_reader"' in choices
    assert 'value="global_admin"' not in choices


@pytest.mark.parametrize("role", [Role.COMPLIANCE_ADMIN, Role.SECURITY_READER, Role.SUPPORT])
def test_others_invite_nobody(role: Role) -> None:
    someone = person(role)
    with pytest.raises(PermissionDenied):
        invitations.invite(someone, EMAIL, Held(Role.SECURITY_READER))
    assert signed_in(someone).get(reverse("people_invite")).status_code == 403


def test_the_page_shows_the_link_once_to_hand_over(admin: User, settings: Settings) -> None:
    browser = signed_in(admin)
    answer = browser.post(reverse("people_invite"), {"email": EMAIL, "role": "app_admin", "place": "app:github"})
    page = answer.content.decode()
    link = re.search(r"http://localhost:8800(/invitation/[\w-]+/)", page)
    assert link is not None
    assert Client().get(link[1]).status_code == 200
    held = Invitation.objects.get()
    assert (held.role, held.app_id, held.is_full) == ("app_admin", "github", False)
    assert link[1] not in browser.get(reverse("people_list")).content.decode()
    assert mail.outbox == []


def test_the_link_is_mailed_too_where_mail_is_set_up(admin: User, settings: Settings) -> None:
    settings.IS_MAIL_CONFIGURED = True
    page = signed_in(admin).post(reverse("people_invite"), {"email": EMAIL, "role": "security_reader"})
    assert [message.to for message in mail.outbox if "/invitation/" in message.body] == [[EMAIL]]
    assert f"mailed to {EMAIL}" in text_of(page.content.decode())


def test_a_mail_server_that_refuses_leaves_the_link_on_the_page(admin: User, settings: Settings) -> None:
    settings.IS_MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = signed_in(admin).post(reverse("people_invite"), {"email": EMAIL, "role": "security_reader"})
    words = text_of(page.content.decode())
    assert "did not take the mail" in words
    assert "/invitation/" in words


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "nobody", "role": "security_reader"},
        {"email": EMAIL},
        {"email": EMAIL, "role": "emperor"},
        {"email": EMAIL, "role": "app_admin"},
        {"email": EMAIL, "role": "app_admin", "place": "instance:999"},
        {"email": EMAIL, "role": "security_reader", "place": "app:github"},
        {"email": EMAIL, "role": "security_reader", "is_full": "on"},
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(admin: User, typed: dict[str, str]) -> None:
    assert signed_in(admin).post(reverse("people_invite"), typed).status_code == 422
    assert not Invitation.objects.exists()


def test_the_trail_tells_of_inviting_and_accepting(admin: User) -> None:
    link = invite(admin)
    Client(REMOTE_ADDR="203.0.113.7").post(link, NEW)
    invited, accepted = (AuditEntry.objects.get(verb=f"people.{verb}") for verb in ("invited", "invitation_accepted"))
    assert (invited.actor_email, invited.object_label) == (admin.email, EMAIL)
    assert (accepted.actor_email, accepted.ip_address, accepted.source) == (EMAIL, "203.0.113.7", "web")


def test_an_invitation_ends_with_who_made_it(admin: User) -> None:
    alex = person(Role.SECURITY_ADMIN, email="alex@contoso.example")
    invitation, token = invitations.invite(alex, "backdoor@evil.example", Held(Role.SECURITY_ADMIN))
    service.remove(admin, alex)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None
    taken_back = AuditEntry.objects.get(verb="people.invitation_revoked")
    assert (taken_back.actor_email, taken_back.object_label) == (admin.email, "backdoor@evil.example")
    assert Client().post(reverse("accept_invitation", args=[token]), NEW).status_code == 410
    assert not User.objects.filter(email="backdoor@evil.example").exists()


def test_who_may_no_longer_give_the_role_no_longer_invites_to_it(admin: User) -> None:
    alex = person(Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN, email="alex@contoso.example")
    lost, _ = invitations.invite(alex, EMAIL, Held(Role.GLOBAL_ADMIN))
    kept, _ = invitations.invite(alex, "lidia@contoso.example", Held(Role.SECURITY_READER))
    service.take_role(admin, alex.role_assignments.get(role=Role.GLOBAL_ADMIN))
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert lost.revoked_at is not None
    assert kept.revoked_at is None


def test_the_right_to_invite_is_looked_at_again_when_the_link_is_used(admin: User) -> None:
    alex = person(Role.SECURITY_ADMIN, email="alex@contoso.example")
    _, token = invitations.invite(alex, EMAIL, Held(Role.SECURITY_ADMIN))
    alex.role_assignments.all().delete()
    for browse in (Client().get, Client().post):
        answer = browse(reverse("accept_invitation", args=[token]), NEW)
        assert answer.status_code == 410
        assert "may no longer do so" in text_of(answer.content.decode())
    assert invitations.pending_for([EMAIL]) is None
    assert not User.objects.filter(email=EMAIL).exists()


def test_making_a_global_admin_ends_the_invitations_of_the_address(admin: User) -> None:
    alex = person(Role.SECURITY_ADMIN, email="alex@contoso.example")
    invitation, token = invitations.invite(alex, EMAIL, Held(Role.SECURITY_READER))
    boss = service.make_global_admin(EMAIL, "Boss", PASSWORD)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None
    assert Client().post(reverse("accept_invitation", args=[token]), NEW).status_code == 410
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_an_invitation_never_changes_somebody_who_is_here(admin: User) -> None:
    _, token = invitations.invite(admin, EMAIL, Held(Role.SECURITY_READER))
    boss = service.make_person(EMAIL, "Boss", PASSWORD)
    other = {"password": "attacker-password-9", "password_again": "attacker-password-9"}
    answer = Client().post(reverse("accept_invitation", args=[token]), NEW | other)
    assert answer.status_code == 410
    assert "is here already" in text_of(answer.content.decode())
    boss.refresh_from_db()
    assert (boss.name, boss.check_password(PASSWORD)) == ("Boss", True)
    assert not boss.role_assignments.exists()
    assert invitations.pending_for([EMAIL]) is None


def test_inviting_again_takes_back_only_what_the_inviter_may_take_back(admin: User) -> None:
    alex = person(Role.SECURITY_ADMIN, email="alex@contoso.example")
    invitation, _ = invitations.invite(admin, EMAIL, Held(Role.GLOBAL_ADMIN))
    with pytest.raises(PermissionDenied):
        invitations.invite(alex, EMAIL, Held(Role.SECURITY_READER))
    invitation.refresh_from_db()
    assert invitation.revoked_at is None
    invitations.invite(admin, EMAIL, Held(Role.SECURITY_READER))
    taken_back = AuditEntry.objects.get(verb="people.invitation_revoked")
    assert (taken_back.object_id, taken_back.after) == (str(invitation.pk), {"role": "Global Admin"})
