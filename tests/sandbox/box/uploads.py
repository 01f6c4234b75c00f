"""Uploads in one request: a new file, or a new version."""

import json

from tests.sandbox.box import moments, multipart, naming, placing, sources, versions
from tests.sandbox.box.access import EDIT, UPLOAD
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import item_shape
from tests.sandbox.box.items import File, Folder
from tests.sandbox.box.refusal import Refusal, invalid
from tests.sandbox.box.router import route
from tests.sandbox.box.tree import sha1_of
from tests.sandbox.exchange import Answer, Json


def new_file(call: Call) -> Answer:
    attributes, data = _sent(call)
    parent = placing.destination(call, attributes.get("parent"))
    name = naming.checked(attributes.get("name"))
    file = create(call, parent, name, data)
    _date(file, attributes)
    return _answer(call, file, 201)


def create(call: Call, parent: Folder, name: str, data: bytes) -> File:
    call.need_on(parent, UPLOAD)
    found = call.state.tree.named(parent, name)
    if found is not None:
        raise naming.taken(found, in_list=False)
    file = call.state.add_file(parent, name, data, call.user)
    details = {"size": file.current.size, "version_id": file.current.id}
    call.record("UPLOAD", sources.item(call.state, file), details)
    return file


def new_version(call: Call) -> Answer:
    file = call.file()
    call.need_on(file, EDIT)
    call.check_match(file)
    call.check_lock(file)
    attributes, data = _sent(call)
    overwrite(call, file, naming.checked(attributes.get("name", file.name)), data)
    _date(file, attributes)
    return _answer(call, file, 200)


def overwrite(call: Call, file: File, name: str, data: bytes) -> None:
    """What was there stays as a version."""
    state = call.state
    if name != file.name:
        folder = state.tree.folder(file.parent_id)
        naming.check_free(state, folder, name, besides=file)
        state.tree.put(file, folder, name)
    versions.replace(call, file, state.version(name, data, call.user.id, state.now()))
    details = {"size": file.current.size, "version_id": file.current.id}
    call.record("EDIT", sources.item(state, file), details)


def _sent(call: Call) -> tuple[dict[str, Json], bytes]:
    """Attributes and bytes, which must come in this order and be what the digest says."""
    pieces = multipart.parts(call.request.headers.get("content-type", ""), call.request.body)
    names = [name for name, _ in pieces]
    found = dict(pieces)
    if "attributes" not in found or "file" not in found:
        raise invalid("attributes", "Parts 'attributes' and 'file' are needed")
    if names.index("attributes") > names.index("file"):
        raise Refusal(400, "metadata_after_file_contents", "The attributes must come before the file")
    try:
        attributes = json.loads(found["attributes"])
    except ValueError:
        raise invalid("attributes", "The attributes are no JSON") from None
    data = found["file"]
    if len(data) > call.state.direct_upload_limit:
        raise Refusal(413, "request_entity_too_large", "Use an upload session for files of this size")
    digest = call.request.headers.get("content-md5")
    if digest is not None and digest.lower() != sha1_of(data):
        raise Refusal(400, "bad_digest", "The digest does not match what was received")
    return attributes, data


def _date(file: File, attributes: dict[str, Json]) -> None:
    for name in ("content_created_at", "content_modified_at"):
        if name in attributes:
            try:
                setattr(file, name, moments.read(str(attributes[name])))
            except ValueError:
                raise invalid(name, "Invalid moment.") from None


def _answer(call: Call, file: File, status: int) -> Answer:
    shape = item_shape(call.access, file, call.fields())
    return Answer.of_json({"total_count": 1, "entries": [shape]}, status)


SCOPE = "root_readwrite"
ROUTES = [
    route("POST", "/files/content", new_file, SCOPE, is_upload=True),
    route("POST", "/files/{file_id}/content", new_version, SCOPE, is_upload=True),
]
