"""Making a member an outside collaborator."""

import pytest

from connectors.base import Account, AccountStatus, Gone, Membership, RateLimited, TargetGone
from connectors.github.actions.converting import convert_to_outside
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import INVITATION, MEMBER, OUTSIDE, Bench
from tests.connectors.github.acting import bodies, changes, order, preview, refusal
from tests.connectors.github.conftest import Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import SERVICE_OWNER


def test_it_is_one_call(bench: Bench) -> None:
    done = carry_out(convert_to_outside, order(bench, convert_to_outside, MEMBER), bench.client())
    assert changes(bench) == [("PUT", "/orgs/contoso-dev/outside_collaborators/asingh")]
    assert bodies(bench) == [{"async": False}]
    assert int(MEMBER) in bench.organisation.outside_collaborators
    assert int(MEMBER) not in bench.organisation.members
    found = list(convert_to_outside.read_back(bench.client(), done))
    accounts = [each for each in found if isinstance(each, Account)]
    assert [(each.id, each.is_external, each.status) for each in accounts] == [(MEMBER, True, AccountStatus.ACTIVE)]
    assert Gone(Membership, f"9120411/account/{MEMBER}") in found


def test_a_conversion_that_github_does_later_is_waited_for(bench: Bench, stub: Stub) -> None:
    asked = order(bench, convert_to_outside, MEMBER)
    stub("PUT", "/orgs/contoso-dev/outside_collaborators/asingh", Answer.of_json({}, 202))
    with pytest.raises(RateLimited) as error:
        carry_out(convert_to_outside, asked, bench.client())
    assert error.value.retry_after == 15


def test_undo_invites_with_the_same_role_and_teams(bench: Bench) -> None:
    done = carry_out(convert_to_outside, order(bench, convert_to_outside, MEMBER), bench.client())
    take_back(convert_to_outside, done, bench.client())
    assert bench.organisation.teams[9120455].pending[int(MEMBER)] == "maintainer"
    found = [each for each in convert_to_outside.read_back(bench.client(), done) if isinstance(each, Account)]
    invitation = bench.organisation.invitation_of("asingh")
    assert invitation
    assert [each.id for each in found] == [MEMBER, f"invitation:{invitation.id}"], "outside until it is accepted"


def test_who_has_left_meanwhile_is_told(bench: Bench) -> None:
    asked = order(bench, convert_to_outside, MEMBER)
    del bench.organisation.members[int(MEMBER)]
    with pytest.raises(TargetGone):
        carry_out(convert_to_outside, asked, bench.client())
    assert changes(bench) == []


def test_oneself_is_refused(bench: Bench) -> None:
    me = str(bench.sandbox.github.state.person(SERVICE_OWNER).id)
    assert "connected with" in refusal(bench, convert_to_outside, order(bench, convert_to_outside, me))


def test_the_preview_says_what_stays(bench: Bench) -> None:
    said = preview(bench, convert_to_outside, order(bench, convert_to_outside, MEMBER))
    assert "3 teams" in said
    assert "stays, person by person" in said


@pytest.mark.parametrize(
    ("facts", "is_offered"),
    [
        ({"status": "active", "is_external": False}, True),
        ({"status": "active", "is_external": True}, False),
        ({"status": "pending", "is_external": None}, False),
    ],
    ids=[MEMBER, OUTSIDE, INVITATION],
)
def test_it_is_for_members(facts: dict[str, object], is_offered: bool) -> None:
    assert convert_to_outside.applies
    assert convert_to_outside.applies(facts) is is_offered
