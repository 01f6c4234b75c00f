"""What tests of the simulated Azure Resource Manager read lists with."""

from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.arm.seed_ids import PRODUCTION

AUTHORIZATION = "/providers/Microsoft.Authorization"
SCOPE = f"/subscriptions/{PRODUCTION}"


def rows(call: Caller, target: str) -> list[Json]:
    found: list[Json] = []
    while target:
        reply = call.get(target)
        assert reply.status == 200, reply.body
        found += reply.json()["value"]
        target = reply.json().get("nextLink", "")
    return found
