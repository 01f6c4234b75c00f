"""Routes: apps that members have linked to their own Dropbox."""

from tests.sandbox.dropbox import events
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import read, write
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json

PAGE = 10
REVOKED = "app_id team_member_id keep_app_folder"


def _list(call: Call) -> Json:
    start = 0
    if cursor := call.arguments.text("cursor", ""):
        values = read("linked apps", cursor)
        if values is None or values["generation"] != call.state.generation:
            raise refused("reset")
        start = values["start"]
    members = [each for each in call.state.members.values() if each.linked_apps]
    end = start + min(PAGE, call.state.largest_page)
    rows = [
        {"team_member_id": each.id, "linked_api_apps": [app.shape() for app in each.linked_apps]}
        for each in members[start:end]
    ]
    cursor = write("linked apps", start=end, generation=call.state.generation)
    return {"apps": rows, "has_more": end < len(members), "cursor": cursor}


def _revoke(call: Call) -> None:
    error = _revoke_one(call, call.arguments)
    if error:
        raise refused(error)


def _revoke_batch(call: Call) -> Json:
    errors = [_revoke_one(call, each) for each in call.arguments.structs("revoke_linked_app", tuple(REVOKED.split()))]
    rows = [{"success": False, "error_type": tagged(error)} if error else {"success": True} for error in errors]
    return {"revoke_linked_app_status": rows}


def _revoke_one(call: Call, asked: Arguments) -> str:
    """The tag of the error, "" when it is done."""
    app_id, member = asked.text("app_id"), call.state.members.get(asked.text("team_member_id"))
    if member is None:
        return "member_not_found"
    app = next((each for each in member.linked_apps if each.id == app_id), None)
    if app is None:
        return "app_not_found"
    if not asked.flag("keep_app_folder", True) and not app.is_app_folder:
        return "app_folder_removal_not_supported"
    member.linked_apps.remove(app)
    details = {"app_info": tagged("user_linked_app", app_id=app.id, display_name=app.name)}
    call.record("app_unlink_user", participants=[{".tag": "user", "user": events.user(member)}], details=details)
    return ""


ROUTES: list[Route] = [
    team_route("team/linked_apps/list_members_linked_apps", _list, "sessions.list", "cursor"),
    team_route("team/linked_apps/revoke_linked_app", _revoke, "sessions.modify", REVOKED),
    team_route("team/linked_apps/revoke_linked_app_batch", _revoke_batch, "sessions.modify", "revoke_linked_app"),
]
