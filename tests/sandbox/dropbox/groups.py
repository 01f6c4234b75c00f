"""Routes: groups and who is in them."""

from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import page, read, write
from tests.sandbox.dropbox.people import Group
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json


def _list(call: Call) -> Json:
    return _groups(call, 0, call.page_size())


def _continue(call: Call) -> Json:
    values = read("groups", call.arguments.text("cursor"))
    if values is None:
        raise refused("invalid_cursor")
    return _groups(call, values["start"], values["limit"])


def _groups(call: Call, start: int, limit: int) -> Json:
    rows, cursor, has_more = page("groups", [each.shape() for each in call.state.groups.values()], start, limit)
    return {"groups": rows, "cursor": cursor, "has_more": has_more}


def _members(call: Call) -> Json:
    tag, text = call.arguments.tagged_text("group", ("group_id", "group_external_id"))
    key = "id" if tag == "group_id" else "external_id"
    group = next((each for each in call.state.groups.values() if getattr(each, key) == text), None)
    if group is None:
        raise refused("group_not_found")
    return _page(call, group, 0, call.page_size())


def _continue_members(call: Call) -> Json:
    values = read("group members", call.arguments.text("cursor"))
    group = call.state.groups.get(values["group"]) if values else None
    if values is None or group is None:
        raise refused("invalid_cursor")
    return _page(call, group, values["start"], values["limit"])


def _page(call: Call, group: Group, start: int, limit: int) -> Json:
    rows = [
        {"profile": call.state.members[member_id].profile(), "access_type": tagged(access)}
        for member_id, access in group.members.items()
    ]
    end = start + limit
    cursor = write("group members", group=group.id, start=end, limit=limit)
    return {"members": rows[start:end], "cursor": cursor, "has_more": end < len(rows)}


ROUTES: list[Route] = [
    team_route("team/groups/list", _list, "groups.read", "limit"),
    team_route("team/groups/list/continue", _continue, "groups.read", "cursor"),
    team_route("team/groups/members/list", _members, "groups.read", "group limit"),
    team_route("team/groups/members/list/continue", _continue_members, "groups.read", "cursor"),
]
