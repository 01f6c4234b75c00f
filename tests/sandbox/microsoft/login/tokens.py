"""Access tokens that applications hold of themselves, and how they prove who they are."""

import base64
import json
import random
from dataclasses import dataclass, field
from typing import Any

from tests.sandbox.exchange import Json

LIFETIME = 3_599
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """`roles` are those of the moment it was issued. `is_by_certificate`: the application proved itself with a
    certificate and not with a secret. `principal_id`: the application's service principal."""

    audience: str
    client_id: str
    principal_id: str
    roles: frozenset[str]
    expires_at: float
    is_by_certificate: bool = False


ANYBODY = AccessToken("", "", "", frozenset(), 0.0)


@dataclass(slots=True)
class Login:
    """`secrets` and `certificates` (PEM) by key id: what the application objects in the directory describe.

    `refuses` is an AADSTS number that every call for a token is answered with, 0 for none; `pair`: the certificate and
    the key that are handed out; `assertions`: the jti of those that were used; `codes`: what codes were given for.
    """

    secrets: dict[str, str] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, AccessToken] = field(default_factory=dict)
    refuses: int = 0
    pair: tuple[str, str] | None = None
    assertions: set[str] = field(default_factory=set)
    codes: dict[str, Any] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random("20261204/login"))

    def text(self, length: int) -> str:
        """Of ids and secrets; never the same twice."""
        return "".join(self.chance.choices(ALPHABET, k=length))

    def issue(self, token: AccessToken, claims: dict[str, Json]) -> str:
        """A JWT that names the roles; nobody but the service it is for can check its signature."""
        signature = base64.urlsafe_b64encode(self.chance.randbytes(256)).rstrip(b"=").decode()
        text = f"{_part({'typ': 'JWT', 'alg': 'RS256', 'kid': 'sandbox'})}.{_part(claims)}.{signature}"
        self.tokens[text] = token
        return text


def _part(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()
