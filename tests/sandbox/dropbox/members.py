"""Routes: reading members."""

from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import read, write
from tests.sandbox.dropbox.member_shapes import with_roles
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

SELECTORS = ("team_member_id", "external_id", "email")


def chosen(state: State, arguments: Arguments, name: str = "user") -> Member | None:
    """Whom a user selector means; a removed member is in the team no more."""
    tag, text = arguments.tagged_text(name, SELECTORS)
    wanted = {"team_member_id": "id"}.get(tag, tag)
    return next((each for each in state.members.values() if getattr(each, wanted) == text), None)


def in_team(call: Call, name: str = "user") -> Member:
    member = chosen(call.state, call.arguments, name)
    if member is None:
        raise refused("user_not_found")
    if member.status == "removed":
        raise refused("user_not_in_team")
    return member


def _rows(state: State, with_removed: bool) -> list[Json]:
    return [with_roles(state, each) for each in state.members.values() if with_removed or each.status != "removed"]


def _list(call: Call) -> Json:
    return _page(call, 0, call.page_size(), call.arguments.flag("include_removed", False))


def _continue(call: Call) -> Json:
    values = read("members", call.arguments.text("cursor"))
    if values is None or values["generation"] != call.state.generation:
        raise refused("invalid_cursor")
    return _page(call, values["start"], values["limit"], values["with_removed"])


def _page(call: Call, start: int, limit: int, with_removed: bool) -> Json:
    rows = _rows(call.state, with_removed)
    end = start + limit
    cursor = write(
        "members", start=end, limit=limit, with_removed=with_removed, generation=call.state.generation
    )
    return {"members": rows[start:end], "cursor": cursor, "has_more": end < len(rows)}


def _get_info(call: Call) -> Json:
    rows = []
    for number, each in enumerate(call.arguments.rows("members")):
        argument = Arguments(call.arguments.route, {"user": each}, f"members[{number}]")
        member = chosen(call.state, argument)
        if member is None or member.status == "removed":
            rows.append(nested("id_not_found", argument.tagged_text("user", SELECTORS)[1]))
        else:
            rows.append(tagged("member_info", **with_roles(call.state, member)))
    return {"members_info": rows}


def _available_roles(call: Call) -> Json:
    return {"roles": [each.shape() for each in call.state.roles.values()]}


ROUTES: list[Route] = [
    team_route("team/members/list_v2", _list, "members.read", "limit include_removed"),
    team_route("team/members/list/continue_v2", _continue, "members.read", "cursor"),
    team_route("team/members/get_info_v2", _get_info, "members.read", "members"),
    team_route("team/members/get_available_team_member_roles", _available_roles, "members.read"),
]
