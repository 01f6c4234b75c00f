"""Users: lists, single ones, changes."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.objects import USER, DirectoryObject
from tests.sandbox.microsoft.graph import delta, query
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.kinds import USERS
from tests.sandbox.microsoft.graph.refusals import denied, missing, not_premium
from tests.sandbox.microsoft.graph.shapes import READERS, brief, shape
from tests.sandbox.microsoft.router import route

MOST = 999
MOST_WITH_ACTIVITY = 500
ACTIVITY = "signInActivity"
FILTERS = {
    "id": "eq in",
    "userPrincipalName": "eq startswith in",
    "displayName": "eq startswith",
    "mail": "eq startswith in",
    "accountEnabled": "eq ne",
    "userType": "eq ne",
    "createdDateTime": "ge le",
    "department": "eq",
    "signInActivity/lastSignInDateTime": "ge le",
}
TRACKED = delta.Tracked(
    context="users",
    kind=USER,
    properties=USERS,
    rows=lambda call: call.state.directory.users(),
    get=lambda call, name: call.state.directory.find(USER, name),
    shape=shape,
    removed=lambda call: [each.id for each in call.state.directory.deleted.values() if each.kind == USER],
)


def listed(call: Call) -> Answer:
    text = call.request.parameter("$filter")
    has_activity = ACTIVITY in call.request.parameter("$select") or ACTIVITY in text
    if has_activity:
        check_activity(call)
    rows = call.state.directory.users()
    if text:
        wanted = condition(text, FILTERS)
        rows = [each for each in rows if wanted(shape(each))]
    most = MOST_WITH_ACTIVITY if has_activity else MOST
    allowed = query.ORDINARY | {"$orderby"}
    return collection(call, "users", query.ordered(call.request, rows), shape, USERS, most=most, allowed=allowed)


def check_activity(call: Call) -> None:
    """The last sign-in needs a permission more, and the premium licence."""
    if not call.may("AuditLog.Read.All"):
        raise denied()
    if not call.state.has_premium:
        raise not_premium()


def shown(call: Call) -> Answer:
    if ACTIVITY in call.request.parameter("$select"):
        check_activity(call)
    return entity(call, "users", shape(named(call)), USERS)


def named(call: Call) -> DirectoryObject:
    """The user of the path, by id or principal name."""
    found = call.state.directory.find(USER, call.parameters["user_id"])
    if found is None:
        raise missing(call.parameters["user_id"])
    return found


def member_of(call: Call) -> Answer:
    groups = call.state.directory.groups_of(named(call).id)
    return collection(call, "directoryObjects", groups, lambda each: brief(call, each))


def transitive_member_of(call: Call) -> Answer:
    groups = call.state.directory.all_groups_of(named(call).id)
    return collection(call, "directoryObjects", groups, lambda each: brief(call, each))


def changes(call: Call) -> Answer:
    return delta.answer(call, TRACKED)


ALL = tuple(each for each in READERS[USER] if each != "User.ReadBasic.All")
ROUTES = [
    route("GET", "/users", listed, *READERS[USER]),
    route("GET", "/users/delta()", changes, *ALL),
    route("GET", "/users/{user_id}", shown, *READERS[USER]),
    route("GET", "/users/{user_id}/memberOf", member_of, *ALL),
    route("GET", "/users/{user_id}/transitiveMemberOf", transitive_member_of, *ALL),
]
