"""Webhooks and their deliveries."""

from tests.connectors.github_walks.walk import ORG, Step, Walk
from tests.sandbox.exchange import Json

BILLING = "/repos/contoso-dev/billing-api/hooks"
CONFIG: Json = {"url": "https://portal.contoso.example/in", "content_type": "json", "secret": "s"}
READS: tuple[str, ...] = (
    f"{ORG}/hooks",
    BILLING,
    f"{BILLING}/502200118",
)
REFUSALS: tuple[Step, ...] = (
    ("GET", f"{ORG}/hooks/501113202", None, 404),
    ("POST", f"{ORG}/hooks", {"name": "email", "config": CONFIG}, 422),
    ("POST", f"{ORG}/hooks", {"name": "web", "config": CONFIG, "events": ["nothing"]}, 422),
    ("DELETE", f"{ORG}/hooks/1", None, 404),
    ("GET", f"{BILLING}/501113202", None, 404),
)
WRITES: tuple[Step, ...] = (
    ("POST", f"{ORG}/hooks", {"name": "web", "config": CONFIG, "events": ["member"]}, 201),
    ("PATCH", f"{BILLING}/502200118", {"active": False}, 200),
    ("DELETE", f"{BILLING}/502200118", None, 204),
)

WALK = Walk(READS, REFUSALS, WRITES)
