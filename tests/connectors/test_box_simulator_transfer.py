"""Bytes in and out of the simulated Box: uploads, upload sessions, downloads."""

import hashlib
from base64 import b64encode

import pytest

from tests.connectors.box_callers import admin, multipart, newest, upload, uploading
from tests.sandbox import Sandbox
from tests.sandbox.box.tree import sha1_of
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json

DATA = b"0123456789"
NEW = {"name": "new.bin", "parent": {"id": "0"}}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return admin(sandbox)


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["code"]


def digest(data: bytes) -> str:
    return f"sha={b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def test_an_upload_is_kept_byte_by_byte_and_told_as_an_event(sandbox: Sandbox, call: Caller) -> None:
    data = bytes(range(256)) + b"\r\n--\r\n"
    reply = upload(call, "/files/content", NEW, data, content_md5=sha1_of(data))
    file = reply.json()["entries"][0]
    assert (reply.status, file["sha1"], file["size"]) == (201, sha1_of(data), len(data))
    assert fetch(call, file["id"]).body == data
    assert newest(sandbox, "UPLOAD")["source"]["item_id"] == file["id"]
    assert newest(sandbox, "UPLOAD")["additional_details"]["service_name"] == "Gatehouse at Contoso"


def test_uploads_that_are_wrong_are_refused(sandbox: Sandbox, call: Caller) -> None:
    body, headers = multipart(NEW, DATA, is_file_first=True)
    wrong_order = uploading(call)("POST", "/files/content", body, headers)
    assert code(wrong_order) == (400, "metadata_after_file_contents")
    assert code(upload(call, "/files/content", NEW, DATA, content_md5="0" * 40)) == (400, "bad_digest")
    sandbox.box.state.direct_upload_limit = 9
    assert upload(call, "/files/content", NEW, DATA).status == 413
    assert uploading(call)("POST", "/files/content", {"name": "x"}).status == 400
    assert sandbox.box.state.tree.places(sha1_of(DATA)) == []


def fetch(call: Caller, file_id: str, headers: dict[str, str] | None = None, more: str = "") -> Reply:
    """By the address that the API names, without the token."""
    reply = call.get(f"/files/{file_id}/content{more}")
    assert reply.status == 302
    return Caller(call.sandbox, "dl.boxcloud.com").get(reply.headers["location"], headers)


def test_a_download_is_a_redirect_that_serves_a_quarter_of_an_hour(sandbox: Sandbox, call: Caller) -> None:
    file = upload(call, "/files/content", NEW, DATA).json()["entries"][0]["id"]
    ranges = {"bytes=2-4": (206, b"234"), "bytes=-2": (206, b"89"), "bytes=7-": (206, b"789"), "bytes=99-": (416, b"")}
    for asked, answer in ranges.items():
        reply = fetch(call, file, {"Range": asked})
        assert (reply.status, reply.body) == answer
    old = upload(call, f"/files/{file}/content", {"name": "new.bin"}, b"second").status
    versions = call.get(f"/files/{file}/versions").json()["entries"]
    assert (old, fetch(call, file, more=f"?version={versions[0]['id']}").body) == (200, DATA)
    address = call.get(f"/files/{file}/content").headers["location"]
    sandbox.clock.advance(901)
    assert Caller(sandbox, "dl.boxcloud.com").get(address).status == 404
    sandbox.box.state.file("new.bin").not_ready = 1
    waiting = call.get(f"/files/{file}/content")
    assert (waiting.status, waiting.headers["retry-after"]) == (202, "1")
    assert fetch(call, file).body == b"second"


def begun(sandbox: Sandbox, call: Caller) -> Json:
    sandbox.box.state.session_minimum, sandbox.box.state.part_size = 5, 4
    body = {"folder_id": "0", "file_size": 10, "file_name": "big.bin"}
    return uploading(call)("POST", "/files/upload_sessions", body).json()


def part(call: Caller, session: Json, first: int, data: bytes, **headers: str) -> Reply:
    sent = {
        "Content-Type": "application/octet-stream",
        "Content-Range": f"bytes {first}-{first + len(data) - 1}/10",
        "Digest": digest(data),
        **headers,
    }
    return uploading(call)("PUT", f"/files/upload_sessions/{session['id']}", data, sent)


def commit(call: Caller, session: Json, parts: list[Json], data: bytes = DATA) -> Reply:
    target = f"/files/upload_sessions/{session['id']}/commit"
    return uploading(call)("POST", target, {"parts": parts}, {"Digest": digest(data)})


def test_a_big_file_comes_in_parts(sandbox: Sandbox, call: Caller) -> None:
    session = begun(sandbox, call)
    assert (session["total_parts"], session["part_size"]) == (3, 4)
    assert session["session_endpoints"]["commit"].startswith("https://upload.app.box.com/api/2.0/files/upload_sessions/")
    sent = [part(call, session, first, DATA[first : first + 4]) for first in (0, 4, 8)]
    parts = [reply.json()["part"] for reply in sent]
    again = part(call, session, 4, DATA[4:8])
    assert again.json()["part"] == parts[1]
    sandbox.box.state.commits_not_ready = 1
    waiting = commit(call, session, parts)
    assert (waiting.status, waiting.headers["retry-after"]) == (202, "1")
    done = commit(call, session, parts)
    assert (done.status, done.json()["entries"][0]["sha1"]) == (201, sha1_of(DATA))
    assert commit(call, session, parts).status == 404
    assert [place.how for place in sandbox.box.state.tree.places(sha1_of(DATA))] == ["live"]


def test_parts_that_do_not_fit_are_refused(sandbox: Sandbox, call: Caller) -> None:
    session = begun(sandbox, call)
    assert part(call, session, 2, DATA[2:6]).status == 416
    assert part(call, session, 0, DATA[:3]).status == 416
    assert part(call, session, 0, DATA[:4], Digest=digest(b"else")).status == 412
    first = part(call, session, 0, DATA[:4]).json()["part"]
    assert part(call, session, 0, b"else").status == 409
    assert commit(call, session, [first]).status == 400
    sandbox.clock.advance(8 * 86_400)
    assert part(admin(sandbox), session, 4, DATA[4:8]).status == 404


def test_small_files_have_no_session_and_taken_names_neither(sandbox: Sandbox, call: Caller) -> None:
    send = uploading(call)
    body = {"folder_id": "0", "file_size": 100, "file_name": "new.bin"}
    assert code(send("POST", "/files/upload_sessions", body)) == (400, "file_size_too_small")
    upload(call, "/files/content", NEW, DATA)
    sandbox.box.state.session_minimum = 5
    assert code(send("POST", "/files/upload_sessions", body)) == (409, "item_name_in_use")
