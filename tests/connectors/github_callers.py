"""Callers of the simulated GitHub, and what its audit log says afterwards."""

from collections.abc import Callable

import jwt

from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import CLIENT_ID, RESIDENCY, SERVER, SERVICE_OWNER, managed_users, seed_apps
from tests.sandbox.github.app import Installation

ORG = "/orgs/contoso-dev"
SCOPES = ("admin:org", "read:audit_log", "read:user", "repo")
ALL_SCOPES = (*SCOPES, "delete_repo", "workflow", "admin:org_hook", "admin:enterprise")
HEADERS = {"User-Agent": "tests", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


def with_bearer(sandbox: Sandbox, text: str) -> Caller:
    return Caller(sandbox, "api.github.com", {**HEADERS, "Authorization": f"Bearer {text}"})


def caller(sandbox: Sandbox, login: str, *scopes: str) -> Caller:
    """Somebody with a token of the OAuth App, approved at contoso-dev; `scopes`: those of an admin by default."""
    token = sandbox.github.state.issue_token(login, list(scopes or SCOPES))
    sandbox.github.organisation().approved_applications.add(CLIENT_ID)
    return with_bearer(sandbox, token)


def anonymous(sandbox: Sandbox) -> Caller:
    return Caller(sandbox, "api.github.com", HEADERS)


def owner(sandbox: Sandbox) -> Caller:
    """An owner whose token has every scope."""
    return caller(sandbox, SERVICE_OWNER, *ALL_SCOPES)


def assertion(sandbox: Sandbox, app_id: int = seed_apps.APP_ID, **claims: Json) -> str:
    """The JWT of a GitHub App, as it should be but for `claims`."""
    now = int(sandbox.clock.now())
    key = sandbox.github.state.apps[app_id].generate_key()
    said = {"iat": now - 60, "exp": now + 300, "iss": str(app_id)} | claims
    return jwt.encode({name: value for name, value in said.items() if value is not None}, key, "RS256")


def app(sandbox: Sandbox) -> Caller:
    return with_bearer(sandbox, assertion(sandbox))


def other_app(sandbox: Sandbox) -> Caller:
    """The app that the enterprise has for itself."""
    return with_bearer(sandbox, assertion(sandbox, seed_apps.ENTERPRISE_APP_ID))


def our_installation(sandbox: Sandbox) -> Installation:
    return next(
        each for each in sandbox.github.organisation().installations.values() if each.app.id == seed_apps.APP_ID
    )


def installed(sandbox: Sandbox, permissions: dict[str, str] | None = None) -> Caller:
    """Our app, installed at contoso-dev; `permissions`: fewer than it has."""
    token = sandbox.github.state.issue_installation_token(our_installation(sandbox), permissions)
    return with_bearer(sandbox, token.text)


def enterprise_app(sandbox: Sandbox) -> Caller:
    [installation] = sandbox.github.state.enterprises[seed_apps.ENTERPRISE].installations.values()
    return with_bearer(sandbox, sandbox.github.state.issue_installation_token(installation).text)


def turn(sandbox: Sandbox, switches: tuple[str, ...], is_on: bool) -> None:
    """Turn switches of the sandbox's page on or off."""
    for name in switches:
        next(each for each in sandbox.github.switches() if each.id == name).turn(is_on)


def managed_owner(sandbox: Sandbox) -> Caller:
    """The owner where the enterprise manages its users: the login has another end."""
    return caller(sandbox, f"{SERVICE_OWNER}_{managed_users.SHORT_CODE}", *ALL_SCOPES)


def residency_owner(sandbox: Sandbox) -> Caller:
    """An owner at ghe.com with data residency, where all users are managed."""
    github = sandbox.github_at(RESIDENCY.id)
    token = github.state.issue_token(f"{SERVICE_OWNER}_{managed_users.SHORT_CODE}", list(ALL_SCOPES))
    return Caller(sandbox, RESIDENCY.api_host, {**HEADERS, "Authorization": f"Bearer {token}"})


def server_owner(sandbox: Sandbox) -> Caller:
    """An owner at GitHub Enterprise Server who also runs it."""
    token = sandbox.github_at(SERVER.id).state.issue_token(SERVICE_OWNER, [*ALL_SCOPES, "site_admin"])
    return Caller(sandbox, SERVER.api_host, {**HEADERS, "Authorization": f"Bearer {token}"}, "/api/v3")


CALLERS: dict[str, Callable[[Sandbox], Caller]] = {
    "owner": owner,
    "managed_owner": managed_owner,
    "server_owner": server_owner,
    "app": app,
    "other_app": other_app,
    "installed": installed,
    "enterprise_app": enterprise_app,
}


def recorded(sandbox: Sandbox, count: int = 1) -> list[Json]:
    """The latest events that were recorded, oldest of them first."""
    entries = sorted(sandbox.github.organisation().audit.entries, key=lambda entry: entry.position[1])
    return [entry.event for entry in entries[-count:]]


def logins(call: Caller, target: str) -> list[str]:
    return [row["login"] for reply in call.pages(target) for row in reply.json()]
