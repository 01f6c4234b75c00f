"""Groups of the identity provider, where an enterprise manages its users."""

import pytest

from connectors.base import Group, HolderKind, Membership, NotAvailable
from tests.connectors.conformance.github import MEMBER, ManagedBench, ServerBench
from tests.connectors.conformance.reading import pages_of
from tests.connectors.github.conftest import Read
from tests.sandbox.github.enterprise import ExternalGroup
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.seed_apps import ENTERPRISE


def test_groups_have_their_people_and_the_teams_that_follow_them(managed: ManagedBench) -> None:
    records = [each for page in pages_of(managed.connector.feed("external_groups"), managed.client())
               for each in page.records]  # fmt: skip
    groups = {each.id: each for each in records if isinstance(each, Group)}
    assert {each.name for each in groups.values()} == {"Platform Engineers", "Datenströme", "Everyone"}
    assert groups["external_group:4401"].kind == "identity provider group"
    memberships = [each for each in records if isinstance(each, Membership)]
    inside = {each.member_id for each in memberships if each.group_id == "external_group:4401"}
    assert inside == {str(number) for number in managed.enterprise.groups[4_401].members}
    [followed] = [each for each in memberships if each.member_id == "external_group:4401"]
    assert (followed.group_id, followed.member_kind) == ("9120411", HolderKind.GROUP)


def test_where_users_are_not_managed_it_is_said(read: Read) -> None:
    with pytest.raises(NotAvailable, match="enterprise manages its users"):
        read("external_groups")


def test_where_the_list_is_not_found_it_is_said(
    managed: ManagedBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an Enterprise Server without an identity provider."""
    monkeypatch.setattr(managed.simulator, "answer", lambda request: Refusal(404, "Not Found").answer())
    with pytest.raises(NotAvailable, match="enterprise manages its users"):
        pages_of(managed.connector.feed("external_groups"), managed.client())


def test_a_server_is_asked_whether_it_has_such_groups(server: ServerBench) -> None:
    assert "external_groups" in server.connector.check(server.client()).unavailable
    server.organisation.is_enterprise_managed = True
    state = server.github.state
    state.enterprises[ENTERPRISE].groups[7] = ExternalGroup(7, "Engineers", [int(MEMBER)], [9_120_411], 1_700_000_000.0)
    assert "external_groups" not in server.connector.check(server.client()).unavailable
    pages = pages_of(server.connector.feed("external_groups"), server.client())
    found = {each.id for page in pages for each in page.records}
    assert found == {"external_group:7", "9120411/group/external_group:7", f"external_group:7/account/{MEMBER}"}
