"""The simulated activity log of Azure keeps the vendor's rules for filters, pages and late records."""

from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import quote

import pytest

from tests.connectors.microsoft_arm import AUTHORIZATION, SCOPE, rows
from tests.connectors.microsoft_callers import arm, code
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.microsoft.arm.azure import Azure
from tests.sandbox.microsoft.arm.growth import grow
from tests.sandbox.microsoft.arm.seed_ids import DEVELOPMENT, PRODUCTION
from tests.sandbox.microsoft.arm.seed_log import person

LOG = "/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01"
DAY = 86_400


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return arm(sandbox)


@pytest.fixture
def azure(sandbox: Sandbox) -> Azure:
    return sandbox.microsoft.state.azure


def log(call: Caller, text: str, scope: str = SCOPE) -> Reply:
    return call.get(f"{scope}{LOG}&$filter={quote(text)}")


def since(call: Caller, days: float) -> str:
    moment = datetime.fromtimestamp(call.sandbox.clock.now() - days * DAY, UTC)
    return f"eventTimestamp ge '{moment.strftime('%Y-%m-%dT%H:%M:%SZ')}'"


def test_a_subscription_may_close_between_two_calls(call: Caller, azure: Azure) -> None:
    assert log(call, since(call, 1)).status == 200
    azure.closed.add(PRODUCTION)
    assert code(log(call, since(call, 1))) == (403, "AuthorizationFailed")
    assert log(call, since(call, 1), f"/subscriptions/{DEVELOPMENT}").status == 200


def test_the_log_takes_few_filters(call: Caller) -> None:
    begin = since(call, 5)
    assert code_of_log(log(call, "")) == (400, "BadRequest")
    for text in ("caller eq 'x'", "status eq 'Failed'", "resourceGroupName eq a and resourceUri eq b"):
        assert code_of_log(log(call, f"{begin} and {text}")) == (400, "BadRequest")
    accepted = log(call, f"{begin} and resourceUri eq '{SCOPE}' and eventChannels eq 'Admin, Operation'")
    assert accepted.status == 200
    for text in ("resourceGroupName eq RG-SHOP", "resourceProvider eq 'Microsoft.Compute'"):
        found = log(call, f"{begin} and {text}").json()["value"]
        assert 0 < len(found) < len(log(call, begin).json()["value"])
    too_old = log(call, since(call, 91))
    assert too_old.json() == {
        "Code": "BadRequest",
        "Message": "The start time cannot be more than 90 days in the past.",
    }


def code_of_log(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["code"]


def test_the_log_comes_in_pages_mostly_newest_first_with_repeats_at_their_borders(call: Caller, azure: Azure) -> None:
    azure.page_size = 20
    first = log(call, since(call, 89.9))
    assert list(first.json()) == ["nextLink", "value"]
    found, target = [], first
    while True:
        found += target.json()["value"]
        following = target.json().get("nextLink")
        if not following:
            break
        target = call.get(following)
    ids = [each["eventDataId"] for each in found]
    assert len(ids) > len(set(ids)) > 100
    times = [each["eventTimestamp"] for each in found]
    assert times != sorted(times, reverse=True)
    assert sum(one >= other for one, other in pairwise(times)) > len(times) * 0.8
    steps = {each["status"]["value"] for each in found if each["operationName"]["value"].endswith("/write")}
    assert steps == {"Started", "Accepted", "Succeeded", "Failed"}


def test_the_log_has_what_is_awkward(call: Caller) -> None:
    found = rows(call, f"{SCOPE}{LOG}&$filter={quote(since(call, 30))}")
    bare = [each for each in found if each["claims"] == {}]
    assert {each["category"]["value"] for each in bare} == {"ServiceHealth", "Policy"}
    assert all(each["caller"] == "" for each in bare)
    assert any("@" not in each["caller"] for each in found if each not in bare)
    assert {"httpRequest" in each for each in found} == {True, False}
    assert any(str(each["properties"].get("requestbody", "")).startswith('{"Id"') for each in found)
    spellings = {each["resourceId"].split("/")[3] for each in found if each["resourceGroupName"]}
    assert spellings == {"resourcegroups", "resourceGroups"}


def test_records_arrive_late_and_what_is_done_now_comes_soon(sandbox: Sandbox, call: Caller) -> None:
    def operations() -> list[str]:
        return [each["operationName"]["value"] for each in log(arm(sandbox), since(call, 0.1)).json()["value"]]

    assert "Microsoft.Authorization/locks/delete" not in operations()
    target = f"{SCOPE}{AUTHORIZATION}/locks/keep?api-version=2016-09-01"
    assert call("PUT", target, {"properties": {"level": "ReadOnly"}}).status == 201
    assert "Microsoft.Authorization/locks/write" not in operations()
    sandbox.clock.advance(30)
    assert "Microsoft.Authorization/locks/write" in operations()
    sandbox.clock.advance(2000)
    assert "Microsoft.Authorization/locks/delete" in operations()


def test_the_tenants_log_is_its_own_and_may_be_closed(call: Caller, azure: Azure) -> None:
    found = log(call, f"{since(call, 30)} and eventChannels eq 'Admin, Operation'", "").json()["value"]
    assert {each["operationName"]["value"] for each in found} == {
        "Microsoft.Authorization/elevateAccess/action",
        "Microsoft.Management/managementGroups/write",
    }
    assert {each["subscriptionId"] for each in found} == {""}
    azure.has_tenant_log = False
    assert code(log(call, since(call, 30), "")) == (403, "AuthorizationFailed")
    azure.has_tenant_log = True
    for name in [name for name, each in azure.assignments.items() if each.scope == "/"]:
        del azure.assignments[name]
    assert code(log(call, since(call, 30), "")) == (403, "AuthorizationFailed")
    assert log(call, since(call, 30)).status == 200


def test_a_long_log_is_read_in_pages_of_two_hundred(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    grow(azure, person(sandbox.microsoft.state, "asingh"), DEVELOPMENT, 1000, sandbox.clock.now())
    scope = f"/subscriptions/{DEVELOPMENT}"
    page = log(call, f"{since(call, 6.5)} and resourceGroupName eq 'grown'", scope).json()
    assert (len(page["value"]), "nextLink" in page) == (200, True)
    found = rows(call, f"{scope}{LOG}&$filter={quote(since(call, 6.5) + ' and resourceGroupName eq grown')}")
    assert len({each["eventDataId"] for each in found}) == 1000
