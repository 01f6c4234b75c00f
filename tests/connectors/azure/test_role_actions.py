"""Taking roles from somebody, and giving them back as they were."""

import pytest

from connectors.azure import connector
from connectors.base import Account, Action, Conflict, Gone, Group, PermissionMissing, Privilege, TargetGone
from tests.connectors.azure.tenant import AT, CONDITION, WEB, Tenant, done, order, undone
from tests.connectors.azure.vendor import ADA, APP, BO, GROUP, ROLES, Talk, assignment, listed, refused
from tests.connectors.base.vendor import Seen


@pytest.fixture
def tenant(talk: Talk) -> Tenant:
    return Tenant(talk)


def action(name: str = "remove_roles") -> Action:
    return connector.action(name)


def refusal(tenant: Tenant, name: str, target: str, **params: str) -> str:
    refuse = action(name).refuse
    assert refuse
    return refuse(tenant.talk.client(), order(target, Account, **params))


def test_all_roles_of_an_account_are_removed_and_given_back_with_their_conditions(tenant: Tenant) -> None:
    before, client = tenant.state, tenant.talk.client()
    asked = done("remove_roles", client, order(ADA))
    assert {name for name, held in tenant.state["assignments"].items() if held["principalId"] == ADA} == set()
    assert [method for method, _, _ in tenant.changes] == ["DELETE", "DELETE"]
    undone("remove_roles", client, asked)
    assert tenant.state == before
    given = [body["properties"] for method, path, body in tenant.changes if method == "PUT" and WEB in path]
    assert [each["condition"] for each in given] == [CONDITION]
    assert set(given[0]) == {
        "roleDefinitionId", "principalId", "principalType", "condition", "conditionVersion", "description",
    }  # fmt: skip


def test_only_those_at_one_scope_where_that_was_asked_for(tenant: Tenant) -> None:
    done("remove_roles", tenant.talk.client(), order(ADA, scope=WEB.replace("resourceGroups", "resourcegroups")))
    left = [held["principalId"] for held in tenant.state["assignments"].values()]
    assert sorted(left) == [ADA, BO]


def test_one_that_is_gone_already_is_as_good_as_removed(tenant: Tenant) -> None:
    client = tenant.talk.client()
    remember, remove = action().steps
    asked = order(ADA)
    asked = type(asked)(asked.target, asked.params, {"remember": dict(remember.run(client, asked))})
    tenant.assignments.clear()
    remove.run(client, asked)
    assert remove.is_done
    assert remove.is_done(client, asked)


def test_the_only_owner_of_a_scope_keeps_that_role(tenant: Tenant) -> None:
    assert refusal(tenant, "remove_roles", ADA) == ""
    held = tenant.assignments.items()
    tenant.assignments = {name: row for name, row in held if row["properties"]["principalId"] != BO}
    assert "only one that is Owner" in refusal(tenant, "remove_roles", ADA)
    assert refusal(tenant, "remove_roles", ADA, scope=WEB) == ""


def test_management_groups_that_are_closed_to_us_are_in_nobodys_way(tenant: Tenant, talk: Talk) -> None:
    groups = "/providers/Microsoft.Management/managementGroups"
    talk.says["GET", groups] = refused(403, "AuthorizationFailed", "does not have authorization to perform action")
    done("remove_roles", talk.client(), order(ADA))
    assert not any(held["principalId"] == ADA for held in tenant.state["assignments"].values())


def test_gatehouse_does_not_take_its_own_roles(tenant: Tenant, talk: Talk) -> None:
    """It could not give them back: that needs one of them."""
    own = "bbbbbbbb-0000-4000-8000-00000000000f"
    talk.says["GET", "/v1.0/servicePrincipals"] = lambda seen: listed(
        *([{"id": own}] if APP in seen.query["$filter"] else [])
    )
    held = assignment(AT, own, principalType="ServicePrincipal")
    tenant.assignments[held["id"].lower()] = held
    assert "connected with" in refusal(tenant, "remove_roles", own)
    assert refusal(tenant, "remove_roles", ADA) == ""
    assert tenant.changes == []


def test_nor_those_of_a_group_that_it_is_in(tenant: Tenant, talk: Talk) -> None:
    own, refuse = "bbbbbbbb-0000-4000-8000-00000000000f", action("remove_group_roles").refuse
    assert refuse
    talk.says["GET", "/v1.0/servicePrincipals"] = listed({"id": own})
    held = assignment(AT, GROUP, principalType="Group")
    tenant.assignments[held["id"].lower()] = held
    assert refuse(talk.client(), order(GROUP, Group, "Admins")) == ""
    service = {"@odata.type": "#microsoft.graph.servicePrincipal", "id": own.upper()}
    talk.says["GET", f"/v1.0/groups/{GROUP}/transitiveMembers"] = listed(service)
    assert "a group that it is in" in refuse(talk.client(), order(GROUP, Group, "Admins"))


def test_who_was_given_nothing_is_told_so(tenant: Tenant) -> None:
    assert "ends with the group" in refusal(tenant, "remove_roles", GROUP)
    with pytest.raises(TargetGone):
        done("remove_roles", tenant.talk.client(), order(GROUP))


def test_a_group_loses_its_roles_as_an_account_does(tenant: Tenant) -> None:
    held = assignment(AT, GROUP, principalType="Group")
    tenant.assignments[held["id"].lower()] = held
    done("remove_group_roles", tenant.talk.client(), order(GROUP, Group, "Admins"))
    assert not any(row["properties"]["principalId"] == GROUP for row in tenant.assignments.values())


def test_the_preview_names_each_role_and_scope(tenant: Tenant) -> None:
    preview = action().preview
    assert preview
    said = preview(tenant.talk.client(), order(ADA))
    assert f"Ada Lee loses Owner at {AT}." in said
    assert f"Ada Lee loses Reader at {WEB}." in said
    assert tenant.changes == []


def test_what_is_read_back_is_what_is_true_now(tenant: Tenant) -> None:
    client = tenant.talk.client()
    asked = done("remove_roles", client, order(ADA))
    told = list(action().read_back(client, asked))
    gone = {each.id for each in told if isinstance(each, Gone) and each.kind is Privilege}
    assert gone == {
        Privilege(holder_id=ADA, name="Owner", scope=AT).id,
        Privilege(holder_id=ADA, name="Reader (with a condition)", scope=WEB.lower()).id,
    }
    undone("remove_roles", client, asked)
    again = [each for each in action().read_back(client, asked) if isinstance(each, Privilege)]
    assert {each.id for each in again} == gone


def test_a_lost_right_is_named(tenant: Tenant, talk: Talk) -> None:
    client, answer = talk.client(), talk.vendor.answer
    message = "does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/delete' over"
    talk.vendor.answer = lambda seen: (
        refused(403, "AuthorizationFailed", message) if seen.method == "DELETE" else answer(seen)
    )
    with pytest.raises(PermissionMissing) as raised:
        done("remove_roles", client, order(ADA))
    assert raised.value.permission == "Microsoft.Authorization/roleAssignments/delete"


def test_giving_back_to_who_was_deleted_meanwhile_says_so(tenant: Tenant, talk: Talk) -> None:
    client, answer = talk.client(), talk.vendor.answer
    asked = done("remove_roles", client, order(ADA))
    talk.vendor.answer = lambda seen: refused(400, "PrincipalNotFound") if seen.method == "PUT" else answer(seen)
    with pytest.raises(TargetGone) as raised:
        undone("remove_roles", client, asked)
    assert "Restore the account" in raised.value.remedy


def test_what_somebody_else_has_given_back_meanwhile_is_not_given_twice(tenant: Tenant, talk: Talk) -> None:
    client, answer = talk.client(), talk.vendor.answer
    asked = done("remove_roles", client, order(ADA))

    def exists(seen: Seen) -> object:
        return refused(409, "RoleAssignmentExists") if seen.method == "PUT" else answer(seen)

    talk.vendor.answer = exists  # type: ignore[assignment]
    with pytest.raises(Conflict):
        undone("remove_roles", client, asked)
    talk.vendor.answer = answer
    undone("remove_roles", client, asked)
    talk.vendor.answer = exists  # type: ignore[assignment]
    undone("remove_roles", client, asked)


def test_an_activated_role_is_ended_and_not_deleted(tenant: Tenant) -> None:
    tenant.activate()
    client = tenant.talk.client()
    asked = done("end_activations", client, order(ADA))
    (method, path, body), = tenant.changes
    assert method == "PUT"
    assert path.startswith(f"{AT}{ROLES}/roleAssignmentScheduleRequests/")
    assert body["properties"]["requestType"] == "AdminRemove"
    assert body["properties"]["principalId"] == ADA
    assert body["properties"]["justification"]
    assert asked.results["end"]["requests"] == [{"scope": AT, "status": "Revoked"}]
    (_, end) = action("end_activations").steps
    assert end.is_done
    assert end.is_done(client, asked)
    end.run(client, asked)
    assert len(tenant.changes) == 1, "what has ended is not asked for again"
    assert "no role activated" in refusal(tenant, "end_activations", ADA)


def test_removing_roles_leaves_activated_ones_to_their_own_action(tenant: Tenant) -> None:
    tenant.activate()
    done("remove_roles", tenant.talk.client(), order(ADA))
    assert not any("acti-vated" in path for _, path, _ in tenant.changes)
    assert refusal(tenant, "end_activations", ADA) == ""
