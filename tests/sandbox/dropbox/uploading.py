"""Routes: saving bytes, whole or in pieces."""

from tests.sandbox.dropbox import file_shapes
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.content_hash import content_hash
from tests.sandbox.dropbox.entries import File, Revision
from tests.sandbox.dropbox.places import Place
from tests.sandbox.dropbox.refusal import Refusal, refused, under
from tests.sandbox.dropbox.routes import Handler, Route, user_route
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.dropbox.uploads import UploadSession
from tests.sandbox.dropbox.writing import conflict, free, target
from tests.sandbox.exchange import Json

COMMIT = "path mode autorename client_modified mute property_groups strict_conflict"
CURSOR = ("session_id", "offset")
MODES = ("add", "overwrite", "update")


def _upload(call: Call) -> Json:
    _check_hash(call, call.content)
    try:
        return _commit(call, call.arguments, call.content)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        session_id = _keep(call, call.content).id
        raise Refusal(tagged("path", reason=refusal.error, upload_session_id=session_id)) from None


def _check_hash(call: Call, content: bytes) -> None:
    wanted = call.arguments.text("content_hash", "", "[0-9a-f]{64}")
    if wanted and wanted != content_hash(content):
        raise refused("content_hash_mismatch")


def _commit(call: Call, commit: Arguments, content: bytes) -> Json:
    """Refuses with a write error."""
    found = target(call, commit)
    mode = commit.tag("mode", MODES, "add")
    rev = commit.tagged_text("mode", MODES)[1] if mode == "update" else ""
    at = commit.moment("client_modified") or call.now
    place = found.place
    if isinstance(found.entry, File) and found.entry.lock and found.entry.lock.account_id != call.actor.account_id:
        raise refused("access_restricted")
    if found.entry is None:
        return _added(call, place, content, at)
    if isinstance(found.entry, File) and not _is_strict(commit, found.entry, content, rev):
        if found.entry.revision.content_hash == content_hash(content):
            return file_shapes.file(call, place, found.entry)
        if mode == "overwrite" or rev == found.entry.revision.rev:
            return _saved(call, place, found.entry, content, at)
    if not commit.flag("autorename", False):
        raise conflict(found.entry)
    return _added(call, free(place), content, at)


def _is_strict(commit: Arguments, file: File, content: bytes, rev: str) -> bool:
    """Strict: the same bytes are a conflict, too; so is a rev that is not that of the file."""
    if not commit.flag("strict_conflict", False):
        return False
    return file.revision.content_hash == content_hash(content) or (bool(rev) and rev != file.revision.rev)


def _added(call: Call, place: Place, content: bytes, at: float) -> Json:
    file_id = call.state.next_file_id()
    place.namespace.make_folders(place.path, file_id)
    path = place.namespace.display_of(place.path)
    file = File(file_id, path, _revision(call, file_id, content, at))
    place.namespace.put(file)
    call.changed("file_add", place.namespace, file)
    return file_shapes.file(call, place, file)


def _saved(call: Call, place: Place, file: File, content: bytes, at: float) -> Json:
    place.namespace.save(file, _revision(call, file.id, content, at))
    call.changed("file_edit", place.namespace, file)
    return file_shapes.file(call, place, file)


def _revision(call: Call, file_id: str, content: bytes, at: float) -> Revision:
    return Revision(call.state.next_rev(), file_id, content, at, call.now, call.actor.account_id or "")


# -- in pieces


def _keep(call: Call, content: bytes) -> UploadSession:
    session = UploadSession(call.state.secret("AAAA", 20), call.actor.id, bytearray(content))
    call.state.uploads[session.id] = session
    return session


def _start(call: Call) -> Json:
    _check_hash(call, call.content)
    session = _keep(call, call.content)
    session.is_closed = call.arguments.flag("close", False)
    return {"session_id": session.id}


def _append(call: Call) -> None:
    _check_hash(call, call.content)
    session = _session(call, call.arguments.struct("cursor", CURSOR))
    if session.is_closed:
        raise refused("closed")
    session.content += call.content
    session.is_closed = call.arguments.flag("close", False)


def _finish(call: Call) -> Json:
    _check_hash(call, call.content)
    try:
        session = _session(call, call.arguments.struct("cursor", CURSOR))
    except Refusal as refusal:
        raise (under("lookup_failed", refusal) if refusal.status == 409 else refusal) from None
    session.content += call.content
    try:
        answer = _commit(call, call.arguments.struct("commit", tuple(COMMIT.split())), bytes(session.content))
    except Refusal as refusal:
        raise (under("path", refusal) if refusal.status == 409 else refusal) from None
    del call.state.uploads[session.id]
    return answer


def _session(call: Call, cursor: Arguments) -> UploadSession:
    session = call.state.uploads.get(cursor.text("session_id"))
    if session is None or session.author_id != call.actor.id:
        raise refused("not_found")
    if cursor.number("offset", 0, 0, 2**62) != len(session.content):
        raise Refusal(tagged("incorrect_offset", correct_offset=len(session.content)))
    return session


def _content_route(name: str, handler: Handler, fields: str) -> Route:
    return user_route(name, handler, "files.content.write", fields, admin="team_admin", style="upload")


ROUTES: list[Route] = [
    _content_route("files/upload", _upload, f"{COMMIT} content_hash"),
    _content_route("files/upload_session/start", _start, "close session_type content_hash"),
    _content_route("files/upload_session/append_v2", _append, "cursor close content_hash"),
    _content_route("files/upload_session/finish", _finish, "cursor commit content_hash"),
]
