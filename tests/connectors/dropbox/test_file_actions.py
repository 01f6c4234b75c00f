"""Actions on files: in whose name, what is closed before what, and what is never opened again by itself."""

import json
from dataclasses import replace

import pytest

from connectors.base import (
    BadResponse,
    Collaborator,
    Conflict,
    File,
    Listed,
    NotAvailable,
    Order,
    RateLimited,
    Step,
)
from connectors.base.file_actions.notices import NOTICE
from connectors.dropbox.content import of
from connectors.dropbox.content import put as put_content
from connectors.dropbox.holding_place import NAME as QUARANTINE
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.dropbox import DEALS, FOLDER, IN_TEAM, SHARED, SIGNED_OUT, SUSPENDED, TRASHED, Bench
from tests.connectors.dropbox.test_actions import action, order
from tests.sandbox.dropbox import ADMIN
from tests.sandbox.dropbox.content_hash import content_hash
from tests.sandbox.dropbox.entries import File as Held
from tests.sandbox.dropbox.entries import Revision
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.planting import plant_file
from tests.sandbox.dropbox.seed_content import FREELANCER, OUTSIDER, OUTSIDER_ACCOUNT
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Exchange
from tests.sandbox.faults import FaultKind

BYTES = b"The bytes of /Plans/shared.csv."


def home(bench: Bench) -> Namespace:
    return bench.held.home_of(bench.held.members[SIGNED_OUT])


def held(bench: Bench, path: str = "/Plans/shared.csv", where: Namespace | None = None) -> Held:
    found = (where or home(bench)).get(path)
    assert isinstance(found, Held)
    return found


def asked(bench: Bench, name: str, target: str = SHARED, kind: type[Listed] = File, **params: str) -> Order:
    return order(bench, name, target, kind, **params)


def changing(bench: Bench) -> list[Exchange]:
    return [each for each in bench.sandbox.requests if not bench.only_reads(each)]


def step(name: str, of_action: str) -> Step:
    return next(each for each in action(of_action).steps if each.name == name)


def refusal(bench: Bench, name: str, target: str = SHARED, kind: type[Listed] = File) -> str:
    refuse = action(name).refuse
    assert refuse
    return refuse(bench.client(), asked(bench, name, target, kind))


def up_to(bench: Bench, name: str, last: str, target: str = SHARED) -> Order:
    """The order with the results of the steps before `last`."""
    found = asked(bench, name, target)
    for each in action(name).steps:
        if each.name == last:
            break
        found = replace(found, results={**found.results, each.name: dict(each.run(bench.client(), found))})
    return found


# --- in whose name ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["quarantine_file", "overwrite_file", "trash_file", "make_private", "delete_file"])
def test_what_lies_in_a_home_is_changed_in_its_owners_name(bench: Bench, name: str) -> None:
    carry_out(action(name), asked(bench, name), bench.client())
    assert {each.headers.get("dropbox-api-select-user") for each in changing(bench)} == {SIGNED_OUT}


def test_what_lies_in_a_team_folder_is_changed_by_the_admin(bench: Bench) -> None:
    carry_out(action("trash_file"), asked(bench, "trash_file", IN_TEAM), bench.client())
    (deletion,) = changing(bench)
    assert deletion.headers["dropbox-api-select-admin"] == bench.held.member(ADMIN).id


def test_who_is_suspended_has_to_come_back_first(bench: Bench) -> None:
    left = held(bench, "/left behind.txt", bench.held.home_of(bench.held.members[SUSPENDED]))
    for name in ("trash_file", "remove_link"):
        with pytest.raises(NotAvailable) as refused:
            carry_out(action(name), asked(bench, name, left.id), bench.client())
        assert "Unsuspend" in refused.value.remedy
    assert bench.held.links


def test_a_shared_folder_of_who_is_suspended_is_changed_in_the_name_of_an_editor(bench: Bench) -> None:
    deals = bench.held.namespaces[DEALS[3:]]
    deals.members[bench.held.member("kchen").account_id or ""] = "editor"
    bench.held.members[SIGNED_OUT].status = "suspended"
    file = held(bench, "/offer.txt", deals)
    carry_out(action("trash_file"), asked(bench, "trash_file", file.id), bench.client())
    (deletion,) = changing(bench)
    assert deletion.headers["dropbox-api-select-user"] == bench.held.member("kchen").id
    assert deals.get("/offer.txt") is None


@pytest.mark.parametrize(
    "name", ["trash_file", "overwrite_file", "quarantine_file", "quarantine_with_admin", "quarantine_with_portal"]
)
def test_what_nobody_can_change_is_refused_before_anything_is_copied(bench: Bench, name: str) -> None:
    left = held(bench, "/left behind.txt", bench.held.home_of(bench.held.members[SUSPENDED]))
    foreign = next(each for each in bench.held.namespaces.values() if each.name == "Fabrikam delivery")
    assert "Unsuspend the account" in refusal(bench, name, left.id)
    assert ("another team" in refusal(bench, name, next(foreign.files()).id)) != (name == "quarantine_file")
    assert changing(bench) == []


def test_another_teams_folder_is_left_alone(bench: Bench) -> None:
    foreign = next(each for each in bench.held.namespaces.values() if each.name == "Fabrikam delivery")
    file = next(foreign.files())
    with pytest.raises(NotAvailable, match="another team's"):
        carry_out(action("trash_file"), asked(bench, "trash_file", file.id), bench.client())


def test_a_folder_that_dropbox_is_writing_in_is_waited_for(bench: Bench) -> None:
    home(bench).busy_writes = 1
    with pytest.raises(RateLimited, match="still writing") as paused:
        carry_out(action("trash_file"), asked(bench, "trash_file"), bench.client())
    assert paused.value.retry_after == 5
    assert held(bench).id == SHARED


def test_what_lies_at_the_old_path_by_now_is_not_overwritten(bench: Bench) -> None:
    for name, target, path in (("restore_file", TRASHED, "/trashed.txt"), ("trash_file", SHARED, "/Plans/shared.csv")):
        ready = up_to(bench, name, name.partition("_")[0], target)
        if name == "trash_file":
            ready = carry_out(action(name), ready, bench.client())
        plant_file(bench.held, home(bench), path, b"another", bench.held.clock.now())
        back = step("trash", name).undo if name == "trash_file" else step("restore", name).run
        assert back
        with pytest.raises(Conflict, match="Something else lies at"):
            back(bench.client(), ready)
        assert held(bench, path).revision.content == b"another"


# --- links ------------------------------------------------------------------------------------------------------------


def test_a_link_with_a_password_does_not_come_back_without(bench: Bench) -> None:
    for name in ("remove_link", "restrict_link", "make_private"):
        bench.begin()
        link = next(each for each in bench.held.links.values() if each.entry_id == SHARED)
        link.password = "Secret-1"
        done = carry_out(action(name), asked(bench, name), bench.client())
        with pytest.raises(NotAvailable, match="password") as error:
            take_back(action(name), done, bench.client())
        assert error.value.remedy
        assert not any(each.audience == "public" for each in bench.held.links.values() if each.entry_id == SHARED)


@pytest.mark.parametrize("name", ["remove_link", "restrict_link", "make_private", "quarantine_with_admin"])
def test_the_log_keeps_no_address_of_a_link(bench: Bench, name: str) -> None:
    url = next(each.url for each in bench.held.links.values() if each.entry_id == SHARED)
    assert url not in json.dumps(carry_out(action(name), asked(bench, name), bench.client()).results)


def test_restricting_opens_no_link_further(bench: Bench) -> None:
    link = next(each for each in bench.held.links.values() if each.entry_id == SHARED)
    link.audience = "no_one"
    carry_out(action("restrict_link"), asked(bench, "restrict_link", level="team"), bench.client())
    assert link.audience == "no_one"


def test_an_end_in_the_past_is_refused_before_anything_is_asked(bench: Bench) -> None:
    with pytest.raises(NotAvailable, match="has passed"):
        carry_out(action("restrict_link"), asked(bench, "restrict_link", until="2001-01-01"), bench.client())
    assert changing(bench) == []


# --- collaborators ----------------------------------------------------------------------------------------------------


def test_only_who_is_from_outside_loses_access_to_a_file_and_to_a_folder(bench: Bench) -> None:
    name, deals = "remove_external_collaborators", bench.held.namespaces[DEALS[3:]]
    for target in (SHARED, DEALS):
        carry_out(action(name), asked(bench, name, target), bench.client())
    kchen = bench.held.member("kchen").account_id
    assert set(held(bench).members) == {kchen}
    assert set(deals.members) == {kchen, bench.held.members[SIGNED_OUT].account_id}
    assert (len(deals.groups), len(held(bench).groups)) == (1, 1), "groups are the team's own"


def test_a_group_is_taken_off_a_folder_and_given_it_again(bench: Bench) -> None:
    deals = bench.held.namespaces[DEALS[3:]]
    groups = dict(deals.groups)
    done = carry_out(action("make_private"), asked(bench, "make_private", DEALS), bench.client())
    assert (len(deals.members), deals.groups) == (1, {})
    take_back(action("make_private"), done, bench.client())
    assert deals.groups == groups


def test_what_a_folder_gives_is_not_ended_at_what_is_in_it(bench: Bench) -> None:
    inside = held(bench, "/offer.txt", bench.held.namespaces[DEALS[3:]])
    assert "folder above it" in refusal(bench, "make_private", inside.id)
    one = f"{inside.id}/{OUTSIDER_ACCOUNT}"
    assert "Remove them from that folder" in refusal(bench, "remove_collaborator", one, Collaborator)


def test_a_removal_that_dropbox_did_not_carry_out_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "remove_external_collaborators"
    failed = nested("failed", tagged("group_access"))
    monkeypatch.setattr("tests.sandbox.dropbox.shared_folders._removed", lambda *_: failed)
    bench.held.async_polls = 0
    with pytest.raises(Conflict, match=r"did not take this away from Lena Fischer|freelance"):
        carry_out(action(name), asked(bench, name, DEALS), bench.client())
    bench.held.async_polls = 1
    with pytest.raises(RateLimited, match="still taking people out"):
        carry_out(action(name), asked(bench, name, DEALS), bench.client())


def test_an_access_that_stays_by_a_folder_is_told(bench: Bench) -> None:
    name, deals = "remove_external_collaborators", bench.held.namespaces[DEALS[3:]]
    file = held(bench, "/offer.txt", deals)
    file.members = {OUTSIDER_ACCOUNT: "viewer"}
    done = carry_out(action(name), asked(bench, name, file.id), bench.client())
    assert done.results["end"] == {"still": ["Lena Fischer"]}
    told = [each for each in action(name).read_back(bench.client(), done) if isinstance(each, Collaborator)]
    assert {each.email for each in told} == {OUTSIDER, FREELANCER, ""}


# --- quarantine -------------------------------------------------------------------------------------------------------


def test_quarantine_with_the_owner_closes_before_it_moves_and_leaves_a_notice(bench: Bench) -> None:
    carry_out(action("quarantine_file"), asked(bench, "quarantine_file"), bench.client())
    file = held(bench, "/Quarantine/trial-shared shared.csv")
    assert (file.id, file.members, file.groups) == (SHARED, {}, {})
    assert held(bench, "/Plans/shared.csv (trial-shared).txt").revision.content == f"{NOTICE}\n".encode()
    routes = [each.path.rpartition("/")[2] for each in changing(bench)]
    assert routes[-2:] == ["move_v2", "upload"], "it moves when nobody gets to it any more"
    assert "revoke_shared_link" in routes[:-2]
    assert "already" in refusal(bench, "quarantine_file")


def test_what_lies_in_a_shared_folder_is_quarantined_with_the_admin_alone(bench: Bench) -> None:
    inside = held(bench, "/offer.txt", bench.held.namespaces[DEALS[3:]])
    assert "with the admin" in refusal(bench, "quarantine_file", inside.id)
    carry_out(
        action("quarantine_with_admin"), asked(bench, "quarantine_with_admin", inside.id), bench.client()
    )
    kept = next(each for each in bench.held.namespaces.values() if each.name == QUARANTINE)
    assert [each.revision.content for each in kept.files()] == [b"offer"]
    assert (kept.members, kept.groups) == ({}, {})


def test_the_admin_gets_a_verified_copy_before_anything_is_taken_away(bench: Bench) -> None:
    carry_out(action("quarantine_with_admin"), asked(bench, "quarantine_with_admin"), bench.client())
    routes = [each.path.rpartition("/")[2] for each in changing(bench)]
    assert routes == ["create", "upload", "delete_v2", "upload"]
    sent = json.loads(changing(bench)[1].headers["dropbox-api-arg"])
    assert sent["content_hash"] == content_hash(BYTES)


def test_a_file_that_comes_cut_off_is_not_taken_away(bench: Bench) -> None:
    ready = up_to(bench, "quarantine_with_admin", "copy")
    bench.sandbox.requests.clear()
    bench.sandbox.faults.add(FaultKind.TRUNCATED, path_pattern="/files/download")
    with pytest.raises(BadResponse):
        step("copy", "quarantine_with_admin").run(bench.client(), ready)
    assert changing(bench) == []


def test_the_team_folder_that_is_there_is_used_again(bench: Bench) -> None:
    first = step("prepare", "quarantine_with_admin").run(bench.client(), asked(bench, "quarantine_with_admin"))
    again = step("prepare", "quarantine_with_admin").run(bench.client(), asked(bench, "quarantine_with_admin"))
    assert first == again


def test_when_dropbox_has_forgotten_the_file_the_copy_comes_back_as_a_new_one(bench: Bench) -> None:
    done = carry_out(action("quarantine_with_admin"), asked(bench, "quarantine_with_admin"), bench.client())
    home(bench).forget("/Plans/shared.csv")
    take_back(action("quarantine_with_admin"), done, bench.client())
    assert held(bench).revision.content == BYTES
    assert held(bench).id != SHARED


def test_a_large_file_is_sent_in_pieces(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.dropbox.content.PIECE", 7)
    commit = {"path": f"ns:{home(bench).id}/ünder \x7f.txt", "mode": "add", "autorename": False}
    put_content(bench.client().acting_as(SIGNED_OUT), commit, of(BYTES))
    assert held(bench, "/ünder \x7f.txt").revision.content == BYTES
    pieces = [each for each in bench.sandbox.requests if each.path.endswith("append_v2")]
    assert len(pieces) == -(-len(BYTES) // 7)


def test_a_team_space_has_no_place_for_the_copy_and_a_document_of_dropbox_no_bytes(bench: Bench) -> None:
    held(bench).export_as = "md"
    assert "gives out no bytes" in refusal(bench, "quarantine_with_admin")
    held(bench).export_as = ""
    bench.held.member(ADMIN).root_id = bench.held.add_namespace("team_folder", "Contoso").id
    assert "team space" in refusal(bench, "quarantine_with_admin")


def test_what_was_deleted_goes_to_quarantine_without_the_link_that_works_again(bench: Bench) -> None:
    link = next(each for each in bench.held.links.values() if each.entry_id == SHARED)
    link.entry_id = TRASHED
    name = "quarantine_trashed_file"
    carry_out(action(name), asked(bench, name, TRASHED), bench.client())
    assert held(bench, "/Quarantine/trial-trashed trashed.txt").id == TRASHED
    assert link.url not in bench.held.links


# --- revisions --------------------------------------------------------------------------------------------------------


def test_the_text_stands_in_the_file_and_the_revision_before_comes_back(bench: Bench) -> None:
    text = "Ask the security team: größe 7"
    done = carry_out(action("overwrite_file"), asked(bench, "overwrite_file", text=text), bench.client())
    assert held(bench).revision.content == f"{text}\n".encode()
    take_back(action("overwrite_file"), done, bench.client())
    assert held(bench).revision.content == BYTES


def test_what_somebody_saved_meanwhile_is_neither_overwritten_nor_deleted_nor_rolled_back(bench: Bench) -> None:
    for name, last in (("overwrite_file", "overwrite"), ("trash_file", "trash")):
        bench.begin()
        ready, file = up_to(bench, name, last), held(bench)
        old = file.revision
        home(bench).save(file, Revision(bench.held.next_rev(), SHARED, b"news", 0.0, bench.held.clock.now(), ""))
        with pytest.raises(Conflict):
            step(last, name).run(bench.client(), ready)
        assert held(bench).revision.content == b"news"
        home(bench).save(file, old)
    bench.begin()
    done = carry_out(action("overwrite_file"), asked(bench, "overwrite_file"), bench.client())
    home(bench).save(held(bench), Revision(bench.held.next_rev(), SHARED, b"news", 0.0, bench.held.clock.now(), ""))
    with pytest.raises(Conflict):
        take_back(action("overwrite_file"), done, bench.client())
    assert held(bench).revision.content == b"news"


@pytest.mark.parametrize("target", [SHARED, TRASHED])
def test_deleted_for_good_is_deleted_with_all_revisions(bench: Bench, target: str) -> None:
    content = BYTES if target == SHARED else b"The bytes of /trashed.txt."
    assert bench.held.places_of(content_hash(content))
    carry_out(action("delete_file"), asked(bench, "delete_file", target), bench.client())
    assert bench.held.places_of(content_hash(content)) == []
    assert not action("delete_file").is_reversible


def test_a_folder_is_quarantined_with_all_that_is_in_it(bench: Bench) -> None:
    asked_for = asked(bench, "quarantine_folder", FOLDER)
    preview = action("quarantine_folder").preview
    assert preview
    assert "All that is in it moves along" in " ".join(preview(bench.client(), asked_for))
    done = carry_out(action("quarantine_folder"), asked_for, bench.client())
    assert {"/quarantine/trial-folder to go", "/quarantine/trial-folder to go/inside.txt"} <= set(home(bench).entries)
    assert not any(each.entry_id == FOLDER for each in bench.held.links.values())
    take_back(action("quarantine_folder"), done, bench.client())
    assert {"/to go", "/to go/inside.txt"} <= set(home(bench).entries)
    assert [each.entry_id for each in bench.held.links.values()].count(FOLDER) == 1


def test_a_shared_folder_as_a_whole_is_not_offered_for_quarantine(bench: Bench) -> None:
    applies = action("quarantine_folder").applies
    assert applies
    asked_of = ("file", "folder", "shared folder", "team folder")
    kinds = {kind: applies({"is_trashed": False, "kind": kind}) for kind in asked_of}
    assert kinds == {"file": False, "folder": True, "shared folder": False, "team folder": False}


def test_a_quarantined_folder_is_deleted_for_good_with_what_is_in_it(bench: Bench) -> None:
    done = carry_out(action("quarantine_folder"), asked(bench, "quarantine_folder", FOLDER), bench.client())
    order = replace(asked(bench, "delete_file", FOLDER), held=done.results)
    carry_out(action("delete_file"), order, bench.client())
    assert not any("to go" in path and not path.endswith(".txt") for path in home(bench).entries)
    assert bench.held.places_of(content_hash(b"inside")) == []
