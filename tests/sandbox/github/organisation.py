"""Organisations and what can happen to their people, teams and roles.

Every transition checks what GitHub checks, raises `Refusal` where GitHub refuses, and records the audit event that
GitHub would record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Json
from tests.sandbox.github.announcement import Announcement, Subject
from tests.sandbox.github.audit import AuditLog
from tests.sandbox.github.lengthened import Lengthened, Listed
from tests.sandbox.github.people import Actor, Invitation, Membership, Role, SamlIdentity, Team, User
from tests.sandbox.github.refusal import Refusal, invalid, not_found

if TYPE_CHECKING:
    from tests.sandbox.github.app import Installation
    from tests.sandbox.github.grants import Authorisation, TokenGrant
    from tests.sandbox.github.hook import Delivery, Hook
    from tests.sandbox.github.repository import Repository


@dataclass(eq=False)
class Organisation:
    """`plan`: free, team, enterprise. Lists are dictionaries by user id, in the order of joining.

    `base_permission`: what each member may do in each repository. `repository_roles`: custom role -> the one it is
    based on. `forbidden_visibilities`: what a policy of the enterprise keeps repositories from becoming.
    """

    id: int
    login: str
    name: str
    plan: str
    clock: Clock
    users: Lengthened[User]
    business: str | None = None
    description: str | None = None
    created_at: float = 1_480_000_000.0
    updated_at: float = 1_760_000_000.0
    is_two_factor_required: bool = False
    is_enterprise_managed: bool = False
    has_saml: bool = False
    is_saml_enforced: bool = False
    has_application_restrictions: bool = False
    forbids_addresses: bool = False
    shows_addresses: bool = True
    allowed_addresses: set[str] = field(default_factory=set)
    verified_domains: tuple[str, ...] = ()
    approved_applications: set[str] = field(default_factory=set)
    members: Lengthened[Membership] = field(default_factory=Lengthened)
    outside_collaborators: set[int] = field(default_factory=set)
    invitations: dict[int, Invitation] = field(default_factory=dict)
    failed_invitations: dict[int, Invitation] = field(default_factory=dict)
    blocks: dict[int, None] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    identities: list[SamlIdentity] = field(default_factory=list)
    base_permission: str | None = "read"
    repository_roles: dict[str, str] = field(default_factory=dict)
    forbidden_visibilities: set[str] = field(default_factory=set)
    former_logins: set[str] = field(default_factory=set)
    repositories: dict[int, Repository] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    authorisations: dict[int, Authorisation] = field(default_factory=dict)
    token_grants: dict[int, TokenGrant] = field(default_factory=dict)
    token_requests: dict[int, TokenGrant] = field(default_factory=dict)
    announcements: list[Announcement] = field(default_factory=list)
    audit: AuditLog = field(init=False)

    def __post_init__(self) -> None:
        identity: dict[str, Json] = {"org": self.login, "org_id": self.id}
        if self.business:
            identity |= {"business": self.business, "business_id": self.id % 100_000}
        self.audit = AuditLog(self.clock, identity)
        self._next_id = self.id * 10

    # -- questions

    def is_owner(self, user: User) -> bool:
        membership = self.members.get(user.id)
        return membership is not None and membership.role == "admin"

    def owners(self) -> list[int]:
        return [user_id for user_id, membership in self.members.stored() if membership.role == "admin"]

    def member_ids(self, role: str = "all") -> Sequence[int]:
        """Of everybody in that role, in the order of joining; made while they are looked at where that can be."""
        if role == "all":
            return Listed(self.members)
        if role == "admin":
            return self.owners()
        return [user_id for user_id, membership in self.members.items() if membership.role == role]

    def public_member_ids(self, role: str = "all") -> list[int]:
        """Of those who show their membership to everybody."""
        shown = [(user_id, held) for user_id, held in self.members.stored() if held.is_public]
        return [user_id for user_id, held in shown if role in ("all", held.role)]

    def invitation_of(self, login: str) -> Invitation | None:
        wanted = login.lower()
        return next((each for each in self.invitations.values() if (each.login or "").lower() == wanted), None)

    def team(self, slug: str) -> Team | None:
        return next((each for each in self.teams.values() if each.slug == slug.lower()), None)

    def repository(self, name: str) -> Repository | None:
        """By its name, or by one it had before if nothing else has that name now."""
        wanted = name.lower()
        named = next((each for each in self.repositories.values() if each.name.lower() == wanted), None)
        return named or next((each for each in self.repositories.values() if wanted in each.former_names), None)

    def base_roles_of(self, user: User) -> list[str]:
        """What organisation roles, by themselves or through teams, let somebody do in each repository."""
        teams = {team_id for team_id, team in self.teams.items() if user.id in team.members}
        held = [role for role in self.roles.values() if user.id in role.users or teams & role.teams]
        return [role.base_role for role in held if role.base_role]

    def descendants(self, team: Team) -> list[Team]:
        below = [each for each in self.teams.values() if each.parent_id == team.id]
        return below + [deeper for each in below for deeper in self.descendants(each)]

    # -- what happens to the organisation

    def rename(self, login: str, by: Actor) -> None:
        """It keeps its id and everything in it; its former login is nobody's."""
        old, self.login = self.login, login
        self.former_logins.add(old.lower())
        self.former_logins.discard(login.lower())
        self.audit.identity["org"] = login
        self.record("org.rename", by, operation_type="modify", old_login=old)

    # -- what happens to people

    def record(
        self,
        action: str,
        by: Actor,
        user: User | None = None,
        /,
        *,
        subject: Subject | None = None,
        **details: Json,
    ) -> None:
        """An event in the audit log, announced to the webhooks. `subject`: what it happened to, if not to `user`."""
        members = by.members()
        if not self.shows_addresses:
            members.pop("actor_ip")
        affected: dict[str, Json] = {"user": user.login, "user_id": user.id} if user else {}
        self.audit.record(action, **members, **affected, **details)
        self.announcements.append(Announcement(action, by, subject or Subject(user), details))

    def set_role(self, user: User, role: str, by: Actor) -> None:
        """Make a member an owner or an owner a member; nothing happens when the role is the same."""
        membership = self.members.keep(user.id)
        if membership.role == role:
            return
        if role != "admin":
            self._keep_one_owner(user)
        old, membership.role = membership.role, role
        self.record("org.update_member", by, user, operation_type="modify", permission=role, old_permission=old)

    def invite(self, user: User, role: str, by: Actor) -> Invitation:
        if user.id in self.blocks:
            raise invalid("OrganizationInvitation", "data", "Invitee has been blocked by this organization.")
        invitation = self.invitation_of(user.login)
        if invitation is not None:
            invitation.role = role
            return invitation
        invitation = Invitation(self.next_id(), user.login, None, role, self.clock.now(), by.user)
        self.invitations[invitation.id] = invitation
        self.record("org.invite_member", by, user, operation_type="create", invitation_id=invitation.id)
        return invitation

    def invite_to_teams(self, user: User | None, email: str, role: str, teams: list[Team], by: Actor) -> Invitation:
        """By an owner, user or address; who is in or invited already is refused."""
        who = user.login if user else email
        taken = (each.login if user else each.email for each in self.invitations.values())
        if who in taken or (user and user.id in self.members):
            raise invalid("OrganizationInvitation", "data", "Invitee is already a part of this organization.")
        if user is None:
            invitation = Invitation(self.next_id(), None, email, role, self.clock.now(), by.user)
            invitation.team_ids = [team.id for team in teams]
            self.invitations[invitation.id] = invitation
            self.record("org.invite_member", by, operation_type="create", invitation_id=invitation.id, email=email)
            return invitation
        invitation = self.invite(user, role, by)
        for team in teams:
            self.put_in_team(team, user, "member", by)
        return invitation

    def teams_of_invitation(self, invitation: Invitation) -> list[Team]:
        invited = next((user.id for _, user in self.users.stored() if user.login == invitation.login), 0)
        return [team for team in self.teams.values() if team.id in invitation.team_ids or invited in team.pending]

    def accept_invitation(self, user: User) -> None:
        """The invited person says yes."""
        invitation = self.invitation_of(user.login)
        if invitation is None:
            raise KeyError(user.login)
        del self.invitations[invitation.id]
        self.outside_collaborators.discard(user.id)
        self.members[user.id] = Membership("admin" if invitation.role == "admin" else "member")
        for team in self.teams.values():
            if user.id in team.pending:
                team.members[user.id] = team.pending.pop(user.id)
        self.record("org.add_member", Actor(user, user.address), user, operation_type="create", permission="read")

    def remove(self, user: User, by: Actor) -> None:
        """Remove a member, or cancel the invitation of somebody invited."""
        invitation = self.invitation_of(user.login)
        if user.id not in self.members and invitation is not None:
            self.cancel_invitation(invitation, by)
            return
        if user.id not in self.members:
            raise not_found()
        self._refuse_self(user, by, "remove")
        self._keep_one_owner(user)
        if self.members[user.id].enterprise_teams:
            self.members.keep(user.id).is_direct = False
            return
        self._leave(user, by)
        self.record("org.remove_member", by, user, operation_type="remove", reason="admin")

    def cancel_invitation(self, invitation: Invitation, by: Actor) -> None:
        del self.invitations[invitation.id]
        for team in self.teams.values():
            awaited = [user_id for user_id in team.pending if self.users[user_id].login == invitation.login]
            for user_id in awaited:
                del team.pending[user_id]
        who = {"user": invitation.login} if invitation.login else {"email": invitation.email}
        self.record("org.cancel_invitation", by, operation_type="remove", invitation_id=invitation.id, **who)

    def convert_to_outside_collaborator(self, user: User, by: Actor) -> None:
        if user.id not in self.members:
            raise Refusal(403, f"{user.login} is not a member of the {self.login} organization.")
        self._refuse_self(user, by, "convert")
        self._keep_one_owner(user)
        kept = [(each, each.role_of(user)) for each in self.repositories.values() if self._is_shared(each, user)]
        self._leave(user, by)
        self.outside_collaborators.add(user.id)
        for repository, role in kept:
            repository.collaborators[user.id] = role or "read"
        self.record("org.remove_member", by, user, operation_type="remove", reason="converted_to_outside_collaborator")
        self.record("org.add_outside_collaborator", by, user, operation_type="create")

    def remove_outside_collaborator(self, user: User, by: Actor) -> None:
        if user.id in self.members:
            raise Refusal(422, "You cannot specify an organization member to remove as an outside collaborator.")
        if user.id not in self.outside_collaborators:
            return
        self.outside_collaborators.discard(user.id)
        for repository in self.repositories.values():
            repository.collaborators.pop(user.id, None)
        self.record("org.remove_outside_collaborator", by, user, operation_type="remove")

    def forget_outsider_without_repository(self, user: User) -> None:
        if not any(user.id in each.collaborators for each in self.repositories.values()):
            self.outside_collaborators.discard(user.id)

    def deprovision(self, identity: SamlIdentity, by: Actor) -> None:
        """The identity provider takes somebody back: out of the organisation, their identity forgotten."""
        user = self.users.get(identity.user_id or 0)
        if user is not None and user.id in self.members:
            self._refuse_self(user, by, "deprovision")
            self._keep_one_owner(user)
            self._leave(user, by)
            self.record("org.remove_member", by, user, operation_type="remove", reason="saml_external_identity_missing")
        for invitation in [each for each in self.invitations.values() if each.email in identity.emails]:
            self.cancel_invitation(invitation, by)
        self.identities.remove(identity)
        named: dict[str, Json] = {
            "external_identity_nameid": identity.name_id,
            "external_identity_username": identity.name_id,
        }
        self.record("external_identity.deprovision", by, user, operation_type="remove", **named)

    def block(self, user: User, by: Actor) -> None:
        if user.id in self.members:
            raise invalid(
                "BlockedUser", "data", "Blocked user cannot be a member of the organization.", "unprocessable"
            )
        if user.id in self.blocks:
            return
        self.blocks[user.id] = None
        self.outside_collaborators.discard(user.id)
        for repository in self.repositories.values():
            repository.collaborators.pop(user.id, None)
        self.record("org.block_user", by, subject=Subject(user), operation_type="create", blocked_user=user.login)

    def unblock(self, user: User, by: Actor) -> None:
        if self.blocks.pop(user.id, self) is self:
            return
        self.record("org.unblock_user", by, subject=Subject(user), operation_type="remove", blocked_user=user.login)

    def _leave(self, user: User, by: Actor) -> None:
        del self.members[user.id]
        for role in self.roles.values():
            role.users.discard(user.id)
        for repository in self.repositories.values():
            repository.collaborators.pop(user.id, None)
        for team in self.teams.values():
            if team.members.pop(user.id, None):
                self._record_team("team.remove_member", team, user, by, "remove")

    @staticmethod
    def _is_shared(repository: Repository, user: User) -> bool:
        """With somebody by name or through a team, and not only as with each member."""
        in_teams = (repository.organisation.teams[team_id] for team_id in repository.teams)
        return user.id in repository.collaborators or any(user.id in team.members for team in in_teams)

    def _keep_one_owner(self, user: User) -> None:
        if self.owners() == [user.id]:
            raise Refusal(403, "Organizations must have at least one owner.")

    @staticmethod
    def _refuse_self(user: User, by: Actor, verb: str) -> None:
        if user.id == by.user.id:
            raise Refusal(403, f"You cannot {verb} yourself.")

    # -- what happens in teams and roles

    def put_in_team(self, team: Team, user: User, role: str, by: Actor) -> str:
        """Returns active, or pending when the person has to join the organisation first."""
        self._refuse_synced(team)
        if user.id not in self.members:
            if self.invitation_of(user.login) is None:
                self.invite(user, "direct_member", by)
            team.pending[user.id] = role
            return "pending"
        old = team.members.get(user.id)
        team.members[user.id] = role
        if old is None:
            self._record_team("team.add_member", team, user, by, "create")
        elif old != role:
            action = "team.promote_maintainer" if role == "maintainer" else "team.demote_maintainer"
            self._record_team(action, team, user, by, "modify")
        return "active"

    def take_from_team(self, team: Team, user: User, by: Actor) -> None:
        self._refuse_synced(team)
        if team.pending.pop(user.id, None):
            return
        if team.members.pop(user.id, None) is None:
            raise not_found()
        self._record_team("team.remove_member", team, user, by, "remove")

    def give_role(self, role: Role, user: User, by: Actor) -> None:
        if user.id not in self.members:
            raise Refusal(422, "User must be a member of the organization.")
        if user.id in role.users:
            return
        role.users.add(user.id)
        self.record("organization_role.assign", by, user, operation_type="create", organization_role=role.name)

    def take_role(self, role: Role, user: User, by: Actor) -> None:
        if user.id not in role.users:
            return
        role.users.discard(user.id)
        self.record("organization_role.revoke", by, user, operation_type="remove", organization_role=role.name)

    def _record_team(self, action: str, team: Team, user: User, by: Actor, operation: str) -> None:
        named = f"{self.login}/{team.slug}"
        self.record(action, by, user, subject=Subject(user, team), operation_type=operation, team=named)

    @staticmethod
    def _refuse_synced(team: Team) -> None:
        if team.is_synced:
            raise Refusal(403, "This team is externally managed: change its members at the identity provider.")

    # -- fine-grained tokens

    def ask_for_access(self, grant: TokenGrant) -> None:
        """The owner of a fine-grained token asks for it to be let in."""
        self.token_requests[grant.id] = grant
        by, subject = Actor(grant.owner, grant.owner.address), Subject(grant=grant)
        action = "personal_access_token.request_created"
        self.record(action, by, subject=subject, operation_type="create", **grant.details())

    # -- webhooks

    def add_hook(self, hook: Hook, by: Actor) -> None:
        self.hooks[hook.id] = hook
        config = [{"url": hook.url, "content_type": hook.content_type, "insecure_ssl": hook.insecure_ssl}]
        self.record("hook.create", by, operation_type="create", hook_id=hook.id, active=hook.is_active, config=config)

    def ping(self, hook: Hook, by: Actor) -> None:
        self.announcements.append(Announcement("hook.ping", by, Subject(hook=hook)))

    def redeliver(self, hook: Hook, delivery: Delivery, by: Actor) -> None:
        self.announcements.append(Announcement("hook.redelivery", by, Subject(hook=hook, delivery=delivery)))

    def remove_hook(self, hook: Hook, by: Actor) -> None:
        """The hook itself is told, as the last thing it hears."""
        del self.hooks[hook.id]
        self.record("hook.destroy", by, subject=Subject(hook=hook), operation_type="remove", hook_id=hook.id)

    def next_id(self) -> int:
        self._next_id += 1
        return self._next_id
