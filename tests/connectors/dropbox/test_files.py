"""Files of namespaces as they are listed and as they change, at the simulated team."""

import pytest

from connectors.base import Collaborator, Cursor, CursorExpired, Exposure, File, Gone, Page, Record
from connectors.dropbox import connector
from tests.connectors.conformance.dropbox import SHARED, SIGNED_OUT, SUSPENDED, TRASHED, Bench
from tests.connectors.conformance.reading import kept
from tests.sandbox.dropbox.entries import File as Held
from tests.sandbox.dropbox.links import Link
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.planting import plant_file, plant_folder
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.seed_content import FREELANCER, OUTSIDER, OUTSIDER_ACCOUNT, add_link

FEED = connector.feed("files")
DAY = 86_400.0


def namespace(bench: Bench, name: str) -> Namespace:
    return next(each for each in bench.held.namespaces.values() if each.name == name)


def home(bench: Bench) -> Namespace:
    return bench.held.home_of(bench.held.members[SIGNED_OUT])


def partition(bench: Bench, name: str) -> str:
    found = namespace(bench, name)
    return ":".join(filter(None, (found.kind, found.id, found.owner_id)))


def read(bench: Bench, part: str = SIGNED_OUT, cursor: Cursor = None) -> list[Page]:
    return list(FEED.pages(bench.client(), kept(cursor) if cursor else None, part))


def rows(pages: list[Page]) -> dict[str, Record]:
    return {each.id: each for page in pages for each in page.records if not isinstance(each, Gone)}


def file(found: dict[str, Record], held: object) -> File:
    row = found[held.id if isinstance(held, Held) else str(held)]
    assert isinstance(row, File)
    return row


def at(bench: Bench, path: str, where: Namespace | None = None) -> Held:
    entry = (where or home(bench)).get(path)
    assert isinstance(entry, Held)
    return entry


def people(found: dict[str, Record], file_id: str) -> dict[str, Collaborator]:
    mine = (each for each in found.values() if isinstance(each, Collaborator) and each.file_id == file_id)
    return {each.email or each.name or each.role: each for each in mine}


def test_each_namespace_is_a_part_of_its_own_named_by_its_owner_or_number(bench: Bench) -> None:
    assert FEED.partitions is not None
    listed = [each.id for each in FEED.partitions(bench.client())]
    app = namespace(bench, "Photo Backup")
    assert {SIGNED_OUT, SUSPENDED, f"team_folder:{namespace(bench, 'Projects').id}"} <= set(listed)
    assert f"app_folder:{app.id}:{app.owner_id}" in listed


def test_a_home_is_read_as_admin_with_what_it_holds_and_what_was_deleted(bench: Bench) -> None:
    bench.sandbox.requests.clear()
    found = rows(read(bench))
    asked = [each for each in bench.sandbox.requests if "/files/" in each.path]
    assert all("dropbox-api-select-admin" in each.headers for each in asked)
    notes = file(found, at(bench, "/会議/議事録.txt"))
    assert (notes.path, notes.owner_id, notes.owner_name) == ("/会議/議事録.txt", SIGNED_OUT, "William Jones")
    assert (notes.content_type, notes.is_trashed, notes.exposure) == ("text/plain", False, Exposure.PRIVATE)
    deleted = {each.path: each for each in found.values() if isinstance(each, File) and each.is_trashed}
    assert "/ancient.txt" not in deleted, "it is past recovery"
    assert set(deleted) == {"/Old/draft.txt", "/Old/list.csv", "/secret plan.txt", "/trashed.txt"}
    assert deleted["/secret plan.txt"].size == len(b"plan wjones\n")


def test_what_was_moved_is_not_taken_for_deleted(bench: Bench) -> None:
    place, moved = home(bench), at(bench, "/Angebot.docx")
    bench.held.largest_page = 1
    place.remove(moved.path)
    moved.path = "/A first one.docx"
    place.put(moved)
    row = file(rows(read(bench)), moved)
    assert (row.path, row.is_trashed) == ("/A first one.docx", False)


def test_a_deleted_file_that_dropbox_will_not_tell_the_people_of_is_asked_for_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(call: object, text: str) -> None:
        raise refused("access_error/no_permission")

    monkeypatch.setattr("tests.sandbox.dropbox.file_members.shared_file", refuse)
    found = rows(read(bench))
    assert file(found, TRASHED).is_trashed
    assert not file(found, SHARED).is_trashed


def test_links_say_whom_they_let_in_and_those_of_folders_count_for_what_is_below(bench: Bench) -> None:
    link = add_link(bench.held, "wjones", "/Angebot.docx")
    link.password, link.expires_at, link.allow_download = "sesame", bench.now().timestamp() + DAY, False
    ended = add_link(bench.held, "wjones", "/notes .txt")
    ended.expires_at = bench.now().timestamp() - DAY
    found = rows(read(bench))
    (anyone,) = people(found, at(bench, "/Angebot.docx").id).values()
    assert anyone.is_public
    assert anyone.role.startswith("viewer, with password, no download, until 20")
    assert file(found, at(bench, "/notes .txt")).exposure is Exposure.PRIVATE
    assert file(found, at(bench, "/Keys/id_rsa")).exposure is Exposure.PUBLIC
    assert people(found, at(bench, "/Keys/id_rsa").id) == {}, "the link is the folder's"
    team = people(found, at(bench, "/data.json").id)["Anyone in the team with the link"]
    assert (team.is_public, team.is_external) == (False, False)
    assert file(found, at(bench, "/data.json")).exposure is Exposure.INTERNAL
    assert "sesame" not in str(found)


def test_a_links_folder_is_known_after_an_interruption(bench: Bench) -> None:
    bench.held.largest_page = 1
    whole = read(bench)
    folder = home(bench).get("/Keys")
    assert folder
    after_keys = next(n for n, page in enumerate(whole) if any(each.id == folder.id for each in page.records))
    rest = list(FEED.pages(bench.client(), kept(whole[after_keys].cursor), SIGNED_OUT))
    assert rows(whole[: after_keys + 1] + rest) == rows(whole)
    assert file(rows(whole), at(bench, "/Keys/id_rsa")).exposure is Exposure.PUBLIC


def test_links_of_a_suspended_member_are_seen_all_the_same(bench: Bench) -> None:
    left = at(bench, "/left behind.txt", bench.held.home_of(bench.held.members[SUSPENDED]))
    found = rows(read(bench, SUSPENDED))
    assert file(found, left).exposure is Exposure.PUBLIC
    assert [each.is_public for each in people(found, left.id).values()] == [True]


def test_links_into_a_team_space_are_listed_and_told_once(bench: Bench) -> None:
    everyone = next(each.id for each in bench.held.groups.values() if each.kind == "system_managed")
    space = bench.held.add_namespace("team_folder", "Contoso", groups={everyone: "editor"})
    for member in bench.held.admins():
        member.root_id = space.id
    bench.sandbox.requests.clear()
    found = rows(read(bench))
    assert len(people(found, at(bench, "/data.json").id)) == 1
    asked = [each.headers.get("dropbox-api-path-root") for each in bench.sandbox.requests
             if each.path.endswith("list_shared_links") and "dropbox-api-select-user" in each.headers]  # fmt: skip
    assert {bool(each) for each in asked} == {False, True}


def test_people_on_a_single_file_are_told_apart(bench: Bench) -> None:
    shared = at(bench, "/passwords.csv")
    found = people(rows(read(bench)), shared.id)
    assert set(found) == {OUTSIDER, FREELANCER, "kchen@contoso.example"}
    assert [found[each].is_external for each in found] == [True, False, None]
    assert (found[FREELANCER].is_pending, found[OUTSIDER].account_id) == (True, "")
    assert found["kchen@contoso.example"].account_id == bench.held.member("kchen").id


def test_more_people_than_dropbox_tells_of_several_files_are_all_told(bench: Bench) -> None:
    shared = at(bench, "/passwords.csv")
    for member in [each for each in bench.held.members.values() if each.account_id and each.id != SIGNED_OUT][:25]:
        shared.members[str(member.account_id)] = "viewer"
    bench.held.largest_page = 10
    assert len(people(rows(read(bench)), shared.id)) == len(shared.members)


def test_a_shared_folder_is_told_with_all_its_people_and_its_files_with_those_from_outside(bench: Bench) -> None:
    deals = namespace(bench, "Deals 2026")
    bench.held.largest_page = 2
    found = rows(read(bench, partition(bench, "Deals 2026")))
    folder = file(found, f"ns:{deals.id}")
    assert (folder.kind, folder.path, folder.exposure) == ("shared folder", "/Deals 2026", Exposure.EXTERNAL)
    assert folder.owner_id == bench.held.member("eandersson").id
    assert len(people(found, folder.id)) == 4
    inside = file(found, next(deals.files()))
    assert (inside.parent_id, inside.exposure) == (folder.id, Exposure.EXTERNAL)
    assert inside.path.startswith("/Deals 2026/Part ")
    assert set(people(found, inside.id)) == {OUTSIDER, "bids@wide-world.example"}
    assert people(found, inside.id)[OUTSIDER].role == "editor, by the folder"


def test_a_link_to_a_shared_folder_opens_all_that_is_in_it(bench: Bench) -> None:
    deals = namespace(bench, "Deals 2026")
    bench.held.member("eandersson")
    add_link(bench.held, "eandersson", "/Deals 2026")
    found = rows(read(bench, partition(bench, "Deals 2026")))
    assert {each.exposure for each in found.values() if isinstance(each, File) and not each.is_trashed} == {
        Exposure.PUBLIC
    }
    assert any(each.is_public for each in people(found, f"ns:{deals.id}").values())


def test_a_link_that_anybody_made_who_has_a_folder_counts(bench: Bench) -> None:
    for name, handle in (("Deals 2026", "fmartin"), ("Projects", "hkim")):
        place = namespace(bench, name)
        entry = next(place.files())
        link = Link(f"https://www.dropbox.com/scl/fi/{handle}", place.id, entry.id, bench.held.member(handle).id)
        bench.held.links[link.url] = link
        assert file(rows(read(bench, partition(bench, name))), entry).exposure is Exposure.PUBLIC, name


def test_a_folder_of_another_team_is_external_and_nobodys_here(bench: Bench) -> None:
    found = rows(read(bench, partition(bench, "Fabrikam delivery")))
    folder = file(found, f"ns:{namespace(bench, 'Fabrikam delivery').id}")
    assert (folder.owner_id, folder.owner_name, folder.exposure) == ("", "Lena Fischer", Exposure.EXTERNAL)


def test_mounted_folders_are_read_where_they_lie(bench: Bench) -> None:
    mount = plant_folder(bench.held, home(bench), "/Deals 2026", mounts=namespace(bench, "Deals 2026").id)
    assert mount.id not in rows(read(bench))


# --- changes ----------------------------------------------------------------------------------------------------------


def after(bench: Bench, part: str = SIGNED_OUT) -> Cursor:
    return read(bench, part)[-1].cursor


def test_what_changes_is_told_with_its_sharing_and_what_is_deleted_goes_to_trash(bench: Bench) -> None:
    cursor, place = after(bench), home(bench)
    new = plant_file(bench.held, place, "/Keys/new.pem", b"x", bench.now().timestamp())
    gone = at(bench, "/data.json")
    place.remove(gone.path)
    bench.sandbox.requests.clear()
    pages = read(bench, cursor=cursor)
    found = rows(pages)
    assert file(found, new).exposure is Exposure.PUBLIC, "the folder around it has a link"
    assert file(found, gone).is_trashed
    assert len([each for each in found.values() if isinstance(each, File)]) == 2
    assert not any(each.path.endswith("list_folder") for each in bench.sandbox.requests)
    assert pages[-1].cursor is not None
    assert rows(read(bench, cursor=pages[-1].cursor)) == {}


def test_after_a_deleted_folder_everything_is_listed_anew(bench: Bench) -> None:
    """Also when the run is interrupted between the two."""
    cursor = after(bench)
    home(bench).remove("/Keys")
    pages = read(bench, cursor=cursor)
    assert pages[-1].cursor is None
    assert read(bench, cursor=pages[0].cursor)[-1].cursor is None


def test_twice_a_day_everything_is_listed_anew(bench: Bench) -> None:
    cursor = after(bench)
    bench.sandbox.clock.advance(12 * 3600 - 60)
    assert read(bench, cursor=cursor)[-1].cursor is not None
    bench.sandbox.clock.advance(61)
    assert read(bench, cursor=cursor)[-1].cursor is None


def test_a_cursor_that_was_reset_begins_anew(bench: Bench) -> None:
    cursor = after(bench)
    home(bench).expire_cursors()
    with pytest.raises(CursorExpired):
        read(bench, cursor=cursor)


def test_a_changed_file_in_a_shared_folder_tells_whom_the_folder_lets_in(bench: Bench) -> None:
    part, deals = partition(bench, "Deals 2026"), namespace(bench, "Deals 2026")
    cursor = after(bench, part)
    deals.members.pop(OUTSIDER_ACCOUNT)
    new = plant_file(bench.held, deals, "/new.txt", b"x", bench.now().timestamp())
    found = rows(read(bench, part, cursor))
    assert set(people(found, new.id)) == {"bids@wide-world.example"}
    assert not any(each.email == OUTSIDER for each in found.values() if isinstance(each, Collaborator))


def test_who_left_the_team_meanwhile_is_no_home_any_more(bench: Bench) -> None:
    member: Member = bench.held.members[SIGNED_OUT]
    member.status = "removed"
    assert FEED.partitions is not None
    assert SIGNED_OUT not in [each.id for each in FEED.partitions(bench.client())]
