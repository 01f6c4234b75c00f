"""The parts of an upload, in order; the last one makes the file."""

import re
from dataclasses import replace

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import Item
from tests.sandbox.microsoft.files.uploading import Upload
from tests.sandbox.microsoft.graph import drive_items, drive_records
from tests.sandbox.microsoft.graph.drive_access import check_free, free_name, not_found, taken
from tests.sandbox.microsoft.graph.refusals import GraphRefusal
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.router import route

RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def _session(call: Call) -> Upload:
    found = call.state.files.uploads.get(call.parameters["upload_id"])
    if found is None or found.expires_at <= call.state.now():
        raise not_found("The upload session was not found")
    return found


def shown(call: Call) -> Answer:
    return Answer.of_json(_status(_session(call)))


def _status(session: Upload) -> dict[str, Json]:
    return {"expirationDateTime": iso(session.expires_at), "nextExpectedRanges": [f"{len(session.data)}-"]}


def cancelled(call: Call) -> Answer:
    del call.state.files.uploads[_session(call).id]
    return Answer(204)


def part_taken(call: Call) -> Answer:
    """Each goes on where the one before ended; all but the last are a multiple of 320 KiB long."""
    session, data = _session(call), call.request.body
    first, last, size = _range(call, session)
    if first != len(session.data):
        raise GraphRefusal(416, "invalidRange", "The uploaded fragment overlaps with existing data or leaves a gap.")
    if len(data) != last - first + 1:
        raise GraphRefusal(400, "invalidRequest", "The fragment is not as long as its range.")
    if last + 1 < size and len(data) % call.state.files.upload_step:
        raise GraphRefusal(400, "invalidRequest", "The fragment's length is no multiple of 320 KiB.")
    session.size = size
    session.data += data
    if len(session.data) < size:
        return Answer.of_json(_status(session), 202)
    return _finished(call, session)


def _range(call: Call, session: Upload) -> tuple[int, int, int]:
    match = RANGE.fullmatch(call.request.headers.get("content-range", ""))
    if match is None:
        raise GraphRefusal(400, "invalidRequest", "The Content-Range header is missing or malformed.")
    first, last, size = (int(each) for each in match.groups())
    if last >= size or session.size not in (-1, size):
        raise GraphRefusal(416, "invalidRange", "The range does not fit the file.")
    return first, last, size


def _finished(call: Call, session: Upload) -> Answer:
    files = call.state.files
    held = _held(call, session)
    del files.uploads[session.id]
    # The address stands for the application that asked for it.
    acting = replace(call, token=replace(call.token, client_id=session.client_id))
    if held is not None:
        check_free(held)
        files.write(held, bytes(session.data), session.author, call.state.now())
        drive_records.told(acting, "FileModified", held)
        return drive_items.answer(call, held)
    made = files.add_file(
        files.items[session.parent_id], session.name, bytes(session.data), session.author, call.state.now()
    )
    drive_records.told(acting, "FileUploaded", made)
    return drive_items.answer(call, made, 201)


def _held(call: Call, session: Upload) -> Item | None:
    """The file that gets a new version; None for a new one, under a name that is free."""
    files = call.state.files
    if session.item_id:
        found = files.items.get(session.item_id)
        if found is None or not files.is_live(found):
            raise not_found()
        return found
    parent = files.items.get(session.parent_id)
    if parent is None or not files.is_live(parent):
        raise not_found()
    held = files.child(parent, session.name)
    if held is not None and session.conflict == "fail":
        raise taken()
    if held is not None and session.conflict == "rename":
        session.name = free_name(call, parent, session.name)
        return None
    return held


ROUTES = [
    route("GET", "/uploads/{upload_id}", shown),
    route("PUT", "/uploads/{upload_id}", part_taken),
    route("DELETE", "/uploads/{upload_id}", cancelled),
]
