"""How files, folders and what was deleted are written."""

from tests.sandbox.clock import iso
from tests.sandbox.dropbox import access
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.entries import Entry, File, Folder, Revision
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.places import Place
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json


def metadata(call: Call, place: Place, entry: Entry, with_members: bool = False) -> Json:
    """With its tag, as lists have it."""
    if isinstance(entry, Folder):
        return tagged("folder", **folder(call, place, entry))
    return tagged("file", **file(call, place, entry, with_members))


def file(call: Call, place: Place, entry: File, with_members: bool = False) -> dict[str, Json]:
    shape = {**revision(place, entry.path, entry.revision), "is_downloadable": not entry.export_as}
    if place.namespace.is_shared:
        shape["sharing_info"] = _sharing(call, place.namespace, entry.revision)
    if entry.export_as:
        shape["export_info"] = {"export_as": entry.export_as, "export_options": [entry.export_as]}
        del shape["content_hash"]
    if with_members:
        shape["has_explicit_shared_members"] = bool(entry.members or entry.groups)
    if entry.lock:
        shape["file_lock_info"] = {
            "is_lockholder": entry.lock.account_id == call.actor.account_id,
            "lockholder_name": entry.lock.name,
            "lockholder_account_id": entry.lock.account_id,
            "created": iso(entry.lock.created_at),
        }
    return shape


def revision(place: Place, path: str, saved: Revision) -> dict[str, Json]:
    return {
        **names(place, path),
        "id": saved.file_id,
        "client_modified": iso(saved.client_modified),
        "server_modified": iso(saved.server_modified),
        "rev": saved.rev,
        "size": len(saved.content),
        "content_hash": saved.content_hash,
    }


def folder(call: Call, place: Place, entry: Folder) -> dict[str, Json]:
    shape: dict[str, Json] = {**names(place, entry.path), "id": entry.id}
    sharing: dict[str, Json] = {"read_only": False, "traverse_only": False, "no_access": False}
    if entry.mounts:
        mounted = call.state.namespaces[entry.mounts]
        sharing |= {"shared_folder_id": entry.mounts, "read_only": not access.may_write(call, mounted)}
        return {**shape, "shared_folder_id": entry.mounts, "sharing_info": sharing}
    if place.namespace.is_shared:
        shape["sharing_info"] = {**sharing, "parent_shared_folder_id": place.namespace.id}
    return shape


def deleted(place: Place, path: str, is_restorable: bool | None = None) -> Json:
    shape = tagged("deleted", **names(place, path))
    return shape if is_restorable is None else {**shape, "is_restorable": is_restorable}


def names(place: Place, path: str) -> dict[str, Json]:
    """The path is absent where the namespace is not mounted."""
    shape: dict[str, Json] = {"name": path.rpartition("/")[2]}
    shown = place.shown(path)
    return shape if shown is None else {**shape, "path_lower": shown.lower(), "path_display": shown}


def _sharing(call: Call, namespace: Namespace, saved: Revision) -> Json:
    shape = {"read_only": not access.may_write(call, namespace), "parent_shared_folder_id": namespace.id}
    return {**shape, "modified_by": saved.author_id} if saved.author_id else shape
