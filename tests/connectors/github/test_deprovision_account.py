"""Deprovisioning a member by SCIM."""

import json

import pytest

from connectors.base import PermissionMissing
from connectors.github.actions.deprovisioning import deprovision_account
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import MEMBER, Bench
from tests.connectors.github.acting import bodies, changes, order, preview, refusal
from tests.connectors.github.conftest import Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.people import SamlIdentity


def identity(bench: Bench, number: str = MEMBER) -> SamlIdentity | None:
    return next((each for each in bench.organisation.identities if each.user_id == int(number)), None)


def unprovisioned(bench: Bench) -> str:
    """A member who signed on once and is not the identity provider's."""
    return next(str(each.user_id) for each in bench.organisation.identities if not each.is_provisioned)


def test_membership_and_identity_end_by_one_call(bench: Bench) -> None:
    known = identity(bench)
    assert known
    done = carry_out(deprovision_account, order(bench, deprovision_account, MEMBER), bench.client())
    assert changes(bench) == [("PATCH", f"/scim/v2/organizations/contoso-dev/Users/{known.guid}")]
    assert bodies(bench) == [{"Operations": [{"op": "replace", "value": {"active": False}}]}]
    assert int(MEMBER) not in bench.organisation.members
    assert identity(bench) is None
    assert done.results["remember"]["username"] == "asingh@contoso.example"
    assert [step.is_done(bench.client(), done) for step in deprovision_account.steps if step.is_done] == [True]


def test_undo_invites_with_the_same_role_and_teams_and_the_identity_stays_gone(bench: Bench) -> None:
    done = carry_out(deprovision_account, order(bench, deprovision_account, MEMBER), bench.client())
    take_back(deprovision_account, done, bench.client())
    [invitation] = [each for each in bench.organisation.invitations.values() if each.login == "asingh"]
    assert invitation.role == "direct_member"
    assert identity(bench) is None
    assert "does not come back" in deprovision_account.undo_effect


def test_who_was_not_provisioned_and_who_must_not_go_are_refused(bench: Bench) -> None:
    assert refusal(bench, deprovision_account, order(bench, deprovision_account, MEMBER)) == ""
    other = unprovisioned(bench)
    assert "not provisioned" in refusal(bench, deprovision_account, order(bench, deprovision_account, other))
    us = str(bench.github.state.person(SERVICE_OWNER).id)
    assert "connected with" in refusal(bench, deprovision_account, order(bench, deprovision_account, us))


def test_another_persons_identity_is_never_taken(bench: Bench, stub: Stub) -> None:
    """Should GitHub ever leave the login out of account, the first identity it lists is somebody else's."""

    def everybodys(true: Answer) -> Answer:
        said = json.loads(true.body)
        for node in said["data"]["organization"]["samlIdentityProvider"]["externalIdentities"]["nodes"]:
            node["user"]["login"] = "somebody-else"
        return Answer.of_json(said)

    asked = order(bench, deprovision_account, MEMBER)
    stub("POST", "/graphql", everybodys)
    assert "not provisioned" in refusal(bench, deprovision_account, asked)


def test_what_graphql_refuses_is_told(bench: Bench, stub: Stub) -> None:
    asked = order(bench, deprovision_account, MEMBER)
    stub("POST", "/graphql", Answer.of_json({"data": None, "errors": [{"type": "FORBIDDEN", "message": "No."}]}))
    with pytest.raises(PermissionMissing, match="linked with the identity provider"):
        carry_out(deprovision_account, asked, bench.client())
    assert changes(bench) == []


def test_the_preview_says_what_cannot_be_undone(bench: Bench) -> None:
    said = preview(bench, deprovision_account, order(bench, deprovision_account, MEMBER))
    assert "asingh is a member and in" in said
    assert "link of asingh to asingh@contoso.example in the identity provider is deleted" in said
    assert "take it away there, too" in said


def test_it_is_for_members() -> None:
    assert deprovision_account.applies
    assert deprovision_account.applies({"status": "active", "is_external": False})
    assert not deprovision_account.applies({"status": "active", "is_external": True})
    assert not deprovision_account.applies({"status": "pending", "is_external": None})
