"""Repositories and what hangs on them -> the JSON objects that GitHub's schema describes."""

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json, Request
from tests.sandbox.github.addresses import web
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import User
from tests.sandbox.github.repository import (
    INVITATION_LIFETIME,
    PERMISSIONS,
    DeployKey,
    Happening,
    Repository,
    RepositoryInvitation,
)
from tests.sandbox.github.shapes import listed_team, node_id, simple_user

BELOW = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
SECURITY = {
    "secret_scanning": {"status": "enabled"},
    "secret_scanning_push_protection": {"status": "disabled"},
    "dependabot_security_updates": {"status": "enabled"},
}


def as_owner(request: Request, organisation: Organisation) -> dict[str, Json]:
    """An organisation where a user is expected."""
    shape = simple_user(request, User(organisation.id, organisation.login, type="Organization"))
    return shape | {"node_id": node_id("O", organisation.id)}


def simple_repository(request: Request, repository: Repository) -> dict[str, Json]:
    path = f"/repos/{repository.full_name}"
    return {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "owner": as_owner(request, repository.organisation),
        "private": repository.visibility != "public",
        "html_url": web(request, f"/{repository.full_name}"),
        "description": repository.description,
        "fork": repository.is_fork,
        "url": request.url(path),
        **{name: request.url(path) + below for name, below in BELOW.items()},
    }


def listed_repository(request: Request, repository: Repository, role: str | None) -> dict[str, Json]:
    """As in lists; `role` is the caller's, None for anonymous callers."""
    host = web(request, "").partition("://")[2]
    shape = simple_repository(request, repository) | {
        "git_url": f"git://{host}/{repository.full_name}.git",
        "ssh_url": f"git@{host}:{repository.full_name}.git",
        "clone_url": web(request, f"/{repository.full_name}.git"),
        "svn_url": web(request, f"/{repository.full_name}"),
        "mirror_url": None,
        "homepage": repository.homepage,
        "language": repository.language,
        "size": repository.size,
        "default_branch": repository.default_branch,
        "is_template": repository.is_template,
        "topics": list(repository.topics),
        "has_issues": True,
        "has_projects": True,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "archived": repository.is_archived,
        "disabled": repository.is_disabled,
        "visibility": repository.visibility,
        "pushed_at": iso(repository.pushed_at) if repository.pushed_at else None,
        "created_at": iso(repository.created_at),
        "updated_at": iso(repository.updated_at),
        "allow_forking": False,
        "web_commit_signoff_required": False,
        "license": None,
        **dict.fromkeys(("forks_count", "forks", "open_issues_count", "open_issues"), 0),
        **dict.fromkeys(("stargazers_count", "watchers_count", "watchers"), repository.stars),
    }
    if role is not None:
        shape |= {"permissions": permissions(repository, role), "role_name": role}
    if role == "admin":
        shape["security_and_analysis"] = SECURITY
    return shape


def full_repository(request: Request, repository: Repository, role: str | None) -> dict[str, Json]:
    """By itself; here the description has no null for pushed_at, an empty repository shows when it was made."""
    shape = listed_repository(request, repository, role) | {
        "pushed_at": iso(repository.pushed_at or repository.created_at),
        "organization": as_owner(request, repository.organisation),
        "network_count": 0,
        "subscribers_count": len(repository.collaborators),
        "custom_properties": {},
    }
    if role == "admin":
        shape |= {
            "allow_squash_merge": True,
            "allow_merge_commit": True,
            "allow_rebase_merge": True,
            "allow_auto_merge": False,
            "delete_branch_on_merge": True,
            "allow_update_branch": False,
            "use_squash_pr_title_as_default": False,
        }
    return shape


def permissions(repository: Repository, role: str | None) -> dict[str, bool]:
    reached = repository.level(role)
    return {name: reached >= repository.level(each) for name, each in PERMISSIONS.items()}


def collaborator(request: Request, repository: Repository, user: User, role: str) -> dict[str, Json]:
    return simple_user(request, user) | {"permissions": permissions(repository, role), "role_name": role}


def repository_invitation(
    request: Request, repository: Repository, invitation: RepositoryInvitation, now: float
) -> dict[str, Json]:
    base = repository.organisation.repository_roles.get(invitation.role, invitation.role)
    return {
        "id": invitation.id,
        "node_id": node_id("RI", invitation.id),
        "repository": simple_repository(request, repository),
        "invitee": simple_user(request, invitation.invitee),
        "inviter": simple_user(request, invitation.inviter),
        "permissions": base,
        "created_at": iso(invitation.created_at),
        "expired": invitation.created_at + INVITATION_LIFETIME < now,
        "url": request.url(f"/user/repository_invitations/{invitation.id}"),
        "html_url": web(request, f"/{repository.full_name}/invitations"),
    }


def repository_team(request: Request, repository: Repository, team_id: int) -> dict[str, Json]:
    role = repository.teams[team_id]
    older = {each: name for name, each in PERMISSIONS.items()}
    return listed_team(request, repository.organisation, repository.organisation.teams[team_id]) | {
        "permission": older.get(role, role),
        "permissions": permissions(repository, role),
        "access_source": "direct",
    }


def deploy_key(request: Request, repository: Repository, key: DeployKey) -> dict[str, Json]:
    return {
        "id": key.id,
        "key": key.key,
        "url": request.url(f"/repos/{repository.full_name}/keys/{key.id}"),
        "title": key.title,
        "verified": True,
        "created_at": iso(key.created_at),
        "read_only": key.read_only,
        "added_by": key.added_by,
        "last_used": iso(key.last_used_at) if key.last_used_at else None,
        "enabled": key.is_enabled,
    }


def activity(request: Request, happening: Happening) -> dict[str, Json]:
    return {
        "id": happening.id,
        "node_id": node_id("PSH", happening.id),
        "before": happening.before,
        "after": happening.after,
        "ref": happening.ref,
        "timestamp": iso(happening.at),
        "activity_type": happening.kind,
        "actor": simple_user(request, happening.actor),
    }
