"""Directory roles in the newer way: definitions, assignments, and what can be activated (PIM)."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.roles import GLOBAL_ADMINISTRATOR
from tests.sandbox.microsoft.graph import query
from tests.sandbox.microsoft.graph.bodies import body_of, text_of
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.refusals import GraphRefusal, bad, missing, not_premium
from tests.sandbox.microsoft.graph.shapes import brief
from tests.sandbox.microsoft.router import route

CATEGORY = "RoleManagement"
FILTERS = {"principalId": "eq in", "roleDefinitionId": "eq", "directoryScopeId": "eq", "id": "eq"}
EXPANDS = frozenset({"principal", "roleDefinition", "directoryScope"})
OPTIONS = query.ORDINARY | {"$expand"}


def definitions(call: Call) -> Answer:
    wanted = condition(call.request.parameter("$filter"), {"displayName": "eq", "isBuiltIn": "eq", "id": "eq in"})
    rows = [each for each in call.state.directory.role_definitions.values() if wanted(each)]
    return collection(call, "roleManagement/directory/roleDefinitions", rows)


def definition(call: Call) -> Answer:
    found = call.state.directory.role_definitions.get(call.parameters["role_id"])
    if found is None:
        raise missing(call.parameters["role_id"])
    return entity(call, "roleManagement/directory/roleDefinitions", found)


def assignments(call: Call) -> Answer:
    return _rows(call, "roleAssignments", list(call.state.directory.role_assignments.values()))


def eligibilities(call: Call) -> Answer:
    """Of the premium licence."""
    if not call.state.has_premium:
        raise not_premium()
    return _rows(call, "roleEligibilityScheduleInstances", list(call.state.directory.eligibilities.values()))


def active(call: Call) -> Answer:
    """What is assigned, as the schedules tell it."""
    if not call.state.has_premium:
        raise not_premium()
    rows = [_instance(each) for each in call.state.directory.role_assignments.values()]
    return _rows(call, "roleAssignmentScheduleInstances", rows)


def _instance(row: Json) -> Json:
    return {
        "id": row["id"],
        "principalId": row["principalId"],
        "roleDefinitionId": row["roleDefinitionId"],
        "directoryScopeId": row["directoryScopeId"],
        "appScopeId": None,
        "startDateTime": None,
        "endDateTime": None,
        "assignmentType": "Assigned",
        "memberType": "Direct",
        "roleAssignmentOriginId": row["id"],
        "roleAssignmentScheduleId": row["id"],
    }


def _rows(call: Call, name: str, rows: list[Json]) -> Answer:
    asked = {each.strip() for each in call.request.parameter("$expand").split(",") if each.strip()}
    if not asked <= EXPANDS:
        raise bad(f"Could not find a property named '{sorted(asked - EXPANDS)[0]}'.", "BadRequest")
    wanted = condition(call.request.parameter("$filter"), FILTERS)
    found = [each for each in rows if wanted(each)]
    context = f"roleManagement/directory/{name}"
    return collection(call, context, found, lambda each: _expanded(call, each, asked), allowed=OPTIONS)


def _expanded(call: Call, row: Json, asked: set[str]) -> dict[str, Json]:
    more: dict[str, Json] = {}
    if "principal" in asked:
        found = call.state.directory.objects.get(row["principalId"])
        more["principal"] = brief(call, found) if found else None
    if "roleDefinition" in asked:
        more["roleDefinition"] = call.state.directory.role_definitions[row["roleDefinitionId"]]
    return {**row, **more}


def assignment(call: Call) -> Answer:
    return entity(call, "roleManagement/directory/roleAssignments", _named(call))


def _named(call: Call) -> Json:
    found = call.state.directory.role_assignments.get(call.parameters["assignment_id"])
    if found is None:
        raise missing(call.parameters["assignment_id"])
    return found


def assigned(call: Call) -> Answer:
    body, directory = body_of(call), call.state.directory
    principal_id, role_id = text_of(body, "principalId"), text_of(body, "roleDefinitionId")
    if principal_id not in directory.objects or role_id not in directory.role_definitions:
        raise missing(principal_id if principal_id not in directory.objects else role_id)
    row = assign(call, principal_id, role_id, text_of(body, "directoryScopeId"))
    return Answer.of_json({**row, "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#roleAssignment"}, 201)


def assign(call: Call, principal_id: str, role_id: str, scope: str) -> Json:
    directory = call.state.directory
    row: dict[str, Json] = {
        "id": call.state.login.text(46),
        "principalId": principal_id,
        "roleDefinitionId": role_id,
        "directoryScopeId": scope,
        "condition": None,
    }
    if any({**each, "id": ""} == {**row, "id": ""} for each in directory.role_assignments.values()):
        raise bad("A conflicting object with one or more of the specified property values is present in the directory.")
    directory.role_assignments[row["id"]] = row
    call.record("Add member to role", CATEGORY, "Assign", *_targets(call, row))
    return row


def withdrawn(call: Call) -> Answer:
    withdraw(call, _named(call))
    return Answer(204)


def withdraw(call: Call, row: Json) -> None:
    """The last global administrator stays."""
    directory = call.state.directory
    of_role = [each for each in directory.role_assignments.values() if _is_alike(each, row)]
    if row["roleDefinitionId"] == GLOBAL_ADMINISTRATOR and len(of_role) == 1:
        raise GraphRefusal(400, "Request_BadRequest", "The last Global Administrator cannot be removed.")
    del directory.role_assignments[row["id"]]
    call.record("Remove member from role", CATEGORY, "Unassign", *_targets(call, row))


def _is_alike(each: Json, row: Json) -> bool:
    names = ("roleDefinitionId", "directoryScopeId")
    return all(each[name] == row[name] for name in names)


def _targets(call: Call, row: Json) -> list[Json]:
    """Whom the role was given to, and which it was."""
    name = call.state.directory.role_definitions[row["roleDefinitionId"]]["displayName"]
    told = [{"displayName": "Role.DisplayName", "oldValue": None, "newValue": f'"{name}"'}]
    found = call.state.directory.objects.get(row["principalId"])
    return [target(found, more=told)] if found else []


READERS = (
    "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "Directory.Read.All",
    "Directory.ReadWrite.All",
)  # fmt: skip
WRITER = "RoleManagement.ReadWrite.Directory"
ELIGIBLE = ("RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.Directory", WRITER)
ACTIVE = ("RoleAssignmentSchedule.Read.Directory", "RoleManagement.Read.Directory", WRITER)
ROOT = "/roleManagement/directory"
ITEM = f"{ROOT}/roleAssignments/{{assignment_id}}"
ROUTES = [
    route("GET", f"{ROOT}/roleDefinitions", definitions, *READERS),
    route("GET", f"{ROOT}/roleDefinitions/{{role_id}}", definition, *READERS),
    route("GET", f"{ROOT}/roleAssignments", assignments, *READERS),
    route("GET", ITEM, assignment, *READERS),
    route("POST", f"{ROOT}/roleAssignments", assigned, WRITER),
    route("DELETE", ITEM, withdrawn, WRITER),
    route("GET", f"{ROOT}/roleEligibilityScheduleInstances", eligibilities, *ELIGIBLE),
    route("GET", f"{ROOT}/roleAssignmentScheduleInstances", active, *ACTIVE),
]
