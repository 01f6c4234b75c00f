"""Taking the rights of owners, and organisation roles."""

import pytest

from connectors.base import Account, Gone, Privilege, TargetGone
from connectors.github.actions.demoting import demote_owner, remove_organisation_roles
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import MEMBER, OWNER, ROLE_HOLDER, Bench
from tests.connectors.github.acting import bodies, changes, order, preview, refusal
from tests.sandbox.github import SERVICE_OWNER

OWNERSHIP = f"account/{OWNER}/Organization owner/"


def me(bench: Bench) -> str:
    return str(bench.sandbox.github.state.person(SERVICE_OWNER).id)


def test_an_owner_becomes_a_member_by_one_call(bench: Bench) -> None:
    done = carry_out(demote_owner, order(bench, demote_owner, OWNER), bench.client())
    assert changes(bench) == [("PUT", "/orgs/contoso-dev/memberships/dokafor")]
    assert bodies(bench) == [{"role": "member"}]
    account, ownership = demote_owner.read_back(bench.client(), done)
    assert isinstance(account, Account)
    assert account.is_admin is False
    assert ownership == Gone(Privilege, OWNERSHIP)


def test_undo_makes_an_owner_again(bench: Bench) -> None:
    done = carry_out(demote_owner, order(bench, demote_owner, OWNER), bench.client())
    take_back(demote_owner, done, bench.client())
    assert bench.organisation.members[int(OWNER)].role == "admin"
    account, ownership = demote_owner.read_back(bench.client(), done)
    assert isinstance(account, Account)
    assert account.is_admin
    assert ownership.id == OWNERSHIP


def test_who_left_since_is_not_invited_as_an_owner(bench: Bench) -> None:
    done = carry_out(demote_owner, order(bench, demote_owner, OWNER), bench.client())
    del bench.organisation.members[int(OWNER)]
    bench.sandbox.requests.clear()
    with pytest.raises(TargetGone):
        take_back(demote_owner, done, bench.client())
    assert changes(bench) == []


def test_who_is_no_owner_any_more_is_left_alone(bench: Bench) -> None:
    asked = order(bench, demote_owner, OWNER)
    bench.organisation.members[int(OWNER)].role = "member"
    with pytest.raises(TargetGone, match="not an owner"):
        carry_out(demote_owner, asked, bench.client())
    assert changes(bench) == []


def test_oneself_and_the_last_owner_are_refused(bench: Bench) -> None:
    assert "connected with" in refusal(bench, demote_owner, order(bench, demote_owner, me(bench)))
    asked = order(bench, demote_owner, OWNER)
    bench.organisation.members[int(me(bench))].role = "member"
    assert "last owner" in refusal(bench, demote_owner, asked)


def test_it_is_for_owners() -> None:
    assert demote_owner.applies
    assert demote_owner.applies({"status": "active", "is_admin": True})
    assert not demote_owner.applies({"status": "active", "is_admin": None})
    assert not demote_owner.applies({"status": "pending", "is_admin": True})


def test_all_roles_of_an_account_go_by_one_call(bench: Bench) -> None:
    done = carry_out(remove_organisation_roles, order(bench, remove_organisation_roles, ROLE_HOLDER), bench.client())
    assert changes(bench) == [("DELETE", "/orgs/contoso-dev/organization-roles/users/mhartmann")]
    assert {role["id"] for role in done.results["remember"]["roles"]} == {138, 60412}
    assert int(ROLE_HOLDER) not in bench.organisation.roles[138].users


def test_what_a_team_holds_stays_and_is_read_back_as_staying(bench: Bench) -> None:
    done = carry_out(remove_organisation_roles, order(bench, remove_organisation_roles, ROLE_HOLDER), bench.client())
    found = list(remove_organisation_roles.read_back(bench.client(), done))
    held = [each for each in found if isinstance(each, Privilege)]
    assert [each.raw["holder"]["assignment"] for each in held] == ["indirect"]
    assert Gone(Privilege, f"account/{ROLE_HOLDER}/Audit log reader/") in found


def test_undo_gives_the_same_roles_and_leaves_out_one_that_was_deleted(bench: Bench) -> None:
    done = carry_out(remove_organisation_roles, order(bench, remove_organisation_roles, ROLE_HOLDER), bench.client())
    del bench.organisation.roles[60412]
    take_back(remove_organisation_roles, done, bench.client())
    assert int(ROLE_HOLDER) in bench.organisation.roles[138].users


def test_who_holds_no_role_is_refused(bench: Bench) -> None:
    said = refusal(bench, remove_organisation_roles, order(bench, remove_organisation_roles, MEMBER))
    assert "no organisation role" in said


def test_the_preview_names_the_roles(bench: Bench) -> None:
    said = preview(bench, remove_organisation_roles, order(bench, remove_organisation_roles, ROLE_HOLDER))
    assert "mhartmann loses: " in said
    assert "Audit log reader" in said
