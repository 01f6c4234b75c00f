"""Files: reading, changing, copying, trashing, locking them, and their former versions."""

from tests.sandbox.box import folders, moments, naming, placing, sources, trashing
from tests.sandbox.box.access import DOWNLOAD, EDIT
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import item_shape
from tests.sandbox.box.items import File, Lock
from tests.sandbox.box.refusal import Refusal, invalid
from tests.sandbox.box.router import route
from tests.sandbox.exchange import Answer, Json


def shown(call: Call) -> Answer:
    file = call.file()
    if call.request.headers.get("if-none-match", "").strip('"') == str(file.etag):
        return Answer(304)
    return Answer.of_json(item_shape(call.access, file, call.fields()))


def changed(call: Call) -> Answer:
    file, body, state = call.file(), call.body(), call.state
    call.need_on(file, EDIT)
    call.check_match(file)
    if "lock" not in body or body["lock"] is not None:
        call.check_lock(file)
    folders.apply(call, file, body)
    if "lock" in body:
        _change_lock(call, file, body["lock"])
    file.touch(state.now(), call.user.id)
    return Answer.of_json(item_shape(call.access, file, call.fields()))


def _change_lock(call: Call, file: File, wanted: Json) -> None:
    """Unlocking is for whoever locked, and for the owner."""
    state = call.state
    if wanted is None:
        if state.tree.owner_id(file) != call.user.id:
            call.check_lock(file)
        if file.lock is not None:
            call.record("UNLOCK", sources.item(state, file))
        file.lock = None
        return
    if not isinstance(wanted, dict) or "lock" not in (wanted.get("type"), wanted.get("access")):
        raise invalid("lock", "'lock' needs type and access 'lock'")
    ends = wanted.get("expires_at")
    until = None if ends is None else moments.read(str(ends))
    prevented = bool(wanted.get("is_download_prevented", False))
    file.lock = Lock(state.next_id(), call.user.id, state.now(), until, prevented)
    call.record("LOCK", sources.item(state, file))


def deleted(call: Call) -> Answer:
    file = call.file()
    call.need_on(file, EDIT)
    call.check_match(file)
    call.check_lock(file)
    trashing.trash(call, file)
    return Answer(204)


def copied(call: Call) -> Answer:
    source, body = call.file(DOWNLOAD), call.body()
    parent = placing.destination(call, body.get("parent"))
    name = naming.checked(body.get("name", source.name))
    naming.check_free(call.state, parent, name)
    copy = folders.copy_file(call, source, parent, name)
    call.record("COPY", sources.item(call.state, copy))
    return Answer.of_json(item_shape(call.access, copy, call.fields()), 201)


def check_download(call: Call, file: File) -> None:
    """A lock may forbid others to download."""
    if file.lock is not None and file.lock.is_download_prevented and file.lock.user_id != call.user.id:
        raise Refusal(403, "access_denied_item_locked", "The item is locked by another user")


READ = ("root_readonly",)
WRITE = ("root_readwrite",)
ROUTES = [
    route("GET", "/files/{file_id}", shown, *READ),
    route("PUT", "/files/{file_id}", changed, *WRITE),
    route("DELETE", "/files/{file_id}", deleted, *WRITE),
    route("POST", "/files/{file_id}/copy", copied, *WRITE),
]
