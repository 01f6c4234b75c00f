"""Routes: the team's namespaces and team folders."""


from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import page, read
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json

PAGE = 25
RESERVED = ("dropbox", "apps")
MOST_FOLDERS = 10_000
TEAM_FOLDER = "team_folder"


def _namespaces(call: Call) -> Json:
    """The limit has no effect."""
    call.arguments.number("limit", 1000, 1, 1000)
    return _page(call, 0)


def _continue(call: Call) -> Json:
    values = read("namespaces", call.arguments.text("cursor"))
    if values is None:
        raise refused("invalid_cursor")
    return _page(call, values["start"])


def _page(call: Call, start: int) -> Json:
    """The last of a page is also the first of the next."""
    reached = [each for each in call.state.namespaces.values() if _is_reached(call, each)]
    rows, cursor, has_more = page("namespaces", [_shape(each) for each in reached], start, PAGE)
    if start:
        rows = [_shape(reached[start - 1]), *rows]
    return {"namespaces": rows, "cursor": cursor, "has_more": has_more}


def _is_reached(call: Call, namespace: Namespace) -> bool:
    """The homes of those who left or have not come yet are not listed."""
    owner = call.state.members.get(namespace.owner_id)
    is_absent = owner is not None and owner.status in ("removed", "invited")
    return not is_absent and namespace.status == "active"


def _shape(namespace: Namespace) -> Json:
    shape: dict[str, Json] = {
        "name": namespace.name,
        "namespace_id": namespace.id,
        "namespace_type": tagged(namespace.kind),
    }
    return {**shape, "team_member_id": namespace.owner_id} if namespace.owner_id else shape


# -- team folders


def _create(call: Call) -> Json:
    name = call.arguments.text("name")
    state = call.state
    folders = _folders(call)
    if not name.strip() or "/" in name:
        raise refused("invalid_folder_name")
    if any(each.name.lower() == name.lower() for each in folders):
        raise refused("folder_name_already_used")
    if name.lower() in RESERVED:
        raise refused("folder_name_reserved")
    if len(folders) >= MOST_FOLDERS:
        raise refused("folder_count_limit_exceeded")
    if state.features["has_team_shared_dropbox"]:
        raise call.arguments.bad("This function is not available to teams with a team space.")
    folder = state.add_namespace(TEAM_FOLDER, name, created_at=call.now)
    call.record("team_folder_create", assets=[_asset(folder)])
    return _folder(folder)


def _asset(folder: Namespace) -> Json:
    place = {"ns_id": folder.id, "relative_path": "/", "is_shared_namespace": True}
    path = {"contextual": f"/{folder.name}", "namespace_relative": place}
    return tagged("folder", path=path, display_name=folder.name)


def _list(call: Call) -> Json:
    return _list_page(call, 0, call.arguments.number("limit", 1000, 1, 1000))


def _list_continue(call: Call) -> Json:
    values = read("team folders", call.arguments.text("cursor"))
    if values is None:
        raise refused("invalid_cursor")
    return _list_page(call, values["start"], values["limit"])


def _list_page(call: Call, start: int, limit: int) -> Json:
    rows, cursor, has_more = page("team folders", [_folder(each) for each in _folders(call)], start, limit)
    return {"team_folders": rows, "cursor": cursor, "has_more": has_more}


def _folders(call: Call) -> list[Namespace]:
    return [each for each in call.state.namespaces.values() if each.kind == TEAM_FOLDER]


def _folder(folder: Namespace) -> Json:
    return {
        "team_folder_id": folder.id,
        "name": folder.name,
        "status": tagged(folder.status),
        "is_team_shared_dropbox": False,
        "sync_setting": tagged("default"),
        "content_sync_settings": [],
    }


ROUTES: list[Route] = [
    team_route("team/namespaces/list", _namespaces, "team_data.member", "limit"),
    team_route("team/namespaces/list/continue", _continue, "team_data.member", "cursor"),
    team_route("team/team_folder/create", _create, "team_data.content.write", "name sync_setting"),
    team_route("team/team_folder/list", _list, "team_data.content.read", "limit"),
    team_route("team/team_folder/list/continue", _list_continue, "team_data.content.read", "cursor"),
]
