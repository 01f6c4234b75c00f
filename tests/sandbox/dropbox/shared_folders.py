"""Routes: shared folders and who has them."""

from tests.sandbox.clock import iso
from tests.sandbox.dropbox import access, sharing_shapes
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import page, read, write
from tests.sandbox.dropbox.entries import Folder
from tests.sandbox.dropbox.file_members import LEVELS, account_of
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.refusal import Refusal, refused
from tests.sandbox.dropbox.routes import Route, user_route
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

TEAM_FOLDER = "team_folder"


def folder_of(call: Call, folder_id: str) -> Namespace:
    folder = call.state.namespaces.get(folder_id)
    if folder is None or not folder.is_shared:
        raise refused("invalid_id")
    if not access.may_read(call, folder):
        raise refused("not_a_member")
    return folder


def _governed(call: Call) -> Namespace:
    """A folder that the caller may change the members of."""
    try:
        folder = folder_of(call, call.arguments.text("shared_folder_id"))
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        raise Refusal(nested("access_error", refusal.error)) from None
    if folder.kind == TEAM_FOLDER and not call.is_admin:
        raise refused("team_folder")
    is_owner = folder.owner_account == call.actor.account_id
    if not (is_owner or access.may_write(call, folder)):
        raise refused("no_permission")
    return folder


def _metadata(call: Call, folder: Namespace) -> Json:
    account_id = call.actor.account_id or ""
    shape: dict[str, Json] = {
        "access_type": tagged(folder.members.get(account_id, "editor")),
        "is_inside_team_folder": False,
        "is_team_folder": folder.kind == TEAM_FOLDER,
        "name": folder.name,
        "policy": {
            "acl_update_policy": tagged("editors"),
            "shared_link_policy": tagged(folder.shared_link_policy),
            "member_policy": tagged(folder.member_policy),
            "resolved_member_policy": tagged(folder.member_policy),
        },
        "preview_url": f"https://www.dropbox.com/scl/fo/{folder.id}",
        "shared_folder_id": folder.id,
        "time_invited": iso(folder.created_at),
        "access_inheritance": tagged("inherit"),
        "owner_display_names": [_owner_name(call, folder)],
    }
    if folder.parent_id:
        shape["parent_shared_folder_id"] = folder.parent_id
    if folder.team_id == call.state.team_id:
        shape["owner_team"] = {"id": call.state.team_id, "name": call.state.team_name}
    else:
        shape["owner_team"] = {"id": folder.team_id, "name": "Fabrikam"}
    mount = _mount(call, folder)
    return {**shape, "path_lower": mount.path.lower()} if mount else shape


def _owner_name(call: Call, folder: Namespace) -> str:
    owner = call.state.member_of_account(folder.owner_account)
    return owner.display_name if owner else folder.name


def _mount(call: Call, folder: Namespace) -> Folder | None:
    root = call.state.namespaces[call.root_id]
    mounts = (each for each in root.entries.values() if isinstance(each, Folder) and each.mounts == folder.id)
    return next(mounts, None)


def _get_metadata(call: Call) -> Json:
    return _metadata(call, folder_of(call, call.arguments.text("shared_folder_id")))


def _list(call: Call) -> Json:
    return _list_page(call, 0, call.arguments.number("limit", 1000, 1, 1000))


def _list_continue(call: Call) -> Json:
    values = read("folders", call.arguments.text("cursor"))
    if values is None:
        raise refused("invalid_cursor")
    return _list_page(call, values["start"], values["limit"])


def _list_page(call: Call, start: int, limit: int) -> Json:
    own = [each for each in call.state.namespaces.values() if each.is_shared and access.may_read(call, each)]
    rows, cursor, has_more = page("folders", [_metadata(call, each) for each in own], start, limit)
    return {"entries": rows, "cursor": cursor} if has_more else {"entries": rows}


def _members(call: Call) -> Json:
    folder_id, limit = call.arguments.text("shared_folder_id"), call.arguments.number("limit", 1000, 1, 1000)
    return _members_page(call, folder_id, "path" in call.arguments.values, min(limit, call.state.largest_page), 0)


def _members_continue(call: Call) -> Json:
    values = read("folder members", call.arguments.text("cursor"))
    if values is None:
        raise refused("invalid_cursor")
    return _members_page(call, values["folder"], values["inherits"], values["limit"], values["start"])


def _members_page(call: Call, folder_id: str, inherits: bool, limit: int, start: int) -> Json:
    """Users are what is cut into pages; groups and invitees come with the first."""
    everybody = _everybody(call, folder_of(call, folder_id), inherits)
    people, end = everybody["users"], start + limit
    shape = everybody if not start else {"groups": [], "invitees": []}
    shape = {**shape, "users": people[start:end]}
    if end >= len(people):
        return shape
    return {**shape, "cursor": write("folder members", folder=folder_id, inherits=inherits, limit=limit, start=end)}


def _everybody(call: Call, folder: Namespace, inherits: bool) -> dict[str, list[Json]]:
    shape = {
        "users": sharing_shapes.users(call, folder.members),
        "groups": sharing_shapes.groups(call, folder.groups),
        "invitees": sharing_shapes.invitees(folder.members),
    }
    parent = call.state.namespaces.get(folder.parent_id)
    if parent and inherits:
        shape["users"] += sharing_shapes.users(call, parent.members, is_inherited=True)
        shape["groups"] += sharing_shapes.groups(call, parent.groups, is_inherited=True)
        shape["invitees"] += sharing_shapes.invitees(parent.members, is_inherited=True)
    return shape


# -- changing


def _remove_member(call: Call) -> Json:
    """Refusals of the work itself are said by the job."""
    folder = _governed(call)
    account = account_of(call, call.arguments)
    copies = call.arguments.flag("leave_a_copy", False)
    if folder.owner_account == account:
        raise refused("folder_owner")
    outcome = _removed(call, folder, account, copies)
    return call.launch("sharing/remove_folder_member", outcome)


def _removed(call: Call, folder: Namespace, account: str, copies: bool) -> Json:
    if account.startswith("g:") and account in folder.groups and not copies:
        call.state.touch(folder)
        del folder.groups[account]
        call.record("shared_content_remove_member", assets=[_asset(folder)])
        return tagged("complete")
    if account not in folder.members:
        member = call.state.member_of_account(account)
        group_ids = {each.id for each in call.state.groups_of(member.id)} if member else set()
        error = tagged("group_access") if group_ids & folder.groups.keys() else nested(
            "member_error", tagged("not_a_member")
        )  # fmt: skip
        return nested("failed", error)
    call.state.touch(folder)
    del folder.members[account]
    _unmount(call, folder, account)
    call.record("shared_content_remove_member", assets=[_asset(folder)])
    parent = call.state.namespaces.get(folder.parent_id)
    still = parent.members.get(account) if parent else None
    return tagged("complete", **({"access_level": tagged(still)} if still else {}))


def _add_member(call: Call) -> None:
    """Everybody accepts at once; who has no account stays an invitee."""
    folder = _governed(call)
    for each in call.arguments.structs("members", ("member", "access_level")):
        account, level = account_of(call, each), each.tag("access_level", LEVELS, "viewer")
        if account == folder.owner_account:
            raise refused("bad_member/already_shared")
        (folder.groups if account.startswith("g:") else folder.members)[account] = level
    call.state.touch(folder)
    call.record("shared_content_add_member", assets=[_asset(folder)])


def _unmount(call: Call, folder: Namespace, account: str) -> None:
    member = call.state.member_of_account(account)
    if member is None:
        return
    home = call.state.home_of(member)
    for each in [each for each in home.entries.values() if isinstance(each, Folder) and each.mounts == folder.id]:
        home.remove(each.path)


def _removal(call: Call) -> Json:
    return call.poll("sharing/remove_folder_member")


def _unshare(call: Call) -> Json:
    """Only the owner keeps it; what was in it stays."""
    folder = _governed(call)
    if folder.kind == TEAM_FOLDER:
        raise refused("team_folder")
    if folder.owner_account != call.actor.account_id:
        raise refused("no_permission")
    call.state.touch(folder)
    for account in [account for account in folder.members if account != folder.owner_account]:
        del folder.members[account]
        _unmount(call, folder, account)
    folder.groups.clear()
    call.record("shared_content_unshare", assets=[_asset(folder)])
    return call.launch("sharing/unshare_folder", tagged("complete"))


def _job(call: Call) -> Json:
    return call.poll("sharing/unshare_folder")


def _update_policy(call: Call) -> Json:
    folder = _governed(call)
    if folder.kind == TEAM_FOLDER:
        raise refused("team_folder")
    if folder.owner_account != call.actor.account_id:
        raise refused("no_permission")
    before = folder.member_policy
    folder.member_policy = call.arguments.tag("member_policy", ("team", "anyone", "team_and_approved"), before)
    folder.shared_link_policy = call.arguments.tag(
        "shared_link_policy", ("members", "team", "anyone"), folder.shared_link_policy
    )
    details = {"previous_value": tagged(before), "new_value": tagged(folder.member_policy)}
    call.record("shared_folder_change_members_policy", assets=[_asset(folder)], details=details)
    return _metadata(call, folder)


def _asset(folder: Namespace) -> Json:
    place = {"ns_id": folder.id, "relative_path": "/", "is_shared_namespace": True}
    path = {"contextual": f"/{folder.name}", "namespace_relative": place}
    return tagged("folder", path=path, display_name=folder.name)


POLICY = "shared_folder_id member_policy acl_update_policy viewer_info_policy shared_link_policy link_settings actions"

ROUTES: list[Route] = [
    user_route(
        "sharing/get_folder_metadata", _get_metadata, "sharing.read", "shared_folder_id actions", admin="whole_team"
    ),
    user_route("sharing/list_folders", _list, "sharing.read", "limit actions"),
    user_route("sharing/list_folders/continue", _list_continue, "sharing.read", "cursor"),
    user_route(
        "sharing/list_folder_members",
        _members,
        "sharing.read",
        "shared_folder_id actions limit path",
        admin="whole_team",
    ),
    user_route("sharing/list_folder_members/continue", _members_continue, "sharing.read", "cursor", admin="whole_team"),
    user_route(
        "sharing/add_folder_member",
        _add_member,
        "sharing.write",
        "shared_folder_id members quiet custom_message fp_sealed_result",
        admin="team_admin",
    ),
    user_route(
        "sharing/remove_folder_member",
        _remove_member,
        "sharing.write",
        "shared_folder_id member leave_a_copy",
        admin="team_admin",
    ),
    user_route(
        "sharing/check_remove_member_job_status", _removal, "sharing.write", "async_job_id", admin="team_admin"
    ),
    user_route(
        "sharing/unshare_folder", _unshare, "sharing.write", "shared_folder_id leave_a_copy", admin="team_admin"
    ),
    user_route("sharing/check_job_status", _job, "sharing.write", "async_job_id", admin="team_admin"),
    user_route("sharing/update_folder_policy", _update_policy, "sharing.write", POLICY, admin="team_admin"),
]
