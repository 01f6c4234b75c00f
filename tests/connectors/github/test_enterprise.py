"""The enterprise: who administers it, its teams and its roles."""

import json

import pytest

from connectors.base import Account, Group, HolderKind, Membership, PermissionMissing, Privilege
from tests.connectors.conformance.github import Bench, tokens
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.seed_apps import ENTERPRISE

SCOPES = ["read:org", "read:enterprise"]


def consent(bench: Bench, login: str = SERVICE_OWNER, scopes: list[str] = SCOPES) -> None:
    bench.config["enterprise"] = ENTERPRISE
    value = bench.sandbox.github.state.issue_token(login, scopes)
    bench.secrets.write_tokens(tokens(value, scopes))


def test_owners_and_billing_managers_hold_a_privilege_in_the_enterprise(bench: Bench, read: Read) -> None:
    consent(bench)
    records = [each for page in read("enterprise_administrators") for each in page.records]
    held = {each.holder_id: each for each in records if isinstance(each, Privilege)}
    owners, [billing] = set(held) - {"95771230"}, [held["95771230"]]
    assert owners == {"11203114", "2415900001", "88310655"}
    assert all((held[each].name, held[each].is_admin) == ("Enterprise owner", True) for each in owners)
    assert (billing.name, billing.is_admin, billing.scope) == ("Enterprise billing manager", False, ENTERPRISE)


def test_who_is_not_in_the_organisation_becomes_an_account(bench: Bench, read: Read) -> None:
    """The others are among the accounts already, with more."""
    consent(bench)
    records = [each for page in read("enterprise_administrators") for each in page.records]
    found = {each.username: each for each in records if isinstance(each, Account)}
    assert set(found) == {"tvolkov", "hkim"}
    assert (found["tvolkov"].name, found["tvolkov"].is_admin, found["hkim"].is_admin) == ("Timur Volkov", True, False)


def test_ids_that_graphql_cannot_hold_come_from_rest(bench: Bench, read: Read, stub: Stub) -> None:
    consent(bench)

    def nulled(true: Answer) -> Answer:
        said = json.loads(true.body)
        if "enterprise" not in said["data"]:
            return true
        for edge in said["data"]["enterprise"]["ownerInfo"]["admins"]["edges"]:
            edge["node"]["databaseId"] = None if edge["node"]["databaseId"] >= 2**31 else edge["node"]["databaseId"]
        return Answer.of_json(said)

    stub("POST", "/graphql", nulled)
    held = {each.id for page in read("enterprise_administrators") for each in page.records}
    assert "account/2415900001/Enterprise owner/contoso" in held


@pytest.mark.parametrize(("login", "scopes"), [(SERVICE_OWNER, ["read:org"]), ("asingh", SCOPES)])
def test_without_the_scope_or_for_nobody_of_the_enterprise_it_is_a_missing_permission(
    bench: Bench, read: Read, login: str, scopes: list[str]
) -> None:
    consent(bench, login, scopes)
    with pytest.raises(PermissionMissing, match="administers the enterprise") as error:
        read("enterprise_administrators")
    assert error.value.permission == "read:enterprise"


# --- teams and roles ------------------------------------------------------------------------------------------------


def test_teams_of_the_enterprise_are_groups_with_people_of_all_its_organisations(bench: Bench, read: Read) -> None:
    consent(bench)
    records = [each for page in read("enterprise_teams") for each in page.records]
    teams = {each.id: each for each in records if isinstance(each, Group)}
    assert {name: (each.name, each.kind) for name, each in teams.items()} == {
        "enterprise_team:8100204": ("Data Platform", "enterprise team"),
        "enterprise_team:8100377": ("Sicherheit 🔐", "enterprise team"),
    }
    assert teams["enterprise_team:8100204"].url == "https://github.com/enterprises/contoso/teams/ent:data-platform"
    inside = {(each.group_id, each.member_id) for each in records if isinstance(each, Membership)}
    assert inside == {
        ("enterprise_team:8100204", "2377410889"), ("enterprise_team:8100204", "95771230"),
        ("enterprise_team:8100377", "90114072"),
    }  # fmt: skip


def test_roles_in_the_enterprise_are_privileges_of_people_and_teams(bench: Bench, read: Read) -> None:
    consent(bench)
    held = [each for page in read("enterprise_roles") for each in page.records if isinstance(each, Privilege)]
    assert {(each.holder_kind, each.holder_id) for each in held} == {
        (HolderKind.ACCOUNT, "102334871"), (HolderKind.ACCOUNT, "90114072"),
        (HolderKind.GROUP, "enterprise_team:8100377"),
    }  # fmt: skip
    assert {(each.name, each.scope, each.is_admin) for each in held} == {("security_manager", ENTERPRISE, False)}


@pytest.mark.parametrize("feed", ["enterprise_teams", "enterprise_roles"])
@pytest.mark.parametrize(("login", "scopes"), [(SERVICE_OWNER, ["read:org"]), ("asingh", SCOPES)])
def test_teams_and_roles_are_a_missing_permission_as_well(
    bench: Bench, read: Read, feed: str, login: str, scopes: list[str]
) -> None:
    consent(bench, login, scopes)
    with pytest.raises(PermissionMissing) as error:
        read(feed)
    assert error.value.permission == "read:enterprise"


def test_nobody_is_asked_for_an_enterprise_that_was_not_filled_in(bench: Bench) -> None:
    tenant = bench.connector.check(bench.client())
    assert {"enterprise_administrators", "enterprise_roles", "enterprise_teams"} <= tenant.unavailable.keys()
    assert not any(b"ownerInfo" in each.body for each in bench.sandbox.requests)
