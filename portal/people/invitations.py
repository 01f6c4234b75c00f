"""Invitations: a link to hand over, used once, good for seven days and for as long as who made it may give the role.
Mail carries it too where mail is set up."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from portal.people.models import Invitation, User, normal_email
from portal.people.open_invitations import is_backed, record, require_may_manage, take_back_for, waiting
from portal.people.problems import PeopleProblem
from portal.people.roles import Role
from portal.people.scope import Held
from portal.people.service import assign, check_place, make_person
from portal.people.tokens import hash_of, new_token

GOOD_FOR = timedelta(days=7)
UNKNOWN = "This invitation does not exist. Check that the whole link was copied, or ask for a new one."
USED = "This invitation was used already. Sign in, or ask for a new one."
REVOKED = "This invitation was taken back. Ask whoever invited you."
EXPIRED = "This invitation has expired. Ask for a new one."
UNBACKED = "Whoever invited you may no longer do so. Ask another admin for a new invitation."
HERE = "Somebody with this address is here already, so the invitation is not good any more. Sign in instead."


def invite(actor: User, email: str, held: Held, name: str = "") -> tuple[Invitation, str]:
    """A new invitation and its token, which is not kept; earlier ones for the address are no longer good.

    Raises PermissionDenied, also where an earlier one is for a role that the actor may not take back, or PeopleProblem
    for somebody who is here already.
    """
    require_may_manage(actor, held.role)
    check_place(held)
    email = normal_email(email)
    token, token_hash = new_token()
    with transaction.atomic():
        if User.objects.filter(email=email, is_active=True).exists():
            raise PeopleProblem(f"{email} is here already. Open this person in the list to give another role.")
        for earlier in waiting().filter(email=email):
            require_may_manage(actor, Role(earlier.role))
        take_back_for(email, actor)
        invitation = Invitation.objects.create(
            email=email, name=name.strip(), role=held.role, app_id=held.app_id, instance_id=held.instance_id,
            is_full=held.is_full, token_hash=token_hash, created_by_id=actor.pk, expires_at=timezone.now() + GOOD_FOR,
        )
        record("people.invited", invitation, actor)
    return invitation, token


def revoke(actor: User, invitation: Invitation) -> None:
    """Its link is no longer good. Raises PermissionDenied, or PeopleProblem when it was used."""
    require_may_manage(actor, Role(invitation.role))
    with transaction.atomic():
        if not waiting().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
            raise PeopleProblem("This invitation is not open any more.")
        record("people.invitation_revoked", invitation, actor)


def find(token: str) -> Invitation:
    """The open invitation of a link. Raises PeopleProblem with the sentence for the visitor."""
    invitation = Invitation.objects.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise PeopleProblem(UNKNOWN)
    if invitation.used_at:
        raise PeopleProblem(USED)
    if invitation.revoked_at:
        raise PeopleProblem(REVOKED)
    if invitation.expires_at <= timezone.now():
        raise PeopleProblem(EXPIRED)
    if not is_backed(invitation):
        raise PeopleProblem(UNBACKED)
    return invitation


def accept(token: str, name: str, password: str) -> User:
    """The invited person, with name, password and role. Raises PeopleProblem when the link is not good (any more)."""
    invitation = find(token)
    with transaction.atomic():
        person = _use(invitation)
        if person is None:
            person = make_person(invitation.email, name, password)
        else:
            person.name = name
            person.set_password(password)
            person.save(update_fields=["name", "password"])
        return _welcome(person, invitation)


def pending_for(emails: Iterable[str]) -> Invitation | None:
    """The newest good invitation for one of the addresses, unless its person is here already."""
    wanted = {normal_email(email) for email in emails}
    wanted -= set(User.objects.filter(email__in=wanted, is_active=True).values_list("email", flat=True))
    return next((each for each in waiting().filter(email__in=wanted).order_by("-pk") if is_backed(each)), None)


def accept_signed_on(emails: Iterable[str], save: Callable[[], User]) -> User:
    """The same by single sign-on: `save` stores the person, whose addresses the provider verified.

    Raises PeopleProblem when the invitation was used or taken back this very moment.
    """
    invitation = pending_for(emails)
    if invitation is None:
        raise PeopleProblem(UNKNOWN)
    with transaction.atomic():
        _use(invitation)
        person = save()
        EmailAddress.objects.filter(user=person, email=invitation.email).update(verified=True)
        return _welcome(person, invitation)


def _use(invitation: Invitation) -> User | None:
    """One of two that come at the same time. The removed person with its address, None for a new one. Never somebody
    who is here: whoever holds the link would set that person's password."""
    if not waiting().filter(pk=invitation.pk).update(used_at=timezone.now()):
        raise PeopleProblem(USED)
    if not is_backed(invitation):
        raise PeopleProblem(UNBACKED)
    person = User.objects.select_for_update().filter(email=invitation.email).first()
    if person is not None and person.is_active:
        raise PeopleProblem(HERE)
    return person


def _welcome(person: User, invitation: Invitation) -> User:
    """A removed person is let in again; then comes the role."""
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
    record("people.invitation_accepted", invitation, person)
    assign(person, held_of(invitation), actor=person)
    return person


def held_of(invitation: Invitation) -> Held:
    return Held(Role(invitation.role), invitation.app_id, invitation.instance_id, invitation.is_full)
