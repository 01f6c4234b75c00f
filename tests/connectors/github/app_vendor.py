"""A small GitHub that knows one GitHub App with one installation, and the app's key."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.base import Client, MemorySecrets, Network
from connectors.github import connector
from tests.connectors.base.keys import pem, public_of, read_jwt
from tests.connectors.base.vendor import START, Says, Seen, Vendor, says

APP_ID, INSTALLATION = "1290417", 51_204_117
PERMISSIONS = {"members": "read", "metadata": "read"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class AppVendor:
    """`expected` calls without an answer here get `other`, once their token was proven."""

    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    is_installed: bool = True
    is_suspended: bool = False
    valid: set[str] = field(default_factory=set)
    given: int = 0
    now: Any = START

    def __post_init__(self) -> None:
        self.vendor = Vendor()
        self.vendor.answer = self.answer
        self.secrets = MemorySecrets({"private_key": pem(KEY)})

    def client(self, **config: str) -> Client:
        whole = {"app_id": APP_ID, "organization": "contoso-dev", **config}
        hosts = {host: self.vendor.base_url for host in connector.hosts(whole)}
        method = connector.method("github_app")
        return Client(
            connector, method, config=whole, secrets=self.secrets, network=Network(hosts), now=lambda: self.now
        )

    def calls(self) -> list[tuple[str, str]]:
        return [(seen.method, seen.path) for seen in self.vendor.seen]

    def statements(self) -> list[dict[str, Any]]:
        """The claims of what was signed with the app's key."""
        return [read_jwt(token_of(seen), public_of(KEY), "RS256")[1] for seen in self.vendor.seen if is_as_app(seen)]

    def answer(self, seen: Seen) -> Says:
        if is_as_app(seen):
            return self._answer_app(seen)
        if token_of(seen) not in self.valid:
            return says({"message": "Bad credentials"}, 401)
        return says({"login": "contoso-dev", "id": 148205311})

    def _answer_app(self, seen: Seen) -> Says:
        assert read_jwt(token_of(seen), public_of(KEY), "RS256")
        if not self.is_installed:
            return says({"message": "Not Found"}, 404)
        if seen.method == "DELETE":
            self.is_installed, self.valid = False, set()
            return Says(204, b"")
        if seen.method == "GET":
            return says({"id": INSTALLATION, "app_slug": "gatehouse-contoso", "permissions": self.permissions})
        if self.is_suspended:
            return says({"message": "This installation has been suspended"}, 403)
        self.given += 1
        self.valid.add(f"ghs_token{self.given}")
        expires_at = (self.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = {"token": f"ghs_token{self.given}", "expires_at": expires_at, "permissions": self.permissions}
        return Says(201, json.dumps(body).encode(), {"Content-Type": "application/json"})


def is_as_app(seen: Seen) -> bool:
    return seen.path.removeprefix("/api/v3").startswith("/app/") or seen.path.endswith("/installation")


def token_of(seen: Seen) -> str:
    return seen.headers["authorization"].removeprefix("Bearer ")
