"""Routes: suspending, removing, roles of members."""

from tests.sandbox.dropbox import events
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.members import chosen, in_team
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.state import TEAM_ADMIN
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json

RECOVERY = 7 * 86_400
NO_ROLE = "member_only"


def _suspend(call: Call) -> None:
    """The default of wipe_data is true: `Member.was_wiped` shows that it was forgotten. Links and folders stay."""
    member = in_team(call)
    wipes = call.arguments.flag("wipe_data", True)
    if member.status != "active":
        raise refused("suspend_inactive_user")
    _keep_an_admin(call, member, "suspend_last_admin")
    _change_status(call, member, "suspended")
    member.suspended_at = call.now
    member.was_wiped = wipes
    member.sessions.clear()


def _unsuspend(call: Call) -> None:
    member = in_team(call)
    if member.status != "suspended":
        raise refused("unsuspend_non_suspended_member")
    _need_licence(call)
    _change_status(call, member, "active")
    member.suspended_at = 0.0


def _remove(call: Call) -> Json:
    arguments = call.arguments
    member = in_team(call)
    wipes, keeps = arguments.flag("wipe_data", True), arguments.flag("keep_account", False)
    _keep_an_admin(call, member, "remove_last_admin")
    if keeps and wipes:
        raise refused("cannot_keep_account_and_delete_data")
    if "transfer_dest_id" in arguments.values:
        if keeps:
            raise refused("cannot_keep_account_and_transfer")
        _transfer(call, member)
    elif "transfer_admin_id" in arguments.values:
        raise refused("unspecified_transfer_dest")
    _change_status(call, member, "removed")
    member.was_wiped = wipes
    member.is_recoverable = not (member.was_transferred or keeps or arguments.flag("permanently_delete_files", False))
    member.removed_at = call.now
    member.role_id = ""
    member.sessions.clear()
    member.linked_apps.clear()
    for group in call.state.groups.values():
        group.members.pop(member.id, None)
    return call.launch("members/remove", tagged("complete"))


def _transfer(call: Call, member: Member) -> None:
    heir = chosen(call.state, call.arguments, "transfer_dest_id")
    if "transfer_admin_id" not in call.arguments.values:
        raise refused("unspecified_transfer_admin_id")
    admin = chosen(call.state, call.arguments, "transfer_admin_id")
    if heir is None or heir.status != "active":
        raise refused("transfer_dest_user_not_in_team")
    if admin is None or not call.state.is_admin(admin):
        raise refused("transfer_admin_is_not_admin")
    if heir is member:
        raise refused("removed_and_transfer_dest_should_differ")
    call.state.home_of(member).owner_id = heir.id
    member.was_transferred = True


def _removal(call: Call) -> Json:
    return call.poll("members/remove")


def _recover(call: Call) -> None:
    member = chosen(call.state, call.arguments)
    if member is None:
        raise refused("user_not_found")
    is_late = call.now > member.removed_at + RECOVERY
    if member.status != "removed" or not member.is_recoverable or is_late:
        raise refused("user_unrecoverable")
    _need_licence(call)
    _change_status(call, member, "active")


def _set_roles(call: Call) -> Json:
    member = in_team(call)
    role_ids = call.arguments.rows("new_roles", 1) if "new_roles" in call.arguments.values else []
    if any(each not in call.state.roles for each in role_ids):
        raise refused("role_not_found")
    if member.status == "suspended":
        raise refused("cannot_set_permissions")
    role_id = role_ids[0] if role_ids else ""
    if role_id != call.state.role(TEAM_ADMIN).id:
        _keep_an_admin(call, member, "last_admin")
    before = member.role_id
    member.role_id = role_id
    if before != role_id:
        details = {"previous_value": _role(call, before), "new_value": _role(call, role_id)}
        call.record("member_change_admin_role", participants=[_user(member)], details=details)
    role = call.state.roles.get(role_id)
    return {"team_member_id": member.id, "roles": [role.shape()] if role else []}


def _role(call: Call, role_id: str) -> Json:
    role = call.state.roles.get(role_id)
    return tagged(role.name.lower().replace(" ", "_") if role else NO_ROLE)


def _keep_an_admin(call: Call, member: Member, error: str) -> None:
    if call.state.admins() == [member]:
        raise refused(error)


def _need_licence(call: Call) -> None:
    if call.state.used_licences() >= call.state.licences:
        raise refused("team_license_limit")


def _user(member: Member) -> Json:
    return {".tag": "user", "user": events.user(member)}


def _change_status(call: Call, member: Member, status: str) -> None:
    details = {"previous_value": tagged(member.status), "new_value": tagged(status)}
    member.status = status
    call.record("member_change_status", participants=[_user(member)], details=details)


REMOVING = (
    "user wipe_data transfer_dest_id transfer_admin_id keep_account retain_team_shares permanently_delete_files"
)

ROUTES: list[Route] = [
    team_route("team/members/suspend", _suspend, "members.write", "user wipe_data"),
    team_route("team/members/unsuspend", _unsuspend, "members.write", "user"),
    team_route("team/members/remove", _remove, "members.delete", REMOVING),
    team_route("team/members/remove/job_status/get", _removal, "members.delete", "async_job_id"),
    team_route("team/members/recover", _recover, "members.delete", "user"),
    team_route("team/members/set_admin_permissions_v2", _set_roles, "members.write", "user new_roles"),
]
