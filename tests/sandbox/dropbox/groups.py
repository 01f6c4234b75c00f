"""Routes: groups and who is in them."""

from tests.sandbox.dropbox import events
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import page, read, write
from tests.sandbox.dropbox.members import SELECTORS, chosen
from tests.sandbox.dropbox.people import Group, Member
from tests.sandbox.dropbox.refusal import Refusal, refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.unions import nested, tagged
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


def _group(call: Call) -> Group:
    tag, text = call.arguments.tagged_text("group", ("group_id", "group_external_id"))
    key = "id" if tag == "group_id" else "external_id"
    group = next((each for each in call.state.groups.values() if getattr(each, key) == text), None)
    if group is None:
        raise refused("group_not_found")
    return group


def _members(call: Call) -> Json:
    return _page(call, _group(call), 0, call.page_size())


def _continue_members(call: Call) -> Json:
    values = read("group members", call.arguments.text("cursor"))
    group = call.state.groups.get(values["group"]) if values else None
    if values is None or group is None:
        raise refused("invalid_cursor")
    return _page(call, group, values["start"], values["limit"])


def _page(call: Call, group: Group, start: int, limit: int) -> Json:
    rows = [_person(call, *each) for each in group.members.items()]
    end = start + limit
    cursor = write("group members", group=group.id, start=end, limit=limit)
    return {"members": rows[start:end], "cursor": cursor, "has_more": end < len(rows)}


def _person(call: Call, member_id: str, access: str) -> Json:
    return {"profile": call.state.members[member_id].profile(), "access_type": tagged(access)}


def _remove(call: Call) -> Json:
    """All of them or nobody. They are out at once; the job is about what the group opened."""
    group = _own(call)
    leaving = [chosen(call.state, each) for each in _users(call, "users")]
    if any(each is None or each.id not in group.members for each in leaving):
        raise refused("member_not_in_group")
    for member in filter(None, leaving):
        del group.members[member.id]
        _record(call, "group_remove_member", group, member)
    return _changed(call, group)


def _add(call: Call) -> Json:
    group = _own(call)
    for each in call.arguments.structs("members", ("user", "access_type")):
        member, access = chosen(call.state, each), each.tag("access_type", ("member", "owner"))
        if member is None:
            raise Refusal(nested("users_not_found", [each.tagged_text("user", SELECTORS)[1]]))
        if member.status == "removed":
            raise Refusal(nested("members_not_in_team", [member.id]))
        if member.id in group.members:
            raise refused("duplicate_user")
        if access == "owner" and member.status == "suspended":
            raise refused("user_must_be_active_to_be_owner")
        group.members[member.id] = access
        _record(call, "group_add_member", group, member)
    return _changed(call, group)


def _own(call: Call) -> Group:
    """One that people may change. What Dropbox answers of its own groups is unverified."""
    group = _group(call)
    if group.kind == "system_managed":
        raise refused("group_not_in_team")
    return group


def _users(call: Call, name: str) -> list[Arguments]:
    """A list of selectors, each as the argument `user`."""
    return [Arguments(call.arguments.route, {"user": each}) for each in call.arguments.rows(name)]


def _changed(call: Call, group: Group) -> Json:
    info: dict[str, Json] = {**group.shape(), "created": int(call.now * 1000)}
    if call.arguments.flag("return_members", True):
        info["members"] = [_person(call, *each) for each in group.members.items()]
    job_id = call.launch("groups", tagged("complete"))["async_job_id"]
    return {"group_info": info, "async_job_id": job_id}


def _record(call: Call, kind: str, group: Group, member: Member) -> None:
    told = {".tag": "group", "group_id": group.id, "display_name": group.name}
    call.record(kind, participants=[{".tag": "user", "user": events.user(member)}, told])


def _job(call: Call) -> Json:
    return call.poll("groups")


ROUTES: list[Route] = [
    team_route("team/groups/list", _list, "groups.read", "limit"),
    team_route("team/groups/list/continue", _continue, "groups.read", "cursor"),
    team_route("team/groups/members/list", _members, "groups.read", "group limit"),
    team_route("team/groups/members/list/continue", _continue_members, "groups.read", "cursor"),
    team_route("team/groups/members/remove", _remove, "groups.write", "group users return_members"),
    team_route("team/groups/members/add", _add, "groups.write", "group members return_members"),
    team_route("team/groups/job_status/get", _job, "groups.write", "async_job_id"),
]
