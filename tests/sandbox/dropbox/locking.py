"""Routes: locking files that are shared."""

from collections.abc import Callable

from tests.sandbox.clock import iso
from tests.sandbox.dropbox import file_shapes
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.entries import File, Lock
from tests.sandbox.dropbox.places import PATH, Place, existing, writable
from tests.sandbox.dropbox.refusal import Refusal, refused, under
from tests.sandbox.dropbox.routes import Route, user_route
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

Change = Callable[[Call, Place, File], None]


def _each(call: Call, change: Change) -> Json:
    rows = call.arguments.structs("entries", ("path",))
    return {"entries": [_row(call, each, change) for each in rows]}


def _row(call: Call, asked: Arguments, change: Change) -> Json:
    """A failure is a row of an answer with status 200."""
    try:
        try:
            place, entry = existing(call, asked.text("path", None, PATH))
        except Refusal as refusal:
            raise (under("path_lookup", refusal) if refusal.status == 409 else refusal) from None
        if not isinstance(entry, File):
            raise refused("cannot_be_locked")
        change(call, place, entry)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return nested("failure", refusal.error)
    return tagged("success", metadata=file_shapes.metadata(call, place, entry), lock=_lock(entry))


def _lock(file: File) -> Json:
    if file.lock is None:
        return {"content": tagged("unlocked")}
    created = iso(file.lock.created_at)
    return {"content": tagged("single_user", created=created, lock_holder_account_id=file.lock.account_id)}


def _locked(call: Call, place: Place, file: File) -> None:
    if not (place.namespace.is_shared or file.members or file.groups):
        raise refused("file_not_shared")
    writable(call, place)
    account_id = call.actor.account_id or ""
    if file.lock and file.lock.account_id != account_id:
        raise Refusal(tagged("lock_conflict", lock=_lock(file)))
    file.lock = Lock(account_id, call.actor.display_name, call.now)
    _record(call, place, file, "unlocked", "locked")


def _unlocked(call: Call, place: Place, file: File) -> None:
    """An admin unlocks any member's file."""
    if file.lock is None:
        return
    if not call.is_admin and file.lock.account_id != call.actor.account_id:
        raise Refusal(tagged("lock_conflict", lock=_lock(file)))
    file.lock = None
    _record(call, place, file, "locked", "unlocked")


def _record(call: Call, place: Place, file: File, before: str, after: str) -> None:
    details = {"previous_value": tagged(before), "new_value": tagged(after)}
    call.changed("file_locking_lock_status_changed", place.namespace, file, details=details)


ROUTES: list[Route] = [
    user_route("files/lock_file_batch", lambda call: _each(call, _locked), "files.content.write", "entries"),
    user_route(
        "files/unlock_file_batch",
        lambda call: _each(call, _unlocked),
        "files.content.write",
        "entries",
        admin="whole_team",
    ),
]
