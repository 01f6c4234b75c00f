"""Enterprise managed users: accounts that belong to the enterprise, named with its short code."""

import hashlib
import uuid

from tests.sandbox import company
from tests.sandbox.github.enterprise import Enterprise, ExternalGroup, ManagedUser
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, SamlIdentity, User
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.state import State

SHORT_CODE = "ctso"
GROUPS = (
    (4_401, "Platform Engineers", "platform"),
    (4_417, "Datenströme", "donnees-datenstrome"),
    (4_502, "Everyone", ""),
)


def begin(state: State, enterprise: Enterprise) -> None:
    """As if the enterprise had always managed its users: their logins end in its short code, nobody is invited."""
    enterprise.manages_users, enterprise.single_sign_on = True, "saml"
    for organisation in enterprise.organisations:
        organisation.is_enterprise_managed = True
        organisation.has_saml = organisation.is_saml_enforced = False
        for user in [state.users[user_id] for user_id in organisation.members]:
            _take_over(state, enterprise, user)
        for number, name, slug in GROUPS:
            _follow(organisation, enterprise, number, name, slug, state.clock.now())


def end(state: State, enterprise: Enterprise) -> None:
    """Back to people with accounts of their own."""
    enterprise.manages_users, enterprise.single_sign_on = False, ""
    enterprise.identities.clear()
    for held in enterprise.managed_users.values():
        _return(state, held)
        state.rename_user(held.user, held.login.removesuffix(f"_{SHORT_CODE}"))
    for group in enterprise.groups.values():
        for organisation in enterprise.organisations:
            for team_id in group.teams:
                organisation.teams[team_id].is_synced = False
    enterprise.managed_users.clear()
    enterprise.groups.clear()
    for organisation in enterprise.organisations:
        organisation.is_enterprise_managed = False
        organisation.has_saml = True


def suspend(state: State, enterprise: Enterprise, held: ManagedUser, by: Actor) -> None:
    """The login and the address become unreadable, the memberships wait."""
    if not held.is_active:
        return
    if held.user.id == by.user.id:
        raise Refusal(403, "You cannot suspend yourself.")
    held.is_active = False
    held.updated_at = state.clock.now()
    for organisation in enterprise.organisations:
        membership = organisation.members.pop(held.user.id, None)
        if membership is not None:
            held.left[organisation.id] = membership
            organisation.record("user.suspend", by, held.user, operation_type="modify")
    digest = hashlib.sha256(held.id.encode()).hexdigest()
    state.rename_user(held.user, f"{digest[:12]}_{SHORT_CODE}")
    held.user.email = None
    held.email = f"{digest[:20]}@obfuscated.invalid"


def restore(state: State, enterprise: Enterprise, held: ManagedUser, by: Actor) -> None:
    if held.is_active:
        return
    _return(state, held)
    for organisation in enterprise.organisations:
        organisation.record("user.unsuspend", by, held.user, operation_type="modify")


def _return(state: State, held: ManagedUser) -> None:
    held.is_active = True
    held.updated_at = state.clock.now()
    held.email = held.user.work_email
    for number, membership in held.left.items():
        state.organisations[number].members[held.user.id] = membership
    held.left.clear()
    if held.user.login != held.login:
        state.rename_user(held.user, held.login)


def _take_over(state: State, enterprise: Enterprise, user: User) -> None:
    number = str(uuid.uuid5(uuid.NAMESPACE_OID, str(user.id)))
    person = company.BY_HANDLE.get(user.login)
    login = f"{user.login}_{SHORT_CODE}"
    held = ManagedUser(number, user, user.work_email, user.work_email, login)
    if person is not None:
        held.given_name, held.family_name, held.external_id = person.given_name, person.family_name, person.id
    state.rename_user(user, login)
    enterprise.managed_users[number] = held
    enterprise.identities.append(SamlIdentity(number, user.work_email, (user.work_email,), user.id))


def _follow(organisation: Organisation, enterprise: Enterprise, number: int, name: str, slug: str, now: float) -> None:
    """A team that follows a group takes its people from there; without a team the group is everybody."""
    team = organisation.team(slug) if slug else None
    members = list(team.members) if team else list(organisation.members)
    if team is not None:
        team.is_synced = True
    teams = [team.id] if team else []
    enterprise.groups[number] = ExternalGroup(number, name, members, teams, now - number * 60)
