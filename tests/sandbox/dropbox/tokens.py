"""The vendor's app, what members consented to, and the tokens that came of it."""

from dataclasses import dataclass

ACCESS_LIFETIME = 14_400
CODE_LIFETIME = 600


@dataclass(slots=True)
class Application:
    """`id` is what events and lists name it by; `webhooks`: addresses that passed verification."""

    key: str
    secret: str
    name: str
    id: str
    redirect_uris: list[str]
    scopes: frozenset[str]
    webhooks: list[str]


@dataclass(slots=True)
class Code:
    member_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    is_offline: bool
    expires_at: float


@dataclass(slots=True)
class Grant:
    """One consent. `is_team`: at least one team scope, so its tokens speak for the team. `refresh_token` "" without
    offline access."""

    member_id: str
    scopes: tuple[str, ...]
    is_team: bool
    refresh_token: str
    is_revoked: bool = False


@dataclass(slots=True)
class AccessToken:
    text: str
    grant: Grant
    expires_at: float
