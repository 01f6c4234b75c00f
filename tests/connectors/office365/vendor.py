"""A tenant of Microsoft's that says what a test tells it to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt

from connectors.base import Client, MemorySecrets, Network
from connectors.office365 import connector
from connectors.office365.methods import BY_SECRET
from connectors.office365.refusals import NO_PREMIUM
from tests.connectors.base.vendor import Clock, Says, Seen, Vendor, says

TENANT, CLIENT = "2f6c9d1e-7b34-4c58-9a0d-5e81f3b27c46", "8d0b4a7f-13e6-4f92-b6c5-0a97d2e4185b"
SECRET = "Qx8Q~S3CRET_value.of-the_app"
LOGIN, GRAPH, FEED = "login.microsoftonline.com", "graph.microsoft.com", "manage.office.com"
SITE = "contoso.sharepoint.com"
TOKEN = f"/{TENANT}/oauth2/v2.0/token"
ORGANIZATION = {"value": [{"id": TENANT, "displayName": "Contoso", "verifiedDomains": []}]}
LIST = f"/api/v1.0/{TENANT}/activity/feed/subscriptions/list"
NOT_PREMIUM = says({"error": {"code": NO_PREMIUM, "message": "Neither tenant is B2C or has premium license"}}, 403)


def aadsts(number: int, error: str = "invalid_client", status: int = 401) -> Says:
    """A refused sign-in."""
    text = f"AADSTS{number}: told at length, S3CRET included."
    return says({"error": error, "error_description": text, "error_codes": [number]}, status)


def refused(code: str, status: int = 400, message: str = "told at length") -> Says:
    """An error as Graph and the Management Activity API tell it."""
    return says({"error": {"code": code, "message": message}}, status)


@dataclass
class Tenant:
    """`roles`: what is granted at each host. `says[host, path]` is answered there, all else with 404."""

    vendor: Vendor = field(default_factory=Vendor)
    clock: Clock = field(default_factory=Clock)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    says: dict[tuple[str, str], Any] = field(default_factory=dict)
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets({"client_secret": SECRET}))

    def __post_init__(self) -> None:
        self.vendor.answer = self.answer
        self.says[GRAPH, "/v1.0/organization"] = ORGANIZATION
        self.says[GRAPH, "/v1.0/auditLogs/signIns"] = {"value": []}
        self.says[GRAPH, "/v1.0/sites/root"] = {"id": "root", "webUrl": f"https://{SITE}"}
        self.says[FEED, LIST] = []

    @property
    def asked(self) -> list[str]:
        """Audiences that a token was asked for."""
        return [seen.form["scope"] for seen in self.vendor.seen if seen.path == TOKEN]

    def answer(self, seen: Seen) -> Says:
        said = self.says.get((seen.host, seen.path))
        if said is None and seen.path == TOKEN:
            return self._token(seen)
        if said is None:
            return refused("ResourceNotFound", 404)
        return said if isinstance(said, Says) else says(said)

    def _token(self, seen: Seen) -> Says:
        host = urlsplit(seen.form["scope"]).hostname or ""
        claims = {"aud": f"https://{host}", "number": len(self.vendor.seen), "roles": list(self.roles.get(host, ()))}
        text = jwt.encode(claims, "k" * 32, "HS256")
        return says({"token_type": "Bearer", "expires_in": 3599, "access_token": text})

    def client(self, *components: str, method_id: str = BY_SECRET, **config: str) -> Client:
        """With these components on; without any, all of them."""
        known = {"tenant_id": TENANT, "client_id": CLIENT, **config}
        hosts = (LOGIN, GRAPH, FEED, SITE, *(each for each in connector.hosts(known) if "*" not in each))
        return Client(
            connector,
            connector.method(method_id),
            config=known,
            secrets=self.secrets,
            network=Network(dict.fromkeys(hosts, self.vendor.base_url)),
            now=self.clock,
            components=components or None,
        )


def begin() -> Iterator[Tenant]:
    """For a fixture."""
    tenant = Tenant()
    yield tenant
    tenant.vendor.close()


