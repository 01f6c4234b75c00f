"""Webhooks, what was sent through them, and the signature that goes along."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.sandbox.exchange import Json

HOOKS_PER_EVENT = 20
REDELIVERY_WINDOW = 3 * 86_400
AGENT = "GitHub-Hookshot/7c1c5f6"
EVENTS = frozenset(
    {
        "*",
        "branch_protection_rule",
        "create",
        "delete",
        "deploy_key",
        "fork",
        "issues",
        "member",
        "membership",
        "meta",
        "org_block",
        "organization",
        "personal_access_token_request",
        "ping",
        "public",
        "pull_request",
        "push",
        "release",
        "repository",
        "repository_ruleset",
        "secret_scanning_alert",
        "security_and_analysis",
        "team",
        "team_add",
        "workflow_run",
    }
)


@dataclass(slots=True)
class Delivery:
    """One attempt. `status_code` is 0 until it was sent, and stays 0 when nobody answered."""

    id: int
    guid: str
    event: str
    payload: Json
    headers: dict[str, str]
    at: float
    is_redelivery: bool = False
    is_sent: bool = False
    status_code: int = 0
    duration: float = 0.0
    repository_id: int | None = None
    installation_id: int | None = None

    @property
    def action(self) -> str | None:
        action: str | None = self.payload.get("action")
        return action

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 400

    @property
    def status(self) -> str:
        if not self.is_sent:
            return "Pending"
        if self.status_code == 0:
            return "failed to connect to host"
        return "OK" if self.is_success else "Invalid HTTP Response"


@dataclass(slots=True)
class Hook:
    """`client_id`: the OAuth App that made it; None when it was made on the web page. `app_id`: of the GitHub App whose
    own it is. Deliveries: oldest first.
    """

    id: int
    url: str
    events: list[str]
    secret: str | None = None
    content_type: str = "form"
    insecure_ssl: str = "0"
    is_active: bool = True
    client_id: str | None = None
    app_id: int | None = None
    created_at: float = 1_700_000_000.0
    updated_at: float = 1_700_000_000.0
    deliveries: list[Delivery] = field(default_factory=list)

    def wants(self, event: str) -> bool:
        return event in ("ping", "meta") or (self.is_active and ("*" in self.events or event in self.events))

    def body_of(self, delivery: Delivery) -> bytes:
        text = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":"))
        return text.encode() if self.content_type == "json" else urlencode({"payload": text}).encode()

    def prepare(self, delivery: Delivery, target: dict[str, str]) -> None:
        """Writes the delivery's headers, the signature over its very bytes among them, and keeps it."""
        media = "application/json" if self.content_type == "json" else "application/x-www-form-urlencoded"
        delivery.headers = {
            "Accept": "*/*",
            "Content-Type": media,
            "User-Agent": AGENT,
            "X-GitHub-Delivery": delivery.guid,
            "X-GitHub-Event": delivery.event,
            "X-GitHub-Hook-ID": str(self.id),
            **target,
        }
        if self.secret:
            body = self.body_of(delivery)
            delivery.headers |= {
                "X-Hub-Signature": f"sha1={signature(self.secret, body, 'sha1')}",
                "X-Hub-Signature-256": f"sha256={signature(self.secret, body)}",
            }
        self.deliveries.append(delivery)


def signature(secret: str, body: bytes, digest: str = "sha256") -> str:
    return hmac.new(secret.encode(), body, digest).hexdigest()


def guid(seed: str) -> str:
    """The name of a delivery, the same at each run."""
    return str(uuid.UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16], version=1))


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery as it left."""

    url: str
    headers: dict[str, str]
    body: bytes
