"""Enterprise applications: lists, single ones, changes, blocking sign-in."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.objects import SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.graph import delta, query
from tests.sandbox.microsoft.graph.bodies import values_of
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.kinds import SERVICE_PRINCIPALS
from tests.sandbox.microsoft.graph.refusals import bad, missing
from tests.sandbox.microsoft.graph.shapes import READERS, brief, shape
from tests.sandbox.microsoft.router import route

CATEGORY = "ApplicationManagement"
FILTERS = {
    "id": "eq in",
    "appId": "eq in",
    "displayName": "eq startswith",
    "servicePrincipalType": "eq",
    "accountEnabled": "eq",
    "appOwnerOrganizationId": "eq ne",
    "tags": "any",
    "servicePrincipalNames": "any",
}
TRACKED = delta.Tracked(
    context="servicePrincipals",
    kind=SERVICE_PRINCIPAL,
    properties=SERVICE_PRINCIPALS,
    rows=lambda call: call.state.directory.service_principals(),
    get=lambda call, name: call.state.directory.find(SERVICE_PRINCIPAL, name),
    shape=shape,
    removed=lambda call: [each.id for each in call.state.directory.deleted.values() if each.kind == SERVICE_PRINCIPAL],
)


def listed(call: Call) -> Answer:
    wanted = condition(call.request.parameter("$filter"), FILTERS)
    rows = [each for each in call.state.directory.service_principals() if wanted(shape(each))]
    allowed = query.ORDINARY | {"$orderby"}
    ordered = query.ordered(call.request, rows)
    return collection(call, "servicePrincipals", ordered, shape, SERVICE_PRINCIPALS, allowed=allowed)


def shown(call: Call) -> Answer:
    return entity(call, "servicePrincipals", shape(named(call)), SERVICE_PRINCIPALS)


def named(call: Call) -> DirectoryObject:
    """The service principal of the path, by its own id or that of its application."""
    if "app_id" in call.parameters:
        found = call.state.directory.service_principal_of(call.parameters["app_id"])
        name = call.parameters["app_id"]
    else:
        name = call.parameters["principal_id"]
        found = call.state.directory.find(SERVICE_PRINCIPAL, name)
    if found is None:
        raise missing(name)
    return found


def owners(call: Call) -> Answer:
    directory = call.state.directory
    rows = [directory.objects[each] for each in directory.owners.get(named(call).id, {}) if each in directory.objects]
    return collection(call, "directoryObjects", rows, lambda each: brief(call, each))


def changed(call: Call) -> Answer:
    found, body = named(call), values_of(call)
    for name in body:
        if not SERVICE_PRINCIPALS.knows(name):
            raise bad(f"Property '{name}' does not exist on type 'microsoft.graph.servicePrincipal'.")
    if not isinstance(body.get("accountEnabled", True), bool):
        raise bad("Invalid value specified for property 'accountEnabled' of resource 'ServicePrincipal'.")
    differences = call.state.directory.update(found, body)
    if differences:
        told = {"AccountEnabled" if name == "accountEnabled" else name: value for name, value in differences.items()}
        call.record("Update service principal", CATEGORY, "Update", target(found, told))
    return Answer(204)


def deleted(call: Call) -> Answer:
    """Its permissions go with it."""
    found, directory = named(call), call.state.directory
    for row in directory.app_roles_of(found.id):
        del directory.app_roles[row["id"]]
    for grant_id in [each["id"] for each in directory.grants.values() if each["clientId"] == found.id]:
        directory.remove_grant(grant_id)
    directory.delete(found, call.state.now())
    call.record("Remove service principal", CATEGORY, "Delete", target(found))
    return Answer(204)


def changes(call: Call) -> Answer:
    return delta.answer(call, TRACKED)


def scopes_of(found: DirectoryObject) -> set[str]:
    """The delegated permissions that a service offers."""
    rows: list[Json] = found.properties["oauth2PermissionScopes"]
    return {each["value"] for each in rows}


WRITERS = ("Application.ReadWrite.All", "Directory.ReadWrite.All")
ITEM = "/servicePrincipals/{principal_id}"
BY_APP = "/servicePrincipals(appId='{app_id}')"
ROUTES = [
    route("GET", "/servicePrincipals", listed, *READERS[SERVICE_PRINCIPAL]),
    route("GET", "/servicePrincipals/delta()", changes, *READERS[SERVICE_PRINCIPAL]),
    *(route("GET", each, shown, *READERS[SERVICE_PRINCIPAL]) for each in (ITEM, BY_APP)),
    route("GET", f"{ITEM}/owners", owners, *READERS[SERVICE_PRINCIPAL]),
    *(route("PATCH", each, changed, *WRITERS) for each in (ITEM, BY_APP)),
    *(route("DELETE", each, deleted, *WRITERS) for each in (ITEM, BY_APP)),
]
