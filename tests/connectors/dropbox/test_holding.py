"""Where quarantine keeps its copies: chosen or made, tried; and how what it holds is deleted for good."""

from dataclasses import replace

import pytest

from connectors.base import ConnectorError, File, Gone, NotAvailable, TargetGone
from connectors.dropbox import holding_place
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.dropbox import SHARED, Bench, account
from tests.connectors.dropbox.test_actions import action
from tests.connectors.dropbox.test_file_actions import BYTES, asked, held, home
from tests.sandbox.dropbox import ADMIN
from tests.sandbox.dropbox.content_hash import content_hash
from tests.sandbox.dropbox.namespace import Namespace


def folder(bench: Bench, name: str = holding_place.NAME) -> Namespace:
    return next(each for each in bench.held.namespaces.values() if each.name == name)


def refusal(bench: Bench) -> ConnectorError:
    with pytest.raises(ConnectorError) as refused:
        holding_place.test(bench.client())
    assert refused.value.remedy
    return refused.value


def test_the_place_is_made_tried_and_left_empty(bench: Bench) -> None:
    before = bench.held.fingerprints()
    said = holding_place.test(bench.client())
    assert said[0] == "Dropbox took a small file into the team folder Gatehouse quarantine and deleted it again."
    assert (folder(bench).entries, bench.held.fingerprints()) == ({}, before)


def test_a_folder_that_was_chosen_is_found_and_not_made(bench: Bench) -> None:
    bench.config["quarantine_folder"] = "security HOLD"
    assert isinstance(refusal(bench), TargetGone)
    chosen = bench.held.add_namespace("team_folder", "Security hold")
    carry_out(action("quarantine_with_admin"), asked(bench, "quarantine_with_admin"), bench.client())
    assert [each.revision.content for each in chosen.files()] == [BYTES]


def test_a_place_that_others_get_to_that_is_archived_or_in_a_team_space_is_none(bench: Bench) -> None:
    holding_place.test(bench.client())
    place = folder(bench)
    place.members = {account("kchen"): "viewer"}
    assert "Others get to" in refusal(bench).message
    place.members, place.status = {}, "archived"
    assert "is archived" in refusal(bench).message
    bench.held.member(ADMIN).root_id = bench.held.add_namespace("team_folder", "Contoso").id
    assert isinstance(refusal(bench), NotAvailable)


def test_the_notice_says_what_the_organisation_wants(bench: Bench) -> None:
    order = replace(asked(bench, "quarantine_file"), notice="Ask security, GATE-7.")
    done = carry_out(action("quarantine_file"), order, bench.client())
    assert held(bench, "/Plans/shared.csv (trial-shared).txt").revision.content == b"Ask security, GATE-7.\n"
    take_back(action("quarantine_file"), done, bench.client())
    assert home(bench).get("/Plans/shared.csv (trial-shared).txt") is None


@pytest.mark.parametrize("name", ["quarantine_file", "quarantine_with_admin", "quarantine_with_portal"])
def test_what_quarantine_holds_is_deleted_with_its_copy(bench: Bench, name: str) -> None:
    done = carry_out(action(name), asked(bench, name), bench.client())
    deletion = replace(asked(bench, "delete_file"), held=done.results)
    preview = action("delete_file").preview
    assert preview
    assert f"deleted, too: {int(name == 'quarantine_with_admin')}." in preview(bench.client(), deletion)[1]
    deleted = carry_out(action("delete_file"), deletion, bench.client())
    assert bench.held.places_of(content_hash(BYTES)) == []
    assert bench.store.kept == {}
    assert Gone(File, SHARED) in list(action("delete_file").read_back(bench.client(), deleted))


def test_deleting_for_good_is_offered_for_what_quarantine_holds_alone() -> None:
    assert action("delete_file").is_for_held


def test_when_dropbox_has_forgotten_the_file_what_gatehouse_keeps_comes_back(bench: Bench) -> None:
    done = carry_out(action("quarantine_with_portal"), asked(bench, "quarantine_with_portal"), bench.client())
    home(bench).forget("/Plans/shared.csv")
    take_back(action("quarantine_with_portal"), done, bench.client())
    assert held(bench).revision.content == BYTES
    assert held(bench).id != SHARED
    assert bench.store.kept == {}


def test_what_is_larger_than_gatehouse_keeps_is_not_taken(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.store, "max_bytes", 5)
    order, refuse = asked(bench, "quarantine_with_portal"), action("quarantine_with_portal").refuse
    assert refuse
    assert "more than the 0 MB" in refuse(bench.client(), order)
    with pytest.raises(NotAvailable):
        carry_out(action("quarantine_with_portal"), order, bench.client())
    assert held(bench).revision.content == BYTES
