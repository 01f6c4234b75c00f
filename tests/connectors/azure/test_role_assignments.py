"""Who may do what where: one row for each assignment, in the partition it belongs to."""

import pytest

from connectors.base import HolderKind, PermissionMissing, Privilege
from tests.connectors.azure.vendor import (
    ADA,
    BO,
    DEFINITIONS,
    GROUP,
    ONE,
    READER_ID,
    ROLES,
    TWO,
    Talk,
    assignment,
    listed,
    refused,
)

ROOT_GROUP = "/providers/Microsoft.Management/managementGroups/root"
AT = {number: f"/subscriptions/{number}" for number in (ONE, TWO)}


def privileges(talk: Talk, partition: str) -> dict[tuple[str, str, str], Privilege]:
    talk.says |= {("GET", f"{scope}{ROLES}/roleDefinitions"): listed(*DEFINITIONS)
                  for scope in (AT[ONE], f"{AT[ONE]}/resourceGroups/web", ROOT_GROUP, "")}
    found = [each for each in talk.records("role_assignments", partition) if isinstance(each, Privilege)]
    return {(each.holder_id, each.name, each.scope): each for each in found}


def test_an_assignment_is_a_privilege_at_its_scope(talk: Talk) -> None:
    web = f"{AT[ONE]}/resourceGroups/web"
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(
        assignment(AT[ONE], ADA), assignment(web, GROUP, READER_ID, principalType="Group")
    )
    found = privileges(talk, ONE)
    assert found[ADA, "Owner", AT[ONE]].is_admin
    assert found[GROUP, "Reader", web.lower()].holder_kind is HolderKind.GROUP
    assert not found[GROUP, "Reader", web.lower()].is_admin


def test_what_is_inherited_is_told_once_and_not_by_each_subscription(talk: Talk) -> None:
    inherited = assignment(ROOT_GROUP, BO)
    for scope in AT.values():
        talk.says["GET", f"{scope}{ROLES}/roleAssignments"] = listed(inherited, assignment("/", ADA))
    assert privileges(talk, ONE) == {}
    found = privileges(talk, "above")
    assert set(found) == {(BO, "Owner", ROOT_GROUP.lower()), (ADA, "Owner", "/")}
    filters = {seen.query.get("$filter") for seen in talk.asked(f"{AT[TWO]}{ROLES}/roleAssignments")}
    assert filters == {"atScope()"}


def test_timed_roles_say_whether_they_are_eligible_or_activated(talk: Talk) -> None:
    at = AT[ONE]
    talk.says["GET", f"{at}{ROLES}/roleEligibilityScheduleInstances"] = listed(
        assignment(at, ADA, memberType="Direct"), assignment(at, BO, memberType="Group")
    )
    talk.says["GET", f"{at}{ROLES}/roleAssignmentScheduleInstances"] = listed(
        assignment(at, ADA, assignmentType="Activated"), assignment(at, BO, assignmentType="Assigned")
    )
    assert set(privileges(talk, ONE)) == {(ADA, "Owner (eligible)", at), (ADA, "Owner (activated)", at)}


def test_a_condition_and_a_deny_assignment_are_seen(talk: Talk) -> None:
    at = AT[ONE]
    talk.says["GET", f"{at}{ROLES}/roleAssignments"] = listed(assignment(at, ADA, condition="@Resource[x] = 1"))
    talk.says["GET", f"{at}{ROLES}/denyAssignments"] = listed({
        "id": f"{at}{ROLES}/denyAssignments/d",
        "properties": {"denyAssignmentName": "Stack", "scope": at, "principals": [{"id": BO, "type": "User"}]},
    })  # fmt: skip
    assert set(privileges(talk, ONE)) == {(ADA, "Owner (with a condition)", at), (BO, "Denied: Stack", at)}


def test_a_role_that_is_no_more_keeps_its_id_as_its_name(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(assignment(AT[ONE], ADA, "deadbeef"))
    assert set(privileges(talk, ONE)) == {(ADA, "deadbeef", AT[ONE])}


def test_a_tenant_without_privileged_identity_management_has_plain_roles(talk: Talk) -> None:
    for sort in ("roleEligibilityScheduleInstances", "roleAssignmentScheduleInstances"):
        talk.says["GET", f"{AT[ONE]}{ROLES}/{sort}"] = refused(400, "AadPremiumLicenseRequired")
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(assignment(AT[ONE], ADA))
    assert set(privileges(talk, ONE)) == {(ADA, "Owner", AT[ONE])}


def test_a_subscription_that_is_closed_stops_its_own_partition_alone(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = refused(403, "AuthorizationFailed")
    talk.says["GET", f"{AT[TWO]}{ROLES}/roleAssignments"] = listed(assignment(AT[TWO], ADA))
    with pytest.raises(PermissionMissing, match="does not let"):
        privileges(talk, ONE)
    talk.says["GET", f"{AT[TWO]}{ROLES}/roleDefinitions"] = listed(*DEFINITIONS)
    assert set(privileges(talk, TWO)) == {(ADA, "Owner", AT[TWO])}


def test_a_list_is_gone_on_with_where_it_stopped(talk: Talk) -> None:
    path = f"{AT[ONE]}{ROLES}/roleAssignments"
    link = f"https://management.azure.com{path}?api-version=2022-04-01&$skipToken=abc"
    talk.says["GET", path] = lambda seen: (
        listed(assignment(AT[ONE], BO)) if "$skipToken" in seen.query
        else listed(assignment(AT[ONE], ADA), next_link=link)
    )
    first, *_ = talk.pages("role_assignments", ONE)
    talk.vendor.seen.clear()
    rest = talk.pages("role_assignments", ONE, first.cursor)
    assert [seen.query.get("$skipToken") for seen in talk.asked(path)] == ["abc"]
    assert [each.holder_id for page in rest for each in page.records if isinstance(each, Privilege)] == [BO]


