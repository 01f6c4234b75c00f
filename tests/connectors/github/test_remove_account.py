"""Removing an account from the organisation, and inviting it again."""

import pytest

from connectors.base import (
    Account,
    AccountStatus,
    ActionTarget,
    Gone,
    Membership,
    NotAvailable,
    Order,
    Privilege,
    TargetGone,
)
from connectors.github.actions import teams
from connectors.github.actions.removing import remove_account
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import MEMBER, OUTSIDE, OWNER, Bench
from tests.connectors.corpus import Replay, Said, folder, lines
from tests.connectors.github.acting import changes, order, preview, refusal
from tests.sandbox.github import OWNER as OWNER_LOGIN
from tests.sandbox.github import SERVICE_OWNER

INDIRECT = "2377410889"  # nguyenta, also in an enterprise team


@pytest.mark.parametrize(
    ("account_id", "call"),
    [
        (MEMBER, ("DELETE", "/orgs/contoso-dev/memberships/asingh")),
        (OUTSIDE, ("DELETE", "/orgs/contoso-dev/outside_collaborators/fab-lena")),
    ],
)
def test_each_kind_of_account_is_removed_by_one_call_of_its_own(
    bench: Bench, account_id: str, call: tuple[str, str]
) -> None:
    asked = order(bench, remove_account, account_id)
    done = carry_out(remove_account, asked, bench.client())
    assert changes(bench) == [call]
    assert done.results["remove"] == {"was_there": True}
    assert Gone(Account, account_id) in list(remove_account.read_back(bench.client(), done))


def test_what_is_removed_is_remembered_first(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, MEMBER), bench.client())
    known = done.results["remember"]
    assert (known["place"], known["login"], known["role"]) == ("member", "asingh", "member")
    roles = {team["slug"]: team["role"] for team in known["teams"]}
    assert roles == {"platform": "member", "site-reliability": "maintainer", "engineering": "member"}


def test_a_team_that_only_a_team_below_brings_along_is_not_restored(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, "2301556020"), bench.client())  # zoe-builds
    assert {team["slug"] for team in done.results["remember"]["teams"]} == {"site-reliability", "engineering"}


def test_teams_and_role_go_with_the_account(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, OWNER), bench.client())
    found = list(remove_account.read_back(bench.client(), done))
    assert Gone(Membership, f"9120411/account/{OWNER}") in found
    assert Gone(Privilege, f"account/{OWNER}/Organization owner/") in found


def test_undo_invites_with_the_same_role_and_teams(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, OWNER), bench.client())
    take_back(remove_account, done, bench.client())
    invitation = bench.organisation.invitation_of(OWNER_LOGIN)
    assert invitation is not None
    assert invitation.role == "admin"
    assert bench.organisation.teams[9120411].pending == {120553761: "member", int(OWNER): "maintainer"}
    back = [each for each in remove_account.read_back(bench.client(), done) if isinstance(each, Account)]
    assert [(each.id, each.status) for each in back] == [(f"invitation:{invitation.id}", AccountStatus.PENDING)]


def test_that_an_outside_collaborator_cannot_be_restored_is_told_with_a_way(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, OUTSIDE), bench.client())
    bench.sandbox.requests.clear()
    with pytest.raises(NotAvailable) as error:
        take_back(remove_account, done, bench.client())
    assert "repositories" in error.value.remedy
    assert changes(bench) == []


def test_undo_finds_the_person_under_a_new_login(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, MEMBER), bench.client())
    state = bench.sandbox.github.state
    state.rename_user(state.person("asingh"), "anjali-singh")
    state.rename_user(state.person("tbaker"), "asingh")
    take_back(remove_account, done, bench.client())
    invitation = bench.organisation.invitation_of("anjali-singh")
    assert invitation is not None
    assert bench.organisation.invitation_of("asingh") is None, "that is somebody else now"


def test_undo_finds_a_team_under_a_new_name(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, MEMBER), bench.client())
    bench.organisation.teams[9120455].slug = "reliability"
    take_back(remove_account, done, bench.client())
    assert bench.organisation.teams[9120455].pending[int(MEMBER)] == "maintainer"


def test_a_team_gone_meanwhile_does_not_stop_the_undo(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, MEMBER), bench.client())
    del bench.organisation.teams[9120455]
    take_back(remove_account, done, bench.client())
    assert bench.organisation.teams[9120411].pending[int(MEMBER)] == "member"


def test_oneself_is_refused(bench: Bench) -> None:
    me = str(bench.sandbox.github.state.person(SERVICE_OWNER).id)
    assert "connected with" in refusal(bench, remove_account, order(bench, remove_account, me))
    assert changes(bench) == []


def test_the_last_owner_is_refused(bench: Bench) -> None:
    """Someone demoted the connecting account in the meantime."""
    asked = order(bench, remove_account, OWNER)
    bench.organisation.members[bench.sandbox.github.state.person(SERVICE_OWNER).id].role = "member"
    assert "last owner" in refusal(bench, remove_account, asked)


def test_one_of_two_owners_is_not_refused(bench: Bench) -> None:
    assert refusal(bench, remove_account, order(bench, remove_account, OWNER)) == ""


def test_who_renamed_themselves_is_still_found(bench: Bench) -> None:
    asked = order(bench, remove_account, MEMBER)
    state = bench.sandbox.github.state
    state.rename_user(state.person("asingh"), "anjali-singh")
    carry_out(remove_account, asked, bench.client())
    assert int(MEMBER) not in bench.organisation.members
    assert changes(bench) == [("DELETE", "/orgs/contoso-dev/memberships/anjali-singh")]


def test_another_person_under_the_old_login_is_left_alone(bench: Bench) -> None:
    asked = order(bench, remove_account, MEMBER)
    state = bench.sandbox.github.state
    state.rename_user(state.person("asingh"), "anjali-singh")
    state.rename_user(state.person("tbaker"), "asingh")
    carry_out(remove_account, asked, bench.client())
    assert bench.organisation.invitation_of("tbaker") is not None
    assert int(MEMBER) not in bench.organisation.members


@pytest.mark.parametrize("account_id", [MEMBER, OUTSIDE])
def test_who_has_left_meanwhile_is_told(bench: Bench, account_id: str) -> None:
    asked = order(bench, remove_account, account_id)
    bench.organisation.members.pop(int(MEMBER))
    bench.organisation.outside_collaborators.clear()
    with pytest.raises(TargetGone):
        carry_out(remove_account, asked, bench.client())
    assert changes(bench) == []


def test_who_leaves_right_before_the_call_is_as_good_as_removed(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, MEMBER), bench.client())
    assert remove_account.steps[1].run(bench.client(), done) == {"was_there": False}


def test_access_through_an_enterprise_team_is_read_back_as_staying(bench: Bench) -> None:
    done = carry_out(remove_account, order(bench, remove_account, INDIRECT), bench.client())
    found = list(remove_account.read_back(bench.client(), done))
    assert [each.id for each in found if isinstance(each, Account)] == [INDIRECT]
    assert Gone(Account, INDIRECT) not in found
    assert not any(isinstance(each, Gone) and each.kind is Membership for each in found)


def test_the_preview_names_role_and_teams(bench: Bench) -> None:
    said = preview(bench, remove_account, order(bench, remove_account, MEMBER))
    assert "asingh is a member" in said
    assert "3 teams: " in said
    assert "Site Reliability" in said
    assert "an owner" in preview(bench, remove_account, order(bench, remove_account, OWNER))


def test_that_not_all_teams_can_be_remembered_is_said(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "MOST_TEAMS", 2)
    asked = order(bench, remove_account, MEMBER)
    assert "too many teams" in preview(bench, remove_account, asked)
    done = carry_out(remove_account, asked, bench.client())
    assert done.results["remember"]["has_all_teams"] is False
    assert int(MEMBER) not in bench.organisation.members


def test_it_is_for_people_who_are_in(bench: Bench) -> None:
    assert remove_account.applies
    assert remove_account.applies({"status": "active"})
    assert not remove_account.applies({"status": "pending"})


def test_an_account_closed_at_github_is_gone(bench: Bench) -> None:
    asked = order(bench, remove_account, MEMBER)
    state = bench.sandbox.github.state
    state.delete_user(state.person("asingh"))
    with pytest.raises(TargetGone):
        carry_out(remove_account, asked, bench.client())
    assert Gone(Account, MEMBER) in list(remove_account.read_back(bench.client(), asked))


def test_recorded_memberships_are_read_back(bench: Bench) -> None:
    found = folder("github")
    if found is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with github")
    recorded = [each["response"]["body"] for each in lines(found / "pygithub_recorded.jsonl")]
    recorded += [each["body"] for each in lines(found / "openapi_examples.jsonl")]
    memberships = [body for body in recorded if isinstance(body, dict) and {"state", "role", "user"} <= body.keys()]
    assert len(memberships) >= 2
    for membership in memberships:
        user = membership["user"]
        said = (
            Said("GET", f"/user/{user['id']}", user),
            Said("GET", "/orgs/[^/]+/memberships/[^/]+", membership),
            Said("GET", "/orgs/[^/]+/outside_collaborators", []),
            Said("GET", "/orgs/[^/]+/invitations", [{"id": 5, "login": user["login"], "role": "direct_member"}]),
        )
        asked = Order(ActionTarget(Account, str(user["id"]), user["login"]))
        with Replay(bench.connector, bench.config, said) as replay:
            records = list(remove_account.read_back(replay.client("oauth_app", bench.secrets), asked))
        accounts = [each for each in records if isinstance(each, Account)]
        is_pending = membership["state"] == "pending"
        assert [each.id for each in accounts] == (["invitation:5"] if is_pending else [str(user["id"])])
        assert accounts[0].username == user["login"]
        assert accounts[0].is_admin == (membership["role"] == "admin")
