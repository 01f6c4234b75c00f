"""Groups of the identity provider, where an enterprise manages its users."""

from collections.abc import Iterator

import pytest

from connectors.base import Group, HolderKind, Membership, NotAvailable
from tests.connectors.conformance.github import ManagedBench
from tests.connectors.conformance.reading import pages_of
from tests.connectors.github.conftest import Read
from tests.sandbox.github.refusal import Refusal


@pytest.fixture(scope="module")
def running() -> Iterator[ManagedBench]:
    bench = ManagedBench()
    with bench.sandbox:
        yield bench


@pytest.fixture
def managed(running: ManagedBench) -> ManagedBench:
    running.begin()
    return running


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
