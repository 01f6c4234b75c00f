"""Files and folders: reading, making, moving, deleting them."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import FOLDER, Item
from tests.sandbox.microsoft.files.store import NameTaken
from tests.sandbox.microsoft.graph import drive_records, drive_shapes
from tests.sandbox.microsoft.graph.collections import ROOT, collection
from tests.sandbox.microsoft.graph.drive_access import (
    LISTING,
    READ,
    SINGLE,
    WRITE,
    body,
    caller,
    charged,
    check_free,
    check_match,
    conflict,
    folder,
    free_name,
    invalid,
    item,
    not_found,
    taken,
)
from tests.sandbox.microsoft.graph.drive_sharing import effective
from tests.sandbox.microsoft.router import route


def shape(call: Call, found: Item) -> dict[str, Json]:
    """As a single item is shown, or one of a folder."""
    files, held = call.state.files, effective(call.state.files, found)
    told = drive_shapes.item(call.state, found)
    facet = drive_shapes.shared(files, [each for _, each in held])
    if facet is not None:
        told["shared"] = facet
    if "permissions" in call.request.parameter("$expand"):
        told["permissions"] = [drive_shapes.permission(files, each, holder, found) for holder, each in held]
    return drive_shapes.narrowed(told, call.request.parameter("$select"))


def answer(call: Call, found: Item, status: int = 200) -> Answer:
    return Answer.of_json({"@odata.context": f"{ROOT}drives/$entity", **shape(call, found)}, status)


def shown(call: Call) -> Answer:
    return answer(call, item(call))


def children(call: Call) -> Answer:
    rows = call.state.files.children(item(call))
    allowed = frozenset({"$select", "$top", "$expand", "$skiptoken"})
    return collection(call, "driveItems", rows, lambda each: shape(call, each), default=200, allowed=allowed)


def folder_made(call: Call) -> Answer:
    parent, sent, files = item(call), body(call), call.state.files
    name, behaviour = _checked(sent.get("name")), conflict(call, sent)
    if "folder" not in sent:
        raise invalid("Only folders are made this way.")
    held = files.child(parent, name)
    if held is not None and behaviour == "fail":
        raise taken()
    if held is not None and behaviour == "replace":
        return answer(call, held)
    made = files.add(
        parent, name if held is None else free_name(call, parent, name), FOLDER, caller(call), call.state.now()
    )
    drive_records.told(call, "FileCreated", made)
    return answer(call, made, 201)


def changed(call: Call) -> Answer:
    """Another name, another folder of the same drive, or both."""
    found, sent, state = item(call), body(call), call.state
    check_free(found)
    check_match(call, found)
    if found.is_root:
        raise invalid("The root cannot be changed.")
    before = drive_records.target(call, found)
    parent = state.files.items[found.parent_id]
    if "parentReference" in sent:
        parent = folder(call, sent["parentReference"])
    if parent.drive_id != found.drive_id:
        raise invalid("Cannot move between drives.")
    if parent is found or found in state.files.ancestors(parent):
        raise invalid("A folder cannot be moved into itself.")
    name = _checked(sent.get("name", found.name))
    is_moved = parent.id != found.parent_id
    try:
        state.files.move(found, parent, name, state.now())
    except NameTaken:
        raise taken() from None
    drive_records.told(call, "FileMoved" if is_moved else "FileRenamed", found, before)
    return answer(call, found)


def _checked(name: Json) -> str:
    if not isinstance(name, str) or not name.strip(" .") or len(name) > 400 or set(name) & set('"*:<>?/\\|'):
        raise invalid("The provided name cannot contain these characters, or be empty or too long.")
    return name


def deleted(call: Call) -> Answer:
    """Into the recycle bin of the site."""
    found = item(call)
    check_free(found)
    check_match(call, found)
    if found.is_root:
        raise invalid("The root cannot be deleted.")
    drive_records.told(call, "FileRecycled", found)
    call.state.files.recycle(found, caller(call), call.state.now())
    return Answer(204)


def purged(call: Call) -> Answer:
    found = item(call)
    check_free(found)
    drive_records.told(call, "FileDeleted", found)
    call.state.files.purge(found, call.state.now())
    return Answer(204)


def not_restored(call: Call) -> Answer:
    """Only personal OneDrives restore this way."""
    if call.parameters["item_id"] not in call.state.files.items:
        raise not_found()
    raise invalid("The operation is not supported on this drive.")


BASE = "/drives/{drive_id}"
WAYS = (f"{BASE}/root", f"{BASE}/items/{{item_id}}", f"{BASE}/root:/{{path*}}", f"{BASE}/items/{{item_id}}:/{{path*}}")
"""How an item is named: the last two go on with a colon where something follows."""


def ways(suffix: str) -> list[str]:
    """The templates of something below an item."""
    return [f"{way}{':' if 'path*' in way and suffix else ''}{suffix}" for way in WAYS]


ROUTES = [
    *(route("GET", way, charged(SINGLE, shown), *READ) for way in ways("")),
    *(route("GET", way, charged(LISTING, children), *READ) for way in ways("/children")),
    *(route("POST", way, charged(LISTING, folder_made), *WRITE) for way in ways("/children")),
    *(route("PATCH", way, charged(LISTING, changed), *WRITE) for way in ways("")),
    *(route("DELETE", way, charged(LISTING, deleted), *WRITE) for way in ways("")),
    route("POST", f"{BASE}/items/{{item_id}}/permanentDelete", charged(LISTING, purged), *WRITE),
    route("POST", f"{BASE}/items/{{item_id}}/restore", charged(LISTING, not_restored), *WRITE),
]
