"""Credentials that reach an organisation without belonging to it: authorised under single sign-on, or granted."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.sandbox.exchange import Json
from tests.sandbox.github.people import User

# How a kind is called in the list -> how it is called when all of a kind are revoked.
KINDS = {
    "personal access token": "classic_pat",
    "SSH key": "ssh_key",
    "OAuth app token": "oauth_app_token",
    "GitHub app token": "github_app_token",
}
REVOCABLE = ("classic_pat", "fine_grained_pat", "ssh_key", "oauth_app_token")


@dataclass(slots=True)
class Authorisation:
    """Of a credential for an organisation with SAML single sign-on. `revoked_at`: from when on it is gone."""

    id: int
    user: User
    kind: str
    authorised_at: float
    accessed_at: float | None
    credential_id: int
    title: str | None = None
    note: str | None = None
    last_eight: str | None = None
    scopes: tuple[str, ...] | None = None
    fingerprint: str | None = None
    expires_at: float | None = None
    revoked_at: float | None = None


@dataclass(slots=True)
class TokenGrant:
    """What a fine-grained token may do here, or what it asks for. `id` is the grant's, `token_id` the token's.

    `selection`: none, all, subset. `reason`: only where it is a request.
    """

    id: int
    owner: User
    token_id: int
    name: str
    created_at: float
    selection: str = "all"
    repositories: tuple[int, ...] = ()
    permissions: dict[str, dict[str, str]] = field(default_factory=dict)
    expires_at: float | None = None
    used_at: float | None = None
    reason: str | None = None

    def details(self) -> dict[str, Json]:
        """As in the audit log."""
        return {
            "user": self.owner.login,
            "user_id": self.owner.id,
            "user_programmatic_access_id": self.token_id,
            "user_programmatic_access_name": self.name,
        }
