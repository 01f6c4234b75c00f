"""The bytes of files: reading them at another host, replacing them in one call, and their former versions."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import FILE, FOLDER, Item, Version
from tests.sandbox.microsoft.graph import drive_records, drive_shapes
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.drive_access import (
    LISTING,
    READ,
    SINGLE,
    WRITE,
    caller,
    charged,
    check_free,
    check_match,
    conflict,
    drive,
    free_name,
    invalid,
    item,
    not_found,
    taken,
)
from tests.sandbox.microsoft.graph.drive_items import BASE, answer, ways
from tests.sandbox.microsoft.graph.refusals import GraphRefusal
from tests.sandbox.microsoft.router import route

LIFETIME = 3600
DOWNLOAD = "/_layouts/15/download.aspx"


def file(call: Call) -> Item:
    found = item(call)
    if found.kind != FILE:
        raise invalid("This is no file.")
    return found


def downloaded(call: Call) -> Answer:
    """302 with an address that needs no token and is good for an hour; files with malware are not given out."""
    found = file(call)
    if found.malware:
        raise GraphRefusal(403, "malwareDetected", "Access to this item has been blocked because it has malware.")
    return _led_to(call, found, found.current)


def _led_to(call: Call, found: Item, version: Version) -> Answer:
    files = call.state.files
    ticket = files.text()
    files.tickets[ticket] = (version, call.state.now() + LIFETIME)
    drive_records.told(call, "FileDownloaded", found)
    address = f"{DOWNLOAD}?UniqueId={found.unique_id}&tempauth={ticket}"
    return Answer.redirect(call.request.url(address, files.site_of(found).host))


def replaced(call: Call) -> Answer:
    """What was there stays as a version."""
    found, state = file(call), call.state
    check_free(found)
    check_match(call, found)
    _check_size(call)
    state.files.write(found, call.request.body, caller(call), state.now())
    drive_records.told(call, "FileModified", found)
    return answer(call, found)


def written(call: Call) -> Answer:
    """A file by its way below a folder: a new one, or new content of the one that is there."""
    files, path = call.state.files, call.parameters["path"].strip("/")
    parent_path, _, name = path.rpartition("/")
    parent = parent_of(call, parent_path)
    _check_size(call)
    held = files.child(parent, name)
    behaviour = conflict(call) if call.request.parameter("@microsoft.graph.conflictBehavior") else "replace"
    if held is not None and behaviour == "replace":
        return replaced(call)
    if held is not None and behaviour == "fail":
        raise taken()
    if held is not None:
        name = free_name(call, parent, name)
    made = files.add_file(parent, name, call.request.body, caller(call), call.state.now())
    drive_records.told(call, "FileUploaded", made)
    return answer(call, made, 201)


def parent_of(call: Call, path: str) -> Item:
    """The folder that a way within the path's folder leads to."""
    held, files = drive(call), call.state.files
    start = call.parameters.get("item_id", "root")
    found = files.root(held) if start == "root" else files.items.get(start)
    if found is not None and path:
        found = files.at_path(found, path)
    if found is None or found.drive_id != held.id or not files.is_live(found) or found.kind != FOLDER:
        raise not_found()
    return found


def _check_size(call: Call) -> None:
    if len(call.request.body) > call.state.files.direct_upload_limit:
        raise GraphRefusal(413, "requestEntityTooLarge", "Use an upload session for files of this size.")


def versions(call: Call) -> Answer:
    return collection(call, "versions", file(call).versions, drive_shapes.version, default=200)


def _version(call: Call) -> tuple[Item, Version]:
    found = file(call)
    wanted = next((each for each in found.versions if each.id == call.parameters["version_id"]), None)
    if wanted is None:
        raise not_found()
    return found, wanted


def version(call: Call) -> Answer:
    return entity(call, "versions", drive_shapes.version(_version(call)[1]))


def version_downloaded(call: Call) -> Answer:
    found, wanted = _version(call)
    return _led_to(call, found, wanted)


def version_restored(call: Call) -> Answer:
    """It becomes a new one, and the history stays."""
    found, wanted = _version(call)
    check_free(found)
    call.state.files.write(found, wanted.data, caller(call), call.state.now())
    drive_records.told(call, "FileModified", found)
    return Answer(204)


def version_deleted(call: Call) -> Answer:
    """Never the current one."""
    found, wanted = _version(call)
    if wanted is found.current:
        raise invalid("The current version cannot be deleted.")
    found.versions.remove(wanted)
    drive_records.told(call, "FileVersionRecycled", found)
    return Answer(204)


VERSION = f"{BASE}/items/{{item_id}}/versions"
ROUTES = [
    *(route("GET", way, charged(SINGLE, downloaded), *READ) for way in ways("/content")),
    *(route("PUT", way, charged(LISTING, written), *WRITE) for way in ways("/content") if "path*" in way),
    route("PUT", f"{BASE}/items/{{item_id}}/content", charged(LISTING, replaced), *WRITE),
    route("GET", VERSION, charged(LISTING, versions), *READ),
    route("GET", f"{VERSION}/{{version_id}}", charged(SINGLE, version), *READ),
    route("DELETE", f"{VERSION}/{{version_id}}", charged(LISTING, version_deleted), *WRITE),
    route("GET", f"{VERSION}/{{version_id}}/content", charged(SINGLE, version_downloaded), *READ),
    route("POST", f"{VERSION}/{{version_id}}/restoreVersion", charged(LISTING, version_restored), *WRITE),
]
