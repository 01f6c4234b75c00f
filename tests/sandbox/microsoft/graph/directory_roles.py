"""Directory roles in the older way: those that somebody holds, and by whom they are held."""

import uuid

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.graph.collections import collection
from tests.sandbox.microsoft.graph.members import address_of, referred
from tests.sandbox.microsoft.graph.refusals import missing
from tests.sandbox.microsoft.graph.role_assignments import READERS, WRITER, assign, withdraw
from tests.sandbox.microsoft.graph.shapes import brief
from tests.sandbox.microsoft.router import route

TENANT_WIDE = "/"


def role_object_id(role_id: str) -> str:
    """The object's id is not the template's."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"directory role {role_id}"))


def listed(call: Call) -> Answer:
    held = {each["roleDefinitionId"] for each in call.state.directory.role_assignments.values()}
    rows = [each for each in call.state.directory.role_definitions.values() if each["id"] in held]
    return collection(call, "directoryRoles", rows, _shape)


def templates(call: Call) -> Answer:
    rows = [each for each in call.state.directory.role_definitions.values() if each["isBuiltIn"]]
    return collection(call, "directoryRoleTemplates", rows, lambda each: {**_named_as(each), "id": each["id"]})


def _named_as(row: Json) -> dict[str, Json]:
    return {"deletedDateTime": None, "description": row["description"], "displayName": row["displayName"]}


def _shape(row: Json) -> dict[str, Json]:
    return {"id": role_object_id(row["id"]), **_named_as(row), "roleTemplateId": row["id"]}


def members(call: Call) -> Answer:
    found = [call.state.directory.objects.get(each["principalId"]) for each in _assignments(call)]
    rows = [each for each in found if each is not None]
    return collection(call, "directoryObjects", rows, lambda each: brief(call, each))


def references(call: Call) -> Answer:
    found = [call.state.directory.objects.get(each["principalId"]) for each in _assignments(call)]
    rows = [each for each in found if each is not None]
    return collection(call, "Collection($ref)", rows, lambda each: {"@odata.id": address_of(each)})


def added(call: Call) -> Answer:
    assign(call, referred(call).id, _role(call), TENANT_WIDE)
    return Answer(204)


def removed(call: Call) -> Answer:
    name = call.parameters["object_id"]
    row = next((each for each in _assignments(call) if each["principalId"] == name), None)
    if row is None:
        raise missing(name)
    withdraw(call, row)
    return Answer(204)


def _role(call: Call) -> str:
    """By the object's id or the template's."""
    name = call.parameters["role_id"].removeprefix("roleTemplateId=")
    found = next((each for each in call.state.directory.role_definitions if name in (each, role_object_id(each))), None)
    if found is None:
        raise missing(name)
    return found


def _assignments(call: Call) -> list[Json]:
    role = _role(call)
    rows = call.state.directory.role_assignments.values()
    return [each for each in rows if each["roleDefinitionId"] == role and each["directoryScopeId"] == TENANT_WIDE]


MEMBERS = "/directoryRoles/{role_id}/members"
ROUTES = [
    route("GET", "/directoryRoles", listed, *READERS),
    route("GET", "/directoryRoleTemplates", templates, *READERS),
    route("GET", MEMBERS, members, *READERS),
    route("GET", f"{MEMBERS}/$ref", references, *READERS),
    route("POST", f"{MEMBERS}/$ref", added, WRITER),
    route("DELETE", f"{MEMBERS}/{{object_id}}/$ref", removed, WRITER),
]
