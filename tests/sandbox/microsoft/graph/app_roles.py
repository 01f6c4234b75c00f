"""What applications were given of a service's permissions, and who is assigned to an application."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.objects import SERVICE_PRINCIPAL
from tests.sandbox.microsoft.graph.bodies import body_of, text_of
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.refusals import bad, missing
from tests.sandbox.microsoft.graph.service_principals import BY_APP, CATEGORY, ITEM
from tests.sandbox.microsoft.graph.service_principals import named as named_principal
from tests.sandbox.microsoft.graph.users import named as named_user
from tests.sandbox.microsoft.login.consenting import assign
from tests.sandbox.microsoft.router import route

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
CONTEXT = "appRoleAssignments"
ACTIVITIES = {
    "ServicePrincipal": ("app role assignment to service principal", "app role assignment from service principal"),
    "User": ("app role assignment grant to user", "app role assignment from user"),
    "Group": ("app role assignment to group", "app role assignment from group"),
}


def held(call: Call) -> Answer:
    """What the application of the path may do."""
    return collection(call, CONTEXT, call.state.directory.app_roles_of(named_principal(call).id))


def of_user(call: Call) -> Answer:
    return collection(call, CONTEXT, call.state.directory.app_roles_of(named_user(call).id))


def given(call: Call) -> Answer:
    """To whom the service or application of the path is open."""
    found = named_principal(call)
    rows = [each for each in call.state.directory.app_roles.values() if each["resourceId"] == found.id]
    return collection(call, CONTEXT, rows)


def shown(call: Call) -> Answer:
    return entity(call, CONTEXT, _named(call))


def _named(call: Call) -> Json:
    """Under either end of the assignment."""
    found = call.state.directory.app_roles.get(call.parameters["assignment_id"])
    ends = ("resourceId",) if "/appRoleAssignedTo/" in call.address else ("principalId",)
    if found is None or named_principal(call).id not in [found[each] for each in ends]:
        raise missing(call.parameters["assignment_id"])
    return found


def made(call: Call) -> Answer:
    body, directory = body_of(call), call.state.directory
    role_id = text_of(body, "appRoleId")
    principal = directory.objects.get(text_of(body, "principalId"))
    resource = directory.find(SERVICE_PRINCIPAL, text_of(body, "resourceId"))
    if principal is None or resource is None:
        raise missing(body["principalId"] if principal is None else body["resourceId"])
    if named_principal(call).id not in (principal.id, resource.id):
        raise bad("The service principal of the address is no part of the assignment.")
    if role_id not in {DEFAULT_ACCESS, *(each["id"] for each in resource.properties["appRoles"])}:
        raise bad("Permission being assigned was not found on application.")
    rows = directory.app_roles_of(principal.id)
    if any((each["resourceId"], each["appRoleId"]) == (resource.id, role_id) for each in rows):
        raise bad("Permission being assigned already exists on the object.")
    row = assign(call.state, principal, resource, role_id)
    call.record(f"Add {ACTIVITIES[row['principalType']][0]}", CATEGORY, "Assign", *_targets(call, row))
    context = f"https://graph.microsoft.com/v1.0/$metadata#{CONTEXT}/$entity"
    return Answer.of_json({"@odata.context": context, **row}, 201)


def deleted(call: Call) -> Answer:
    row = _named(call)
    del call.state.directory.app_roles[row["id"]]
    call.record(f"Remove {ACTIVITIES[row['principalType']][1]}", CATEGORY, "Unassign", *_targets(call, row))
    return Answer(204)


def _targets(call: Call, row: Json) -> list[Json]:
    """The service, with the name of the permission, and who has it."""
    resource = call.state.directory.objects.get(row["resourceId"])
    principal = call.state.directory.objects.get(row["principalId"])
    names = {each["id"]: each["value"] for each in resource.properties["appRoles"]} if resource else {}
    told = [
        {"displayName": "AppRole.Value", "oldValue": None, "newValue": f'"{names.get(row["appRoleId"], "")}"'},
        {"displayName": "AppRole.Id", "oldValue": None, "newValue": f'"{row["appRoleId"]}"'},
    ]
    return [target(each, more=told if each is resource else None) for each in (resource, principal) if each is not None]


READERS = ("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All")
USER_READERS = ("Directory.Read.All", "Directory.ReadWrite.All", "AppRoleAssignment.ReadWrite.All")
WRITER = "AppRoleAssignment.ReadWrite.All"
ENDS = (f"{ITEM}/appRoleAssignments", f"{ITEM}/appRoleAssignedTo")
ROUTES = [
    *(route("GET", f"{each}/appRoleAssignments", held, *READERS) for each in (ITEM, BY_APP)),
    *(route("GET", f"{each}/appRoleAssignedTo", given, *READERS) for each in (ITEM, BY_APP)),
    route("GET", "/users/{user_id}/appRoleAssignments", of_user, *USER_READERS),
    *(route("GET", f"{each}/{{assignment_id}}", shown, *READERS) for each in ENDS),
    *(route("POST", each, made, WRITER) for each in ENDS),
    *(route("DELETE", f"{each}/{{assignment_id}}", deleted, WRITER) for each in ENDS),
]
