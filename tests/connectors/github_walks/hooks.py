"""Webhooks and their deliveries."""

from tests.connectors.github_walks.walk import ORG, Step, Walk
from tests.sandbox.exchange import Json

CONFIG: Json = {"url": "https://portal.contoso.example/in", "content_type": "json", "secret": "s"}
READS: tuple[str, ...] = (
    f"{ORG}/hooks",
    "/repos/contoso-dev/billing-api/hooks",
)
REFUSALS: tuple[Step, ...] = (
    ("GET", f"{ORG}/hooks/501113202", None, 404),
    ("POST", f"{ORG}/hooks", {"name": "email", "config": CONFIG}, 422),
    ("POST", f"{ORG}/hooks", {"name": "web", "config": CONFIG, "events": ["nothing"]}, 422),
    ("DELETE", f"{ORG}/hooks/1", None, 404),
)
WRITES: tuple[Step, ...] = (("POST", f"{ORG}/hooks", {"name": "web", "config": CONFIG, "events": ["member"]}, 201),)

WALK = Walk(READS, REFUSALS, WRITES)
