"""How the first Global Admin comes in: by a one-time link that the command line prints."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.audit import trail
from portal.people import open_invitations
from portal.people.models import RoleAssignment, SetupLink, User
from portal.people.problems import PeopleProblem
from portal.people.roles import Role
from portal.people.scope import Held
from portal.people.service import assign, make_person, person_by_email
from portal.people.tokens import hash_of, new_token

GOOD_FOR = timedelta(hours=24)
NOT_GOOD = (
    "This set-up link is not good: it was used, has expired after 24 hours, or a newer one was made. "
    "Run `{manage} setup_link` on the server for a new one."
)
EXISTS = (
    "A Global Admin exists already, so there is no set-up link. Sign in, or ask a Global Admin for an invitation. "
    "If all of them lost their way in, run `{manage} create_global_admin --email ...`."
)


def exists() -> bool:
    return RoleAssignment.objects.filter(role=Role.GLOBAL_ADMIN, user__is_active=True).exists()


def make_link() -> tuple[SetupLink, str]:
    """A new link's row and token; earlier links are no longer good. Raises PeopleProblem when there is an admin."""
    if exists():
        raise _problem(EXISTS)
    token, token_hash = new_token()
    with transaction.atomic():
        SetupLink.objects.all().delete()
        link = SetupLink.objects.create(token_hash=token_hash, expires_at=timezone.now() + GOOD_FOR)
    return link, token


def find(token: str) -> SetupLink:
    """The link that is good now. Raises PeopleProblem."""
    if exists():
        raise _problem(EXISTS)
    link = SetupLink.objects.filter(
        token_hash=hash_of(token), used_at=None, expires_at__gt=timezone.now()
    ).first()
    if link is None:
        raise _problem(NOT_GOOD)
    return link


def accept(token: str, email: str, name: str, password: str) -> User:
    """The first Global Admin. Raises PeopleProblem."""
    link = find(token)
    if person_by_email(email) is not None:
        raise PeopleProblem("Somebody with this address is here already. Write another one.")
    with transaction.atomic():
        if not SetupLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
            raise _problem(NOT_GOOD)
        person = make_person(email, name, password)
        open_invitations.take_back_for(email, actor=person)
        trail.record(
            actor=person, verb="people.first_admin", object_kind="user", object_id=str(person.pk),
            object_label=person.email,
        )
        assign(person, Held(Role.GLOBAL_ADMIN), actor=person)
    return person


def _problem(words: str) -> PeopleProblem:
    """With the way to run commands at this installation."""
    return PeopleProblem(words.format(manage=settings.MANAGE_COMMAND))
