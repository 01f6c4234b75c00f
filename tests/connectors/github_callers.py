"""Callers of the simulated GitHub, and what its audit log says afterwards."""

from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import CLIENT_ID

ORG = "/orgs/contoso-dev"
SCOPES = ("admin:org", "read:audit_log", "read:user", "repo")


def caller(sandbox: Sandbox, login: str, *scopes: str) -> Caller:
    """Somebody with a token of the OAuth App, approved at contoso-dev; `scopes`: those of an admin by default."""
    token = sandbox.github.state.issue_token(login, list(scopes or SCOPES))
    sandbox.github.organisation().approved_applications.add(CLIENT_ID)
    return Caller(sandbox, "api.github.com", {"User-Agent": "tests", "Authorization": f"Bearer {token}"})


def anonymous(sandbox: Sandbox) -> Caller:
    return Caller(sandbox, "api.github.com", {"User-Agent": "tests"})


def recorded(sandbox: Sandbox, count: int = 1) -> list[Json]:
    """The latest events that were recorded, oldest of them first."""
    entries = sorted(sandbox.github.organisation().audit.entries, key=lambda entry: entry.position[1])
    return [entry.event for entry in entries[-count:]]


def logins(call: Caller, target: str) -> list[str]:
    return [row["login"] for reply in call.pages(target) for row in reply.json()]
