"""Groups and who is in them."""

from tests.sandbox.box.call import Call
from tests.sandbox.box.collaboration_shapes import collaboration_shape
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.pages import by_offset
from tests.sandbox.box.people import MANAGE_GROUPS, Group, Membership
from tests.sandbox.box.refusal import Refusal, forbidden, invalid, not_found
from tests.sandbox.box.router import route
from tests.sandbox.box.shapes import group_shape, membership_shape
from tests.sandbox.exchange import Answer

MOST = 1000


def listed(call: Call) -> Answer:
    call.need(MANAGE_GROUPS)
    term, fields = call.request.parameter("filter_term").lower(), call.fields()
    rows = sorted(call.state.groups.values(), key=lambda each: each.name.casefold())
    rows = [each for each in rows if term in each.name.lower()]
    return by_offset(call, rows, lambda each: group_shape(each, fields), MOST)


def shown(call: Call) -> Answer:
    call.need(MANAGE_GROUPS)
    return Answer.of_json(group_shape(call.group(), call.fields()))


def members(call: Call) -> Answer:
    call.need(MANAGE_GROUPS)
    return _memberships(call, members_of(call, call.group()))


def members_of(call: Call, group: Group) -> list[Membership]:
    """Everybody, in the group of all users."""
    if group.group_type != "all_users_group":
        return [each for each in call.state.memberships.values() if each.group_id == group.id]
    return [
        Membership(f"{group.id}{user.id}", user.id, group.id, "member", user.created_at, user.created_at)
        for user in call.state.managed()
    ]


def memberships(call: Call) -> Answer:
    """Those of a user; the group of all users is not among them."""
    call.need(MANAGE_GROUPS)
    user = call.target()
    return _memberships(call, [each for each in call.state.memberships.values() if each.user_id == user.id])


def _memberships(call: Call, rows: list[Membership]) -> Answer:
    return by_offset(call, rows, lambda each: membership_shape(call.state, each), MOST)


def collaborations(call: Call) -> Answer:
    """Which folders the group may open."""
    call.need(MANAGE_GROUPS)
    group, state = call.group(), call.state
    rows = [each for each in state.collaborations.values() if each.group_id == group.id]
    return by_offset(call, rows, lambda each: collaboration_shape(state, each, None), MOST)


def joined(call: Call) -> Answer:
    call.need(MANAGE_GROUPS)
    body, state = call.body(), call.state
    user = call.managed(str(body.get("user", {}).get("id", "")))
    group = state.groups.get(str(body.get("group", {}).get("id", "")))
    if group is None:
        raise not_found()
    _check_changeable(group)
    if any(each.user_id == user.id and each.group_id == group.id for each in state.memberships.values()):
        raise Refusal(409, "conflict", "The user is in this group already")
    now = state.now()
    membership = Membership(state.next_id(), user.id, group.id, _role(body.get("role", "member")), now, now)
    state.memberships[membership.id] = membership
    call.record("GROUP_ADD_USER", mini_user(user), {"group_id": group.id, "group_name": group.name})
    return Answer.of_json(membership_shape(state, membership), 201)


def membership(call: Call) -> Answer:
    call.need(MANAGE_GROUPS)
    return Answer.of_json(membership_shape(call.state, _named(call)))


def role_changed(call: Call) -> Answer:
    call.need(MANAGE_GROUPS)
    found = _named(call)
    found.role = _role(call.body().get("role", found.role))
    found.modified_at = call.state.now()
    return Answer.of_json(membership_shape(call.state, found))


def left(call: Call) -> Answer:
    call.need(MANAGE_GROUPS)
    found, state = _named(call), call.state
    group = state.groups[found.group_id]
    _check_changeable(group)
    del state.memberships[found.id]
    user = state.users[found.user_id]
    call.record("GROUP_REMOVE_USER", mini_user(user), {"group_id": group.id, "group_name": group.name})
    return Answer(204)


def _named(call: Call) -> Membership:
    found = call.state.memberships.get(call.parameters["membership_id"])
    if found is None:
        raise not_found()
    return found


def _role(role: object) -> str:
    if role not in ("member", "admin"):
        raise invalid("role", f"Invalid value '{role}'.")
    return str(role)


def _check_changeable(group: Group) -> None:
    """Nobody changes by hand who is in the group of all users."""
    if group.group_type == "all_users_group":
        raise forbidden()


SCOPES = ("manage_groups",)
ROUTES = [
    route("GET", "/groups", listed, *SCOPES),
    route("GET", "/groups/{group_id}", shown, *SCOPES),
    route("GET", "/groups/{group_id}/memberships", members, *SCOPES),
    route("GET", "/groups/{group_id}/collaborations", collaborations, *SCOPES),
    route("GET", "/users/{user_id}/memberships", memberships, *SCOPES),
    route("POST", "/group_memberships", joined, *SCOPES),
    route("GET", "/group_memberships/{membership_id}", membership, *SCOPES),
    route("PUT", "/group_memberships/{membership_id}", role_changed, *SCOPES),
    route("DELETE", "/group_memberships/{membership_id}", left, *SCOPES),
]
