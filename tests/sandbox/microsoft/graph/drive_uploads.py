"""Upload sessions: made here, fed at the SharePoint host."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import FILE
from tests.sandbox.microsoft.files.uploading import Upload
from tests.sandbox.microsoft.graph.drive_access import (
    LISTING,
    WRITE,
    body,
    caller,
    charged,
    check_free,
    check_match,
    conflict,
    drive,
    taken,
)
from tests.sandbox.microsoft.graph.drive_content import file, parent_of
from tests.sandbox.microsoft.graph.drive_items import ways
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.router import route

LIFETIME = 7 * 86_400
UPLOADS = "/_api/v2.0/uploads"


def made(call: Call) -> Answer:
    """For a new version of a file, or for a file by its way below a folder."""
    files, sent = call.state.files, body(call)
    session = Upload(files.text(), drive(call).id, caller(call), call.state.now() + LIFETIME, call.token.client_id)
    session.conflict = conflict(call, sent.get("item"))
    if "path" in call.parameters:
        parent_path, _, name = call.parameters["path"].strip("/").rpartition("/")
        parent = parent_of(call, parent_path)
        session.parent_id, session.name = parent.id, name
        held = files.child(parent, name)
        if held is not None and (session.conflict == "fail" or held.kind != FILE):
            raise taken()
    else:
        found = file(call)
        check_free(found)
        check_match(call, found)
        session.item_id = found.id
    files.uploads[session.id] = session
    host = files.sites[files.drives[session.drive_id].site_id].host
    return Answer.of_json(
        {
            "uploadUrl": call.request.url(f"{UPLOADS}/{session.id}", host),
            "expirationDateTime": iso(session.expires_at),
            "nextExpectedRanges": ["0-"],
        }
    )


ROUTES = [route("POST", way, charged(LISTING, made), *WRITE) for way in ways("/createUploadSession")]
