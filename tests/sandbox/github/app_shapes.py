"""GitHub Apps, their installations, credentials and grants -> the JSON objects that GitHub's schema describes."""

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json, Request
from tests.sandbox.github.addresses import web
from tests.sandbox.github.app import App, Installation
from tests.sandbox.github.enterprise import Enterprise
from tests.sandbox.github.grants import Authorisation, TokenGrant
from tests.sandbox.github.people import User
from tests.sandbox.github.repository_shapes import as_owner
from tests.sandbox.github.shapes import node_id, simple_user


def app(request: Request, app: App, count: int) -> dict[str, Json]:
    """`count`: on how many accounts it is installed."""
    return {
        "id": app.id,
        "slug": app.slug,
        "node_id": node_id("A", app.id),
        "client_id": app.client_id,
        "owner": simple_user(request, app.owner),
        "name": app.name,
        "description": app.description,
        "external_url": app.url,
        "html_url": web(request, f"/apps/{app.slug}"),
        "created_at": iso(app.created_at),
        "updated_at": iso(app.updated_at),
        "permissions": app.permissions,
        "events": list(app.events),
        "installations_count": count,
    }


def installation(request: Request, each: Installation) -> dict[str, Json]:
    holder = each.organisation or each.enterprise
    assert holder is not None
    is_enterprise = each.enterprise is not None
    settings = f"/enterprises/{each.enterprise.slug}" if each.enterprise else f"/organizations/{_login(each)}"
    return {
        "id": each.id,
        "account": _account(request, each),
        "repository_selection": each.selection,
        "access_tokens_url": request.url(f"/app/installations/{each.id}/access_tokens"),
        "repositories_url": request.url("/installation/repositories"),
        "html_url": web(request, f"{settings}/settings/installations/{each.id}"),
        "app_id": each.app.id,
        "app_slug": each.app.slug,
        "client_id": each.app.client_id,
        "target_id": holder.id,
        "target_type": "Enterprise" if is_enterprise else "Organization",
        "permissions": dict(each.permissions),
        "events": list(each.events),
        "created_at": iso(each.created_at),
        "updated_at": iso(each.updated_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": simple_user(request, each.suspended_by) if each.suspended_by else None,
        "suspended_at": iso(each.suspended_at) if each.suspended_at else None,
    }


def _login(each: Installation) -> str:
    assert each.organisation is not None
    return each.organisation.login


def _account(request: Request, each: Installation) -> dict[str, Json]:
    if each.organisation is not None:
        return as_owner(request, each.organisation)
    assert each.enterprise is not None
    return enterprise(request, each.enterprise)


def enterprise(request: Request, held: Enterprise) -> dict[str, Json]:
    return {
        "id": held.id,
        "node_id": node_id("E", held.id),
        "slug": held.slug,
        "name": held.name,
        "description": None,
        "website_url": None,
        "html_url": web(request, f"/enterprises/{held.slug}"),
        "avatar_url": f"https://avatars.githubusercontent.com/b/{held.id}?v=4",
        "created_at": iso(held.created_at),
        "updated_at": iso(held.updated_at),
    }


def enterprise_installation(request: Request, each: Installation) -> dict[str, Json]:
    """As the enterprise sees what is installed on its organisations."""
    return {
        "id": each.id,
        "app_slug": each.app.slug,
        "client_id": each.app.client_id,
        "repository_selection": each.selection,
        "repositories_url": request.url("/installation/repositories"),
        "permissions": dict(each.permissions),
        "events": list(each.events),
        "created_at": iso(each.created_at),
        "updated_at": iso(each.updated_at),
    }


def authorisation(held: Authorisation) -> dict[str, Json]:
    """Members that a kind of credential does not have are left out."""
    expires_at = iso(held.expires_at) if held.expires_at else None
    shape: dict[str, Json] = {
        "login": held.user.login,
        "credential_id": held.id,
        "credential_type": held.kind,
        "credential_authorized_at": iso(held.authorised_at),
        "credential_accessed_at": iso(held.accessed_at) if held.accessed_at else None,
        "authorized_credential_id": held.credential_id,
    }
    if held.kind == "SSH key":
        return shape | {"fingerprint": held.fingerprint, "authorized_credential_title": held.title}
    return shape | {
        "token_last_eight": held.last_eight,
        "scopes": list(held.scopes or ()),
        "authorized_credential_note": held.note,
        "authorized_credential_expires_at": expires_at,
    }


def token_grant(request: Request, org_id: int, held: TokenGrant, now: float) -> dict[str, Json]:
    return _token(request, org_id, held, now, "personal-access-tokens") | {"access_granted_at": iso(held.created_at)}


def token_request(request: Request, org_id: int, held: TokenGrant, now: float) -> dict[str, Json]:
    shape = _token(request, org_id, held, now, "personal-access-token-requests")
    return shape | {"reason": held.reason, "created_at": iso(held.created_at)}


def told_request(request: Request, held: TokenGrant, now: float) -> dict[str, Json]:
    """As webhooks tell it."""
    shape = _token(request, 0, held, now, "")
    kept = ("id", "owner", "repository_selection", "token_id", "token_name", "token_expired")
    return {name: shape[name] for name in (*kept, "token_expires_at", "token_last_used_at")} | {
        "created_at": iso(held.created_at),
        "permissions_added": held.permissions,
        "permissions_upgraded": {},
        "permissions_result": held.permissions,
        "repository_count": len(held.repositories) or None,
        "repositories": None,
    }


def _token(request: Request, org_id: int, held: TokenGrant, now: float, place: str) -> dict[str, Json]:
    return {
        "id": held.id,
        "owner": simple_user(request, held.owner),
        "repository_selection": held.selection,
        "repositories_url": request.url(f"/organizations/{org_id}/{place}/{held.id}/repositories"),
        "permissions": held.permissions,
        "token_id": held.token_id,
        "token_name": held.name,
        "token_expired": held.expires_at is not None and held.expires_at <= now,
        "token_expires_at": iso(held.expires_at) if held.expires_at else None,
        "token_last_used_at": iso(held.used_at) if held.used_at else None,
    }


def organisation_user(login: str, number: int) -> User:
    """An organisation as the owner of an app."""
    return User(number, login, type="Organization")
