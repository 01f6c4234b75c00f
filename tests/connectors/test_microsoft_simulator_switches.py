"""Each button about Microsoft's services does what it says, and undoes it."""

import pytest

from tests.connectors.microsoft_callers import arm, feed, files, rows
from tests.sandbox import Sandbox
from tests.sandbox.microsoft.arm.seed_ids import PRODUCTION

SUBSCRIPTIONS = "/subscriptions?api-version=2022-12-01"
TENANT_LOG = (
    "/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01"
    "&$filter=eventTimestamp%20ge%20'{}'"
)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


def turn(sandbox: Sandbox, name: str, is_on: bool) -> None:
    switch = next(each for each in sandbox.microsoft.switches() if each.id == name)
    assert switch.is_on is not is_on
    switch.turn(is_on)
    assert next(each for each in sandbox.microsoft.switches() if each.id == name).is_on is is_on


@pytest.mark.parametrize(("name", "status"), [("not-audited", 400), ("no-licence", 400)])
def test_the_feed_is_refused(sandbox: Sandbox, name: str, status: int) -> None:
    call = feed(sandbox)
    turn(sandbox, name, True)
    assert call.get("/subscriptions/list").status == status
    turn(sandbox, name, False)
    assert call.get("/subscriptions/list").status == 200


def test_the_feed_and_files_slow_down(sandbox: Sandbox) -> None:
    turn(sandbox, "slow-feed", True)
    call = feed(sandbox)
    assert [call.get("/subscriptions/list").status for _ in range(4)] == [200, 200, 200, 429]
    turn(sandbox, "few-units", True)
    reader = files(sandbox)
    assert 429 in [reader.get("/sites/getAllSites").status for _ in range(12)]
    turn(sandbox, "few-units", False)
    assert reader.get("/sites/getAllSites").status == 200


def test_copies_fail_and_deltas_are_forgotten(sandbox: Sandbox) -> None:
    call, held = files(sandbox), sandbox.microsoft.state.files
    item = held.named("deploy.sh")
    link = call.get(f"/drives/{item.drive_id}/root/delta?token=latest").json()["@odata.deltaLink"]
    turn(sandbox, "failing-copies", True)
    call("POST", f"/drives/{item.drive_id}/items/{item.id}/copy", {"name": "copy.sh"})
    assert [each.error for each in held.jobs.values()] == ["generalException"]
    held.write(item, b"changed", held.named("Handbook").author, sandbox.clock.now())  # type: ignore[arg-type]
    turn(sandbox, "forgotten-deltas", True)
    assert call.get(link).status == 410
    turn(sandbox, "forgotten-deltas", False)
    assert call.get(link).status == 200


def test_azure_closes_a_subscription_and_the_tenants_log(sandbox: Sandbox) -> None:
    call = arm(sandbox)
    log = TENANT_LOG.format("2026-11-01T00:00:00Z")
    turn(sandbox, "closed-subscription", True)
    assert PRODUCTION not in {each["subscriptionId"] for each in rows(call, SUBSCRIPTIONS)}
    turn(sandbox, "no-tenant-log", True)
    assert call.get(log).status == 403
    turn(sandbox, "justification", True)
    assert sandbox.microsoft.state.azure.needs_justification
