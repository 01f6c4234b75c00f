"""Who holds roles: named by the directory, and shown also where the directory does not know them."""

import json
from typing import Any

import pytest

from connectors.base import Account, AccountKind, AccountStatus, Group, HolderKind, Membership, PermissionMissing
from tests.connectors.azure.vendor import (
    ADA,
    BO,
    GROUP,
    ONE,
    ROLES,
    TWO,
    Talk,
    assignment,
    listed,
    person,
    refused,
)
from tests.connectors.base.vendor import Seen

AT = {number: f"/subscriptions/{number}" for number in (ONE, TWO)}
TEAM: dict[str, Any] = {"@odata.type": "#microsoft.graph.group", "id": GROUP, "displayName": "Admins", "groupTypes": []}
APP: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.servicePrincipal", "id": BO, "displayName": "Pipeline", "appId": "a-1",
    "accountEnabled": True, "appOwnerOrganizationId": "99999999-0000-4000-8000-000000000000",
}  # fmt: skip


def directory(talk: Talk, *objects: dict[str, Any]) -> None:
    """Knows these, and leaves all others out without a word."""

    def look_up(seen: Seen) -> dict[str, Any]:
        asked = json.loads(seen.body)["ids"]
        return listed(*(each for each in objects if each["id"] in asked))

    talk.says["POST", "/v1.0/directoryObjects/getByIds"] = look_up


def test_who_holds_a_role_is_an_account_before_it_acts(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(
        assignment(AT[ONE], ADA), assignment(AT[ONE], BO, principalType="ServicePrincipal")
    )
    directory(talk, person(ADA, "Ada Lee", accountEnabled=False), APP)
    found = {each.id: each for each in talk.records("principals") if isinstance(each, Account)}
    ada, pipeline = found[ADA], found[BO]
    assert (ada.username, ada.status, ada.kind) == ("ada@contoso.example", AccountStatus.SUSPENDED, AccountKind.USER)
    assert (pipeline.name, pipeline.kind, pipeline.is_external) == ("Pipeline", AccountKind.SERVICE, True)


def test_who_is_eligible_counts_and_many_are_looked_up_a_thousand_at_once(talk: Talk) -> None:
    many = [f"cccccccc-0000-4000-8000-{number:012d}" for number in range(1001)]
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleEligibilityScheduleInstances"] = listed(
        *(assignment(AT[ONE], each) for each in many)
    )
    assert len(talk.records("principals")) == 1001
    asked = [len(json.loads(seen.body)["ids"]) for seen in talk.asked("/v1.0/directoryObjects/getByIds")]
    assert asked == [1000, 1]


def test_who_the_directory_does_not_know_is_shown_all_the_same(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(
        assignment(AT[ONE], ADA), assignment(AT[ONE], GROUP, principalType="ForeignGroup")
    )
    found = {type(each): each for each in talk.records("principals")}
    account, group = found[Account], found[Group]
    assert isinstance(account, Account)
    assert isinstance(group, Group)
    assert (account.id, account.status) == (ADA, AccountStatus.UNKNOWN)
    assert account.name == f"Deleted or foreign: {ADA}"
    assert group.id == GROUP


def test_an_answer_of_bare_ids_is_a_missing_permission_and_no_deletion(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(assignment(AT[ONE], ADA))
    directory(talk, {"@odata.type": "#microsoft.graph.user", "id": ADA, "displayName": None})
    with pytest.raises(PermissionMissing) as raised:
        talk.records("principals")
    assert raised.value.permission == "Directory.Read.All"
    assert "choose Grant admin consent" in raised.value.remedy


def test_people_in_a_group_count_also_through_a_nested_one(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(
        assignment(AT[ONE], GROUP, principalType="Group")
    )
    both = [{"@odata.type": "#microsoft.graph.user", "id": each} for each in (ADA, BO)]
    device = {"@odata.type": "#microsoft.graph.device", "id": "d-1"}
    talk.says["GET", f"/v1.0/groups/{GROUP}/transitiveMembers"] = listed(*both, device)
    talk.says["GET", f"/v1.0/groups/{GROUP}/members"] = listed(both[0])
    directory(talk, TEAM, person(ADA, "Ada Lee"), person(BO, "Bo Ek"))
    found = talk.records("principals")
    members = {each.member_id: each for each in found if isinstance(each, Membership)}
    assert {number: each.is_inherited for number, each in members.items()} == {ADA: False, BO: True}
    assert {each.member_kind for each in members.values()} == {HolderKind.ACCOUNT}
    assert {each.id for each in found if isinstance(each, Account)} == {ADA, BO}


def test_a_group_that_is_gone_has_nobody_in_it(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(
        assignment(AT[ONE], GROUP, principalType="Group")
    )
    talk.says["GET", f"/v1.0/groups/{GROUP}/transitiveMembers"] = refused(404, "Request_ResourceNotFound")
    (group,) = talk.records("principals")
    assert group.id == GROUP


def test_a_closed_subscription_is_named_after_all_others_were_read(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = refused(403, "AuthorizationFailed")
    talk.says["GET", f"{AT[TWO]}{ROLES}/roleAssignments"] = listed(assignment(AT[TWO], ADA))
    directory(talk, person(ADA, "Ada Lee"))
    pages = talk.feed("principals").pages(talk.client(), None)
    assert [each.id for each in next(pages).records] == [ADA]
    with pytest.raises(PermissionMissing, match="Production"):
        next(pages)


def test_a_pass_goes_on_from_any_page(talk: Talk) -> None:
    talk.says["GET", f"{AT[ONE]}{ROLES}/roleAssignments"] = listed(
        assignment(AT[ONE], ADA), assignment(AT[ONE], GROUP, principalType="Group")
    )
    directory(talk, TEAM, person(ADA, "Ada Lee"))
    first, *rest = talk.pages("principals")
    talk.vendor.seen.clear()
    assert talk.pages("principals", cursor=first.cursor) == rest
    assert not any("roleAssignments" in seen.path for seen in talk.vendor.seen)
