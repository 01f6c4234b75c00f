"""Actions on members and linked apps: what Dropbox is asked for, and what is never asked."""

import json

import pytest

from connectors.base import (
    Account,
    Action,
    Conflict,
    Gone,
    Grant,
    Listed,
    Membership,
    NotAvailable,
    Order,
    Privilege,
    Session,
)
from connectors.dropbox import connector
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.bench import Trial
from tests.connectors.conformance.dropbox import Bench
from tests.sandbox.dropbox import ADMIN, SECOND_ADMIN
from tests.sandbox.dropbox.people import Group
from tests.sandbox.exchange import Json


def action(name: str) -> Action:
    return connector.action(name)


def order(bench: Bench, name: str, target_id: str, target: type[Listed] = Account, **params: str) -> Order:
    """As the portal would write it; what was asked of Dropbox so far is forgotten."""
    made = bench.order(Trial(name, target, target_id, params))
    bench.sandbox.requests.clear()
    return made


def sent(bench: Bench, route: str) -> list[Json]:
    return [json.loads(each.body) for each in bench.sandbox.requests if each.path == f"/2/{route}"]


def refusal(bench: Bench, name: str, email: str) -> str:
    refuse = action(name).refuse
    assert refuse
    return refuse(bench.client(), order(bench, name, bench.held.member(email).id))


def test_suspending_leaves_what_is_on_devices_unless_the_admin_chose_otherwise(bench: Bench) -> None:
    member = bench.held.member("wjones")
    asked = order(bench, "suspend_account", member.id)
    done = carry_out(action("suspend_account"), asked, bench.client())
    assert [each["wipe_data"] for each in sent(bench, "team/members/suspend")] == [False]
    assert (member.status, member.was_wiped) == ("suspended", False)
    take_back(action("suspend_account"), done, bench.client())
    assert member.status == "active"
    chosen = order(bench, "suspend_account", member.id, device_files="delete")
    carry_out(action("suspend_account"), chosen, bench.client())
    assert member.was_wiped
    choices = [value for value, _ in action("suspend_account").fields[0].choices]
    assert choices[0] == "keep", "the first choice is proposed"


def test_a_preview_says_what_suspending_does_not_end(bench: Bench) -> None:
    preview = action("suspend_account").preview
    assert preview
    member_id = bench.held.member("wjones").id
    kept = " ".join(preview(bench.client(), order(bench, "suspend_account", member_id)))
    wiped = " ".join(preview(bench.client(), order(bench, "suspend_account", member_id, device_files="delete")))
    assert "Links and shared folders of the member go on working" in kept
    assert ("stay there" in kept, "cannot be undone" in wiped) == (True, True)


@pytest.mark.parametrize("name", ["suspend_account", "end_sessions", "revoke_admin"])
def test_nobody_acts_on_the_account_that_is_connected(bench: Bench, name: str) -> None:
    assert "connected with" in refusal(bench, name, ADMIN)


def test_who_was_only_invited_is_not_suspended(bench: Bench) -> None:
    assert refusal(bench, "suspend_account", "dwilson") == "Dropbox suspends active members alone."


def test_without_a_licence_nobody_comes_back(bench: Bench) -> None:
    bench.held.licences = bench.held.used_licences()
    asked = order(bench, "unsuspend_account", bench.held.member("psmith2").id)
    with pytest.raises(NotAvailable, match="no licence left"):
        carry_out(action("unsuspend_account"), asked, bench.client())


def test_a_role_is_taken_and_given_back(bench: Bench) -> None:
    member = bench.held.member("abrown")
    role_id = member.role_id
    revoke = action("revoke_admin")
    done = carry_out(revoke, order(bench, "revoke_admin", member.id), bench.client())
    assert member.role_id == ""
    account, gone = list(revoke.read_back(bench.client(), done))
    assert isinstance(account, Account)
    assert account.is_admin is False
    assert gone == Gone(Privilege, f"account/{member.id}/User management admin/")
    take_back(revoke, done, bench.client())
    assert member.role_id == role_id


def test_the_last_admin_stays_one(bench: Bench) -> None:
    asked = order(bench, "revoke_admin", bench.held.member(SECOND_ADMIN).id)
    bench.held.member(ADMIN).role_id = ""
    with pytest.raises(NotAvailable, match="at least one active team admin"):
        carry_out(action("revoke_admin"), asked, bench.client())


def test_all_sessions_end_and_files_on_computers_stay(bench: Bench) -> None:
    member = next(each for each in bench.held.members.values() if len(each.sessions) == 3 and each.email != ADMIN)
    ids = {each.id for each in member.sessions}
    done = carry_out(action("end_sessions"), order(bench, "end_sessions", member.id), bench.client())
    (asked,) = sent(bench, "team/devices/revoke_device_session_batch")
    assert {each["session_id"] for each in asked["revoke_devices"]} == ids
    assert [each.get("delete_on_unlink") for each in asked["revoke_devices"]] == [None, False, None]
    assert member.sessions == []
    gone = [each for each in action("end_sessions").read_back(bench.client(), done) if isinstance(each, Gone)]
    assert {each.id for each in gone} == ids
    assert [each.kind for each in gone].count(Session) == 1


def test_sessions_that_dropbox_did_not_end_are_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    member = next(each for each in bench.held.members.values() if each.sessions and each.email != ADMIN)
    asked = order(bench, "end_sessions", member.id)
    monkeypatch.setattr(
        "tests.sandbox.dropbox.devices._revoke_one",
        lambda call, each: {"success": False, "error_type": {".tag": "member_not_found"}},
    )
    with pytest.raises(Conflict, match="did not end all sessions"):
        carry_out(action("end_sessions"), asked, bench.client())


def test_an_app_is_revoked_for_one_member_and_keeps_its_folder(bench: Bench) -> None:
    member = next(each for each in bench.held.members.values() if len(each.linked_apps) > 1)
    app = member.linked_apps[0]
    target_id = f"{app.id}/{member.id}"
    done = carry_out(action("revoke_app"), order(bench, "revoke_app", target_id, Grant), bench.client())
    assert sent(bench, "team/linked_apps/revoke_linked_app") == [{"app_id": app.id, "team_member_id": member.id}]
    assert app not in member.linked_apps
    assert member.linked_apps
    assert list(action("revoke_app").read_back(bench.client(), done)) == [Gone(Grant, target_id)]
    again = carry_out(action("revoke_app"), done, bench.client())
    assert again.results["revoke_app"] == {"was_linked": False}


def test_a_member_leaves_the_groups_that_somebody_keeps_and_comes_back_with_the_same_role(bench: Bench) -> None:
    owner, sales = bench.held.member("eandersson"), group_called(bench, "Sales")
    everyone = group_called(bench, "Everyone at Contoso")
    others = {key: value for key, value in sales.members.items() if key != owner.id}
    done = carry_out(action("remove_from_groups"), order(bench, "remove_from_groups", owner.id), bench.client())
    assert (sales.members, owner.id in everyone.members) == (others, True)
    assert [each["return_members"] for each in sent(bench, "team/groups/members/remove")] == [False]
    told = {each.id for each in action("remove_from_groups").read_back(bench.client(), done) if isinstance(each, Gone)}
    assert told == {Membership(group_id=sales.id, member_id=owner.id).id}
    take_back(action("remove_from_groups"), done, bench.client())
    take_back(action("remove_from_groups"), done, bench.client())
    assert sales.members == {**others, owner.id: "owner"}


def test_a_group_that_is_deleted_meanwhile_keeps_nobody_from_coming_back_to_the_others(bench: Bench) -> None:
    member, sales = bench.held.member("fmartin"), group_called(bench, "Sales")
    team = group_called(bench, "Équipe produit")
    team.members[member.id] = "member"
    done = carry_out(action("remove_from_groups"), order(bench, "remove_from_groups", member.id), bench.client())
    del bench.held.groups[sales.id]
    take_back(action("remove_from_groups"), done, bench.client())
    assert member.id in team.members


def test_who_is_in_the_group_of_everybody_alone_has_nothing_to_leave(bench: Bench) -> None:
    assert "no group that could be left" in refusal(bench, "remove_from_groups", ADMIN)


def group_called(bench: Bench, name: str) -> Group:
    return next(each for each in bench.held.groups.values() if each.name == name)
