"""Repositories and what can happen to them: the same promises as in organisation.py."""

import hashlib
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json
from tests.sandbox.github.announcement import Announcement, Subject
from tests.sandbox.github.files import File, History
from tests.sandbox.github.hook import Hook
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, Team, User
from tests.sandbox.github.refusal import Refusal, invalid, not_found

ROLES = ("read", "triage", "write", "maintain", "admin")
# The API's older names of the same roles.
PERMISSIONS = dict(zip(("pull", "triage", "push", "maintain", "admin"), ROLES, strict=True))
VISIBILITIES = ("public", "internal", "private")
INVITATION_LIFETIME = 7 * 86_400
NOBODY = "0" * 40


@dataclass(slots=True)
class DeployKey:
    id: int
    title: str
    key: str
    read_only: bool
    added_by: str | None
    created_at: float
    last_used_at: float | None = None
    is_enabled: bool = True


@dataclass(slots=True)
class RepositoryInvitation:
    id: int
    invitee: User
    inviter: User
    role: str
    created_at: float


@dataclass(slots=True)
class Happening:
    """A line of the repository's activity. `kind`: push, force_push, branch_creation, branch_deletion, pr_merge."""

    id: int
    kind: str
    ref: str
    before: str
    after: str
    at: float
    actor: User


@dataclass(eq=False)
class Repository:
    """`collaborators`: user id -> role, `teams`: team id -> role. `former_names` still lead here.

    `frozen_visibility`: a policy forbids changing it. `protected`: branches that refuse commits by the API.
    """

    id: int
    name: str
    organisation: Organisation
    visibility: str = "private"
    description: str | None = None
    homepage: str | None = None
    language: str | None = None
    default_branch: str = "main"
    is_archived: bool = False
    is_disabled: bool = False
    is_fork: bool = False
    is_template: bool = False
    frozen_visibility: bool = False
    size: int = 0
    stars: int = 0
    topics: tuple[str, ...] = ()
    created_at: float = 1_600_000_000.0
    updated_at: float = 1_700_000_000.0
    pushed_at: float | None = None
    former_names: set[str] = field(default_factory=set)
    collaborators: dict[int, str] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)
    invitations: dict[int, RepositoryInvitation] = field(default_factory=dict)
    keys: dict[int, DeployKey] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    history: History = field(default_factory=History)
    activity: list[Happening] = field(default_factory=list)

    # -- questions

    @property
    def full_name(self) -> str:
        return f"{self.organisation.login}/{self.name}"

    def level(self, role: str | None) -> int:
        """How far a role reaches, -1 for none; a custom role reaches as far as the one it is based on."""
        base = self.organisation.repository_roles.get(role or "", role)
        return ROLES.index(base) if base in ROLES else -1

    def role_of(self, user: User) -> str | None:
        """The furthest role that somebody has here, whatever it comes from."""
        organisation = self.organisation
        if organisation.is_owner(user):
            return "admin"
        held = [self.collaborators.get(user.id), *(self._role_by_team(team_id, user) for team_id in self.teams)]
        if user.id in organisation.members:
            held += [organisation.base_permission, *organisation.base_roles_of(user)]
        if self.visibility == "public" or (self.visibility == "internal" and user.id in organisation.members):
            held.append("read")
        return max(held, key=self.level)

    def _role_by_team(self, team_id: int, user: User) -> str | None:
        """Members of the teams below have what the team has."""
        team = self.organisation.teams[team_id]
        together = (team, *self.organisation.descendants(team))
        return self.teams[team_id] if any(user.id in each.members for each in together) else None

    def invitation_of(self, user: User) -> RepositoryInvitation | None:
        return next((each for each in self.invitations.values() if each.invitee is user), None)

    # -- what happens to the repository

    def refuse_archived(self) -> None:
        if self.is_archived:
            raise Refusal(403, "Repository was archived so is read-only.")

    def set_visibility(self, visibility: str, by: Actor) -> None:
        if visibility == self.visibility:
            raise Refusal(422, f"Visibility is already {visibility}.")
        if visibility == "internal" and self.organisation.plan != "enterprise":
            raise invalid("Repository", "visibility", "Internal repositories are for organizations of an enterprise.")
        if self.frozen_visibility or visibility in self.organisation.forbidden_visibilities:
            raise invalid("Repository", "visibility", "A policy does not allow changing the visibility.", "custom")
        old, self.visibility = self.visibility, visibility
        if visibility == "private":
            self.stars = 0
        self._touch()
        self.record("repo.access", by, "modify", visibility=visibility, previous_visibility=old)

    def archive(self, by: Actor) -> None:
        if not self.is_archived:
            self.is_archived = True
            self._touch()
            self.record("repo.archived", by, "modify", visibility=self.visibility)

    def unarchive(self, by: Actor) -> None:
        if self.is_archived:
            self.is_archived = False
            self._touch()
            self.record("repo.unarchived", by, "modify", visibility=self.visibility)

    def rename(self, name: str, by: Actor) -> None:
        """Calls to the old name are led to the new one, until another repository takes the old name."""
        taken = self.organisation.repository(name)
        if taken is not None and taken is not self and taken.name.lower() == name.lower():
            raise invalid("Repository", "name", "name already exists on this account", "custom")
        old, self.name = self.name, name
        self.former_names.add(old.lower())
        self.former_names.discard(name.lower())
        self._touch()
        self.record("repo.rename", by, "modify", old_name=old)

    def destroy(self, by: Actor) -> None:
        del self.organisation.repositories[self.id]
        self.record("repo.destroy", by, "remove", visibility=self.visibility)

    # -- sharing

    def add_collaborator(self, user: User, role: str, by: Actor) -> RepositoryInvitation | None:
        """None when the person has access at once; others are invited."""
        self.refuse_archived()
        if user.id in self.collaborators or user.id in self.organisation.members:
            self._let_in(user, role, by)
            return None
        if self.organisation.is_enterprise_managed:
            raise invalid("Repository", "invitee", "Only members of the enterprise can be invited.", "custom")
        if user.id in self.organisation.blocks:
            raise invalid("Repository", "invitee", "Invitee has been blocked by this organization.", "custom")
        known = self.invitation_of(user)
        if known is not None:
            known.role = role
            return known
        made = RepositoryInvitation(self.organisation.next_id(), user, by.user, role, self._now())
        self.invitations[made.id] = made
        self._record_person("repository_invitation.create", user, by, "create", permission=role)
        return made

    def accept_invitation(self, user: User) -> None:
        """The invited person says yes; KeyError when nobody invited them."""
        invitation = self.invitation_of(user)
        if invitation is None:
            raise KeyError(user.login)
        del self.invitations[invitation.id]
        self._let_in(user, invitation.role, Actor(user, user.address))

    def cancel_invitation(self, invitation: RepositoryInvitation, by: Actor) -> None:
        del self.invitations[invitation.id]
        self._record_person("repository_invitation.cancel", invitation.invitee, by, "remove")

    def remove_collaborator(self, user: User, by: Actor) -> None:
        """Who never was one is removed as gladly; an invitation goes, too."""
        self.refuse_archived()
        invitation = self.invitation_of(user)
        if invitation is not None:
            self.cancel_invitation(invitation, by)
        if self.collaborators.pop(user.id, None) is None:
            return
        self._record_person("repo.remove_member", user, by, "remove")
        self.organisation.forget_outsider_without_repository(user)

    def _let_in(self, user: User, role: str, by: Actor) -> None:
        old = self.collaborators.get(user.id)
        self.collaborators[user.id] = role
        if user.id not in self.organisation.members:
            self.organisation.outside_collaborators.add(user.id)
        if old is None:
            self._record_person("repo.add_member", user, by, "create", permission=role)
        elif old != role:
            self._record_person("repo.update_member", user, by, "modify", permission=role, old_permission=old)

    def _record_person(self, action: str, user: User, by: Actor, operation: str, **details: Json) -> None:
        subject = Subject(user, repository=self)
        self.record(action, by, operation, subject=subject, user=user.login, user_id=user.id, **details)

    def give_team(self, team: Team, role: str, by: Actor) -> None:
        self.refuse_archived()
        old = self.teams.get(team.id)
        self.teams[team.id] = role
        if old is None:
            self._record_team("team.add_repository", team, by, "create", permission=role)
        elif old != role:
            action = "team.update_repository_permission"
            self._record_team(action, team, by, "modify", permission=role, old_permission=old)

    def take_team(self, team: Team, by: Actor) -> None:
        self.refuse_archived()
        if self.teams.pop(team.id, None) is not None:
            self._record_team("team.remove_repository", team, by, "remove")

    def _record_team(self, action: str, team: Team, by: Actor, operation: str, **details: Json) -> None:
        subject = Subject(team=team, repository=self)
        self.record(action, by, operation, subject=subject, team=f"{self.organisation.login}/{team.slug}", **details)

    # -- deploy keys

    def add_key(self, title: str, key: str, read_only: bool, by: Actor) -> DeployKey:
        self.refuse_archived()
        everywhere = self.organisation.repositories.values()
        if any(known.key == key for each in everywhere for known in each.keys.values()):
            raise invalid("PublicKey", "key", "key is already in use", "custom")
        made = DeployKey(self.organisation.next_id(), title, key, read_only, by.user.login, self._now())
        self.keys[made.id] = made
        self._record_key("public_key.create", made, by, "create")
        return made

    def delete_key(self, key_id: int, by: Actor) -> None:
        self.refuse_archived()
        key = self.keys.pop(key_id, None)
        if key is None:
            raise not_found()
        self._record_key("public_key.delete", key, by, "remove")

    def _record_key(self, action: str, key: DeployKey, by: Actor, operation: str) -> None:
        digest = hashlib.sha256(key.key.encode()).hexdigest()[:43]
        subject = Subject(repository=self, key=key)
        details: dict[str, Json] = {"title": key.title, "read_only": key.read_only, "fingerprint": f"SHA256:{digest}"}
        self.record(action, by, operation, subject=subject, **details)

    # -- files

    def write(self, branch: str, path: str, file: File | None, message: str, by: Actor) -> str:
        """A commit on top of the branch (file None: it deletes the file); returns its name."""
        self.refuse_archived()
        before = self.history.branches.get(branch)
        email = by.user.email or f"{by.user.id}+{by.user.login}@users.noreply.github.com"
        made = self.history.commit(branch, {path: file}, message, by.user.name or by.user.login, email, self._now())
        self.pushed_at = self._now()
        self._touch()
        push = self.note("push", f"refs/heads/{branch}", before.sha if before else NOBODY, made.sha, by.user)
        subject = Subject(repository=self, push=push)
        self.organisation.announcements.append(Announcement("git.push", by, subject))
        return made.sha

    def note(self, kind: str, ref: str, before: str, after: str, actor: User, at: float | None = None) -> Happening:
        when = self._now() if at is None else at
        happening = Happening(self.organisation.next_id(), kind, ref, before, after, when, actor)
        self.activity.append(happening)
        return happening

    def record(
        self, action: str, by: Actor, operation: str, *, subject: Subject | None = None, **details: Json
    ) -> None:
        self.organisation.record(
            action,
            by,
            subject=subject or Subject(repository=self),
            operation_type=operation,
            repo=self.full_name,
            repo_id=self.id,
            public_repo=self.visibility == "public",
            **details,
        )

    def _touch(self) -> None:
        self.updated_at = self._now()

    def _now(self) -> float:
        return self.organisation.clock.now()
