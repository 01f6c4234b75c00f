"""Groups: lists, single ones, changes."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.objects import GROUP, DirectoryObject
from tests.sandbox.microsoft.graph import delta, query
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.kinds import GROUPS
from tests.sandbox.microsoft.graph.refusals import missing
from tests.sandbox.microsoft.graph.shapes import READERS, shape
from tests.sandbox.microsoft.router import route

FILTERS = {
    "id": "eq in",
    "displayName": "eq startswith",
    "mail": "eq startswith",
    "groupTypes": "any",
    "securityEnabled": "eq",
    "mailEnabled": "eq",
    "isAssignableToRole": "eq",
}


def _members(call: Call, group_id: str) -> list[Json]:
    found = call.state.directory.members_of(group_id)
    return [{"@odata.type": f"#microsoft.graph.{each.kind}", "id": each.id} for each in found]


TRACKED = delta.Tracked(
    context="groups",
    kind=GROUP,
    properties=GROUPS,
    rows=lambda call: call.state.directory.groups(),
    get=lambda call, name: call.state.directory.find(GROUP, name),
    shape=shape,
    removed=lambda call: [each.id for each in call.state.directory.deleted.values() if each.kind == GROUP],
    members=_members,
)


def listed(call: Call) -> Answer:
    wanted = condition(call.request.parameter("$filter"), FILTERS)
    rows = [each for each in call.state.directory.groups() if wanted(shape(each))]
    allowed = query.ORDINARY | {"$orderby"}
    return collection(call, "groups", query.ordered(call.request, rows), shape, GROUPS, allowed=allowed)


def shown(call: Call) -> Answer:
    return entity(call, "groups", shape(named(call)), GROUPS)


def named(call: Call) -> DirectoryObject:
    """The group of the path."""
    found = call.state.directory.find(GROUP, call.parameters["group_id"])
    if found is None:
        raise missing(call.parameters["group_id"])
    return found


def changes(call: Call) -> Answer:
    return delta.answer(call, TRACKED)


FOLLOWERS = ("Group.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
WRITERS = ("Group.ReadWrite.All", "GroupMember.ReadWrite.All", "Directory.ReadWrite.All")
ROUTES = [
    route("GET", "/groups", listed, *READERS[GROUP]),
    route("GET", "/groups/delta()", changes, *FOLLOWERS, *WRITERS),
    route("GET", "/groups/{group_id}", shown, *READERS[GROUP]),
]
