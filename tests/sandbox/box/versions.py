"""Former versions of a file."""

from tests.sandbox.box import sources
from tests.sandbox.box.access import EDIT
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import version_shape
from tests.sandbox.box.items import File, Version
from tests.sandbox.box.pages import by_offset
from tests.sandbox.box.refusal import forbidden, not_found
from tests.sandbox.box.router import route
from tests.sandbox.box.tree import version_of
from tests.sandbox.exchange import Answer

MOST = 1000


def listed(call: Call) -> Answer:
    """Past ones alone, newest first; those in the trash of versions too."""
    file = call.file()
    return by_offset(call, file.past, lambda each: _shape(call, file, each), MOST, order=[])


def shown(call: Call) -> Answer:
    file = call.file()
    return Answer.of_json(_shape(call, file, _named(call, file, call.parameters["version_id"])))


def trashed(call: Call) -> Answer:
    file = _changeable(call)
    version = _named(call, file, call.parameters["version_id"])
    if version is file.current:
        raise forbidden("The current version cannot be deleted")
    if version.trashed_at is not None:
        raise not_found()
    version.trashed_at, version.trashed_by = call.state.now(), call.user.id
    call.record("DELETE", sources.item(call.state, file), {"version_id": version.id, "type": "version"})
    return Answer(204)


def restored(call: Call) -> Answer:
    """PUT with trashed_at null."""
    file, body = _changeable(call), call.body()
    version = _named(call, file, call.parameters["version_id"])
    if "trashed_at" in body and body["trashed_at"] is None and version.trashed_at is not None:
        version.trashed_at = version.trashed_by = None
        version.restored_at, version.restored_by = call.state.now(), call.user.id
        call.record("FILE_VERSION_RESTORE", sources.item(call.state, file), {"version_id": version.id})
    return Answer.of_json(_shape(call, file, version))


def promoted(call: Call) -> Answer:
    """A copy of the old version becomes the current one."""
    file, body, state = _changeable(call), call.body(), call.state
    old = _named(call, file, str(body.get("id", "")))
    if old.trashed_at is not None:
        raise not_found()
    copy = Version(state.next_id(), old.sha1, old.size, old.data, old.name, state.now(), call.user.id)
    replace(call, file, copy)
    call.record("FILE_VERSION_RESTORE", sources.item(state, file), {"version_id": old.id})
    return Answer.of_json(_shape(call, file, file.current), 201)


def replace(call: Call, file: File, version: Version) -> None:
    """What was current stays as a version."""
    file.past.insert(0, file.current)
    file.current = version
    file.version_number += 1
    file.content_modified_at = call.state.now()
    file.touch(call.state.now(), call.user.id)


def _changeable(call: Call) -> File:
    file = call.file()
    call.need_on(file, EDIT)
    call.check_match(file)
    call.check_lock(file)
    return file


def _named(call: Call, file: File, version_id: str) -> Version:
    found = version_of(file, version_id)
    if found is None:
        raise not_found()
    return found


def _shape(call: Call, file: File, version: Version) -> dict[str, object]:
    place = 0 if version is file.current else file.past.index(version) + 1
    return version_shape(call.state, version, file.version_number - place)


READ = ("root_readonly",)
WRITE = ("root_readwrite",)
ROUTES = [
    route("GET", "/files/{file_id}/versions", listed, *READ),
    route("GET", "/files/{file_id}/versions/{version_id}", shown, *READ),
    route("DELETE", "/files/{file_id}/versions/{version_id}", trashed, *WRITE),
    route("POST", "/files/{file_id}/versions/current", promoted, *WRITE),
    route("PUT", "/files/{file_id}/versions/{version_id}", restored, *WRITE),
]
