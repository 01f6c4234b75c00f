"""State -> the JSON objects that GitHub's schema describes."""

import base64

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json, Request
from tests.sandbox.github.addresses import web
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Invitation, Role, Team, User, role_of
from tests.sandbox.github.tokens import Token


def node_id(prefix: str, number: int) -> str:
    return f"{prefix}_{base64.urlsafe_b64encode(number.to_bytes(8, 'big')).rstrip(b'=').decode()}"


def number_of(text: str) -> tuple[str, int]:
    """A node id taken apart: its kind and its number; ("", 0) when it is none."""
    kind, _, coded = text.partition("_")
    try:
        return kind, int.from_bytes(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)), "big")
    except ValueError:
        return "", 0


def simple_user(request: Request, user: User) -> dict[str, Json]:
    path = f"/users/{user.login}"
    return {
        "login": user.login,
        "id": user.id,
        "node_id": node_id("U", user.id),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}?v=4",
        "gravatar_id": "",
        "url": request.url(path),
        "html_url": web(request, f"/{user.login}"),
        "followers_url": request.url(f"{path}/followers"),
        "following_url": request.url(f"{path}/following{{/other_user}}"),
        "gists_url": request.url(f"{path}/gists{{/gist_id}}"),
        "starred_url": request.url(f"{path}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": request.url(f"{path}/subscriptions"),
        "organizations_url": request.url(f"{path}/orgs"),
        "repos_url": request.url(f"{path}/repos"),
        "events_url": request.url(f"{path}/events{{/privacy}}"),
        "received_events_url": request.url(f"{path}/received_events"),
        "type": user.type,
        "user_view_type": "public",
        "site_admin": user.is_site_admin,
    }


def public_user(request: Request, user: User) -> dict[str, Json]:
    return simple_user(request, user) | {
        "name": user.name,
        "company": user.company,
        "blog": "",
        "location": user.location,
        "email": user.email,
        "hireable": None,
        "bio": user.bio,
        "twitter_username": None,
        "public_repos": user.id % 7,
        "public_gists": 0,
        "followers": user.id % 13,
        "following": user.id % 5,
        "created_at": iso(user.created_at),
        "updated_at": iso(user.updated_at),
    }


def private_user(request: Request, user: User) -> dict[str, Json]:
    return public_user(request, user) | {
        "user_view_type": "private",
        "notification_email": user.email,
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": user.has_two_factor,
        "plan": {"name": "free", "space": 976_562_499, "collaborators": 0, "private_repos": 10_000},
    }


def simple_organisation(request: Request, organisation: Organisation) -> dict[str, Json]:
    path = f"/orgs/{organisation.login}"
    return {
        "login": organisation.login,
        "id": organisation.id,
        "node_id": node_id("O", organisation.id),
        "url": request.url(path),
        "repos_url": request.url(f"{path}/repos"),
        "events_url": request.url(f"{path}/events"),
        "hooks_url": request.url(f"{path}/hooks"),
        "issues_url": request.url(f"{path}/issues"),
        "members_url": request.url(f"{path}/members{{/member}}"),
        "public_members_url": request.url(f"{path}/public_members{{/member}}"),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{organisation.id}?v=4",
        "description": organisation.description,
    }


def full_organisation(request: Request, organisation: Organisation) -> dict[str, Json]:
    return simple_organisation(request, organisation) | {
        "name": organisation.name,
        "company": "Contoso Ltd",
        "blog": "https://www.contoso.example",
        "location": "Earth",
        "email": "hello@contoso.example",
        "twitter_username": None,
        "is_verified": bool(organisation.verified_domains),
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": 3,
        "public_gists": 0,
        "followers": 12,
        "following": 0,
        "html_url": web(request, f"/{organisation.login}"),
        "created_at": iso(organisation.created_at),
        "updated_at": iso(organisation.updated_at),
        "archived_at": None,
        "type": "Organization",
    }


def owner_members(organisation: Organisation) -> dict[str, Json]:
    """What an organisation's answer holds besides, for an owner with admin:org."""
    seats = len(organisation.members) + len(organisation.outside_collaborators)
    plan = {"name": organisation.plan, "space": 976_562_499, "private_repos": 999_999, "filled_seats": seats}
    return {
        "plan": plan if organisation.plan == "free" else plan | {"seats": seats + 5},
        "two_factor_requirement_enabled": organisation.is_two_factor_required,
        "total_private_repos": 19,
        "owned_private_repos": 19,
        "private_gists": 0,
        "disk_usage": 48_211,
        "collaborators": len(organisation.outside_collaborators),
        "billing_email": "billing@contoso.example",
        "default_repository_permission": "read",
        "members_can_create_repositories": True,
        "members_allowed_repository_creation_type": "private",
        "members_can_create_public_repositories": False,
        "members_can_create_private_repositories": True,
        "members_can_create_internal_repositories": organisation.plan == "enterprise",
        "members_can_create_pages": True,
        "members_can_fork_private_repositories": False,
        "web_commit_signoff_required": False,
    }


def membership(request: Request, organisation: Organisation, user: User) -> dict[str, Json]:
    """Of a member or of somebody invited; KeyError for anybody else."""
    shape: dict[str, Json] = {
        "url": request.url(f"/orgs/{organisation.login}/memberships/{user.login}"),
        "organization_url": request.url(f"/orgs/{organisation.login}"),
        "organization": simple_organisation(request, organisation),
        "user": simple_user(request, user),
    }
    held = organisation.members.get(user.id)
    if held is not None:
        return shape | {
            "state": "active",
            "role": held.role,
            "direct_membership": held.is_direct,
            "enterprise_teams_providing_indirect_membership": list(held.enterprise_teams),
        }
    invitation = organisation.invitation_of(user.login)
    if invitation is None:
        raise KeyError(user.login)
    return shape | {"state": "pending", "role": role_of(invitation)}


def invitation(request: Request, organisation: Organisation, invitation: Invitation) -> dict[str, Json]:
    failed_at = invitation.failed_at
    teams = [team for team in organisation.teams.values() if _is_awaited(team, invitation, organisation)]
    return {
        "id": invitation.id,
        "node_id": node_id("OI", invitation.id),
        "login": invitation.login,
        "email": invitation.email,
        "role": invitation.role,
        "created_at": iso(invitation.created_at),
        "failed_at": iso(failed_at) if failed_at else None,
        "failed_reason": invitation.failed_reason,
        "inviter": simple_user(request, invitation.inviter),
        "team_count": len(teams),
        "invitation_teams_url": request.url(f"/organizations/{organisation.id}/invitations/{invitation.id}/teams"),
        "invitation_source": invitation.source,
    }


def _is_awaited(team: Team, invitation: Invitation, organisation: Organisation) -> bool:
    wanted = (invitation.login or "").lower()
    return any(organisation.users[user_id].login.lower() == wanted for user_id in team.pending)


def simple_team(request: Request, organisation: Organisation, team: Team) -> dict[str, Json]:
    path = f"/organizations/{organisation.id}/team/{team.id}"
    return {
        "id": team.id,
        "node_id": node_id("T", team.id),
        "name": team.name,
        "slug": team.slug,
        "description": team.description,
        "privacy": team.privacy,
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "url": request.url(path),
        "html_url": web(request, f"/orgs/{organisation.login}/teams/{team.slug}"),
        "members_url": request.url(f"{path}/members{{/member}}"),
        "repositories_url": request.url(f"{path}/repos"),
        "type": "organization",
        "organization_id": organisation.id,
    }


def listed_team(request: Request, organisation: Organisation, team: Team) -> dict[str, Json]:
    parent = organisation.teams.get(team.parent_id) if team.parent_id else None
    return simple_team(request, organisation, team) | {
        "parent": simple_team(request, organisation, parent) if parent else None,
    }


def full_team(request: Request, organisation: Organisation, team: Team) -> dict[str, Json]:
    return listed_team(request, organisation, team) | {
        "members_count": len(team.members),
        "repos_count": 2,
        "created_at": iso(team.created_at),
        "updated_at": iso(team.updated_at),
        "organization": full_organisation(request, organisation),
    }


def team_membership(request: Request, organisation: Organisation, team: Team, user: User) -> dict[str, Json]:
    """KeyError when the user is neither in the team nor in one below it, nor invited."""
    path = f"/organizations/{organisation.id}/team/{team.id}/memberships/{user.login}"
    inherited = {user_id for below in organisation.descendants(team) for user_id in below.members}
    state = "active" if user.id in team.members or user.id in inherited else "pending"
    role = team.members.get(user.id) or ("member" if user.id in inherited else team.pending[user.id])
    return {"url": request.url(path), "role": role, "state": state}


def organisation_role(request: Request, organisation: Organisation, role: Role) -> dict[str, Json]:
    owned = role.source == "Organization"
    as_user = User(organisation.id, organisation.login, type="Organization")
    return {
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "base_role": role.base_role,
        "source": role.source,
        "permissions": list(role.permissions),
        "organization": simple_user(request, as_user) if owned else None,
        "created_at": iso(organisation.created_at),
        "updated_at": iso(organisation.updated_at),
    }


def authorization(request: Request, token: Token) -> dict[str, Json]:
    """The answer of a token check: it repeats the token."""
    application = token.application
    return {
        "id": token.id,
        "url": request.url(f"/authorizations/{token.id}"),
        "app": {"client_id": application.client_id, "name": application.name, "url": application.url},
        "token": token.text,
        "hashed_token": "",
        "token_last_eight": token.text[-8:],
        "note": None,
        "note_url": None,
        "created_at": iso(token.created_at),
        "updated_at": iso(token.created_at),
        "scopes": list(token.scopes),
        "fingerprint": None,
        "expires_at": None,
        "user": simple_user(request, token.user),
    }
