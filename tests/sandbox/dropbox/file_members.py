"""Routes: who has one file."""

from tests.sandbox.dropbox import access, sharing_shapes
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import read, write
from tests.sandbox.dropbox.entries import File
from tests.sandbox.dropbox.places import Place, existing
from tests.sandbox.dropbox.refusal import Refusal, refused
from tests.sandbox.dropbox.routes import Route, user_route
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

LEVELS = ("viewer", "editor", "viewer_no_comment")


def shared_file(call: Call, text: str) -> tuple[Place, File]:
    try:
        place, entry = existing(call, text)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        raise refused("access_error/invalid_file") from None
    if not isinstance(entry, File):
        raise refused("access_error/is_folder")
    return place, entry


def writable_file(call: Call) -> tuple[Place, File]:
    place, file = shared_file(call, call.arguments.text("file"))
    if not access.may_write(call, place.namespace):
        raise refused("access_error/no_permission")
    return place, file


def account_of(call: Call, arguments: Arguments, name: str = "member") -> str:
    """What stands for a selected member in lists of members: account id, or e-mail of who has none."""
    tag, text = arguments.tagged_text(name, ("email", "dropbox_id"))
    if tag == "dropbox_id":
        return text
    known = next((each.account_id for each in call.state.members.values() if each.email == text), None)
    outside = next((account for account, each in call.state.outsiders.items() if each[0] == text), None)
    return known or outside or text


def inherited(place: Place) -> dict[str, str]:
    return place.namespace.members if place.namespace.is_shared else {}


def _list(call: Call) -> Json:
    limit = min(call.arguments.number("limit", 100, 1, 300), call.state.largest_page)
    text = call.arguments.text("file")
    return _page(call, text, call.arguments.flag("include_inherited", True), limit, 0)


def _continue(call: Call) -> Json:
    values = read("file members", call.arguments.text("cursor"))
    if values is None:
        raise refused("invalid_cursor")
    return _page(call, values["file"], values["inherits"], values["limit"], values["start"])


def _page(call: Call, text: str, inherits: bool, limit: int, start: int) -> Json:
    """Users are what is cut into pages; groups and invitees come with the first."""
    place, file = shared_file(call, text)
    everybody = _members(call, place, file, inherits)
    people = everybody["users"]
    end = start + limit
    shape = {**everybody, "users": people[start:end]} if not start else {
        "users": people[start:end], "groups": [], "invitees": []
    }  # fmt: skip
    if end >= len(people):
        return shape
    return {**shape, "cursor": write("file members", file=text, inherits=inherits, limit=limit, start=end)}


def _members(call: Call, place: Place, file: File, inherits: bool) -> dict[str, list[Json]]:
    members, groups = file.members, file.groups
    found = {
        "users": sharing_shapes.users(call, members),
        "groups": sharing_shapes.groups(call, groups),
        "invitees": sharing_shapes.invitees(members),
    }
    owner = call.state.members.get(place.namespace.owner_id)
    if owner and owner.account_id:
        found["users"] = [*sharing_shapes.users(call, {owner.account_id: "owner"}), *found["users"]]
    if inherits and place.namespace.is_shared:
        around = {key: value for key, value in place.namespace.members.items() if key not in members}
        found["users"] += sharing_shapes.users(call, around, is_inherited=True)
        found["groups"] += sharing_shapes.groups(call, place.namespace.groups, is_inherited=True)
        found["invitees"] += sharing_shapes.invitees(around, is_inherited=True)
    return found


def _list_batch(call: Call) -> Json:
    """So many users of all files together, and how many have each."""
    left = min(call.arguments.number("limit", 1000, 0, 3000), call.state.largest_page)
    rows: list[Json] = []
    for each in call.arguments.rows("files", 100):
        try:
            found = _members(call, *shared_file(call, each), inherits=False)
        except Refusal as refusal:
            rows.append({"file": each, "result": refusal.error})
            continue
        count = sum(len(people) for people in found.values())
        shown = {**found, "users": found["users"][:left]}
        left -= len(shown["users"])
        rows.append({"file": each, "result": tagged("result", members=shown, member_count=count)})
    return rows


def _add(call: Call) -> Json:
    place, file = writable_file(call)
    level = call.arguments.tag("access_level", LEVELS, "viewer")
    rows = []
    for number, each in enumerate(call.arguments.rows("members", 20)):
        asked = Arguments(call.arguments.route, {"member": each}, f"members[{number}]")
        account = account_of(call, asked)
        (file.groups if account.startswith("g:") else file.members)[account] = level
        rows.append({"member": each, "result": nested("success", tagged(level))})
    details = {"shared_content_access_level": tagged(level)}
    call.changed("shared_content_add_member", place.namespace, file, details=details)
    return rows


def _remove(call: Call) -> Json:
    """Done, and yet they have it where a folder around gives it."""
    place, file = writable_file(call)
    account = account_of(call, call.arguments)
    still = inherited(place).get(account)
    given = file.groups if account.startswith("g:") else file.members
    if account not in given:
        raise refused("no_explicit_access" if still else "access_error/invalid_member")
    del given[account]
    call.changed("shared_content_remove_member", place.namespace, file)
    return tagged("success", access_level=tagged(still)) if still else tagged("success")


def _unshare(call: Call) -> None:
    place, file = writable_file(call)
    if not call.actor.is_email_verified:
        raise refused("user_error/email_unverified")
    file.members.clear()
    file.groups.clear()
    call.changed("shared_content_unshare", place.namespace, file)


ADDING = "file members custom_message quiet access_level add_message_as_comment fp_sealed_result"

ROUTES: list[Route] = [
    user_route(
        "sharing/list_file_members", _list, "sharing.read", "file actions include_inherited limit", admin="whole_team"
    ),
    user_route("sharing/list_file_members/continue", _continue, "sharing.read", "cursor", admin="whole_team"),
    user_route("sharing/list_file_members/batch", _list_batch, "sharing.read", "files limit", admin="whole_team"),
    user_route("sharing/add_file_member", _add, "sharing.write", ADDING, admin="team_admin"),
    user_route("sharing/remove_file_member_2", _remove, "sharing.write", "file member", admin="team_admin"),
    user_route("sharing/unshare_file", _unshare, "sharing.write", "file", admin="team_admin"),
]
