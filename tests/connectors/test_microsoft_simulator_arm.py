"""The simulated Azure Resource Manager keeps the vendor's rules for the tree, roles, the log, locks and pushes."""

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.connectors.microsoft_arm import AUTHORIZATION, SCOPE, rows
from tests.connectors.microsoft_callers import arm, code
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.arm.azure import Azure
from tests.sandbox.microsoft.arm.seed import GONE_PRINCIPAL
from tests.sandbox.microsoft.arm.seed_ids import CONTRIBUTOR, DEVELOPMENT, PRODUCTION, READER, RESEARCH
from tests.sandbox.postman import Got

ROLES = "api-version=2022-04-01"
LOG = "/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01"
NAME = "11111111-2222-4333-8444-555555555555"
GRID = f"{SCOPE}/providers/Microsoft.EventGrid/eventSubscriptions/portal?api-version=2025-02-15"
EVENTS = ["Microsoft.Resources.ResourceWriteSuccess", "Microsoft.Resources.ResourceDeleteSuccess"]
HOOK: dict[str, Json] = {
    "endpointType": "WebHook",
    "properties": {
        "endpointUrl": "https://portal.contoso.example/hook?secret=x",
        "deliveryAttributeMappings": [
            {"name": "Authorization", "type": "Static", "properties": {"value": "Bearer s", "isSecret": True}}
        ],
    },
}
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


def test_every_call_says_its_version(call: Caller) -> None:
    assert code(call.get("/subscriptions")) == (400, "MissingApiVersionParameter")
    assert code(call.get("/subscriptions?api-version=1999-01-01")) == (400, "InvalidApiVersionParameter")
    assert code(Caller(call.sandbox, call.host).get("/subscriptions")) == (401, "AuthenticationFailed")
    call.sandbox.clock.advance(3600)
    assert code(call.get("/subscriptions?api-version=2022-12-01")) == (401, "ExpiredAuthenticationToken")


def test_subscriptions_show_to_who_holds_a_role_in_them(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    [tenant] = rows(call, "/tenants?api-version=2022-12-01")
    assert tenant["tenantId"] == sandbox.microsoft.state.tenant.id
    azure.list_size = 3
    found = rows(call, "/subscriptions?api-version=2016-06-01")
    assert {each["state"] for each in found} == {"Enabled", "Disabled"}
    assert len(found) == 4
    own = sandbox.microsoft.state.principal.id
    for name in [name for name, each in azure.assignments.items() if each.principal_id == own]:
        del azure.assignments[name]
    assert rows(call, "/subscriptions?api-version=2022-12-01") == []
    refused = call.get(f"{SCOPE}{AUTHORIZATION}/roleAssignments?{ROLES}")
    assert code(refused) == (403, "AuthorizationFailed")
    assert "Microsoft.Authorization/roleAssignments/read" in refused.json()["error"]["message"]


def test_the_tree_of_management_groups(sandbox: Sandbox, call: Caller) -> None:
    base, version = "/providers/Microsoft.Management/managementGroups", "api-version=2023-04-01"
    groups = rows(call, f"{base}?{version}")
    assert {each["properties"]["displayName"] for each in groups} == {"Tenant Root Group", "Platform", "Sandboxes"}
    below = rows(call, f"{base}/{sandbox.microsoft.state.tenant.id}/descendants?{version}&$top=2")
    assert [each["type"].rpartition("/")[2] for each in below].count("subscriptions") == 4
    parent = {each["name"]: each["properties"]["parent"]["id"].rpartition("/")[2] for each in below}
    assert (parent["sandboxes"], parent[DEVELOPMENT]) == ("platform", "sandboxes")


def test_assignments_are_listed_at_above_and_below(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    def listed(text: str = "", scope: str = f"/subscriptions/{DEVELOPMENT}") -> set[str]:
        suffix = f"&$filter={quote(text)}" if text else ""
        found = rows(call, f"{scope}{AUTHORIZATION}/roleAssignments?{ROLES}{suffix}")
        return {each["properties"]["scope"].rpartition("/")[2] or "/" for each in found}

    root, person_id = sandbox.microsoft.state.tenant.id, sandbox.microsoft.state.directory.user("asingh").id
    assert listed() == {"/", root, "sandboxes", DEVELOPMENT, "rg-build"}
    assert listed("atScope()") == {"/", root, "sandboxes", DEVELOPMENT}
    azure.list_size = 2
    assert listed(scope="") == {each.scope.rpartition("/")[2] or "/" for each in azure.assignments.values()}
    assert listed("atScope()", scope="") == {"/"}
    assert listed(f"principalId eq {person_id}", scope=SCOPE) == {PRODUCTION}
    assert listed(f"assignedTo('{person_id}')") == {DEVELOPMENT}
    assert listed(f"principalId eq '{person_id}'") == set()
    refused = call.get(f"{SCOPE}{AUTHORIZATION}/roleAssignments?{ROLES}&$filter=x%20eq%201")
    assert code(refused) == (400, "InvalidFilter")


def test_assignments_have_what_is_awkward_and_lack_what_is_a_service_providers(call: Caller, azure: Azure) -> None:
    found = rows(call, f"{AUTHORIZATION}/roleAssignments?{ROLES}")
    assert len(found) == len(azure.assignments) - 1
    kinds = {each["properties"]["principalType"] for each in found}
    assert kinds == {"User", "Group", "ServicePrincipal", "ForeignGroup"}
    assert GONE_PRINCIPAL in {each["properties"]["principalId"] for each in found}
    assert any(each["properties"]["condition"] for each in found)
    assert all(each["properties"]["roleDefinitionId"].startswith("/providers") for each in found)
    of_subscription = rows(call, f"{SCOPE}{AUTHORIZATION}/roleAssignments?{ROLES}")
    assert all(each["properties"]["roleDefinitionId"].startswith(SCOPE) for each in of_subscription)


def test_roles_and_denials(call: Caller) -> None:
    found = rows(call, f"{SCOPE}{AUTHORIZATION}/roleDefinitions?{ROLES}")
    by_name = {each["properties"]["roleName"]: each["properties"] for each in found}
    assert by_name["Owner"]["permissions"][0]["actions"] == ["*"]
    assert (by_name["Gatehouse Governance"]["type"], "Machine Operator" in by_name) == ("CustomRole", False)
    one = call.get(f"{SCOPE}{AUTHORIZATION}/roleDefinitions/{READER}?{ROLES}").json()
    assert one["properties"]["roleName"] == "Reader"
    [denial] = rows(call, f"{SCOPE}{AUTHORIZATION}/denyAssignments?{ROLES}")
    assert denial["properties"]["isSystemProtected"] is True


def test_an_assignment_is_taken_and_given_back(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    [found] = [each for each in azure.assignments.values() if each.role_id == CONTRIBUTOR and each.kind == "User"][:1]
    target = f"{found.scope.upper()}/providers/microsoft.authorization/ROLEASSIGNMENTS/{found.name}?{ROLES}"
    gone = call("DELETE", target)
    assert (gone.status, gone.json()["properties"]["principalId"]) == (200, found.principal_id)
    assert (call("DELETE", target).status, call.get(target).status) == (204, 404)
    body = {"properties": {"roleDefinitionId": f"/x/{CONTRIBUTOR}", "principalId": found.principal_id}}
    assert [call("PUT", target, body).status for _ in range(2)] == [201, 200]
    other = f"{found.scope}{AUTHORIZATION}/roleAssignments/{NAME}?{ROLES}"
    assert code(call("PUT", other, body)) == (409, "RoleAssignmentExists")
    changed = {"properties": {**body["properties"], "roleDefinitionId": f"/x/{READER}"}}
    assert code(call("PUT", target, changed)) == (409, "RoleAssignmentUpdateNotPermitted")
    strange = {"properties": {**body["properties"], "principalId": GONE_PRINCIPAL}}
    assert code(call("PUT", other, strange)) == (400, "PrincipalNotFound")
    assert code(call("PUT", other, {"properties": {}})) == (400, "InvalidCreateRoleAssignmentRequest")
    assert code(call("PUT", other, {})) == (400, "InvalidRequestContent")
    operations = [each.operation.rpartition("/")[2] for each in azure.events[-3:]]
    assert operations == ["delete", "write", "write"]


def test_a_disabled_subscription_is_read_only(call: Caller) -> None:
    target = f"/subscriptions/{RESEARCH}{AUTHORIZATION}/locks/keep?api-version=2016-09-01"
    assert code(call("PUT", target, {"properties": {"level": "ReadOnly"}})) == (409, "ReadOnlyDisabledSubscription")
    assert call.get(f"/subscriptions/{RESEARCH}?api-version=2022-12-01").json()["state"] == "Disabled"
    assert code(call.get(f"/subscriptions/{NAME}?api-version=2022-12-01")) == (404, "SubscriptionNotFound")


def test_roles_for_a_time(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    version = "api-version=2020-10-01"
    target = f"{SCOPE}{AUTHORIZATION}/roleAssignmentScheduleInstances?{version}&$filter=atScope()"
    [active] = rows(call, target)
    assert active["properties"]["assignmentType"] == "Activated"
    eligible = rows(call, f"{SCOPE}{AUTHORIZATION}/roleEligibilityScheduleInstances?{version}")
    assert {"endDateTime" in each["properties"] for each in eligible} == {True, False}
    request = f"{SCOPE}{AUTHORIZATION}/roleAssignmentScheduleRequests/{NAME}?{version}"
    properties = {
        "requestType": "AdminRemove",
        "principalId": active["properties"]["principalId"],
        "roleDefinitionId": active["properties"]["roleDefinitionId"],
    }
    azure.needs_justification = True
    refused = call("PUT", request, {"properties": properties})
    assert code(refused) == (400, "RoleAssignmentRequestPolicyValidationFailed")
    done = call("PUT", request, {"properties": {**properties, "justification": "Too much"}})
    assert (done.status, done.json()["properties"]["status"], rows(call, target)) == (201, "Revoked", [])
    assert call.get(request).json()["name"] == NAME
    again = {"properties": {**properties, "justification": "x"}}
    assert code(call("PUT", request.replace(NAME, GONE_PRINCIPAL), again)) == (400, "RoleAssignmentDoesNotExist")


def test_calls_are_counted_down_to_a_refusal(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    azure.reads = 2
    target = f"{SCOPE}?api-version=2022-12-01"
    left = [call.get(target).headers["x-ms-ratelimit-remaining-subscription-reads"] for _ in range(2)]
    assert left in (["1", "0"], ["1", "1"])
    sandbox.clock.freeze(datetime.fromtimestamp(sandbox.clock.now(), UTC))
    while (refused := call.get(target)).status == 200:
        pass
    assert (code(refused), refused.headers["retry-after"]) == ((429, "SubscriptionRequestsThrottledReads"), "1")
    sandbox.clock.advance(1)
    assert call.get(target).status == 200


def test_locks_forbid_what_they_say(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    version = "api-version=2016-09-01"
    group = f"{SCOPE}/resourceGroups/rg-shop"
    lock = f"{group}{AUTHORIZATION}/locks/gatehouse?{version}"
    assert call("PUT", lock, {"properties": {"level": "ReadOnly", "notes": "x"}}).status == 201
    assert call("PUT", lock, {"properties": {"level": "ReadOnly"}}).status == 200
    assert code(call("PUT", lock, {"properties": {"level": "Never"}})) == (400, "InvalidLockLevel")
    assert [each["name"] for each in rows(call, f"{SCOPE}{AUTHORIZATION}/locks?{version}")] == ["gatehouse"]
    account = next(each["id"] for each in azure.storage.values() if each["name"] == "contososhop")
    store = f"{account}?api-version=2023-01-01"
    closing = {"properties": {"allowBlobPublicAccess": False}}
    assert code(call("PATCH", store, closing)) == (409, "ScopeLocked")
    assert [call("DELETE", lock).status for _ in range(2)] == [200, 204]
    assert code(call.get(lock)) == (404, "LockNotFound")
    assert call("PATCH", store, closing).json()["properties"]["allowBlobPublicAccess"] is False
    public = rows(call, f"{SCOPE}/providers/Microsoft.Storage/storageAccounts?api-version=2023-01-01")
    assert [each["properties"]["allowBlobPublicAccess"] for each in public] == [False, False]
    assert call.get(store.replace("contososhop", "nothing")).status == 404
    containers = rows(call, f"{account}/blobServices/default/containers?api-version=2023-01-01")
    assert {each["name"]: each["properties"]["publicAccess"] for each in containers} == {
        "$web": "Blob",
        "exports": "Container",
        "backups": "None",
    }
    groups = rows(call, f"{SCOPE}/resourcegroups?api-version=2021-04-01")
    assert len(groups) == 3
    assert call.get(f"{group}?api-version=2021-04-01").json()["name"] == "rg-shop"
    assert code(call.get(f"{group}x?api-version=2021-04-01")) == (404, "ResourceGroupNotFound")


def test_event_grid_asks_first_and_then_tells_of_what_is_done(sandbox: Sandbox, call: Caller, azure: Azure) -> None:
    asked: list[tuple[dict[str, str], Json]] = []
    answers = [b"{}"]

    def ask(url: str, headers: dict[str, str], body: bytes) -> Got:
        asked.append((headers, json.loads(body)))
        said = {"validationResponse": json.loads(body)[0]["data"]["validationCode"]}
        return Got(500) if answers[-1] == b"no" else Got(200, {}, answers[-1] or json.dumps(said).encode())

    sandbox.microsoft.ask = ask
    body = {"properties": {"destination": HOOK, "filter": {"includedEventTypes": EVENTS}}}
    assert call("PUT", GRID, body).json()["properties"]["provisioningState"] == "Creating"
    assert call.get(GRID).json()["properties"]["provisioningState"] == "AwaitingManualAction"
    answers.append(b"no")
    assert code(call("PUT", GRID, body)) == (400, "Url validation")
    answers.append(b"")
    assert call("PUT", GRID, body).status == 201
    made = call.get(GRID).json()["properties"]
    assert (made["provisioningState"], "secret" in json.dumps(made)) == ("Succeeded", False)
    headers, [event] = asked[-1]
    assert (headers["aeg-event-type"], headers["Authorization"]) == ("SubscriptionValidation", "Bearer s")
    assert event["eventType"] == "Microsoft.EventGrid.SubscriptionValidationEvent"
    sandbox.microsoft.state.sent.clear()
    call("PUT", f"{SCOPE}{AUTHORIZATION}/locks/keep?api-version=2016-09-01", {"properties": {"level": "ReadOnly"}})
    told = [json.loads(each.body)[0] for each in sandbox.microsoft.state.sent if "hook" in each.url]
    assert [each["data"]["operationName"] for each in told] == ["Microsoft.Authorization/locks/write"]
    assert sandbox.microsoft.state.sent[-1].headers["aeg-event-type"] == "Notification"
    listing = f"{SCOPE}/providers/Microsoft.EventGrid/eventSubscriptions?api-version=2025-02-15"
    assert len(rows(call, listing)) == 1
    assert [call("DELETE", GRID).status for _ in range(2)] == [202, 204]
    assert code(call("PUT", GRID, {"properties": {"destination": {"endpointType": "StorageQueue"}}}))[0] == 400
