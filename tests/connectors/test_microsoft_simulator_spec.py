"""Every answer of the simulated Graph about the directory is as Microsoft's own description says."""

from dataclasses import replace

import pytest

from tests.connectors import specification
from tests.connectors.microsoft_callers import graph, rows
from tests.connectors.specification import Specification, Violation
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Exchange, Json
from tests.sandbox.microsoft.directory.objects import APPLICATION, GROUP, SERVICE_PRINCIPAL
from tests.sandbox.microsoft.directory.roles import GLOBAL_READER, SECURITY_ADMINISTRATOR
from tests.sandbox.microsoft.graph import (
    app_roles,
    applications,
    audits,
    deleted,
    directory_objects,
    directory_roles,
    grants,
    groups,
    members,
    organization,
    registrations,
    risky_users,
    role_assignments,
    service_principals,
    subscriptions,
    user_actions,
    users,
)
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.permissions import ASKED
from tests.sandbox.microsoft.router import Route
from tests.sandbox.microsoft.seed import TENANT_ID
from tests.sandbox.microsoft.tenant import GRAPH
from tests.sandbox.postman import Got

pytestmark = [
    pytest.mark.skipif(
        specification.folder("office365") is None, reason="GATEHOUSE_SPECS does not name a folder with office365"
    ),
    pytest.mark.filterwarnings("ignore:Use of allowEmptyValue"),
]

MODULES = (
    organization, users, user_actions, deleted, groups, members, role_assignments, directory_roles, directory_objects,
    service_principals, grants, app_roles, applications, audits, registrations, risky_users, subscriptions,
)  # fmt: skip
USER = (
    "id,userPrincipalName,displayName,mail,otherMails,accountEnabled,userType,createdDateTime,deletedDateTime,"
    "onPremisesSyncEnabled,externalUserState,lastPasswordChangeDateTime,signInSessionsValidFromDateTime,"
    "assignedLicenses,jobTitle,department,usageLocation,signInActivity"
)
APP = (
    "id,appId,displayName,appOwnerOrganizationId,publisherName,verifiedPublisher,accountEnabled,servicePrincipalType,"
    "signInAudience,tags,replyUrls,homepage,appRoles,oauth2PermissionScopes,createdDateTime,disabledByMicrosoftStatus"
)
HOOK = "https://portal.example/hook"


@pytest.fixture
def sandbox() -> Sandbox:
    """Without the limits of reports: many are read here."""
    found = Sandbox()
    found.microsoft.state.limits.clear()
    return found


@pytest.fixture(scope="module")
def described() -> Specification:
    return Specification.load("office365", "graph-v1-from-csdl.json")


def validate(described: Specification, exchange: Exchange) -> None:
    """What was refused for its form was wrong on purpose."""
    if not described.describes(exchange):
        return
    if exchange.status < 400:
        described.validate_request(exchange)
    described.validate_response(exchange)


def test_every_address_of_the_directory_answers_as_described(sandbox: Sandbox, described: Specification) -> None:
    call = graph(sandbox, *ASKED[GRAPH])
    walk_people(sandbox, call)
    walk_groups(sandbox, call)
    walk_roles(sandbox, call)
    walk_applications(sandbox, call)
    walk_grants(sandbox, call)
    walk_logs(call)
    walk_subscriptions(sandbox, call)
    walk_tenant(sandbox, call)
    done = [each for each in sandbox.requests if each.status < 400]
    routes = [route for module in MODULES for route in module.ROUTES]
    assert [f"{each.method} {each.template}" for each in routes if not has_answered(each, done)] == []
    for exchange in sandbox.requests:
        validate(described, exchange)


def has_answered(route: Route, done: list[Exchange]) -> bool:
    return any(each.method == route.method and route.pattern.match(each.path.removeprefix("/v1.0")) for each in done)


@pytest.mark.parametrize("kind", ["unauthorized", "rate-limit", "secondary-rate-limit"])
def test_refusals_on_demand_answer_as_described(sandbox: Sandbox, described: Specification, kind: str) -> None:
    sandbox.faults.add(kind, times=None)
    reply = graph(sandbox, *ASKED[GRAPH]).get("/users")
    assert (reply.status, "retry-after" in reply.headers) == ((401, False) if kind == "unauthorized" else (429, True))
    validate(described, sandbox.requests[-1])


def test_an_answer_that_lacks_its_shape_is_found(sandbox: Sandbox, described: Specification) -> None:
    graph(sandbox, *ASKED[GRAPH]).get("/users?$select=id,accountEnabled&$top=1")
    broken = replace(sandbox.requests[-1], response_body=b'{"value": [{"id": "1", "accountEnabled": "no"}]}')
    with pytest.raises(Violation, match="users"):
        validate(described, broken)


def good(*replies: Reply) -> Json:
    """The last one's body."""
    for reply in replies:
        assert reply.status < 300, (reply.status, reply.body)
    return replies[-1].json() if replies[-1].body else None


def walk_people(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.microsoft.state
    user, left = state.directory.user("kchen").id, state.directory.user("tvolkov").id
    good(call.get("/users"), call.get(f"/users?$select={USER}&$top=20"), call.get(f"/users/{user}?$select={USER}"))
    good(call.get(f"/users/{user}/memberOf"), call.get(f"/users/{user}/transitiveMemberOf"))
    link = good(call.get(f"/users/delta?$select={USER.removesuffix(',signInActivity')}"))["@odata.deltaLink"]
    good(call.get("/users/delta()"), call.get("/users/microsoft.graph.delta()"))
    good(call("PATCH", f"/users/{user}", {"accountEnabled": False, "jobTitle": "Controller"}))
    profile = {"password": "Xy7!qwertz-9", "forceChangePasswordNextSignIn": True}
    good(call("PATCH", f"/users/{user}", {"passwordProfile": profile}))
    good(call("POST", f"/users/{user}/revokeSignInSessions"), call("DELETE", f"/users/{user}"))
    assert good(call.get(link))["value"][0]["@removed"] == {"reason": "changed"}
    for kind in ("user", "group", "servicePrincipal", "application"):
        good(call.get(f"/directory/deletedItems/microsoft.graph.{kind}"))
    deleted_item = f"/directory/deletedItems/{user}"
    good(call.get(deleted_item), call("POST", f"{deleted_item}/restore", {}))
    good(call("DELETE", f"/directory/deletedItems/{left}"))
    good(call("POST", "/directoryObjects/getByIds", {"ids": [user, left], "types": ["user"]}))
    good(call.get(f"/directoryObjects/{user}"))
    assert call("PATCH", f"/users/{user}", {}).status == 400
    assert call.get("/users/nobody").status == 404
    assert call.get("/users?$select=mySite").status == 501
    good(call.get("/identityProtection/riskyUsers"))
    good(call("POST", "/identityProtection/riskyUsers/confirmCompromised", {"userIds": [user]}))
    good(call.get(f"/identityProtection/riskyUsers/{user}"))
    good(call("POST", "/identityProtection/riskyUsers/dismiss", {"userIds": [user]}))
    good(call.get("/reports/authenticationMethods/userRegistrationDetails"))
    good(call("DELETE", f"/directoryObjects/{user}"))


def walk_groups(sandbox: Sandbox, call: Caller) -> None:
    directory = sandbox.microsoft.state.directory
    group, user = directory.named(GROUP, "Legal staff").id, directory.user("wjones").id
    good(call.get("/groups?$select=id,displayName,groupTypes,visibility,isAssignableToRole,createdDateTime"))
    good(call.get("/groups"), call.get(f"/groups/{group}"), call.get(f"/groups/{group}/transitiveMembers"))
    good(call.get(f"/groups/{group}/members?$select=id,displayName,userPrincipalName"))
    good(call.get(f"/groups/{group}/members"), call.get(f"/groups/{group}/members/$ref"))
    good(call.get(f"/groups/{directory.named(GROUP, 'Sales').id}/owners"))
    link = good(call.get("/groups/delta?$select=displayName,members"))["@odata.deltaLink"]
    good(call("DELETE", f"/groups/{group}/members/{user}/$ref"))
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user}"}
    good(call("POST", f"/groups/{group}/members/$ref", reference), call.get(link))
    good(call("DELETE", f"/groups/{group}/members/{user}"))


def walk_roles(sandbox: Sandbox, call: Caller) -> None:
    directory, root = sandbox.microsoft.state.directory, "/roleManagement/directory"
    good(call.get(f"{root}/roleDefinitions"), call.get(f"{root}/roleDefinitions/{GLOBAL_READER}"))
    assigned = good(call.get(f"{root}/roleAssignments?$expand=principal"))["value"]
    row = next(each for each in assigned if each["roleDefinitionId"] == SECURITY_ADMINISTRATOR)
    good(call.get(f"{root}/roleAssignments/{row['id']}"), call("DELETE", f"{root}/roleAssignments/{row['id']}"))
    body = {name: row[name] for name in ("principalId", "roleDefinitionId", "directoryScopeId")}
    good(call("POST", f"{root}/roleAssignments", body))
    good(call.get(f"{root}/roleEligibilityScheduleInstances?$expand=principal"))
    good(call.get(f"{root}/roleAssignmentScheduleInstances"))
    good(call.get("/directoryRoleTemplates"))
    role = good(call.get("/directoryRoles"))["value"][0]["id"]
    target, user = f"/directoryRoles/{role}/members", directory.user("hkim").id
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user}"}
    good(call.get(target), call.get(f"{target}/$ref"), call("POST", f"{target}/$ref", reference))
    good(call("DELETE", f"{target}/{user}/$ref"))


def walk_applications(sandbox: Sandbox, call: Caller) -> None:
    directory = sandbox.microsoft.state.directory
    found = directory.named(SERVICE_PRINCIPAL, "Contoso HR Sync")
    principal, app_id = found.id, found.properties["appId"]
    good(call.get(f"/servicePrincipals?$select={APP}&$top=100"), call.get("/servicePrincipals"))
    link = good(call.get("/servicePrincipals/delta?$select=id,appId,accountEnabled"))
    for name in (f"/servicePrincipals/{principal}", f"/servicePrincipals(appId='{app_id}')"):
        good(call.get(name), call.get(f"{name}/appRoleAssignments"), call.get(f"{name}/appRoleAssignedTo"))
        good(call("PATCH", name, {"accountEnabled": "(" in name}))
    assert "@odata.nextLink" in link
    good(call.get(f"/servicePrincipals/{principal}/owners"))
    own = directory.named(APPLICATION, "Contoso HR Sync")
    keys = own.properties["keyCredentials"]
    for name in (f"/applications/{own.id}", f"/applications(appId='{app_id}')"):
        own.properties["keyCredentials"] = keys
        rotate(call, name)
    good(call.get("/applications"), call.get(f"/applications/{own.id}/owners"))
    good(call("DELETE", f"/applications/{own.id}"))
    good(call("DELETE", f"/servicePrincipals(appId='{app_id}')"))
    other = directory.named(SERVICE_PRINCIPAL, "Chart Maker")
    good(call("DELETE", f"/servicePrincipals/{other.id}"))


def rotate(call: Caller, name: str) -> None:
    """The credentials of an application are removed, one kind after the other."""
    found = good(call.get(name))
    for each in found["keyCredentials"]:
        good(call("POST", f"{name}/removeKey", {"keyId": each["keyId"], "proof": "a.signed.text"}))
    good(call("POST", f"{name}/removePassword", {"keyId": found["passwordCredentials"][0]["keyId"]}))
    good(call("PATCH", name, {"keyCredentials": []}))


def walk_grants(sandbox: Sandbox, call: Caller) -> None:
    directory = sandbox.microsoft.state.directory
    user = directory.user("fmartin").id
    first = good(call.get("/oauth2PermissionGrants?$filter=consentType eq 'Principal'"))["value"][0]
    client = first["clientId"]
    good(call.get(f"/servicePrincipals/{client}/oauth2PermissionGrants"), call.get("/oauth2PermissionGrants"))
    good(call.get(f"/users/{user}/oauth2PermissionGrants"), call.get(f"/users/{user}/appRoleAssignments"))
    link = good(call.get("/oauth2PermissionGrants/delta"))["@odata.deltaLink"]
    target = f"/oauth2PermissionGrants/{first['id']}"
    good(call.get(target), call("PATCH", target, {"scope": "User.Read"}), call("DELETE", target))
    good(call("POST", "/oauth2PermissionGrants", {name: value for name, value in first.items() if name != "id"}))
    good(call.get(link))
    client = directory.named(SERVICE_PRINCIPAL, "Backup for Microsoft 365").id
    for name in ("appRoleAssignments", "appRoleAssignedTo"):
        row = rows(call, f"/servicePrincipals/{client}/appRoleAssignments")[0]
        end = client if name == "appRoleAssignments" else row["resourceId"]
        target = f"/servicePrincipals/{end}/{name}"
        good(call.get(f"{target}/{row['id']}"), call("DELETE", f"{target}/{row['id']}"))
        body = {key: row[key] for key in ("principalId", "resourceId", "appRoleId")}
        good(call("POST", target, body))


def walk_logs(call: Caller) -> None:
    for name, time in (("directoryAudits", "activityDateTime"), ("signIns", "createdDateTime")):
        newest = good(call.get(f"/auditLogs/{name}"))["value"][0]
        good(call.get(f"/auditLogs/{name}/{newest['id']}"))
        good(call.get(f"/auditLogs/{name}?$filter={time} ge {newest[time]}&$orderby={time}&$top=10"))


def walk_subscriptions(sandbox: Sandbox, call: Caller) -> None:
    def echo(url: str, headers: dict[str, str], body: bytes) -> Got:
        token = url.partition("validationToken=")[2].replace("%20", " ").replace("%3A", ":")
        return Got(200, {"content-type": "text/plain"}, token.encode())

    sandbox.microsoft.ask = echo
    until = iso(sandbox.clock.now() + 3600)
    body = {"changeType": "updated", "notificationUrl": HOOK, "resource": "/users", "expirationDateTime": until}
    target = f"/subscriptions/{good(call('POST', '/subscriptions', body))['id']}"
    good(call.get("/subscriptions"), call.get(target), call("PATCH", target, {"expirationDateTime": until}))
    good(call("POST", f"{target}/reauthorize"), call("DELETE", target))
    assert call.get(target).status == 404


def walk_tenant(sandbox: Sandbox, call: Caller) -> None:
    good(call.get("/organization?$select=id,displayName,verifiedDomains"), call.get(f"/organization/{TENANT_ID}"))
    good(call.get("/domains"), call.get("/domains/contoso.example"))
