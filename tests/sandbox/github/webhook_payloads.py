"""What happened, named as in the audit log -> the events of webhooks and their payloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json, Request
from tests.sandbox.github import app_shapes, repository_shapes, shapes
from tests.sandbox.github.addresses import web
from tests.sandbox.github.announcement import Announcement
from tests.sandbox.github.files import Commit
from tests.sandbox.github.hook_shapes import hook_shape

if TYPE_CHECKING:
    from tests.sandbox.github.organisation import Organisation
    from tests.sandbox.github.repository import Happening, Repository

Payload = dict[str, Json]
Events = Iterator[tuple[str, Payload]]


def payloads(request: Request, organisation: Organisation, announcement: Announcement) -> Events:
    """Nothing for what webhooks do not tell."""
    make = MAKERS.get(announcement.action)
    if make is None:
        return
    common = {
        "organization": shapes.simple_organisation(request, organisation),
        "sender": shapes.simple_user(request, announcement.by.user),
    }
    for event, payload in make(Teller(request, organisation, announcement)):
        yield event, payload | common


class Teller:
    """Looks at one announcement. The members that all payloads have are added by `payloads`."""

    def __init__(self, request: Request, organisation: Organisation, announcement: Announcement) -> None:
        self.request = request
        self.organisation = organisation
        self.announcement = announcement
        self.subject = announcement.subject
        self.details = announcement.details

    def _repository(self) -> Payload:
        repository = self.subject.repository
        assert repository is not None
        shape = repository_shapes.full_repository(self.request, repository, None)
        return {name: value for name, value in shape.items() if name != "organization"}

    def _team(self) -> Payload:
        assert self.subject.team is not None
        return shapes.listed_team(self.request, self.organisation, self.subject.team)

    def _user(self) -> Payload:
        assert self.subject.user is not None
        return shapes.simple_user(self.request, self.subject.user)

    def renamed_organisation(self) -> Events:
        yield "organization", {"action": "renamed", "changes": {"login": {"from": self.details["old_login"]}}}

    # -- people

    def member_added(self) -> Events:
        yield "organization", {"action": "member_added", "membership": self._membership("active")}

    def member_removed(self) -> Events:
        yield "organization", {"action": "member_removed", "membership": self._membership("inactive")}

    def _membership(self, state: str) -> Payload:
        user = self._user()
        held = self.organisation.members.get(user["id"])
        return {
            "url": self.request.url(f"/orgs/{self.organisation.login}/memberships/{user['login']}"),
            "organization_url": self.request.url(f"/orgs/{self.organisation.login}"),
            "state": state,
            "role": held.role if held else "unaffiliated",
            "user": user,
            "direct_membership": True,
            "enterprise_teams_providing_indirect_membership": [],
        }

    def member_invited(self) -> Events:
        invitation = self.organisation.invitations.get(self.details["invitation_id"])
        if invitation is None:
            return
        shape = shapes.invitation(self.request, self.organisation, invitation)
        payload: Payload = {"action": "member_invited", "invitation": shape}
        yield "organization", payload | ({"user": self._user()} if self.subject.user else {})

    def blocked(self) -> Events:
        yield "org_block", {"action": "blocked", "blocked_user": self._user()}

    def unblocked(self) -> Events:
        yield "org_block", {"action": "unblocked", "blocked_user": self._user()}

    def joined_team(self) -> Events:
        yield "membership", {"action": "added", "scope": "team", "member": self._user(), "team": self._team()}

    def left_team(self) -> Events:
        yield "membership", {"action": "removed", "scope": "team", "member": self._user(), "team": self._team()}

    # -- repositories

    def visibility_changed(self) -> Events:
        """Between private and internal nothing is told."""
        if self.details["visibility"] == "public":
            yield "repository", {"action": "publicized", "repository": self._repository()}
            yield "public", {"repository": self._repository()}
        elif self.details["previous_visibility"] == "public":
            yield "repository", {"action": "privatized", "repository": self._repository()}

    def archived(self) -> Events:
        yield "repository", {"action": "archived", "repository": self._repository()}

    def unarchived(self) -> Events:
        yield "repository", {"action": "unarchived", "repository": self._repository()}

    def destroyed(self) -> Events:
        yield "repository", {"action": "deleted", "repository": self._repository()}

    def renamed(self) -> Events:
        changes = {"repository": {"name": {"from": self.details["old_name"]}}}
        yield "repository", {"action": "renamed", "changes": changes, "repository": self._repository()}

    def collaborator_added(self) -> Events:
        changes = {"permission": {"to": self.details["permission"]}}
        yield "member", {"action": "added", "changes": changes, **self._collaborator()}

    def collaborator_changed(self) -> Events:
        changes = {"permission": {"from": self.details["old_permission"], "to": self.details["permission"]}}
        yield "member", {"action": "edited", "changes": changes, **self._collaborator()}

    def collaborator_removed(self) -> Events:
        yield "member", {"action": "removed", **self._collaborator()}

    def _collaborator(self) -> Payload:
        return {"member": self._user(), "repository": self._repository()}

    def team_added(self) -> Events:
        yield "team_add", {"team": self._team(), "repository": self._repository()}
        yield "team", {"action": "added_to_repository", "team": self._team(), "repository": self._repository()}

    def team_removed(self) -> Events:
        yield "team", {"action": "removed_from_repository", "team": self._team(), "repository": self._repository()}

    def key_created(self) -> Events:
        yield "deploy_key", {"action": "created", "key": self._key(), "repository": self._repository()}

    def key_deleted(self) -> Events:
        yield "deploy_key", {"action": "deleted", "key": self._key(), "repository": self._repository()}

    def _key(self) -> Payload:
        repository, key = self.subject.repository, self.subject.key
        assert repository is not None
        assert key is not None
        return repository_shapes.deploy_key(self.request, repository, key)

    def pushed(self) -> Events:
        repository, push = self.subject.repository, self.subject.push
        assert repository is not None
        assert push is not None
        commit = repository.history.commits[push.after]
        told = self._commit(repository, push, commit)
        by = self.announcement.by.user
        yield (
            "push",
            {
                "ref": push.ref,
                "before": push.before,
                "after": push.after,
                "base_ref": None,
                "compare": web(self.request, f"/{repository.full_name}/compare/{push.before}...{push.after}"),
                "created": set(push.before) == {"0"},
                "deleted": False,
                "forced": push.kind == "force_push",
                "commits": [told],
                "head_commit": told,
                "pusher": {"name": by.login, "email": by.email},
                "repository": self._repository(),
            },
        )

    def _commit(self, repository: Repository, push: Happening, commit: Commit) -> Payload:
        before = repository.history.commits.get(push.before)
        old = before.files if before else {}
        author = {"name": commit.author, "email": commit.email, "username": self.announcement.by.user.login}
        return {
            "id": commit.sha,
            "tree_id": commit.tree_sha,
            "distinct": True,
            "message": commit.message,
            "timestamp": iso(commit.at),
            "url": web(self.request, f"/{repository.full_name}/commit/{commit.sha}"),
            "author": author,
            "committer": author,
            "added": [path for path in commit.files if path not in old],
            "removed": [path for path in old if path not in commit.files],
            "modified": [path for path, file in commit.files.items() if path in old and old[path] != file],
        }

    # -- fine-grained tokens

    def request_created(self) -> Events:
        yield "personal_access_token_request", {"action": "created", **self._request()}

    def request_approved(self) -> Events:
        yield "personal_access_token_request", {"action": "approved", **self._request()}

    def request_denied(self) -> Events:
        yield "personal_access_token_request", {"action": "denied", **self._request()}

    def _request(self) -> Payload:
        grant = self.subject.grant
        assert grant is not None
        now = self.organisation.clock.now()
        return {"personal_access_token_request": app_shapes.told_request(self.request, grant, now)}

    # -- apps

    def app_suspended(self) -> Events:
        yield "installation", {"action": "suspend", "installation": self._installation()}

    def app_unsuspended(self) -> Events:
        yield "installation", {"action": "unsuspend", "installation": self._installation()}

    def app_removed(self) -> Events:
        yield "installation", {"action": "deleted", "installation": self._installation()}

    def _installation(self) -> Payload:
        installation = self.subject.installation
        assert installation is not None
        return app_shapes.installation(self.request, installation)

    # -- the hook itself

    def pinged(self) -> Events:
        shape = self._hook()
        yield "ping", {"zen": "Practicality beats purity.", "hook_id": shape["id"], "hook": shape}

    def hook_deleted(self) -> Events:
        shape = self._hook()
        yield "meta", {"action": "deleted", "hook_id": shape["id"], "hook": shape}

    def _hook(self) -> Payload:
        hook = self.subject.hook
        assert hook is not None
        repository = self.subject.repository
        owner = f"/repos/{repository.full_name}" if repository else f"/orgs/{self.organisation.login}"
        return hook_shape(self.request, hook, f"{owner}/hooks")


MAKERS: dict[str, Callable[[Teller], Events]] = {
    "org.rename": Teller.renamed_organisation,
    "org.add_member": Teller.member_added,
    "org.remove_member": Teller.member_removed,
    "org.invite_member": Teller.member_invited,
    "org.block_user": Teller.blocked,
    "org.unblock_user": Teller.unblocked,
    "team.add_member": Teller.joined_team,
    "team.remove_member": Teller.left_team,
    "team.add_repository": Teller.team_added,
    "team.remove_repository": Teller.team_removed,
    "repo.access": Teller.visibility_changed,
    "repo.archived": Teller.archived,
    "repo.unarchived": Teller.unarchived,
    "repo.destroy": Teller.destroyed,
    "repo.rename": Teller.renamed,
    "repo.add_member": Teller.collaborator_added,
    "repo.update_member": Teller.collaborator_changed,
    "repo.remove_member": Teller.collaborator_removed,
    "public_key.create": Teller.key_created,
    "public_key.delete": Teller.key_deleted,
    "personal_access_token.request_created": Teller.request_created,
    "personal_access_token.access_granted": Teller.request_approved,
    "personal_access_token.request_denied": Teller.request_denied,
    "integration_installation.suspend": Teller.app_suspended,
    "integration_installation.unsuspend": Teller.app_unsuspended,
    "integration_installation.destroy": Teller.app_removed,
    "hook.ping": Teller.pinged,
    "hook.destroy": Teller.hook_deleted,
    "git.push": Teller.pushed,
}
