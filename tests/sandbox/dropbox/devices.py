"""Routes: what members are signed in with."""

from tests.sandbox.clock import iso
from tests.sandbox.dropbox import events
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import read, write
from tests.sandbox.dropbox.people import DeviceSession, Member
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json

KINDS = {
    "web_session": ("web_sessions", "include_web_sessions"),
    "desktop_client": ("desktop_clients", "include_desktop_clients"),
    "mobile_client": ("mobile_clients", "include_mobile_clients"),
}
PAGE = 10
REVOKED = ("session_id", "team_member_id", "delete_on_unlink")


def _list(call: Call) -> Json:
    start = 0
    if cursor := call.arguments.text("cursor", ""):
        values = read("devices", cursor)
        if values is None or values["generation"] != call.state.generation:
            raise refused("reset")
        start = values["start"]
    kinds = [kind for kind, (_, flag) in KINDS.items() if call.arguments.flag(flag, True)]
    members = [each for each in call.state.members.values() if each.sessions]
    end = start + min(PAGE, call.state.largest_page)
    answer = {"devices": [_shape(each, kinds) for each in members[start:end]], "has_more": end < len(members)}
    return {**answer, "cursor": write("devices", start=end, generation=call.state.generation)}


def _shape(member: Member, kinds: list[str]) -> Json:
    """A list without an entry is absent."""
    shape: dict[str, Json] = {"team_member_id": member.id}
    for session in member.sessions:
        if session.kind in kinds:
            shape.setdefault(KINDS[session.kind][0], []).append(_session(session))
    return shape


def _session(session: DeviceSession) -> Json:
    times = {"created": session.created_at, "updated": session.updated_at}
    return {"session_id": session.id, **session.facts, **{key: iso(at) for key, at in times.items() if at}}


def _revoke(call: Call) -> Json:
    rows = call.arguments.structs("revoke_devices", REVOKED)
    return {"revoke_devices_status": [_revoke_one(call, each) for each in rows]}


def _revoke_one(call: Call, asked: Arguments) -> Json:
    kind = asked.values.get(".tag")
    if kind not in KINDS:
        raise asked.bad(f"unknown tag {kind!r}")
    deletes = asked.flag("delete_on_unlink", False)
    member = call.state.members.get(asked.text("team_member_id"))
    if member is None:
        return {"success": False, "error_type": tagged("member_not_found")}
    session_id = asked.text("session_id")
    session = next((each for each in member.sessions if (each.id, each.kind) == (session_id, kind)), None)
    if session is None:
        return {"success": False, "error_type": tagged("device_session_not_found")}
    member.sessions.remove(session)
    who = {".tag": "user", "user": events.user(member)}
    call.record("device_unlink", participants=[who], details={"delete_data": deletes})
    return {"success": True}


ROUTES: list[Route] = [
    team_route(
        "team/devices/list_members_devices",
        _list,
        "sessions.list",
        "cursor include_web_sessions include_desktop_clients include_mobile_clients",
    ),
    team_route("team/devices/revoke_device_session_batch", _revoke, "sessions.modify", "revoke_devices"),
]
