"""Taking somebody out of all teams."""

import pytest

from connectors.base import Gone, Membership, NotAvailable
from connectors.github.actions import teams
from connectors.github.actions.leaving_teams import remove_from_teams
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import MEMBER, OWNER, Bench
from tests.connectors.github.acting import bodies, changes, order, preview, refusal

PLATFORM, RELIABILITY, ENGINEERING = 9120411, 9120455, 9001002


def teams_of(bench: Bench, account_id: str) -> dict[int, str]:
    number = int(account_id)
    return {team.id: team.members[number] for team in bench.organisation.teams.values() if number in team.members}


def test_each_team_is_left(bench: Bench) -> None:
    done = carry_out(remove_from_teams, order(bench, remove_from_teams, MEMBER), bench.client())
    assert sorted(changes(bench)) == [
        ("DELETE", f"/orgs/contoso-dev/teams/{slug}/memberships/asingh")
        for slug in ("engineering", "platform", "site-reliability")
    ]
    assert teams_of(bench, MEMBER) == {}
    assert int(MEMBER) in bench.organisation.members
    found = list(remove_from_teams.read_back(bench.client(), done))
    assert {each.id for each in found if isinstance(each, Gone) and each.kind is Membership} == {
        f"{number}/account/{MEMBER}" for number in (PLATFORM, RELIABILITY, ENGINEERING)
    }


def test_undo_restores_each_team_with_its_role(bench: Bench) -> None:
    before = teams_of(bench, MEMBER)
    done = carry_out(remove_from_teams, order(bench, remove_from_teams, MEMBER), bench.client())
    bench.sandbox.requests.clear()
    take_back(remove_from_teams, done, bench.client())
    assert teams_of(bench, MEMBER) == before
    assert {"role": "maintainer"} in bodies(bench)


def test_a_team_of_the_identity_provider_is_kept_and_the_others_are_left(bench: Bench) -> None:
    bench.organisation.teams[PLATFORM].is_synced = True
    done = carry_out(remove_from_teams, order(bench, remove_from_teams, MEMBER), bench.client())
    assert done.results["leave"] == {"kept": ["Platform"]}
    assert teams_of(bench, MEMBER) == {PLATFORM: "member"}
    kept = [each for each in remove_from_teams.read_back(bench.client(), done) if isinstance(each, Membership)]
    assert [each.group_id for each in kept] == [str(PLATFORM)]


def test_membership_through_a_team_below_stays_visible(bench: Bench) -> None:
    """Somebody put the person back into a team below meanwhile."""
    done = carry_out(remove_from_teams, order(bench, remove_from_teams, MEMBER), bench.client())
    bench.organisation.teams[RELIABILITY].members[int(MEMBER)] = "member"
    found = [each for each in remove_from_teams.read_back(bench.client(), done) if isinstance(each, Membership)]
    assert {(each.group_id, each.is_inherited) for each in found} == {
        (str(PLATFORM), True),
        (str(RELIABILITY), False),
    }


def test_a_renamed_team_is_left_and_joined_under_its_new_name(bench: Bench) -> None:
    asked = order(bench, remove_from_teams, OWNER)
    done = carry_out(remove_from_teams, asked, bench.client())
    bench.organisation.teams[PLATFORM].slug = "foundation"
    take_back(remove_from_teams, done, bench.client())
    assert teams_of(bench, OWNER) == {PLATFORM: "maintainer"}


def test_who_is_in_no_team_is_refused(bench: Bench) -> None:
    for team in bench.organisation.teams.values():
        team.members.pop(int(MEMBER), None)
    assert "no team" in refusal(bench, remove_from_teams, order(bench, remove_from_teams, MEMBER))


def test_where_teams_are_too_many_nothing_is_done_by_halves(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "MOST_TEAMS", 2)
    with pytest.raises(NotAvailable, match="more than 2 teams"):
        carry_out(remove_from_teams, order(bench, remove_from_teams, MEMBER), bench.client())
    assert changes(bench) == []


def test_the_preview_names_the_teams(bench: Bench) -> None:
    said = preview(bench, remove_from_teams, order(bench, remove_from_teams, MEMBER))
    assert "asingh leaves 3 teams" in said
