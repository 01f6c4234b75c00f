"""How the first Global Admin comes in, and the commands of those who run the server."""

import io
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from portal.audit.models import AuditEntry
from portal.people.models import Invitation, SetupLink, User
from portal.people.roles import Role
from portal.people.scope import scope_of
from tests.portal.people.persons import PASSWORD, is_signed_in, person, signed_in, text_of

pytestmark = pytest.mark.django_db
FIRST = {"email": "Megan@Contoso.example", "name": "Megan Bowen", "password": PASSWORD, "password_again": PASSWORD}


def run(*words: str, typed: str = "") -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(typed))
        call_command(*words, stdout=out)
    return out.getvalue()


def setup_link() -> str:
    found = re.search(r"http://localhost:8800(/set-up/[\w-]+/)", run("setup_link"))
    assert found is not None
    return found[1]


def test_the_link_makes_a_global_admin_and_signs_in() -> None:
    link, browser = setup_link(), Client()
    assert browser.get(link).status_code == 200
    answer = browser.post(link, FIRST)
    assert answer["Location"].startswith(reverse("mfa_index"))
    assert is_signed_in(browser)
    megan = User.objects.get(email="megan@contoso.example")
    assert scope_of(megan).roles == {Role.GLOBAL_ADMIN}
    assert AuditEntry.objects.filter(verb="people.first_admin", actor_email=megan.email).exists()


def test_the_link_works_once() -> None:
    link = setup_link()
    Client().post(link, FIRST)
    answer = Client().post(link, FIRST | {"email": "mallory@evil.example"})
    assert answer.status_code == 410
    assert User.objects.count() == 1


def test_a_new_link_replaces_the_old_one() -> None:
    old, new = setup_link(), setup_link()
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200
    assert SetupLink.objects.count() == 1


def test_the_link_is_good_for_a_day_and_says_until_when() -> None:
    words = run("setup_link")
    expires_at = SetupLink.objects.get().expires_at
    assert timedelta(hours=23, minutes=59) < expires_at - timezone.now() <= timedelta(hours=24)
    assert f"{expires_at:%Y-%m-%d %H:%M} UTC" in words
    SetupLink.objects.update(expires_at=timezone.now())
    answer = Client().get(re.findall(r"/set-up/\S+", words)[0])
    assert answer.status_code == 410
    assert "manage.py setup_link" in text_of(answer.content.decode())


def test_pages_name_commands_as_they_are_run_at_this_installation(settings: Settings) -> None:
    settings.MANAGE_COMMAND = "python3 run.py demo manage"
    answer = text_of(Client().get("/set-up/nonsense/").content.decode())
    assert "Run `python3 run.py demo manage setup_link` on the server" in answer
    reset = Client().get(reverse("account_reset_password"))
    assert "python3 run.py demo manage create_global_admin" in text_of(reset.content.decode())


def test_the_command_says_plainly_that_a_global_admin_exists() -> None:
    person(Role.GLOBAL_ADMIN)
    words = run("setup_link")
    assert "exists already" in words
    assert "http" not in words
    assert not SetupLink.objects.exists()


def test_a_link_made_before_is_dead_once_there_is_a_global_admin() -> None:
    link = setup_link()
    person(Role.GLOBAL_ADMIN)
    assert Client().post(link, FIRST).status_code == 410


def test_the_first_admin_s_address_has_no_invitation_left() -> None:
    link = setup_link()
    invitation = Invitation.objects.create(
        email="megan@contoso.example", role=Role.SECURITY_READER, token_hash="0" * 64,
        expires_at=timezone.now() + timedelta(days=1),
    )
    Client().post(link, FIRST)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_create_global_admin_works_without_a_browser() -> None:
    run("create_global_admin", "--email", "Megan@contoso.example", "--password-stdin", typed=PASSWORD + "\n")
    megan = User.objects.get(email="megan@contoso.example")
    assert scope_of(megan).roles == {Role.GLOBAL_ADMIN}
    assert is_signed_in(signed_in(megan))
    entry = AuditEntry.objects.get(verb="people.role_given")
    assert (entry.source, entry.actor_email) == ("command", "")


def test_create_global_admin_is_the_way_back_in() -> None:
    adele = person(Role.SECURITY_READER)
    run("create_global_admin", "--email", adele.email, "--password-stdin", typed="another-horse-battery\n")
    assert scope_of(adele).roles == {Role.SECURITY_READER, Role.GLOBAL_ADMIN}
    assert is_signed_in(signed_in(adele, "another-horse-battery"))


@pytest.mark.parametrize(
    ("email", "typed", "words"),
    [
        ("megan@contoso.example", "short\n", "too short"),
        ("not an address", PASSWORD + "\n", "valid email"),
    ],
)
def test_create_global_admin_refuses_what_the_pages_refuse(email: str, typed: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("create_global_admin", "--email", email, "--password-stdin", typed=typed)
    assert not User.objects.exists()


def test_create_global_admin_does_not_wait_for_a_terminal_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="--password-stdin"):
        run("create_global_admin", "--email", "megan@contoso.example")


def test_reset_mfa_removes_the_factors_and_ends_sessions() -> None:
    adele = person(Role.SECURITY_READER)
    browser = signed_in(adele)
    Authenticator.objects.create(user=adele, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    assert "were removed" in run("reset_mfa", "--email", adele.email.upper())
    assert not Authenticator.objects.exists()
    assert not is_signed_in(browser)
    assert AuditEntry.objects.get(verb="mfa.reset").source == "command"


def test_reset_mfa_says_when_nobody_has_the_address() -> None:
    with pytest.raises(CommandError, match="Nobody here"):
        run("reset_mfa", "--email", "nobody@contoso.example")
