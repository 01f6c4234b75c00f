"""Directory roles: who holds which, where, and through what."""

import pytest

from connectors.base import Account, AccountKind, HolderKind, Privilege
from tests.connectors.conformance.office365 import Bench
from tests.connectors.office365.reading import Follower
from tests.sandbox.microsoft.directory.objects import GROUP


@pytest.fixture
def held(bench: Bench) -> dict[tuple[str, str], Privilege]:
    """By the handle or name of the holder, and the role."""
    directory = bench.held.directory
    found = [each for each in Follower(bench, "directory_roles").read() if isinstance(each, Privilege)]
    return {(directory.objects[each.holder_id].name, each.name): each for each in found}


def name_of(bench: Bench, handle: str) -> str:
    return bench.held.directory.user(handle).name


def test_a_role_for_the_whole_tenant_has_no_scope_and_one_for_a_part_says_which(
    bench: Bench, held: dict[tuple[str, str], Privilege]
) -> None:
    assert held[name_of(bench, "mhartmann"), "Global Administrator"].scope == ""
    part = held[name_of(bench, "abrown"), "Helpdesk Administrator"]
    assert part.scope == "administrative unit 6c2f4b8e-3d17-4c0f-9a51-0b7d2e9f8a33"


def test_a_role_that_only_reads_makes_no_admin(bench: Bench, held: dict[tuple[str, str], Privilege]) -> None:
    assert held[name_of(bench, "mhartmann"), "Global Administrator"].is_admin
    assert not held[name_of(bench, "gcohen"), "Global Reader"].is_admin


def test_who_may_take_a_role_is_told_as_eligible(bench: Bench, held: dict[tuple[str, str], Privilege]) -> None:
    assert held[name_of(bench, "asingh"), "Global Administrator (eligible)"].is_admin
    assert not held[name_of(bench, "aabubakar"), "Global Reader (eligible)"].is_admin


def test_a_group_holds_its_role_and_so_does_who_is_in_it(bench: Bench, held: dict[tuple[str, str], Privilege]) -> None:
    role = "Privileged Role Administrator"
    assert held["Tier 0 administrators", role].holder_kind is HolderKind.GROUP
    through = held[name_of(bench, "bschmidt"), role]
    assert through.holder_kind is HolderKind.ACCOUNT
    assert through.raw["principalId"] == bench.held.directory.named(GROUP, "Tier 0 administrators").id


def test_a_service_principal_with_a_role_is_an_account(bench: Bench) -> None:
    found = [each for each in Follower(bench, "directory_roles").read() if isinstance(each, Account)]
    assert [(each.name, each.kind) for each in found] == [("Contoso Identity Automation", AccountKind.SERVICE)]


def test_without_the_licence_nobody_is_eligible(bench: Bench) -> None:
    bench.held.has_premium = False
    names = {each.name for each in Follower(bench, "directory_roles").read() if isinstance(each, Privilege)}
    assert "Global Administrator" in names
    assert not any(name.endswith("(eligible)") for name in names)


def test_a_role_of_the_organisations_own_is_judged_by_what_it_allows(bench: Bench) -> None:
    definition = {
        "id": "own-role", "displayName": "Reset desk", "isEnabled": True,
        "rolePermissions": [{"allowedResourceActions": ["microsoft.directory/users/password/update"]}],
    }  # fmt: skip
    bench.held.directory.role_definitions["own-role"] = definition
    row = next(iter(bench.held.directory.role_assignments.values()))
    row["roleDefinitionId"] = "own-role"
    found = {each.name: each for each in Follower(bench, "directory_roles").read() if isinstance(each, Privilege)}
    assert found["Reset desk"].is_admin
