"""Removing everybody from outside, and the whole quarantine."""

from typing import Any

import pytest

from connectors.base import File, Gone, NotAvailable
from connectors.github.actions.quarantine import quarantine_repository, remove_external_collaborators
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import OUTSIDE, Bench
from tests.connectors.github.acting import bodies, changes, order_for_repository, preview, refusal, repository

NAME = "partner-portal"
BASE = f"/repos/contoso-dev/{NAME}"


def key_of(bench: Bench) -> int:
    (key,) = repository(bench, NAME).keys.values()
    return key.id


def invitation_of(bench: Bench) -> int:
    (invitation,) = repository(bench, NAME).invitations.values()
    return invitation.id


def shared(bench: Bench, name: str = NAME) -> dict[str, Any]:
    found = repository(bench, name)
    return {
        "people": dict(found.collaborators),
        "invitations": sorted((each.invitee.login, each.role) for each in found.invitations.values()),
        "keys": sorted((each.title, each.key, each.read_only) for each in found.keys.values()),
        "visibility": found.visibility,
        "archived": found.is_archived,
    }


def test_everybody_outside_is_removed_and_members_stay(bench: Bench) -> None:
    repository(bench, NAME).collaborators[102334871] = "write"  # asingh, a member
    invitation, key = invitation_of(bench), key_of(bench)
    carry_out(remove_external_collaborators, order_for_repository(bench, NAME), bench.client())
    assert changes(bench) == [
        ("DELETE", f"{BASE}/collaborators/fab-lena"),
        ("DELETE", f"{BASE}/invitations/{invitation}"),
        ("DELETE", f"{BASE}/keys/{key}"),
    ]
    assert shared(bench) | {"people": {102334871: "write"}, "invitations": [], "keys": []} == shared(bench)


def test_undo_invites_and_adds_again(bench: Bench) -> None:
    before = shared(bench)
    done = carry_out(remove_external_collaborators, order_for_repository(bench, NAME), bench.client())
    bench.sandbox.requests.clear()
    take_back(remove_external_collaborators, done, bench.client())
    assert {"permission": "push"} in bodies(bench), "GitHub takes other words than it gives"
    invited = {(each.invitee.login, each.role) for each in repository(bench, NAME).invitations.values()}
    assert ("fab-lena", "write") in invited
    assert set(before["invitations"]) <= invited
    assert shared(bench)["keys"] == before["keys"]


def test_who_is_added_meanwhile_stays(bench: Bench) -> None:
    asked = order_for_repository(bench, NAME)
    first, *rest = remove_external_collaborators.steps
    results = {first.name: first.run(bench.client(), asked)}
    somebody = bench.sandbox.github.state.person("priya-freelance").id
    repository(bench, NAME).collaborators[somebody] = "read"
    for step in rest:
        step.run(bench.client(), type(asked)(asked.target, results=results))
    assert repository(bench, NAME).collaborators == {somebody: "read"}


def test_an_account_closed_at_github_stops_nothing(bench: Bench) -> None:
    done = carry_out(remove_external_collaborators, order_for_repository(bench, NAME), bench.client())
    state = bench.sandbox.github.state
    state.delete_user(state.users[int(OUTSIDE)])
    take_back(remove_external_collaborators, done, bench.client())
    assert len(repository(bench, NAME).keys) == 1


def test_what_is_read_back_names_who_can_reach_it_and_who_no_longer_can(bench: Bench) -> None:
    asked = order_for_repository(bench, NAME)
    number, invitation, key = asked.target.id, invitation_of(bench), key_of(bench)
    before = list(quarantine_repository.read_back(bench.client(), asked))
    assert {each.id for each in before} == {
        number,
        f"{number}/{OUTSIDE}",
        f"{number}/invitation:{invitation}",
        f"{number}/key:{key}",
        f"deploy_key:{number}:{key}",
    }
    done = carry_out(quarantine_repository, asked, bench.client())
    after = list(quarantine_repository.read_back(bench.client(), done))
    assert [each.id for each in after if not isinstance(each, Gone)] == [number]
    assert {each.id for each in after} == {each.id for each in before}


def test_a_repository_deleted_meanwhile_is_read_back_as_gone(bench: Bench) -> None:
    asked = order_for_repository(bench, NAME)
    del bench.organisation.repositories[int(asked.target.id)]
    assert list(quarantine_repository.read_back(bench.client(), asked)) == [Gone(File, asked.target.id)]


def test_a_key_in_use_elsewhere_is_told(bench: Bench) -> None:
    done = carry_out(remove_external_collaborators, order_for_repository(bench, NAME), bench.client())
    key = done.results["remember"]["keys"][0]
    other = repository(bench, "docs")
    next(iter(other.keys.values())).key = key["key"]
    with pytest.raises(NotAvailable, match=key["name"]):
        take_back(remove_external_collaborators, done, bench.client())


def test_a_repository_without_outsiders_is_refused(bench: Bench) -> None:
    assert "Nobody" in refusal(bench, remove_external_collaborators, order_for_repository(bench, "data-lake"))
    assert refusal(bench, remove_external_collaborators, order_for_repository(bench, NAME)) == ""
    repository(bench, NAME).is_archived = True
    assert "Quarantine" in refusal(bench, remove_external_collaborators, order_for_repository(bench, NAME))


def test_the_preview_names_who_loses_access(bench: Bench) -> None:
    said = preview(bench, remove_external_collaborators, order_for_repository(bench, NAME))
    assert "fab-lena (write)" in said
    assert "fabrikam-ci (write)" in said or "fabrikam-ci (read)" in said


def test_quarantine_hides_first_and_archives_last(bench: Bench) -> None:
    repository(bench, NAME).visibility = "public"
    carry_out(quarantine_repository, order_for_repository(bench, NAME), bench.client())
    assert [method for method, _ in changes(bench)] == ["PATCH", "DELETE", "DELETE", "DELETE", "PATCH"]
    assert bodies(bench) == [{"visibility": "private"}, {"archived": True}]
    assert shared(bench) == {"people": {}, "invitations": [], "keys": [], "visibility": "private", "archived": True}


def test_a_restored_repository_is_as_before(bench: Bench) -> None:
    repository(bench, NAME).visibility = "public"
    before = shared(bench)
    done = carry_out(quarantine_repository, order_for_repository(bench, NAME), bench.client())
    take_back(quarantine_repository, done, bench.client())
    repository(bench, NAME).accept_invitation(bench.organisation.users[int(OUTSIDE)])
    assert shared(bench) == before


def test_an_archived_repository_is_opened_for_it_and_closed_after_the_undo(bench: Bench) -> None:
    found = repository(bench, "legacy-crm")
    found.collaborators[int(OUTSIDE)] = "read"
    before = shared(bench, "legacy-crm")
    done = carry_out(quarantine_repository, order_for_repository(bench, "legacy-crm"), bench.client())
    assert found.collaborators == {}
    assert found.is_archived
    take_back(quarantine_repository, done, bench.client())
    assert found.is_archived
    assert [each.invitee.id for each in found.invitations.values()] == [int(OUTSIDE)]
    assert shared(bench, "legacy-crm")["visibility"] == before["visibility"]


def test_the_preview_of_a_quarantine_says_who_can_still_read(bench: Bench) -> None:
    said = preview(bench, quarantine_repository, order_for_repository(bench, NAME))
    assert "private and read-only" in said
    assert "Members and teams" in said
