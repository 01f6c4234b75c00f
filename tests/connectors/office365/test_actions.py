"""Actions on accounts: what Microsoft is asked for, and what never."""

import json

import pytest

from connectors.base import Account, Action, Gone, Listed, Membership, Order, PermissionMissing, Privilege
from connectors.office365 import connector
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.bench import Trial
from tests.connectors.conformance.office365 import ADMIN, GUEST, IN_GROUPS, MEMBER, PLAIN, Bench
from tests.connectors.office365.reading import asked
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import GROUP
from tests.sandbox.microsoft.seed_people import user_id

SYNCED = user_id("C1026")


def action(name: str) -> Action:
    return connector.action(name)


def order(bench: Bench, name: str, target_id: str, target: type[Listed] = Account, **params: str) -> Order:
    """As the portal would write it; what was asked of Microsoft so far is forgotten."""
    made = bench.order(Trial(name, target, target_id, params))
    bench.sandbox.requests.clear()
    return made


def done(bench: Bench, name: str, target_id: str, **params: str) -> Order:
    return carry_out(action(name), order(bench, name, target_id, Account, **params), bench.client())


def sent(bench: Bench, method: str, end: str) -> list[Json]:
    calls = (each for each in bench.sandbox.requests if (each.method, each.path) == (method, f"/v1.0{end}"))
    return [json.loads(each.body) for each in calls]


def preview(bench: Bench, name: str, target_id: str, **params: str) -> str:
    found = action(name).preview
    assert found
    return " ".join(found(bench.client(), order(bench, name, target_id, Account, **params)))


def refusal(bench: Bench, name: str, target_id: str, **params: str) -> str:
    found = action(name).refuse
    assert found
    return found(bench.client(), order(bench, name, target_id, Account, **params))


def test_suspending_switches_the_account_off_and_ends_its_sessions(bench: Bench) -> None:
    before = bench.held.directory.objects[MEMBER].properties["signInSessionsValidFromDateTime"]
    finished = done(bench, "suspend_account", MEMBER)
    assert sent(bench, "PATCH", f"/users/{MEMBER}") == [{"accountEnabled": False}]
    assert asked(bench, "POST", "/revokeSignInSessions") == [f"/users/{MEMBER}/revokeSignInSessions"]
    assert bench.held.directory.objects[MEMBER].properties["signInSessionsValidFromDateTime"] > before
    take_back(action("suspend_account"), finished, bench.client())
    assert bench.held.directory.objects[MEMBER].properties["accountEnabled"] is True


def test_who_comes_from_an_active_directory_is_warned_about(bench: Bench) -> None:
    assert "next synchronisation" in preview(bench, "suspend_account", SYNCED)
    assert "next synchronisation" not in preview(bench, "suspend_account", MEMBER)


def test_an_administrator_is_warned_about_and_a_refusal_says_what_to_do(bench: Bench) -> None:
    assert "administrator" in preview(bench, "suspend_account", ADMIN)
    with pytest.raises(PermissionMissing, match="Privileged Authentication Administrator") as refused:
        done(bench, "suspend_account", ADMIN)
    assert "does not let the app" in refused.value.message
    assert bench.held.directory.objects[ADMIN].properties["accountEnabled"] is True


def test_sessions_are_known_to_have_ended_by_since_when_they_count(bench: Bench) -> None:
    asked_for = order(bench, "require_sign_in", MEMBER)
    remember, end = action("require_sign_in").steps
    after = {"remember": dict(remember.run(bench.client(), asked_for))}
    known = Order(asked_for.target, results=after)
    assert end.is_done
    assert not end.is_done(bench.client(), known)
    end.run(bench.client(), known)
    assert end.is_done(bench.client(), known)


@pytest.mark.parametrize("name", ["require_sign_in", "expire_password", "reset_password"])
def test_what_a_guests_home_decides_is_not_done_here(bench: Bench, name: str) -> None:
    assert "another organisation" in refusal(bench, name, GUEST)


@pytest.mark.parametrize("name", ["expire_password", "reset_password"])
def test_the_password_of_a_synced_account_is_changed_where_it_is_kept(bench: Bench, name: str) -> None:
    assert "Active Directory" in refusal(bench, name, SYNCED)


def test_a_new_password_is_required_without_setting_one(bench: Bench) -> None:
    done(bench, "expire_password", PLAIN)
    assert sent(bench, "PATCH", f"/users/{PLAIN}") == [{"passwordProfile": {"forceChangePasswordNextSignIn": True}}]


def test_a_reset_sets_a_password_that_is_kept_nowhere(bench: Bench) -> None:
    finished = done(bench, "reset_password", PLAIN)
    (profile,) = [each["passwordProfile"] for each in sent(bench, "PATCH", f"/users/{PLAIN}")]
    assert profile["forceChangePasswordNextSignIn"] is True
    assert len(profile["password"]) > 40
    assert profile["password"] not in json.dumps(finished.results)


def test_a_compromise_is_confirmed_and_dismissed(bench: Bench) -> None:
    finished = done(bench, "confirm_compromised", PLAIN)
    assert bench.held.risks[PLAIN].state == "confirmedCompromised"
    assert "already" in refusal(bench, "confirm_compromised", PLAIN)
    take_back(action("confirm_compromised"), finished, bench.client())
    assert bench.held.risks[PLAIN].state == "dismissed"


def test_leaving_groups_never_asks_for_more_than_the_reference(bench: Bench) -> None:
    done(bench, "remove_from_groups", IN_GROUPS)
    left = [each for each in bench.sandbox.requests if each.method == "DELETE"]
    assert len(left) == 2
    assert all(each.path.endswith(f"/members/{IN_GROUPS}/$ref") for each in left)
    assert IN_GROUPS in bench.held.directory.objects


def test_groups_that_a_rule_or_another_directory_fills_are_not_left(bench: Bench) -> None:
    told = preview(bench, "remove_from_groups", IN_GROUPS)
    assert "leaves All Company, People staff" in told or "leaves People staff, All Company" in told
    assert "stays in All members" in told


def test_one_group_is_left_by_its_name_and_joined_again(bench: Bench) -> None:
    people = bench.held.directory.named(GROUP, "People staff").id
    finished = done(bench, "remove_from_groups", IN_GROUPS, group="people STAFF")
    assert IN_GROUPS not in bench.held.directory.members[people]
    assert len(bench.held.directory.groups_of(IN_GROUPS)) == 2
    gone = [each for each in action("remove_from_groups").read_back(bench.client(), finished) if isinstance(each, Gone)]
    assert gone == [Gone(Membership, Membership(group_id=people, member_id=IN_GROUPS).id)]
    take_back(action("remove_from_groups"), finished, bench.client())
    assert sent(bench, "POST", f"/groups/{people}/members/$ref") == [
        {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{IN_GROUPS}"}
    ]
    assert IN_GROUPS in bench.held.directory.members[people]


def test_a_role_is_taken_and_given_back_in_its_place(bench: Bench) -> None:
    (before,) = bench.held.directory.assignments_of([ADMIN])
    finished = done(bench, "revoke_admin", ADMIN)
    assert bench.held.directory.assignments_of([ADMIN]) == []
    account, gone = list(action("revoke_admin").read_back(bench.client(), finished))
    assert isinstance(account, Account)
    assert account.is_admin is False
    assert gone == Gone(Privilege, f"account/{ADMIN}/Security Administrator/")
    take_back(action("revoke_admin"), finished, bench.client())
    (after,) = bench.held.directory.assignments_of([ADMIN])
    names = ("roleDefinitionId", "directoryScopeId")
    assert [after[name] for name in names] == [before[name] for name in names]


def test_only_the_role_that_was_named_is_taken(bench: Bench) -> None:
    assert "no such role" in refusal(bench, "revoke_admin", ADMIN, role="Global Administrator")
    assert refusal(bench, "revoke_admin", ADMIN, role="security administrator") == ""


def test_the_last_global_administrator_stays_one(bench: Bench) -> None:
    last = user_id("C1001")
    directory = bench.held.directory
    assert refusal(bench, "revoke_admin", last) == ""
    kept = next(iter(directory.assignments_of([last])))
    directory.role_assignments, directory.eligibilities = {kept["id"]: kept}, {}
    for name in ("revoke_admin", "suspend_account"):
        assert "last Global Administrator" in refusal(bench, name, last)
    assert refusal(bench, "suspend_account", ADMIN) == ""


def test_a_global_administrator_who_is_switched_off_is_no_other_one(bench: Bench) -> None:
    last, other, directory = user_id("C1001"), user_id("C1002"), bench.held.directory
    held = next(iter(directory.assignments_of([last])))
    shared = {**held, "id": "assignment-of-the-other", "principalId": other}
    directory.role_assignments = {each["id"]: each for each in (held, shared)}
    directory.eligibilities = {}
    assert refusal(bench, "suspend_account", last) == ""
    directory.objects[other].properties["accountEnabled"] = False
    assert "last Global Administrator" in refusal(bench, "suspend_account", last)
    assert "last Global Administrator" in refusal(bench, "revoke_admin", last)
    directory.role_assignments[shared["id"]]["principalId"] = user_id("service principal Contoso HR Sync")
    assert "last Global Administrator" in refusal(bench, "suspend_account", last), "nobody signs in as an app"
    directory.objects[other].properties["accountEnabled"] = True
    directory.eligibilities = {"may-take-it": {**held, "id": "may-take-it", "principalId": other}}
    assert refusal(bench, "suspend_account", last) == "", "somebody else may take the role at any time"


def test_what_was_not_remembered_is_not_taken(bench: Bench) -> None:
    """A group or a role that came meanwhile could not be given again."""
    for name, target, what in (("remove_from_groups", IN_GROUPS, "groups"), ("revoke_admin", ADMIN, "roles")):
        asked_for = order(bench, name, target)
        remember, take = action(name).steps
        result = {what: list(remember.run(bench.client(), asked_for)[what])}
        kept = result[what].pop()
        known = Order(asked_for.target, results={"remember": result})
        take.run(bench.client(), known)
        assert take.is_done
        assert take.is_done(bench.client(), known)
        assert kept["id"] in _holds(bench, target), name


def _holds(bench: Bench, person: str) -> set[str]:
    groups, roles = bench.held.directory.groups_of(person), bench.held.directory.assignments_of([person])
    return {*(each.id for each in groups), *(each["id"] for each in roles)}


def test_a_role_that_a_group_brings_is_not_taken_here(bench: Bench) -> None:
    assert "when it leaves the group" in refusal(bench, "revoke_admin", user_id("C1028"))
