"""Routes: making folders, moving, deleting, restoring."""

from tests.sandbox.dropbox import events, file_shapes
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.entries import Entry, File, Folder, Revision
from tests.sandbox.dropbox.places import PATH, Place, busy, existing, find, writable
from tests.sandbox.dropbox.reading import saved
from tests.sandbox.dropbox.refusal import Refusal, refused
from tests.sandbox.dropbox.routes import Handler, Route, user_route
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.dropbox.writing import conflict, free, of_write, target
from tests.sandbox.exchange import Json

MOST_MOVED = 10_000


def _create_folder(call: Call) -> Json:
    try:
        found = target(call, call.arguments)
        place = found.place
        if found.entry is not None:
            if not call.arguments.flag("autorename", False):
                raise conflict(found.entry)
            place = free(place)
    except Refusal as refusal:
        raise of_write(refusal) from None
    folder_id = call.state.next_file_id()
    place.namespace.make_folders(place.path, folder_id)
    folder = Folder(folder_id, place.path)
    place.namespace.put(folder)
    call.changed("create_folder", place.namespace, folder)
    return {"metadata": file_shapes.folder(call, place, folder)}


# -- deleting


def _delete(call: Call) -> Json:
    return {"metadata": _delete_one(call, call.arguments)}


def _delete_one(call: Call, asked: Arguments) -> Json:
    """What was there. A mount is left, its namespace stays with the others."""
    place, entry = _to_delete(call, asked)
    rev = asked.text("parent_rev", "")
    if rev and (isinstance(entry, Folder) or entry.revision.rev != rev):
        raise refused("path_write/conflict/file" if isinstance(entry, File) else "path_write/conflict/folder")
    was = file_shapes.metadata(call, place, entry)
    assets = [events.asset(place.namespace, entry)]
    place.namespace.remove(entry.path)
    call.changed("file_delete", place.namespace, entry, assets=assets)
    return was


def _to_delete(call: Call, asked: Arguments) -> tuple[Place, Entry]:
    text = asked.text("path", None, PATH)
    try:
        place, entry = existing(call, text)
    except Refusal as refusal:
        raise of_write(refusal, "path_lookup") from None
    try:
        writable(call, place)
    except Refusal as refusal:
        raise of_write(refusal, "path_write") from None
    if busy(place):
        raise refused("too_many_write_operations")
    return place, entry


def _delete_batch(call: Call) -> Json:
    rows = [_batch_row(call, each) for each in call.arguments.structs("entries", ("path", "parent_rev"))]
    return call.launch("files/delete_batch", tagged("complete", entries=rows))


def _batch_row(call: Call, asked: Arguments) -> Json:
    try:
        return tagged("success", metadata=_delete_one(call, asked))
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return nested("failure", refusal.error)


def _delete_batch_check(call: Call) -> Json:
    return call.poll("files/delete_batch")


def _permanently_delete(call: Call) -> None:
    """Also what was deleted before, by its old path. Nothing of it can be restored."""
    if not call.grant.is_team:
        raise call.arguments.bad("Your API app is not allowed to call this function.")
    text = call.arguments.text("path", None, PATH)
    place = _deletable(call, text)
    entry = place.entry
    gone = [entry, *place.namespace.below(place.path)] if entry else []
    if entry:
        place.namespace.remove(entry.path)
    place.namespace.forget(place.path)
    for each in gone:
        place.namespace.forget_file(each.id)
    call.state.touch(place.namespace)
    assets = [events.asset(place.namespace, entry)] if entry else []
    call.record("file_permanently_delete", assets=assets)


def _deletable(call: Call, text: str) -> Place:
    try:
        place = find(call, text)
        if not place.entry and place.path.lower() not in place.namespace.past:
            raise refused("not_found")
    except Refusal as refusal:
        raise of_write(refusal, "path_lookup") from None
    try:
        return writable(call, place)
    except Refusal as refusal:
        raise of_write(refusal, "path_write") from None


# -- moving


def _move(call: Call) -> Json:
    place, entry = _to_move(call)
    try:
        found = target(call, call.arguments, "to_path")
        there = found.place
        if found.entry is not None and found.entry is not entry:
            if not call.arguments.flag("autorename", False):
                raise conflict(found.entry)
            there = free(there)
    except Refusal as refusal:
        raise of_write(refusal, "to") from None
    if there.path.lower().startswith(f"{entry.path.lower()}/"):
        raise refused("duplicated_or_nested_paths")
    if place.namespace is not there.namespace:
        _check_transfer(call, place, there, entry)
    return {"metadata": _moved(call, place, there, entry)}


def _to_move(call: Call) -> tuple[Place, Entry]:
    text = call.arguments.text("from_path", None, PATH)
    try:
        place, entry = existing(call, text)
    except Refusal as refusal:
        raise of_write(refusal, "from_lookup") from None
    try:
        writable(call, place)
    except Refusal as refusal:
        raise of_write(refusal, "from_write") from None
    if len(place.namespace.below(entry.path)) > MOST_MOVED:
        raise refused("too_many_files")
    return place, entry


def _check_transfer(call: Call, place: Place, there: Place, entry: Entry) -> None:
    """Into another namespace: it would belong to another owner; a shared folder stays with its own."""
    if any(isinstance(each, Folder) and each.mounts for each in (entry, *place.namespace.below(entry.path))):
        raise refused("cant_move_shared_folder")
    if place.namespace.owner_id != there.namespace.owner_id and not call.arguments.flag(
        "allow_ownership_transfer", False
    ):
        raise refused("cant_transfer_ownership")


def _moved(call: Call, place: Place, there: Place, entry: Entry) -> Json:
    """Ids stay. A rename that changes only the case is not told to readers of the journal."""
    old = events.asset(place.namespace, entry)
    was, below = entry.path, place.namespace.below(entry.path)
    is_same = place.namespace is there.namespace and was.lower() == there.path.lower()
    if is_same:
        entry.path = there.path
    else:
        place.namespace.remove(was)
        there.namespace.make_folders(there.path, call.state.next_file_id())
        for each in (entry, *below):
            each.path = there.path + each.path[len(was) :]
            there.namespace.put(each, call.now)
    kind = "file_rename" if was.rpartition("/")[0] == there.path.rpartition("/")[0] else "file_move"
    call.changed(kind, there.namespace, entry, **events.relocation(old, events.asset(there.namespace, entry)))
    call.state.touch(place.namespace)
    return file_shapes.metadata(call, there, entry)


# -- restoring


def _restore(call: Call) -> Json:
    """The path is free to choose; the revision is of any file that the caller may read."""
    try:
        found = target(call, call.arguments)
        if isinstance(found.entry, Folder):
            raise conflict(found.entry)
    except Refusal as refusal:
        raise of_write(refusal, "path_write") from None
    rev = call.arguments.text("rev", None, "[0-9a-f]{9,}")
    try:
        _, _, old = saved(call, rev)
    except Refusal:
        raise refused("invalid_revision") from None
    file = _restored(call, found.place, found.entry, old)
    call.changed("file_restore", found.place.namespace, file)
    return file_shapes.file(call, found.place, file)


def _restored(call: Call, place: Place, entry: File | None, old: Revision) -> File:
    """A file that is gone comes back with its id, unless that lives elsewhere by now."""
    state, namespace = call.state, place.namespace
    if entry is not None:
        file_id = entry.id
    else:
        is_used = any(each.by_id(old.file_id) for each in state.namespaces.values())
        file_id = state.next_file_id() if is_used else old.file_id
    revision = Revision(
        state.next_rev(), file_id, old.content, old.client_modified, call.now, call.actor.account_id or ""
    )
    if entry is not None:
        namespace.save(entry, revision)
        return entry
    namespace.make_folders(place.path, state.next_file_id())
    file = File(file_id, namespace.display_of(place.path), revision)
    namespace.put(file)
    return file


def _write_route(name: str, handler: Handler, fields: str, scope: str = "files.content.write") -> Route:
    return user_route(name, handler, scope, fields, admin="team_admin")


MOVING = "from_path to_path allow_shared_folder autorename allow_ownership_transfer"

ROUTES: list[Route] = [
    _write_route("files/create_folder_v2", _create_folder, "path autorename"),
    _write_route("files/delete_v2", _delete, "path parent_rev"),
    _write_route("files/delete_batch", _delete_batch, "entries"),
    _write_route("files/delete_batch/check", _delete_batch_check, "async_job_id"),
    _write_route("files/permanently_delete", _permanently_delete, "path parent_rev", "files.permanent_delete"),
    _write_route("files/move_v2", _move, MOVING),
    _write_route("files/restore", _restore, "path rev"),
]
