"""The simulated OneDrive and SharePoint move bytes as Microsoft does: versions, copies, uploads, downloads."""

import pytest

from tests.connectors.microsoft_callers import code, files
from tests.connectors.microsoft_files import at, fetched, newest, places, put
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.microsoft.files.quick_xor import quick_xor


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return files(sandbox)


def test_the_hash_is_the_vendors() -> None:
    assert quick_xor(b"") == "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert quick_xor(b"J") == "SgAAAAAAAAAAAAAAAQAAAAAAAAA="
    assert quick_xor(b"hello world") == "aCgDG9jwBhDc4Q1yawMZAAAAAAA="


def test_new_content_is_a_new_version_and_old_ones_come_back(sandbox: Sandbox, call: Caller) -> None:
    address = at(sandbox, "Budget 2026.xlsx")
    before = call.get(f"{address}/versions").json()["value"]
    assert [each["id"] for each in before] == ["3.0", "2.0", "1.0"]
    replaced = put(call, f"{address}/content", b"tombstone").json()
    assert (replaced["file"]["hashes"]["quickXorHash"], replaced["size"]) == (quick_xor(b"tombstone"), 9)
    assert (places(sandbox, b"final\n"), places(sandbox, b"tombstone")) == (["version"], ["live"])
    assert fetched(sandbox, call.get(f"{address}/versions/1.0/content")) == b"first draft\n"
    assert call("POST", f"{address}/versions/3.0/restoreVersion").status == 204
    assert fetched(sandbox, call.get(f"{address}/content")) == b"final\n"
    assert (places(sandbox, b"tombstone"), places(sandbox, b"final\n")) == (["version"], ["live", "version"])
    assert call("DELETE", f"{address}/versions/4.0").status == 204
    assert places(sandbox, b"tombstone") == []
    assert code(call("DELETE", f"{address}/versions/5.0")) == (400, "invalidRequest")


def test_a_file_is_put_by_its_way(sandbox: Sandbox, call: Caller) -> None:
    folder = at(sandbox, "Budget")
    made = put(call, f"{folder}:/Hinweis%20%C3%BC.txt:/content", b"moved away")
    assert (made.status, made.json()["name"]) == (201, "Hinweis ü.txt")
    assert newest(sandbox)["Operation"] == "FileUploaded"
    root = folder.partition("/items/")[0]
    assert call.get(f"{root}/root:/Budget/Hinweis%20%C3%BC.txt").json()["id"] == made.json()["id"]
    assert put(call, f"{root}/root:/Budget/hinweis%20%C3%9C.txt:/content", b"again").status == 200
    fail = "?@microsoft.graph.conflictBehavior=fail"
    assert code(put(call, f"{root}/root:/Budget/Hinweis%20%C3%BC.txt:/content{fail}", b"x"))[0] == 409
    rename = fail.replace("fail", "rename")
    other = put(call, f"{root}/root:/Budget/Hinweis%20%C3%BC.txt:/content{rename}", b"x").json()
    assert other["name"] == "Hinweis ü 1.txt"


def test_downloads_end_and_files_with_malware_are_not_given_out(sandbox: Sandbox, call: Caller) -> None:
    address = call.get(f"{at(sandbox, 'deploy.sh')}/content").headers["location"]
    bare = Caller(sandbox, address.split("/")[2])
    assert bare.get(address, {"Range": "bytes=0-1"}).body == b"#!"
    sandbox.clock.advance(3601)
    assert bare.get(address).status == 401
    call = files(sandbox)
    assert code(call.get(f"{at(sandbox, 'invoice.zip')}/content")) == (403, "malwareDetected")
    assert code(call.get(f"{at(sandbox, 'Handbook')}/content")) == (400, "invalidRequest")


def test_a_copy_goes_on_behind_an_address_at_another_host(sandbox: Sandbox, call: Caller) -> None:
    target = sandbox.microsoft.state.files.drive_named("Finance")
    body = {"parentReference": {"driveId": target.id, "id": target.root_id}, "name": "kept.sh"}
    started = call("POST", f"{at(sandbox, 'deploy.sh')}/copy", body)
    assert (started.status, started.body) == (202, b"")
    address = started.headers["location"]
    monitor = Caller(sandbox, address.split("/")[2])
    assert [monitor.get(address).json()["status"] for _ in range(3)] == ["inProgress", "completed", "completed"]
    made = monitor.get(address).json()["resourceId"]
    copy = call.get(f"/drives/{target.id}/items/{made}?$expand=permissions").json()
    assert (copy["name"], "shared" in copy) == ("kept.sh", False)
    assert newest(sandbox)["Operation"] == "FileCopied"
    held = sandbox.microsoft.state.files
    held.monitor_status = 303
    assert monitor.get(address).status == 303
    again = call("POST", f"{at(sandbox, 'deploy.sh')}/copy", body).headers["location"]
    assert [monitor.get(again).json()["status"] for _ in range(2)] == ["inProgress", "failed"]
    held.copies_failing = 1
    failed = call("POST", f"{at(sandbox, 'empty.bin')}/copy", body).headers["location"]
    assert [monitor.get(failed).json()["status"] for _ in range(2)] == ["inProgress", "failed"]
    renamed = call("POST", f"{at(sandbox, 'deploy.sh')}/copy?@microsoft.graph.conflictBehavior=rename", body)
    assert renamed.status == 202
    assert held.named("kept 1.sh").versions[0].data == held.named("kept.sh").versions[0].data


def test_history_is_copied_when_asked_for(sandbox: Sandbox, call: Caller) -> None:
    source, held = at(sandbox, "Budget 2026.xlsx"), sandbox.microsoft.state.files
    call("POST", f"{source}/copy", {"name": "short.xlsx"})
    call("POST", f"{source}/copy", {"name": "long.xlsx", "includeAllVersionHistory": True})
    assert [len(held.named(each).versions) for each in ("short.xlsx", "long.xlsx")] == [1, 3]


def test_an_upload_session_takes_parts_in_order(sandbox: Sandbox, call: Caller) -> None:
    sandbox.microsoft.state.files.upload_step = 4
    folder = at(sandbox, "Budget")
    session = call("POST", f"{folder}:/big.bin:/createUploadSession", {"item": {}}).json()
    send = Caller(sandbox, session["uploadUrl"].split("/")[2])

    def part(data: bytes, said: str) -> Reply:
        return send("PUT", session["uploadUrl"], data, {"Content-Range": f"bytes {said}/6"})

    assert part(b"ab", "0-1").status == 400
    assert part(b"abcd", "0-3").json()["nextExpectedRanges"] == ["4-"]
    assert part(b"abcd", "0-3").status == 416
    assert send.get(session["uploadUrl"]).json()["nextExpectedRanges"] == ["4-"]
    assert part(b"ef", "4-5").status == 201
    assert places(sandbox, b"abcdef") == ["live"]
    assert send.get(session["uploadUrl"]).status == 404
    assert code(call("POST", f"{folder}:/big.bin:/createUploadSession", {})) == (409, "nameAlreadyExists")
    session = call("POST", f"{at(sandbox, 'big.bin')}/createUploadSession", {}).json()
    assert part(b"newest", "0-5").status == 200
    assert (places(sandbox, b"abcdef"), places(sandbox, b"newest")) == (["version"], ["live"])
    session = call("POST", f"{at(sandbox, 'big.bin')}/createUploadSession", {}).json()
    assert send("DELETE", session["uploadUrl"]).status == 204
