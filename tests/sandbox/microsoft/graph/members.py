"""Who is in a group: reading, adding, removing."""

from collections.abc import Callable

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.objects import USER, DirectoryObject
from tests.sandbox.microsoft.graph.bodies import body_of, text_of
from tests.sandbox.microsoft.graph.collections import collection
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.groups import named
from tests.sandbox.microsoft.graph.refusals import bad, denied, missing
from tests.sandbox.microsoft.graph.shapes import brief, typed
from tests.sandbox.microsoft.graph.user_actions import MANAGES, check_reach, remove
from tests.sandbox.microsoft.router import route

CATEGORY = "GroupManagement"
OF_ROLES = "RoleManagement.ReadWrite.Directory"
DYNAMIC = "Insufficient privileges: the membership of this group is governed by a rule (DynamicMembership)."


def listed(call: Call) -> Answer:
    return _listed(call, call.state.directory.members_of(named(call).id))


def transitive(call: Call) -> Answer:
    return _listed(call, call.state.directory.all_members_of(named(call).id))


def owners(call: Call) -> Answer:
    directory = call.state.directory
    return _listed(call, [directory.objects[each] for each in directory.owners.get(named(call).id, {})])


def _listed(call: Call, found: list[DirectoryObject]) -> Answer:
    wanted = condition(call.request.parameter("$filter"), {"id": "eq in", "displayName": "eq startswith"})
    rows = [each for each in found if wanted({"id": each.id, "displayName": each.name})]
    shape = typed if call.request.parameter("$select") else brief
    return collection(call, "directoryObjects", rows, lambda each: shape(call, each))


def references(call: Call) -> Answer:
    rows = call.state.directory.members_of(named(call).id)
    return collection(call, "Collection($ref)", rows, lambda each: {"@odata.id": address_of(each)})


def address_of(found: DirectoryObject) -> str:
    return f"https://graph.microsoft.com/v1.0/directoryObjects/{found.id}"


def added(call: Call) -> Answer:
    group = _to_change(call)
    found = referred(call)
    if found.id in call.state.directory.members.get(group.id, {}):
        raise bad("One or more added object references already exist for the following modified properties: 'members'.")
    call.state.directory.add_member(group, found.id)
    call.record("Add member to group", CATEGORY, "Assign", target(found), target(group))
    return Answer(204)


def referred(call: Call) -> DirectoryObject:
    """What @odata.id of the body points at."""
    name = text_of(body_of(call), "@odata.id").rstrip("/").rpartition("/")[2]
    found = call.state.directory.objects.get(name)
    if found is None:
        raise missing(name)
    return found


def removed(call: Call) -> Answer:
    group = _to_change(call)
    found = _member(call, group)
    call.state.directory.remove_member(group, found.id)
    call.record("Remove member from group", CATEGORY, "Unassign", target(found), target(group))
    return Answer(204)


def removed_without_reference(call: Call) -> Answer:
    """Without /$ref the address is the member's own: the object itself is deleted, if the application may do that."""
    found = _member(call, named(call))
    if found.kind != USER or not call.may(*MANAGES):
        raise denied()
    check_reach(call, found)
    remove(call, found)
    return Answer(204)


def _member(call: Call, group: DirectoryObject) -> DirectoryObject:
    name = call.parameters["object_id"]
    if name not in call.state.directory.members.get(group.id, {}):
        raise missing(name)
    return call.state.directory.objects[name]


def _to_change(call: Call) -> DirectoryObject:
    """Neither one that a rule fills nor, without a further permission, one that carries a role."""
    group = named(call)
    if "DynamicMembership" in group.properties["groupTypes"]:
        raise bad(DYNAMIC)
    if group.properties.get("onPremisesSyncEnabled"):
        raise bad("Unable to update the specified properties for on-premises mastered Directory Sync objects.")
    if group.properties.get("isAssignableToRole") and not call.may(OF_ROLES):
        raise denied()
    return group


READERS: tuple[str, ...] = (
    "GroupMember.ReadBasic.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All",
    "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
)  # fmt: skip
WRITERS = ("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
MEMBERS = "/groups/{group_id}/members"
HANDLERS: dict[str, Callable[[Call], Answer]] = {
    MEMBERS: listed,
    f"{MEMBERS}/$ref": references,
    "/groups/{group_id}/transitiveMembers": transitive,
    "/groups/{group_id}/owners": owners,
}
ROUTES = [
    *(route("GET", template, handler, *READERS) for template, handler in HANDLERS.items()),
    route("POST", f"{MEMBERS}/$ref", added, *WRITERS),
    route("DELETE", f"{MEMBERS}/{{object_id}}/$ref", removed, *WRITERS),
    route("DELETE", f"{MEMBERS}/{{object_id}}", removed_without_reference),
]
