"""Teams and who is in them."""

import pytest

from connectors.base import Client, Group, HolderKind, Membership, Page, PagesInMemory, PermissionMissing, TargetGone
from tests.connectors.conformance.github import Bench, tokens
from tests.connectors.conformance.reading import kept, pages_of
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import OWNER, SERVICE_OWNER
from tests.sandbox.github.organisation import Organisation

PLATFORM, RELIABILITY, RESPONSE = "9120411", "9120455", "2150774102"


def groups(pages: list[Page]) -> dict[str, Group]:
    return {each.id: each for page in pages for each in page.records if isinstance(each, Group)}


def members(pages: list[Page], team_id: str) -> dict[str, Membership]:
    found = [each for page in pages for each in page.records if isinstance(each, Membership)]
    return {each.member_id: each for each in found if each.group_id == team_id}


def test_teams_are_read_with_their_kind_and_parent(read: Read) -> None:
    found = groups(read("teams"))
    assert len(found) == 5
    assert found[RELIABILITY].name == "Site Reliability 🚒"
    assert found[RELIABILITY].parent_id == PLATFORM
    assert found[PLATFORM].parent_id == ""
    assert (found[PLATFORM].kind, found[RESPONSE].kind) == ("closed", "secret")
    assert found["9001002"].description == "All engineers <b>of</b> Contoso"


def test_maintainers_and_inherited_members_are_told_apart(read: Read) -> None:
    found = members(read("teams"), PLATFORM)
    assert found["11203114"].role == "maintainer"
    assert found["102334871"].role == "member"
    assert found["2301556020"].is_inherited
    assert not found["102334871"].is_inherited
    assert all(each.member_kind is HolderKind.ACCOUNT for each in found.values())


def test_the_invited_are_no_members_yet(read: Read) -> None:
    assert "120553761" not in members(read("teams"), PLATFORM)


def test_a_team_deleted_while_it_is_read_is_left_out(bench: Bench, client: Client) -> None:
    pages = bench.connector.feed("teams").pages(client, None)
    listed = next(pages)
    del bench.organisation.teams[int(RELIABILITY)]
    rest = list(pages)
    assert RELIABILITY in groups([listed])
    assert members(rest, RELIABILITY) == {}
    assert members(rest, RESPONSE)


def test_a_run_goes_on_although_its_next_team_is_gone(bench: Bench, client: Client) -> None:
    feed = bench.connector.feed("teams")
    pages = feed.pages(client, None)
    next(pages)
    cursor = next(pages).cursor
    assert cursor is not None
    del bench.organisation.teams[int(cursor["entry"])]
    rest = list(feed.pages(bench.client(), kept(cursor)))
    assert members(rest, RESPONSE)


def test_a_renamed_team_stays_the_same_group(bench: Bench, read: Read) -> None:
    bench.organisation.teams[int(PLATFORM)].name = "Foundations"
    bench.organisation.teams[int(PLATFORM)].slug = "foundations"
    pages = read("teams")
    assert groups(pages)[PLATFORM].name == "Foundations"
    assert members(pages, PLATFORM)


def test_a_finished_pass_does_not_begin_again(bench: Bench, client: Client) -> None:
    feed = bench.connector.feed("teams")
    last = pages_of(feed, client)[-1]
    bench.sandbox.requests.clear()
    assert list(feed.pages(bench.client(), kept(last.cursor))) == []
    assert bench.sandbox.requests == []


def test_an_organisation_without_teams_is_read(organisation: Organisation, read: Read) -> None:
    organisation.teams.clear()
    assert [list(page.records) for page in read("teams")] == [[]]


def core_units(bench: Bench) -> int:
    """What the calls so far cost of GitHub's hourly limit."""
    return sum(token.spent.get("core", 0) for token in bench.sandbox.github.state.tokens.values())


def test_what_has_not_changed_costs_nothing_of_the_hourly_limit(bench: Bench) -> None:
    feed, memory = bench.connector.feed("teams"), PagesInMemory()
    for page in pages_of(feed, bench.client()):
        memory.keep(page)
    spent = core_units(bench)
    bench.organisation.take_from_team(
        bench.organisation.teams[int(PLATFORM)], bench.sandbox.github.state.person("asingh"),
        bench.sandbox.github.state.actor(OWNER),
    )
    again = pages_of(feed, bench.client(pages=memory))
    assert core_units(bench) - spent == 2, "whether the account is an owner, and the changed page"
    assert [page.is_unchanged for page in again].count(False) == 1
    assert members(again, PLATFORM)["102334871"].is_inherited, "through the team below"


def test_older_servers_say_no_role(read: Read, stub: Stub) -> None:
    stub("GET", "/orgs/[^/]+/teams/platform/members", Answer.of_json([{"login": "dokafor", "id": 11203114}]))
    found = members(read("teams"), PLATFORM)
    assert (found["11203114"].role, found["11203114"].is_inherited) == ("member", False)


def test_a_lost_scope_is_named(bench: Bench, read: Read) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:user"])
    bench.secrets.write_tokens(tokens(value, ["read:user"]))
    with pytest.raises(PermissionMissing, match="read:org") as error:
        read("teams")
    assert error.value.permission == "read:org"
    assert error.value.remedy


def test_a_renamed_organisation_says_what_to_do(read: Read, stub: Stub) -> None:
    moved = Answer.of_json({"message": "Moved Permanently", "url": "https://api.github.com/organizations/1"}, 301)
    stub("GET", "/orgs/[^/]+/teams", moved)
    with pytest.raises(TargetGone, match="renamed") as error:
        read("teams")
    assert "Edit details" in error.value.remedy


def test_who_is_no_owner_any_more_reads_no_half_list(bench: Bench, organisation: Organisation, read: Read) -> None:
    """Others are shown no secret teams but their own, and the rest would be taken for gone."""
    account = bench.sandbox.github.state.person(SERVICE_OWNER)
    organisation.set_role(account, "member", bench.sandbox.github.state.actor(OWNER))
    with pytest.raises(PermissionMissing, match="not an owner") as error:
        read("teams")
    assert error.value.permission == "organization owner"
