"""What the feeds say of the simulated team."""

from collections.abc import Iterator
from typing import TypeVar

from connectors.base import (
    Account,
    AccountStatus,
    Device,
    DirectoryId,
    Grant,
    Group,
    Listed,
    Membership,
    OAuthApp,
    Privilege,
    Record,
    Risk,
    Session,
)
from tests.connectors.conformance.dropbox import Bench
from tests.connectors.conformance.reading import records_of
from tests.sandbox.dropbox import ADMIN


def read(bench: Bench, feed: str) -> list[Record]:
    return list(records_of([bench.connector.feed(feed)], bench.client()))


T = TypeVar("T", bound=Listed)


def of_kind(records: list[Record], kind: type[T]) -> Iterator[T]:
    return (each for each in records if isinstance(each, kind))


def test_members_are_told_in_each_state_with_their_roles(bench: Bench) -> None:
    records = read(bench, "members")
    accounts = {each.id: each for each in of_kind(records, Account)}
    member = bench.held.member
    assert len(accounts) == len(bench.held.members)
    statuses = {handle: accounts[member(handle).id].status for handle in ("wjones", "psmith2", "dwilson", "hgreen")}
    assert list(statuses.values()) == [
        AccountStatus.ACTIVE, AccountStatus.SUSPENDED, AccountStatus.PENDING, AccountStatus.DELETED,
    ]  # fmt: skip
    second = DirectoryId(kind="secondary e-mail", value="zoe@contoso-dev.example")
    assert second in accounts[member("zoe-builds").id].directory_ids
    assert accounts[member("new.starter").id].name == ""
    held = {each.holder_id: each.name for each in of_kind(records, Privilege)}
    assert held[member(ADMIN).id] == "Team admin"
    assert held[member("psmith").id] == "Support admin"
    assert {each.id for each in accounts.values() if each.is_admin} == held.keys()


def test_groups_are_told_with_owners_and_without_people(bench: Bench) -> None:
    records = read(bench, "groups")
    groups = {each.name: each for each in of_kind(records, Group)}
    people = list(of_kind(records, Membership))
    assert groups["Everyone at Contoso"].kind == "system_managed"
    roles = {each.member_id: each.role for each in people if each.group_id == groups["Sales"].id}
    assert roles[bench.held.member("eandersson").id] == "owner"
    assert set(roles.values()) == {"owner", "member"}
    assert not any(each.group_id == groups["Auditors (empty)"].id for each in people)


def test_a_group_that_was_deleted_while_it_was_read_has_no_people(bench: Bench) -> None:
    pages = bench.connector.feed("groups").pages(bench.client(), None)
    listed = next(pages)
    group_id = next(each.id for each in listed.records if isinstance(each, Group) and each.name == "Sales")
    del bench.held.groups[group_id]
    people = [each for page in pages for each in page.records if isinstance(each, Membership)]
    assert people
    assert not any(each.group_id == group_id for each in people)


def test_linked_apps_are_told_once_and_for_each_member(bench: Bench) -> None:
    records = read(bench, "linked_apps")
    apps = {each.name: each for each in of_kind(records, OAuthApp)}
    links = [(member.id, app) for member in bench.held.members.values() for app in member.linked_apps]
    assert {each.id for each in of_kind(records, Grant)} == {f"{app.id}/{member_id}" for member_id, app in links}
    assert (apps["Photo Backup"].risk, apps["Zapier"].risk) == (Risk.LOW, Risk.HIGH)
    assert apps["PDF Signer <free>"].publisher == "Quicksign"


def test_browsers_are_sessions_and_computers_and_phones_devices(bench: Bench) -> None:
    records = read(bench, "devices")
    sessions, devices = list(of_kind(records, Session)), list(of_kind(records, Device))
    held = [each for member in bench.held.members.values() for each in member.sessions]
    assert len(sessions) == sum(each.kind == "web_session" for each in held)
    assert len(devices) == sum(each.kind != "web_session" for each in held)
    assert any(each.ip_address == "2001:db8::17" for each in sessions)
    assert any(each.ip_address == "" and each.started_at is None for each in sessions)
    assert {each.platform for each in devices} == {"Windows 11", "iphone 19.1"}
