"""Changing who is here and what they may do. Each function checks the right itself and writes the audit trail in the
same transaction; a right that is missing raises PermissionDenied, anything else in the way PeopleProblem."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from portal.audit import trail
from portal.people import open_invitations
from portal.people.models import RoleAssignment, User, normal_email
from portal.people.open_invitations import require_may_manage
from portal.people.problems import PeopleProblem
from portal.people.roles import Role
from portal.people.scope import Held, scope_of

LAST_GLOBAL_ADMIN = (
    "This is the last Global Admin. Make somebody else one first, or nobody could change the settings any more."
)
NOT_YOURSELF = "You cannot remove yourself. Ask another admin to do it."


def make_person(email: str, name: str, password: str | None) -> User:
    """A person without roles, whose address counts as verified: an admin named it. Part of a caller's transaction."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def person_by_email(email: str) -> User | None:
    return User.objects.filter(email=normal_email(email)).first()


def require_may_manage_person(actor: User, person: User) -> None:
    """Raises PermissionDenied unless the actor may change this person's roles, or remove the person."""
    for role in scope_of(person).roles | {Role.SECURITY_READER}:
        require_may_manage(actor, role)


def give_role(actor: User, person: User, held: Held) -> RoleAssignment:
    """One more role. Giving a held one with other control ("full" or not) changes it."""
    require_may_manage_person(actor, person)
    require_may_manage(actor, held.role)
    if not person.is_active:
        raise PeopleProblem(f"{person} was removed. Invite {person.email} again instead.")
    check_place(held)
    with transaction.atomic():
        return assign(person, held, actor)


def assign(person: User, held: Held, actor: User | None) -> RoleAssignment:
    """Store a role and say so in the trail; whose right it is, the caller has checked. Part of its transaction."""
    place: dict[str, Any] = {"app_id": held.app_id, "instance_id": held.instance_id}
    before = person.role_assignments.filter(role=held.role, **place).first()
    if before is not None and before.is_full == held.is_full:
        return before
    assignment, _ = RoleAssignment.objects.update_or_create(
        user=person, role=held.role, **place, defaults={"is_full": held.is_full}
    )
    trail.record(
        actor=actor, verb="people.role_given", object_kind="user", object_id=str(person.pk), object_label=person.email,
        before=_words(before) if before else None, after=_words(assignment),
    )
    return assignment


def take_role(actor: User, assignment: RoleAssignment) -> None:
    """One role less, and the open invitations that needed it. Not the last Global Admin's."""
    person = assignment.user
    require_may_manage_person(actor, person)
    with transaction.atomic():
        if assignment.role == Role.GLOBAL_ADMIN:
            _keep_a_global_admin(person)
        trail.record(
            actor=actor, verb="people.role_taken", object_kind="user", object_id=str(person.pk),
            object_label=person.email, before=_words(assignment),
        )
        assignment.delete()
        open_invitations.take_back_unbacked(person, actor)


def remove(actor: User, person: User) -> None:
    """Signed out everywhere, without roles and second factors, not able to sign in; can be invited again. The
    invitations this person made are no longer good."""
    require_may_manage_person(actor, person)
    if person.pk == actor.pk:
        raise PeopleProblem(NOT_YOURSELF)
    with transaction.atomic():
        if Role.GLOBAL_ADMIN in scope_of(person).roles:
            _keep_a_global_admin(person)
        roles = [_words(each) for each in person.role_assignments.order_by("pk")]
        person.role_assignments.all().delete()
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        open_invitations.take_back_unbacked(person, actor)
        trail.record(
            actor=actor, verb="people.removed", object_kind="user", object_id=str(person.pk),
            object_label=person.email, before={"roles": roles},
        )


def reset_mfa(actor: User | None, person: User) -> int:
    """Remove all second factors and end all sessions; returns how many factors there were. Without an actor it is the
    command line that asks."""
    if actor is not None:
        require_may_manage_person(actor, person)
    with transaction.atomic():
        factors = Authenticator.objects.filter(user=person)
        kinds = sorted(factors.values_list("type", flat=True))
        factors.delete()
        end_sessions(person)
        trail.record(
            actor=actor, verb="mfa.reset", object_kind="user", object_id=str(person.pk), object_label=person.email,
            before={"factors": kinds}, after={"factors": []},
        )
    return len(kinds)


def end_sessions(person: User) -> None:
    """Sign the person out everywhere."""
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


def check_place(held: Held) -> None:
    """Raises PeopleProblem unless an app admin has exactly one app or instance, and every other role none."""
    if held.role is not Role.APP_ADMIN:
        if not held.is_everywhere or held.is_full:
            raise PeopleProblem("Only an app admin is for one app; every other role holds everywhere.")
        return
    if bool(held.app_id) == (held.instance_id is not None):
        raise PeopleProblem("Choose the app, or the connected app, that this admin is for.")


def make_global_admin(email: str, name: str, password: str) -> User:
    """From the command line, where whoever may run it may do anything: a new Global Admin, or the role for a person
    who is here already. The password is set in both cases."""
    with transaction.atomic():
        open_invitations.take_back_for(email, actor=None)
        person = person_by_email(email) or make_person(email, name, password)
        person.name, person.is_active = name or person.name, True
        person.set_password(password)
        person.save(update_fields=["name", "is_active", "password"])
        assign(person, Held(Role.GLOBAL_ADMIN), actor=None)
    return person


def _keep_a_global_admin(leaving: User) -> None:
    """Locks the rows that make Global Admins, so that two of them cannot remove each other at once."""
    rows = RoleAssignment.objects.select_for_update(of=("self",)).filter(
        role=Role.GLOBAL_ADMIN, user__is_active=True
    )
    if {row.user_id for row in rows.order_by("pk")} <= {leaving.pk}:
        raise PeopleProblem(LAST_GLOBAL_ADMIN)


def _words(assignment: RoleAssignment) -> dict[str, Any]:
    """A role as the trail holds it."""
    words: dict[str, Any] = {"role": assignment.role_label}
    if assignment.app_id:
        words["app_id"] = assignment.app_id
    if assignment.instance_id is not None:
        words["instance_id"] = assignment.instance_id
    return words
