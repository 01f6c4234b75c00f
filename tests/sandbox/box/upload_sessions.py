"""Uploads in parts."""

import base64
import hashlib
import re

from tests.sandbox.box import naming, uploads
from tests.sandbox.box.access import EDIT, UPLOAD
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import item_shape
from tests.sandbox.box.items import File
from tests.sandbox.box.moments import told
from tests.sandbox.box.pages import by_offset
from tests.sandbox.box.refusal import Refusal, invalid, not_found
from tests.sandbox.box.router import UPLOAD_HOSTS, route
from tests.sandbox.box.tree import sha1_of
from tests.sandbox.box.upload import Part, UploadSession
from tests.sandbox.exchange import Answer, Json

LIFETIME = 7 * 86_400
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def for_file(call: Call) -> Answer:
    body = call.body()
    folder = call.folder_by_id(str(body.get("folder_id", "")), UPLOAD)
    name = naming.checked(body.get("file_name"))
    found = call.state.tree.named(folder, name)
    if found is not None:
        raise naming.taken(found, in_list=False)
    return _made(call, _size(call, body), name, folder_id=str(body["folder_id"]))


def for_version(call: Call) -> Answer:
    file, body = call.file(), call.body()
    call.need_on(file, EDIT)
    call.check_lock(file)
    return _made(call, _size(call, body), naming.checked(body.get("file_name", file.name)), file_id=file.id)


def _size(call: Call, body: dict[str, Json]) -> int:
    size = body.get("file_size")
    if not isinstance(size, int):
        raise invalid("file_size", "'file_size' is missing or no number")
    if size < call.state.session_minimum:
        raise Refusal(400, "file_size_too_small", "The file is too small for an upload session")
    return size


def _made(call: Call, size: int, name: str, folder_id: str = "", file_id: str = "") -> Answer:
    state = call.state
    session = UploadSession(
        state.text(32).upper(),
        call.user.id,
        size,
        name,
        state.part_size,
        state.now() + LIFETIME,
        folder_id,
        file_id,
    )
    state.sessions[session.id] = session
    return Answer.of_json(_shape(call, session), 201)


def _shape(call: Call, session: UploadSession) -> dict[str, Json]:
    """The addresses are those of a server chosen for this upload."""
    base = call.request.url(f"/api/2.0/files/upload_sessions/{session.id}", UPLOAD_HOSTS[1])
    return {
        "type": "upload_session",
        "id": session.id,
        "session_expires_at": told(session.expires_at),
        "part_size": session.part_size,
        "total_parts": session.total_parts,
        "num_parts_processed": len(session.parts),
        "session_endpoints": {
            "upload_part": base,
            "commit": f"{base}/commit",
            "abort": base,
            "list_parts": f"{base}/parts",
            "status": base,
            "log_event": f"{base}/log",
        },
    }


def shown(call: Call) -> Answer:
    return Answer.of_json(_shape(call, _session(call)))


def aborted(call: Call) -> Answer:
    del call.state.sessions[_session(call).id]
    return Answer(204)


def part_uploaded(call: Call) -> Answer:
    """Each part lies at a multiple of the part size; all but the last have that size."""
    session, data = _session(call), call.request.body
    first, last = _range(call, session)
    if first % session.part_size or len(data) != last - first + 1:
        raise Refusal(416, "invalid_range", "The range is not that of a part")
    if len(data) != min(session.part_size, session.size - first):
        raise Refusal(416, "invalid_part_size", "The part is not as long as it must be")
    if call.request.headers.get("digest") != _digest(data):
        raise Refusal(412, "sha1_mismatch", "The digest does not match what was received")
    held = session.parts.get(first)
    if held is not None and held.data != data:
        raise Refusal(409, "range_overlaps_existing_range", "Another part was uploaded for this range")
    part = held or Part(call.state.text(8).upper(), first, data, sha1_of(data))
    session.parts[first] = part
    return Answer.of_json({"part": _part_shape(part)})


def _range(call: Call, session: UploadSession) -> tuple[int, int]:
    match = RANGE.fullmatch(call.request.headers.get("content-range", ""))
    if match is None or int(match[3]) != session.size or int(match[2]) >= session.size:
        raise Refusal(416, "invalid_range", "The header Content-Range does not fit the file")
    return int(match[1]), int(match[2])


def _part_shape(part: Part) -> dict[str, Json]:
    return {"part_id": part.id, "offset": part.offset, "size": len(part.data), "sha1": part.sha1}


def parts(call: Call) -> Answer:
    rows = [part for _, part in sorted(_session(call).parts.items())]
    return by_offset(call, rows, _part_shape, 1000, order=[])


def committed(call: Call) -> Answer:
    """All parts, and the digest of the whole."""
    session, state = _session(call), call.state
    named = call.body().get("parts") or []
    held = [part for _, part in sorted(session.parts.items())]
    if len(held) < session.total_parts or {each.get("part_id") for each in named} != {part.id for part in held}:
        raise Refusal(400, "parts_mismatch", "The parts are not those that were uploaded")
    data = b"".join(part.data for part in held)
    if call.request.headers.get("digest") != _digest(data):
        raise Refusal(412, "sha1_mismatch", "The digest does not match what was received")
    if state.commits_not_ready > 0:
        state.commits_not_ready -= 1
        return Answer(202, b"", {"Retry-After": "1"})
    file = _written(call, session, data)
    del state.sessions[session.id]
    return Answer.of_json({"total_count": 1, "entries": [item_shape(call.access, file, None)]}, 201)


def _written(call: Call, session: UploadSession, data: bytes) -> File:
    if session.folder_id:
        return uploads.create(call, call.folder_by_id(session.folder_id, UPLOAD), session.name, data)
    file = call.state.tree.items.get(session.file_id)
    if not isinstance(file, File) or call.state.tree.is_in_trash(file):
        raise not_found()
    call.check_match(file)
    call.check_lock(file)
    uploads.overwrite(call, file, session.name, data)
    return file


def _digest(data: bytes) -> str:
    return f"sha={base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def _session(call: Call) -> UploadSession:
    found = call.state.sessions.get(call.parameters["session_id"])
    if found is None or found.user_id != call.user.id:
        raise not_found()
    if found.expires_at <= call.state.now():
        del call.state.sessions[found.id]
        raise not_found()
    return found


SCOPE = "root_readwrite"
ONE = "/files/upload_sessions/{session_id}"
ROUTES = [
    route("POST", "/files/upload_sessions", for_file, SCOPE, is_upload=True),
    route("POST", "/files/{file_id}/upload_sessions", for_version, SCOPE, is_upload=True),
    route("GET", ONE, shown, SCOPE, is_upload=True),
    route("PUT", ONE, part_uploaded, SCOPE, is_upload=True),
    route("DELETE", ONE, aborted, SCOPE, is_upload=True),
    route("GET", f"{ONE}/parts", parts, SCOPE, is_upload=True),
    route("POST", f"{ONE}/commit", committed, SCOPE, is_upload=True),
]
