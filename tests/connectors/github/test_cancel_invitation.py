"""Cancelling an invitation, and sending it again."""

import pytest

from connectors.base import Account, AccountStatus, Gone, TargetGone
from connectors.github.actions.cancelling import cancel_invitation
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import INVITATION, INVITATION_BY_MAIL, Bench
from tests.connectors.github.acting import bodies, changes, order, preview


@pytest.mark.parametrize(("account_id", "number"), [(INVITATION, 58110204), (INVITATION_BY_MAIL, 58110377)])
def test_it_is_one_call(bench: Bench, account_id: str, number: int) -> None:
    done = carry_out(cancel_invitation, order(bench, cancel_invitation, account_id), bench.client())
    assert changes(bench) == [("DELETE", f"/orgs/contoso-dev/invitations/{number}")]
    assert number not in bench.organisation.invitations
    assert list(cancel_invitation.read_back(bench.client(), done)) == [Gone(Account, account_id)]


def test_undo_invites_the_same_person_to_the_same_teams(bench: Bench) -> None:
    """By the id: logins change hands."""
    done = carry_out(cancel_invitation, order(bench, cancel_invitation, INVITATION), bench.client())
    tbaker = bench.sandbox.github.state.person("tbaker").id
    assert bench.organisation.teams[9120411].pending == {}
    bench.sandbox.requests.clear()
    take_back(cancel_invitation, done, bench.client())
    assert bodies(bench) == [{"invitee_id": tbaker, "role": "direct_member", "team_ids": [9120411]}]
    assert bench.organisation.teams[9120411].pending == {tbaker: "member"}


def test_undo_invites_an_address_again(bench: Bench) -> None:
    bench.organisation.invitations[58110377].team_ids = [9001002]
    done = carry_out(cancel_invitation, order(bench, cancel_invitation, INVITATION_BY_MAIL), bench.client())
    bench.sandbox.requests.clear()
    take_back(cancel_invitation, done, bench.client())
    body = {"email": "new.starter@contoso.example", "role": "direct_member", "team_ids": [9001002]}
    assert bodies(bench) == [body]
    gone, back = cancel_invitation.read_back(bench.client(), done)
    assert gone == Gone(Account, INVITATION_BY_MAIL)
    assert isinstance(back, Account)
    assert (back.email, back.status) == (body["email"], AccountStatus.PENDING)


def test_a_role_that_cannot_be_invited_becomes_a_member(bench: Bench) -> None:
    bench.organisation.invitations[58110204].role = "hiring_manager"
    done = carry_out(cancel_invitation, order(bench, cancel_invitation, INVITATION), bench.client())
    take_back(cancel_invitation, done, bench.client())
    assert bodies(bench)[-1]["role"] == "direct_member"


def test_who_accepted_meanwhile_is_told(bench: Bench) -> None:
    asked = order(bench, cancel_invitation, INVITATION)
    bench.organisation.accept_invitation(bench.sandbox.github.state.person("tbaker"))
    with pytest.raises(TargetGone, match="accepted"):
        carry_out(cancel_invitation, asked, bench.client())
    assert changes(bench) == []


def test_the_preview_names_whom_and_which_teams(bench: Bench) -> None:
    said = preview(bench, cancel_invitation, order(bench, cancel_invitation, INVITATION))
    assert "tbaker" in said
    assert "Platform" in said


def test_it_is_for_invitations(bench: Bench) -> None:
    assert cancel_invitation.applies
    assert cancel_invitation.applies({"status": "pending", "id": "invitation:1"})
    assert not cancel_invitation.applies({"status": "pending", "id": "identity:1"})
    assert not cancel_invitation.applies({"status": "active", "id": "1"})
