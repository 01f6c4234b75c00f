"""Actions on files: at no moment the bytes are gone, and nobody gets to what was closed."""

from dataclasses import replace

import pytest

from connectors.base import BadResponse, Collaborator, Conflict, Gone, NotAvailable
from connectors.base.file_actions.notices import NOTICE
from connectors.box.uploads import sha1_of
from tests.connectors.box.acting import action, bytes_of, changes, names_in, order, refusal, step
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.box import (
    BY_FOLDER,
    CO_ADMIN,
    COLLEAGUE,
    FOLDER,
    INHERITED,
    LATE,
    OWNER,
    SHARED,
    TRASHED,
    Bench,
)
from tests.sandbox.box.items import File as BoxFile
from tests.sandbox.faults import FaultKind

FILE = f"file:{SHARED}"
ROOT = f"root:{OWNER}"
HARD = ("quarantine_file", "quarantine_with_admin", "overwrite_file", "trash_file")


@pytest.mark.parametrize("name", HARD)
def test_everything_is_asked_in_the_owners_name_but_the_admins_own_folder(bench: Bench, name: str) -> None:
    carry_out(action(name), order(bench, name, FILE), bench.client())
    own = {path for _, path, user in changes(bench) if user != OWNER}
    assert own == ({"/2.0/folders", "/api/2.0/files/content"} if name == "quarantine_with_admin" else set())


# --- links ----------------------------------------------------------------------------------------------------------


def test_a_link_with_a_password_does_not_come_back_without(bench: Bench) -> None:
    link = bench.held.tree.items[SHARED].link
    assert link is not None
    link.password = "Secret-1"
    for name in ("remove_link", "restrict_link", "make_private"):
        bench.begin()
        bench.held.tree.items[SHARED].link = replace(link)
        done = carry_out(action(name), order(bench, name, FILE), bench.client())
        with pytest.raises(NotAvailable, match="password") as error:
            take_back(action(name), done, bench.client())
        assert error.value.remedy
        now = bench.held.tree.items[SHARED].link
        assert now is None or now.access != "open"


def test_an_end_in_the_past_is_refused_before_anything_is_asked(bench: Bench) -> None:
    asked = order(bench, "restrict_link", FILE, until="2001-01-01")
    with pytest.raises(NotAvailable, match="has passed"):
        carry_out(action("restrict_link"), asked, bench.client())
    assert changes(bench) == []


# --- collaborators --------------------------------------------------------------------------------------------------


def test_only_who_is_from_outside_loses_access(bench: Bench) -> None:
    remove = action("remove_external_collaborators")
    done = carry_out(remove, order(bench, remove.name, FILE), bench.client())
    left = {each.id for each in bench.held.collaborations_on(SHARED)}
    assert left == {COLLEAGUE}
    gone = [each for each in remove.read_back(bench.client(), done) if isinstance(each, Gone)]
    assert len(gone) == 2


def test_what_a_folder_above_gives_is_not_ended_at_what_is_in_it(bench: Bench) -> None:
    bench.held.collaborations[INHERITED].status = "pending"  # of such Box does not say on what it is
    inside = f"file:{BY_FOLDER}"
    assert "folder above" in refusal(bench, "make_private", order(bench, "make_private", inside))
    one = order(bench, "remove_collaborator", f"{inside}/{INHERITED}", Collaborator)
    assert "Remove them from that folder" in refusal(bench, "remove_collaborator", one)
    assert len(bench.held.collaborations_on(FOLDER)) == 2


# --- trash ----------------------------------------------------------------------------------------------------------


def test_a_restored_link_ends_when_it_would_have_ended(bench: Bench) -> None:
    done = carry_out(action("trash_file"), order(bench, "trash_file", FILE), bench.client())
    take_back(action("trash_file"), done, bench.client())
    link = bench.held.tree.items[SHARED].link
    assert link is not None
    assert link.unshared_at == LATE


@pytest.mark.parametrize("name", ["trash_file", "quarantine_with_admin"])
def test_nothing_is_deleted_where_the_enterprise_keeps_no_trash(bench: Bench, name: str) -> None:
    bench.held.has_trash = False
    asked = order(bench, name, FILE)
    assert "for good" in refusal(bench, name, asked)
    assert changes(bench) == []


def test_what_comes_out_of_trash_into_quarantine_is_shared_with_nobody(bench: Bench) -> None:
    bench._share("700298", TRASHED, "fab@fabrikam.example")
    bench.held.tree.items[TRASHED].link = bench.held.tree.items[SHARED].link
    name = "quarantine_trashed_file"
    carry_out(action(name), order(bench, name, f"file:{TRASHED}"), bench.client())
    item = bench.held.tree.items[TRASHED]
    assert (item.trashed_at, item.link, bench.held.collaborations_on(TRASHED)) == (None, None, [])
    assert bench.held.tree.folder(item.parent_id).name == "Quarantine"


@pytest.mark.parametrize("name", ["trash_file", "quarantine_file"])
def test_who_got_to_it_by_a_folder_is_said_to_get_to_it_no_more(bench: Bench, name: str) -> None:
    inside = f"file:{BY_FOLDER}"
    done = carry_out(action(name), order(bench, name, inside), bench.client())
    assert Gone(Collaborator, f"{inside}/{INHERITED}") in list(action(name).read_back(bench.client(), done))


# --- quarantine -----------------------------------------------------------------------------------------------------


def test_quarantine_with_the_owner_closes_before_it_moves_and_leaves_a_notice(bench: Bench) -> None:
    carry_out(action("quarantine_file"), order(bench, "quarantine_file", FILE), bench.client())
    item = bench.held.tree.items[SHARED]
    folder = bench.held.tree.folder(item.parent_id)
    assert (folder.name, item.name) == ("Quarantine", f"{SHARED} shared.pdf")
    assert (item.link, bench.held.collaborations_on(SHARED)) == (None, [])
    notice = f"shared.pdf ({SHARED}).txt"
    assert names_in(bench, ROOT) == {"Trial folder", "Quarantine", notice}
    assert bench.held.file(notice).current.data == f"{NOTICE}\n".encode()
    moved = [path for method, path, _ in changes(bench) if path in (f"/2.0/files/{SHARED}",) or method == "DELETE"]
    assert moved[-1] == f"/2.0/files/{SHARED}", "it moves last"


def test_the_folder_that_is_there_is_used_again(bench: Bench) -> None:
    for name in ("quarantine_file", "quarantine_with_admin"):
        first = step("prepare", name).run(bench.client(), order(bench, name, FILE))
        again = step("prepare", name).run(bench.client(), order(bench, name, FILE))
        assert first == again


def test_the_admin_gets_a_verified_copy_before_anything_is_taken_away(bench: Bench) -> None:
    name, sha1 = "quarantine_with_admin", bytes_of(bench, SHARED)
    done = carry_out(action(name), order(bench, name, FILE), bench.client())
    kept = bench.held.tree.items[str(done.results["copy"]["copy"])]
    assert isinstance(kept, BoxFile)
    assert (bench.held.owner(kept).id, kept.current.sha1) == (bench.held.primary_admin.id, sha1)
    assert bench.held.collaborations_on(kept.parent_id) == []
    assert bench.held.tree.items[SHARED].trashed_at is not None
    order_of = [path for _, path, _ in changes(bench)]
    assert order_of.index("/api/2.0/files/content") < order_of.index(f"/2.0/files/{SHARED}")


def test_a_file_that_comes_cut_off_is_not_taken_away(bench: Bench) -> None:
    name = "quarantine_with_admin"
    asked = order(bench, name, FILE)
    for each in ("remember", "prepare"):
        asked = replace(asked, results={**asked.results, each: dict(step(each, name).run(bench.client(), asked))})
    bench.sandbox.faults.add(FaultKind.TRUNCATED, path_pattern="/download")
    with pytest.raises(BadResponse):
        step("copy", name).run(bench.client(), asked)
    assert bench.held.tree.items[SHARED].trashed_at is None
    assert not any("content" in path for _, path, _ in changes(bench))


def test_when_box_has_emptied_the_trash_the_copy_comes_back_as_a_new_file(bench: Bench) -> None:
    name, sha1 = "quarantine_with_admin", bytes_of(bench, SHARED)
    done = carry_out(action(name), order(bench, name, FILE), bench.client())
    bench.held.purge(bench.held.tree.items[SHARED])
    take_back(action(name), done, bench.client())
    new = bench.held.file("shared.pdf")
    assert (new.parent_id, new.current.sha1, new.trashed_at) == (ROOT, sha1, None)


def test_a_large_file_is_copied_in_parts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.box.uploads.DIRECT_LIMIT", 10)
    bench.held.session_minimum, bench.held.part_size = 1, 7
    name = "quarantine_with_admin"
    done = carry_out(action(name), order(bench, name, FILE), bench.client())
    kept = bench.held.tree.items[str(done.results["copy"]["copy"])]
    assert isinstance(kept, BoxFile)
    assert kept.current.sha1 == bytes_of(bench, SHARED)
    sessions = [path for method, path, _ in changes(bench) if method == "PUT" and "upload_sessions" in path]
    assert sessions.count(sessions[0]) == 4


# --- overwriting ----------------------------------------------------------------------------------------------------


def test_the_text_stands_in_the_file_and_the_version_before_comes_back(bench: Bench) -> None:
    before, text = bytes_of(bench, SHARED), "Ask the security team: größe 7"
    done = carry_out(action("overwrite_file"), order(bench, "overwrite_file", FILE, text=text), bench.client())
    assert bytes_of(bench, SHARED) == sha1_of(f"{text}\n".encode())
    take_back(action("overwrite_file"), done, bench.client())
    assert bytes_of(bench, SHARED) == before


def test_a_version_that_somebody_wrote_meanwhile_is_not_overwritten_nor_replaced(bench: Bench) -> None:
    asked = order(bench, "overwrite_file", FILE)
    remembered = {"remember": dict(step("remember", "overwrite_file").run(bench.client(), asked))}
    item = bench.held.tree.items[SHARED]
    assert isinstance(item, BoxFile)
    old, item.current = item.current, bench.held.version("shared.pdf", b"news", OWNER, LATE)
    with pytest.raises(Conflict):
        step("overwrite", "overwrite_file").run(bench.client(), replace(asked, results=remembered))
    item.current = old
    done = carry_out(action("overwrite_file"), asked, bench.client())
    item.current = bench.held.version("shared.pdf", b"news", OWNER, LATE)
    with pytest.raises(Conflict):
        take_back(action("overwrite_file"), done, bench.client())
    assert bytes_of(bench, SHARED) == sha1_of(b"news")


# --- handing over ---------------------------------------------------------------------------------------------------


def test_a_folder_goes_to_the_new_owner_and_the_old_one_stays_in_it(bench: Bench) -> None:
    asked = order(bench, "transfer_folder", f"folder:{FOLDER}", new_owner="trial.admin@contoso.example")
    carry_out(action("transfer_folder"), asked, bench.client())
    tree = bench.held.tree
    assert tree.owner_id(tree.items[FOLDER]) == CO_ADMIN
    assert [each.role for each in bench.held.collaborations_on(FOLDER) if each.user_id == OWNER] == ["co-owner"]
    assert tree.owner_id(tree.items[BY_FOLDER]) == CO_ADMIN


def test_a_folder_is_handed_to_nobody_from_outside_nor_to_its_owner(bench: Bench) -> None:
    outside = order(bench, "transfer_folder", f"folder:{FOLDER}", new_owner="trial.guest@fabrikam.example")
    with pytest.raises(NotAvailable, match="Nobody in the enterprise"):
        refusal(bench, "transfer_folder", outside)
    own = order(bench, "transfer_folder", f"folder:{FOLDER}", new_owner="trial.owner@contoso.example")
    assert "owns this folder already" in refusal(bench, "transfer_folder", own)


def test_what_ends_access_is_offered_for_files_and_folders_but_for_no_web_link() -> None:
    applies = action("make_private").applies
    assert applies
    shared = {"is_trashed": False, "exposure": "public"}
    kinds = {kind: applies({**shared, "kind": kind}) for kind in ("file", "folder", "web link")}
    assert kinds == {"file": True, "folder": True, "web link": False}
