"""Groups, who is in them, and what changes."""

import pytest

from connectors.base import Gone, Group, HolderKind, Membership
from tests.connectors.conformance.office365 import IN_GROUPS, MEMBER, Bench, tokens
from tests.connectors.office365.reading import Follower
from tests.sandbox.microsoft.directory.objects import GROUP, DirectoryObject


def group(bench: Bench, name: str) -> DirectoryObject:
    return bench.held.directory.named(GROUP, name)


@pytest.fixture
def groups(bench: Bench) -> Follower:
    return Follower(bench, "groups")


def membership(group_id: str, member_id: str) -> Membership:
    return Membership(group_id=group_id, member_id=member_id)


def test_each_kind_of_group_is_called_by_its_name(bench: Bench, groups: Follower) -> None:
    found = {each.name: each.kind for each in groups.of(Group).values()}
    assert found == {
        "Engineering": "Microsoft 365",
        "Sales": "Microsoft 365",
        "Product": "Microsoft 365",
        "All Company": "Microsoft 365",
        "Finance staff": "security",
        "Legal staff": "security",
        "People staff": "security",
        "Office staff": "security",
        "All members": "dynamic security",
        "VPN users": "security",
        "Tier 0 administrators": "role-assignable security",
        "Announcements": "distribution",
    }


def test_groups_in_groups_are_members_of_their_own_kind(bench: Bench, groups: Follower) -> None:
    office = group(bench, "Office staff").id
    inner = [each for each in groups.of(Membership).values() if each.group_id == office]
    assert {each.member_kind for each in inner} == {HolderKind.GROUP}
    names = ("Finance staff", "Legal staff", "People staff")
    assert {each.member_id for each in inner} == {group(bench, name).id for name in names}


def test_devices_and_contacts_are_no_holders_and_services_are(bench: Bench, groups: Follower) -> None:
    directory = bench.held.directory
    device = directory.add("device", {"displayName": "DESKTOP-1"})
    service = directory.service_principals()[0]
    vpn = group(bench, "VPN users")
    directory.add_member(vpn, device.id)
    directory.add_member(vpn, service.id)
    found = {each.member_id for each in groups.of(Membership).values() if each.group_id == vpn.id}
    assert service.id in found
    assert device.id not in found


def test_who_comes_and_goes_is_told_alone(bench: Bench, groups: Follower) -> None:
    groups.read()
    vpn = group(bench, "VPN users")
    bench.held.directory.add_member(vpn, MEMBER)
    bench.held.directory.remove_member(vpn, bench.held.directory.user("fab-omar").id)
    told = [each for each in groups.read() if not isinstance(each, Group)]
    gone = Gone(Membership, membership(vpn.id, bench.held.directory.user("fab-omar").id).id)
    assert sorted(told, key=str) == sorted([membership(vpn.id, MEMBER), gone], key=str)


def test_who_was_deleted_leaves_the_groups(bench: Bench, groups: Follower) -> None:
    groups.read()
    people = group(bench, "People staff").id
    bench.held.directory.delete(bench.held.directory.objects[IN_GROUPS], bench.held.now())
    assert Gone(Membership, membership(people, IN_GROUPS).id) in groups.read()


def test_a_group_that_was_deleted_goes_and_one_that_was_renamed_stays(bench: Bench, groups: Follower) -> None:
    groups.read()
    legal, sales = group(bench, "Legal staff"), group(bench, "Sales")
    bench.held.directory.delete(legal, bench.held.now())
    bench.held.directory.update(sales, {"displayName": "Sales and service"})
    told = groups.read()
    assert Gone(Group, legal.id) in told
    assert "Sales and service" in [each.name for each in told if isinstance(each, Group)]
    assert not any(isinstance(each, Gone) and each.kind is Membership and sales.id in each.id for each in told)


def test_members_whose_details_may_not_be_read_are_members_all_the_same(bench: Bench, groups: Follower) -> None:
    whole = groups.of(Membership)
    bench.secrets.write_tokens(tokens(bench.held, "GroupMember.Read.All"))
    again = Follower(bench, "groups")
    found = again.read()
    assert {each.id for each in found if isinstance(each, Membership)} == set(whole)
    assert not any(isinstance(each, Gone) for each in found)
