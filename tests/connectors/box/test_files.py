"""Files of users as the walk lists them, and those that change, at the simulated enterprise."""

import pytest

from connectors.base import Collaborator, Exposure, File, Gone, Page, Record
from connectors.box import connector, mapping
from tests.connectors.conformance.box import (
    BY_FOLDER,
    CO_ADMIN,
    COLLEAGUE,
    FOLDER,
    GUEST,
    INHERITED,
    INVITATION,
    OWNER,
    SHARE,
    SHARED,
    TRASHED,
    Bench,
)
from tests.connectors.conformance.reading import kept
from tests.sandbox.box.items import Folder, SharedLink


def walk(bench: Bench, owner: str = OWNER) -> list[Page]:
    return list(connector.feed("files").pages(bench.client(), None, owner))


def by_id(pages: list[Page]) -> dict[str, Record]:
    return {each.id: each for page in pages for each in page.records if not isinstance(each, Gone)}


def file(rows: dict[str, Record], number: str, kind: str = "file") -> File:
    found = rows[f"{kind}:{number}"]
    assert isinstance(found, File)
    return found


def test_a_drive_is_read_in_its_owners_name_with_trash_and_without_what_others_share(bench: Bench) -> None:
    foreign = bench.held.add_file(bench.held.tree.root(CO_ADMIN), "theirs.txt", b"x", bench.held.users[CO_ADMIN])
    bench._share("700299", foreign.id, OWNER)
    bench.sandbox.requests.clear()
    rows = by_id(walk(bench))
    asked = [each for each in bench.sandbox.requests if "/users" not in each.path]
    assert {each.headers.get("as-user") for each in asked} == {OWNER}
    assert f"file:{foreign.id}" not in rows
    assert [file(rows, number).is_trashed for number in (SHARED, BY_FOLDER, TRASHED)] == [False, False, True]
    inside = file(rows, BY_FOLDER)
    assert (inside.path, inside.parent_id, inside.owner_id) == ("/Trial folder/in.txt", f"folder:{FOLDER}", OWNER)
    assert (inside.content_type, inside.size) == ("text/plain", len(b"The bytes of in.txt."))
    assert file(rows, FOLDER, "folder").kind == "folder"


def test_a_link_says_what_it_opens_and_until_when(bench: Bench) -> None:
    link = bench.held.tree.items[SHARED].link
    assert link is not None
    link.password, link.can_download = "Secret-1", False
    rows = by_id(walk(bench))
    anyone = rows[f"file:{SHARED}/link"]
    assert isinstance(anyone, Collaborator)
    assert anyone.is_public
    assert anyone.role == f"can_preview, with password, until {anyone.raw['unshared_at']}"
    assert file(rows, SHARED).exposure is Exposure.PUBLIC
    assert "Secret-1" not in str(rows)


@pytest.mark.parametrize(
    ("access", "exposure"),
    [("open", Exposure.PUBLIC), ("company", Exposure.INTERNAL), ("collaborators", Exposure.INTERNAL)],
)
def test_what_a_folder_lets_in_counts_for_all_below_it(bench: Bench, access: str, exposure: Exposure) -> None:
    held = bench.held
    deeper = held.add_folder(held.tree.folder(FOLDER), "Deeper", held.users[OWNER])
    lowest = held.add_file(deeper, "lowest.txt", b"x", held.users[OWNER])
    held.tree.items[FOLDER].link = SharedLink("folderlink", access)
    rows = by_id(walk(bench))
    assert file(rows, lowest.id).exposure is exposure
    guest = rows[f"file:{lowest.id}/{INHERITED}"]
    assert isinstance(guest, Collaborator)
    assert (guest.account_id, guest.email) == (GUEST, "trial.guest@fabrikam.example")
    assert f"file:{lowest.id}/link" not in rows, "the link is the folder's"


def test_people_groups_and_invitations_are_told_apart(bench: Bench) -> None:
    rows = by_id(walk(bench))
    share, invited = rows[f"file:{SHARED}/{SHARE}"], rows[f"file:{SHARED}/{INVITATION}"]
    assert isinstance(share, Collaborator)
    assert isinstance(invited, Collaborator)
    assert (share.account_id, share.role, share.is_pending) == (GUEST, "viewer", False)
    colleague = rows[f"file:{SHARED}/{COLLEAGUE}"]
    assert isinstance(colleague, Collaborator)
    assert [share.is_external, invited.is_external, colleague.is_external] == [True, True, None]
    assert (invited.account_id, invited.email, invited.is_pending) == ("", "nobody.yet@fabrikam.example", True)
    groups = [each for each in rows.values() if isinstance(each, Collaborator) and each.group_id]
    assert {each.file_id for each in groups} == {f"folder:{FOLDER}", f"file:{BY_FOLDER}"}


def test_a_colleague_with_an_address_elsewhere_is_no_outsider_and_is_asked_about_once(bench: Bench) -> None:
    bench.held.change_login(bench.held.users[CO_ADMIN], "admin@contoso-dev.example")
    bench._share("700297", FOLDER, CO_ADMIN)
    bench.sandbox.requests.clear()
    rows = by_id(walk(bench))
    theirs = [each for each in rows.values() if isinstance(each, Collaborator) and each.account_id == CO_ADMIN]
    assert [each.is_external for each in theirs] == [False] * 3
    assert len([each for each in bench.sandbox.requests if each.path == f"/2.0/users/{CO_ADMIN}"]) == 1


def test_what_a_folder_gives_counts_also_where_box_lists_an_items_own_collaborations_alone() -> None:
    above = mapping.NOBODY_ELSE.with_item({"type": "folder"}, [{"id": "1", "role": "viewer"}])
    reach = above.with_item({"type": "file"}, [{"id": "2", "role": "editor"}])
    assert [row["id"] for row in reach.collaborations] == ["1", "2"]


def test_a_walk_goes_on_in_the_middle_and_knows_what_lies_above(bench: Bench) -> None:
    """Its cursor is a path, not all that is still to come."""
    held = bench.held
    held.largest_page = 2
    place = held.tree.folder(FOLDER)
    for number in range(5):
        place = held.add_folder(place, f"Level {number}", held.users[OWNER])
        for part in "abc":
            held.add_file(place, f"{part}.txt", b"x", held.users[OWNER])
    whole = walk(bench)
    middle = len(whole) // 2
    rest = list(connector.feed("files").pages(bench.client(), kept(whole[middle - 1].cursor), OWNER))
    assert by_id(whole[:middle] + rest) == by_id(whole)
    assert max(len(str(page.cursor)) for page in whole) < 1_000


def test_a_folder_that_went_while_it_was_walked_is_passed_over(bench: Bench) -> None:
    pages = connector.feed("files").pages(bench.client(), None, OWNER)
    first = next(pages)
    bench.held.tree.trash(bench.held.tree.items[FOLDER], bench.now().timestamp(), OWNER)
    rows = by_id([first, *pages])
    assert file(rows, FOLDER, "folder").is_trashed


def test_a_marker_that_box_no_longer_knows_begins_the_folder_again(bench: Bench) -> None:
    cursor = {"path": [{"id": FOLDER, "marker": "long ago", "todo": []}]}
    rows = by_id(list(connector.feed("files").pages(bench.client(), cursor, OWNER)))
    assert f"file:{BY_FOLDER}" in rows


# --- at once --------------------------------------------------------------------------------------------------------


def source(bench: Bench, number: str) -> dict[str, object]:
    item = bench.held.tree.items[number]
    kind = "folder" if isinstance(item, Folder) else "file"
    return {"item_type": kind, "item_id": number, "item_name": item.name, "owned_by": {"id": OWNER}}


def test_what_changed_is_read_again_once_as_it_is_now(bench: Bench) -> None:
    held = bench.held
    feed = connector.feed("changed_files")
    cursor = list(feed.pages(bench.client(), None))[-1].cursor
    held.tree.items[SHARED].link = None
    del held.collaborations[COLLEAGUE]
    for event_type in ("EDIT", "UNSHARE", "PREVIEW"):
        held.record(event_type, held.users[OWNER], source(bench, SHARED))
    held.record("COLLABORATION_REMOVE", held.users[OWNER], source(bench, SHARED), details={"collab_id": COLLEAGUE})
    held.tree.trash(held.tree.items[BY_FOLDER], bench.now().timestamp(), OWNER)
    held.record("DELETE", held.users[OWNER], source(bench, BY_FOLDER))
    bench.sandbox.clock.advance(60)
    bench.sandbox.requests.clear()
    pages = list(feed.pages(bench.client(), kept(cursor)))
    rows = by_id(pages)
    assert (file(rows, SHARED).exposure, file(rows, BY_FOLDER).is_trashed) == (Exposure.INTERNAL, True)
    gone = {each.id for page in pages for each in page.records if isinstance(each, Gone)}
    assert {f"file:{SHARED}/link", f"file:{SHARED}/{COLLEAGUE}"} <= gone
    read = [each.path for each in bench.sandbox.requests if each.path == f"/2.0/files/{SHARED}"]
    assert len(read) == 1


def test_a_folder_is_asked_for_once_for_all_that_changed_in_it_and_anew_by_each_batch(bench: Bench) -> None:
    held, feed = bench.held, connector.feed("changed_files")
    inside = [held.add_file(held.tree.folder(FOLDER), f"{n}.txt", b"x", held.users[OWNER]) for n in range(5)]
    cursor = list(feed.pages(bench.client(), None))[-1].cursor
    held.tree.items[FOLDER].link = SharedLink("folderlink", "open")
    client = bench.client()
    for exposure in (Exposure.PUBLIC, Exposure.INTERNAL):
        for each in inside:
            held.record("EDIT", held.users[OWNER], source(bench, each.id))
        bench.sandbox.clock.advance(60)
        bench.sandbox.requests.clear()
        pages = list(feed.pages(client, kept(cursor)))
        rows = by_id(pages)
        assert {file(rows, each.id).exposure for each in inside} == {exposure}
        asked = [each.path for each in bench.sandbox.requests]
        assert [asked.count(f"/2.0/files/{each.id}") for each in inside] == [1] * len(inside)
        assert asked.count(f"/2.0/folders/{FOLDER}") == 1
        cursor = pages[-1].cursor
        held.tree.items[FOLDER].link = None


def test_what_is_gone_is_said_and_whom_nobody_may_act_for_is_left_out(bench: Bench) -> None:
    held = bench.held
    feed = connector.feed("changed_files")
    cursor = list(feed.pages(bench.client(), None))[-1].cursor
    held.record("DELETE", held.users[OWNER], source(bench, SHARED))
    service = next(each for each in held.users.values() if each.service_of is not None)
    theirs = {**source(bench, TRASHED), "item_id": "700009", "owned_by": {"id": service.id}}
    held.record("UPLOAD", service, theirs)
    held.purge(held.tree.items[SHARED])
    bench.sandbox.clock.advance(60)
    records = [each for page in feed.pages(bench.client(), kept(cursor)) for each in page.records]
    assert records == [Gone(File, f"file:{SHARED}")]


def test_one_item_is_read_by_its_owner(bench: Bench) -> None:
    one = connector.feed("files").one
    assert one is not None
    found = list(one(bench.client(), OWNER, f"file:{BY_FOLDER}"))
    listed = by_id(walk(bench))
    assert {each.id: each for each in found if not isinstance(each, Gone)} == {
        number: each for number, each in listed.items() if number.startswith(f"file:{BY_FOLDER}")
    }
