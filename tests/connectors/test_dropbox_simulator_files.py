"""The simulated Dropbox: namespaces, lists and their cursors, bytes, revisions, and all that changes them."""

import json

import pytest

from tests.connectors import corpus
from tests.connectors.dropbox_callers import DropboxCaller, team_caller
from tests.counts import count
from tests.sandbox import Sandbox
from tests.sandbox.dropbox.content_hash import content_hash
from tests.sandbox.exchange import Json

CONTINUE = "files/list_folder/continue"
ERRORS = {
    "files/delete": ("files/delete_v2", {"path": "/data.json", "parent_rev": "1c0576c68d6"}),
    "files/download": None,
    "files/move": ("files/move_v2", {"from_path": "/z.jpg", "to_path": "/b.jpg"}),
    "files/create_folder": ("files/create_folder_v2", {"path": "/data.json"}),
    "files/delete_batch/check": ("files/delete_batch/check", {"async_job_id": "x"}),
    "files/get_metadata": ("files/get_metadata", {"path": "/nothing"}),
    "sharing/revoke_shared_link": ("sharing/revoke_shared_link", {"url": "https://www.dropbox.com/al0w4e11j0e1kp3/x"}),
    "sharing/add_folder_member": None,
}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def team(sandbox: Sandbox) -> DropboxCaller:
    return team_caller(sandbox)


@pytest.fixture
def user(team: DropboxCaller) -> DropboxCaller:
    return team.as_user("wjones")


def listed(caller: DropboxCaller, path: str, **options: Json) -> tuple[list[Json], Json]:
    """All entries, and the cursor to go on from."""
    pages = caller.pages("files/list_folder", {"path": path, "recursive": True, **options}, CONTINUE)
    return [entry for page in pages for entry in page["entries"]], {"cursor": pages[-1]["cursor"]}


def file_at(caller: DropboxCaller, path: str) -> Json:
    return caller.ok("files/get_metadata", {"path": path})


def test_namespaces_of_all_kinds_are_listed_and_some_twice(team: DropboxCaller) -> None:
    pages = team.pages("team/namespaces/list", {"limit": 5}, "team/namespaces/list/continue")
    rows = [each for page in pages for each in page["namespaces"]]
    kinds = {each["namespace_type"][".tag"] for each in rows}
    assert kinds == {"team_member_folder", "team_member_root", "team_folder", "shared_folder", "app_folder"}
    ids = [each["namespace_id"] for each in rows]
    assert len(ids) == len(set(ids)) + 1
    admin = team.as_admin()
    for namespace_id in ids:
        assert admin("files/list_folder", {"path": f"ns:{namespace_id}", "recursive": True}).status == 200
    assert admin.refused("files/list_folder", {"path": f"ns:{ids[0]}/"})["path"] == {".tag": "malformed_path"}


def test_a_list_is_cut_into_pages_and_does_not_descend_into_mounts(sandbox: Sandbox, team: DropboxCaller) -> None:
    home = sandbox.dropbox.state.member("cho-s").home_id
    entries, _ = listed(team.as_admin(), f"ns:{home}", limit=4, include_has_explicit_shared_members=True)
    names = [each["path_display"] for each in entries]
    assert names == sorted(names, key=str.lower)
    mount = next(each for each in entries if each["name"] == "Design")
    assert mount["sharing_info"]["shared_folder_id"] == mount["shared_folder_id"]
    assert not any(name.startswith("/Design/") for name in names)
    without, _ = listed(team.as_admin(), f"ns:{home}", include_mounted_folders=False)
    assert len(without) == len(entries) - 1
    through = file_at(team.as_user("cho-s"), "/Design/Part 0/file 00.txt")
    assert through["path_display"] == "/Design/Part 0/file 00.txt"
    assert through["sharing_info"]["parent_shared_folder_id"] == mount["shared_folder_id"]


def test_a_cursor_brings_what_changed_later_in_order(sandbox: Sandbox, user: DropboxCaller) -> None:
    _, cursor = listed(user, "")
    assert user.ok(CONTINUE, cursor)["entries"] == []
    user.upload({"path": "/new/a.txt"}, b"a")
    user.ok("files/move_v2", {"from_path": "/new/a.txt", "to_path": "/new/b.txt"})
    user.ok("files/delete_v2", {"path": "/Reports"})
    changed = user.ok(CONTINUE, cursor)["entries"]
    assert [(each[".tag"], each["path_lower"]) for each in changed] == [
        ("folder", "/new"),
        ("deleted", "/new/a.txt"),
        ("file", "/new/b.txt"),
        ("deleted", "/reports"),
    ]
    assert "id" not in changed[1]
    _, cursor = listed(user, "")
    user.ok("files/move_v2", {"from_path": "/new/b.txt", "to_path": "/new/B.txt"})
    assert user.ok(CONTINUE, cursor)["entries"] == []
    sandbox.dropbox.state.home_of(sandbox.dropbox.state.member("wjones")).expire_cursors()
    assert user.refused(CONTINUE, cursor) == {".tag": "reset"}
    assert user(CONTINUE, {"cursor": "nonsense"}).status == 400


def test_bytes_come_back_whole_or_in_part_with_their_metadata(user: DropboxCaller) -> None:
    content = "Ünïcode ✓ ".encode() * 50
    saved = user.upload({"path": "/ünï.txt", "mute": True}, content).json()
    assert saved["content_hash"] == content_hash(content)
    assert ".tag" not in saved
    whole = user.download(saved["id"])
    assert whole.body == content
    assert whole.headers["dropbox-api-result"].isascii()
    part = user.download(f"rev:{saved['rev']}", Range="bytes=3-7")
    assert (part.status, part.body, part.headers["content-range"]) == (206, content[3:8], f"bytes 3-7/{len(content)}")
    assert user.download("/none").json()["error"] == {".tag": "path", "path": {".tag": "not_found"}}
    assert user.download("/Ideas.paper").json()["error"] == {".tag": "unsupported_file"}
    assert user.download("/Ideas.paper", "files/export").body == b"# Ideas\n"


def test_saving_over_a_file_needs_the_right_mode_and_rev(user: DropboxCaller) -> None:
    before = file_at(user, "/data.json")
    refused = user.upload({"path": "/data.json"}, b"x").json()["error"]
    assert refused[".tag"] == "path"
    assert refused["reason"] == {".tag": "conflict", "conflict": {".tag": "file"}}
    assert user.upload({"path": "/data.json", "autorename": True}, b"x").json()["name"] == "data (1).json"
    update = {".tag": "update", "update": before["rev"]}
    first = user.upload({"path": before["id"], "mode": update, "strict_conflict": True}, b"one").json()
    assert (first["id"], first["rev"] == before["rev"]) == (before["id"], False)
    assert user.upload({"path": before["id"], "mode": update, "strict_conflict": True}, b"two").status == 409
    same = {"path": "/data.json", "mode": "overwrite"}
    assert user.upload(same, b"one").json()["rev"] == first["rev"]
    assert user.upload({**same, "strict_conflict": True}, b"one").status == 409
    mismatch = user.upload({**same, "content_hash": "0" * 64}, b"three").json()["error"]
    assert mismatch == {".tag": "content_hash_mismatch"}


def test_a_large_file_is_saved_in_pieces(user: DropboxCaller) -> None:
    start, append, finish = (f"files/upload_session/{name}" for name in ("start", "append_v2", "finish"))
    session = user.upload({}, b"abc", start).json()["session_id"]
    cursor = {"session_id": session, "offset": 3}
    assert user.upload({"cursor": cursor}, b"def", append).json() is None
    wrong = user.upload({"cursor": cursor}, b"def", append).json()["error"]
    assert wrong == {".tag": "incorrect_offset", "correct_offset": 6}
    commit = {"cursor": {**cursor, "offset": 6}, "commit": {"path": "/pieces.bin"}}
    assert user.upload(commit, b"g", finish).json()["size"] == 7
    assert user.upload(commit, b"g", finish).json()["error"]["lookup_failed"] == {".tag": "not_found"}


def test_what_was_deleted_can_be_found_read_and_restored(sandbox: Sandbox, user: DropboxCaller) -> None:
    found = file_at(user, "/passwords.csv")
    assert user.refused("files/delete_v2", {"path": found["id"], "parent_rev": "0123456789"}) == {
        ".tag": "path_write", "path_write": {".tag": "conflict", "conflict": {".tag": "file"}}
    }  # fmt: skip
    gone = user.ok("files/delete_v2", {"path": found["id"], "parent_rev": found["rev"]})["metadata"]
    assert (gone[".tag"], gone["rev"]) == ("file", found["rev"])
    assert user.refused("files/delete_v2", {"path": found["id"]})["path_lookup"] == {".tag": "not_found"}
    entries, _ = listed(user, "", include_deleted=True, include_restorable_info=True)
    trash = {each["path_lower"]: each["is_restorable"] for each in entries if each[".tag"] == "deleted"}
    assert trash["/passwords.csv"] is True
    assert trash["/ancient.txt"] is False
    history = user.ok("files/list_revisions", {"path": "/passwords.csv"})
    assert (history["is_deleted"], [each["rev"] for each in history["entries"]]) == (True, [found["rev"]])
    assert user.download(f"rev:{found['rev']}").status == 200
    assert [each.kind for each in sandbox.dropbox.state.places_of(found["content_hash"])] == ["revision"]
    back = user.ok("files/restore", {"path": "/Quarantine/p.csv", "rev": found["rev"]})
    assert (back["id"], back["rev"] == found["rev"]) == (found["id"], False)
    places = sandbox.dropbox.state.places_of(found["content_hash"])
    assert {(each.kind, each.path) for each in places} == {
        ("revision", "/passwords.csv"), ("live", "/quarantine/p.csv")
    }  # fmt: skip
    assert user.refused("files/restore", {"path": "/x", "rev": "0123456789"}) == {".tag": "invalid_revision"}


def test_revisions_are_paged_and_deleting_for_good_leaves_no_bytes(sandbox: Sandbox, user: DropboxCaller) -> None:
    for text in (b"one", b"two", b"three"):
        user.upload({"path": "/r.txt", "mode": "overwrite"}, text)
    page = user.ok("files/list_revisions", {"path": "/r.txt", "limit": 2})
    assert ([each["size"] for each in page["entries"]], page["has_more"], page["is_deleted"]) == ([5, 3], True, False)
    rest = {"path": "/r.txt", "before_rev": page["entries"][-1]["rev"]}
    assert [each["size"] for each in user.ok("files/list_revisions", rest)["entries"]] == [3]
    assert user.refused("files/list_revisions", {**rest, "mode": "id"}) == {".tag": "before_rev_not_supported"}
    user.ok("files/move_v2", {"from_path": "/r.txt", "to_path": "/s.txt"})
    user.ok("files/permanently_delete", {"path": "/s.txt"})
    assert not [place for text in (b"one", b"two", b"three") for place in user.state.places_of(content_hash(text))]
    own = team_caller(sandbox, "files.permanent_delete", email="wjones")
    assert b"not allowed to call this function" in own("files/permanently_delete", {"path": "/data.json"}).body


def test_moving_keeps_the_id_and_minds_whose_it_is(sandbox: Sandbox, user: DropboxCaller) -> None:
    found = file_at(user, "/data.json")
    user.ok("files/create_folder_v2", {"path": "/Quarantine"})
    again = user.refused("files/create_folder_v2", {"path": "/quarantine"})
    assert again["path"] == {".tag": "conflict", "conflict": {".tag": "folder"}}
    move = {"from_path": found["id"], "to_path": "/Quarantine/data.json"}
    assert user.ok("files/move_v2", move)["metadata"]["id"] == found["id"]
    taken = {"from_path": "/passwords.csv", "to_path": "/quarantine/data.json"}
    assert user.refused("files/move_v2", taken)["to"] == {".tag": "conflict", "conflict": {".tag": "file"}}
    assert user.ok("files/move_v2", {**taken, "autorename": True})["metadata"]["name"] == "data (1).json"
    seller = user.sandbox.dropbox.state.member("fmartin")
    caller = team_caller(sandbox).as_user("fmartin")
    away = {"from_path": "/data.json", "to_path": "/Deals 2026/data.json"}
    assert caller.refused("files/move_v2", away) == {".tag": "cant_transfer_ownership"}
    nested = {"from_path": "/Deals 2026", "to_path": "/Pictures/Deals"}
    assert caller.ok("files/move_v2", nested)["metadata"]["path_display"] == "/Pictures/Deals"
    assert sandbox.dropbox.state.home_of(seller).get("/Pictures/Deals")


def test_an_admin_reads_everything_and_writes_what_the_team_owns(sandbox: Sandbox, team: DropboxCaller) -> None:
    admin, home = team.as_admin(), sandbox.dropbox.state.member("wjones").home_id
    path = f"ns:{home}/data.json"
    assert admin.download(path).status == 200
    assert admin.refused("files/delete_v2", {"path": path})["path_write"] == {".tag": "no_write_permission"}
    folder = team.ok("team/team_folder/create", {"name": "Quarantine"})
    assert admin.upload({"path": f"ns:{folder['team_folder_id']}/kept.json"}, b"{}").status == 200
    again = team.refused("team/team_folder/create", {"name": "quarantine"})
    assert again == {".tag": "folder_name_already_used"}
    assert "Quarantine" in [each["name"] for each in team.ok("team/team_folder/list", {})["team_folders"]]
    assert team.as_user("kchen").refused("files/get_metadata", {"path": path})["path"] == {".tag": "not_found"}


def test_locks_of_the_namespace_batches_and_file_locks(sandbox: Sandbox, team: DropboxCaller) -> None:
    user = team.as_user("wjones")
    home = sandbox.dropbox.state.home_of(sandbox.dropbox.state.member("wjones"))
    home.busy_writes = 2
    assert user.refused("files/delete_v2", {"path": "/data.json"}) == {".tag": "too_many_write_operations"}
    busy = user.upload({"path": "/n.txt"}, b"n").json()["error"]
    assert busy["reason"] == {".tag": "too_many_write_operations"}
    job = user.ok("files/delete_batch", {"entries": [{"path": "/data.json"}, {"path": "/none"}]})
    poll = {"async_job_id": job["async_job_id"]}
    assert user.ok("files/delete_batch/check", poll) == {".tag": "in_progress"}
    rows = user.ok("files/delete_batch/check", poll)["entries"]
    assert [each[".tag"] for each in rows] == ["success", "failure"]
    locked = {"entries": [{"path": "/Angebot.docx"}, {"path": "/passwords.csv"}]}
    rows = user.ok("files/lock_file_batch", locked)["entries"]
    assert rows[0]["failure"] == {".tag": "file_not_shared"}
    assert rows[1]["lock"]["content"][".tag"] == "single_user"
    path = {"path": f"ns:{home.id}/passwords.csv"}
    assert team.as_admin().ok("files/unlock_file_batch", {"entries": [path]})["entries"][0][".tag"] == "success"


def test_searching_finds_live_and_deleted_files(user: DropboxCaller) -> None:
    live = user.ok("files/search_v2", {"query": "angebot"})["matches"]
    assert [each["metadata"]["metadata"][".tag"] for each in live] == ["file"]
    options = {"file_status": "deleted", "max_results": 1}
    deleted = user.ok("files/search_v2", {"query": "t", "options": options})
    assert deleted["matches"][0]["metadata"]["metadata"][".tag"] == "deleted"
    assert user.ok("files/search/continue_v2", {"cursor": deleted["cursor"]})["matches"]


def test_refusals_are_said_as_they_were_recorded(user: DropboxCaller) -> None:
    folder = corpus.folder("dropbox")
    if folder is None:
        pytest.skip("no recordings at hand")
    for line in corpus.lines(folder / "vcr-dropbox_api.jsonl"):
        route, status = line["request"]["uri"].partition("/2/")[2], line["response"]["status"]["code"]
        if status == 409 and ERRORS.get(route):
            asked, argument = ERRORS[route] or ("", {})
            count("corpus")
            assert user.refused(asked, argument) == json.loads(line["response"]["body"])["error"], route


def test_it_grows(sandbox: Sandbox, team: DropboxCaller) -> None:
    before = sum(1 for each in sandbox.dropbox.state.namespaces.values() for _ in each.files())
    sandbox.dropbox.grow(files=500)
    assert sum(1 for each in sandbox.dropbox.state.namespaces.values() for _ in each.files()) == before + 500
