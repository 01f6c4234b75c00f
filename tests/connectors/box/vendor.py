"""A connected enterprise in front of a vendor that says what a test tells it to."""

from dataclasses import dataclass, field
from typing import Any

from connectors.base import Client, MemorySecrets, Network
from connectors.box import connector
from tests.connectors.base.vendor import Clock, Says, Seen, Vendor, says

CLIENT_ID, CLIENT_SECRET = "a" * 32, "S3" * 16
ENTERPRISE = "918273"


@dataclass
class Talk:
    """`says[method, path]` is answered to calls of that path, all else with 404."""

    vendor: Vendor
    clock: Clock = field(default_factory=Clock)
    says: dict[tuple[str, str], Any] = field(default_factory=dict)
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets({"client_secret": CLIENT_SECRET}, signed_in()))

    def __post_init__(self) -> None:
        self.vendor.answer = self.answer

    def answer(self, seen: Seen) -> Says:
        said = self.says.get((seen.method, seen.path.removeprefix("/2.0")))
        if said is None:
            return says({"type": "error", "status": 404, "code": "not_found"}, 404)
        found = said(seen) if callable(said) else said
        return found if isinstance(found, Says) else says(found)

    def client(self, method_id: str = "primary_admin", **config: str) -> Client:
        known = {"client_id": CLIENT_ID, "enterprise_id": ENTERPRISE, **config}
        network = Network({host: self.vendor.base_url for host in connector.hosts(known)})
        return Client(
            connector, connector.method(method_id), config=known, secrets=self.secrets, network=network, now=self.clock
        )


def signed_in(refresh_token: str = "rt-S3CRET") -> dict[str, Any]:
    """The tokens document after consent, with a token that lasts."""
    token: dict[str, Any] = {"value": "at-S3CRET", "renew_at": None, "scopes": [], "kind": "Bearer", "proof_key": ""}
    return {"refresh_token": refresh_token, "access": {"": token}}
