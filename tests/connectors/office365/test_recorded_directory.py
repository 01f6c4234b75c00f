"""What others recorded or published of Microsoft's directory becomes records, each as it should."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.base import AccountStatus, Gone, HolderKind, Membership, Risk
from connectors.office365.mapping import accounts, apps, groups, roles
from connectors.office365.mapping.accounts import Known
from connectors.office365.mapping.apps import Api
from tests.connectors import corpus
from tests.connectors.conformance.shapes import faults_of

Json = dict[str, Any]
GRAPH = Api("", {"810c84a8-4a9e-49e6-bf7d-12d183f40d01": "Mail.Read"})

MAPPED = {
    "user-list", "user-get", "user-registrationdetails-list", "group-list", "oauth2permissiongrant-delta",
    "oauth2grant-list", "approleassignment-list", "serviceprincipal-list-approleassignedto", "enterpriseapp-list",
    "roledefinition-get", "pim-role-assignment-eligibility-list", "directoryaudit-list",
}  # fmt: skip
"""Pages whose rows become records, here or in the tests of the logs."""
NOT_MAPPED = {
    "answers to what is asked for, of which no record is made": {
        "driveitem-invite", "subscription-post-subscriptions",
    },
    "no types of members, without which nobody knows what they are": {"group-list-members"},
    "roles are read by their assignments": {"directoryrole-list", "directoryrole-delta", "pim-role-request-list"},
    "apps are read by their service principals; the example of these has placeholders and no id": {
        "app-get", "serviceprincipal-delta",
    },
    "no feed reads risks; confirming one is an action": {"riskyuser-list"},
    "what of a domain counts is in the answer about the organisation": {"domain-list"},
    "licences and labels are no part of the inventory": {
        "license-list", "sensitivitylabel-get", "sensitivitylabel-policysettings-list",
    },
    "a group that was deleted is gone by the delta of groups": {"m365group-recyclebinitem-list"},
    "files are read from the delta of a drive, of which there is no page": {
        "drive-list", "driveitem-get", "driveitem-list-children", "permission-get", "site-get", "file-list",
        "site-list", "onedrive-list", "file-sharinginfo-get", "file-sharinglink-list", "folder-sharinglink-list",
        "site-recyclebinitem-list",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def folder() -> Path:
    found = corpus.folder("office365")
    if found is None:
        pytest.skip("GATEHOUSE_CORPUS names no folder with office365")
    return found


def rows_of(folder: Path, page: str) -> list[Json]:
    """All rows of Graph's documented answers of a page that have an id."""
    told = [each["json"] for each in corpus.lines(folder / "ms_graph_doc_examples.jsonl") if each["page"] == page]
    return [row for each in told for row in each.get("value", []) if "id" in row]


def shown_by_client(folder: Path, page: str) -> list[Json]:
    """The rows that a command-line client of others' got from Microsoft."""
    told = corpus.lines(folder / "cli_microsoft365_doc_responses.jsonl")
    lists = (each["json"] for each in told if each["page"].endswith(f"/{page}.mdx"))
    return [row for each in lists for row in (each if isinstance(each, list) else [each]) if isinstance(row, dict)]


def test_every_page_becomes_records_or_has_a_reason_why_not(folder: Path) -> None:
    names = [each["page"] for each in corpus.lines(folder / "ms_graph_doc_examples.jsonl")]
    names += [each["page"] for each in corpus.lines(folder / "cli_microsoft365_doc_responses.jsonl")]
    assert {name.rpartition("/")[2].removesuffix(".mdx") for name in names} == MAPPED.union(*NOT_MAPPED.values())


def test_every_user_becomes_an_account(folder: Path) -> None:
    rows = [*rows_of(folder, "user-list"), *shown_by_client(folder, "user-list"), *shown_by_client(folder, "user-get")]
    found = [accounts.account(row, Known()) for row in rows]
    assert len(found) >= 6
    assert [fault for each in found for fault in faults_of(each)] == []
    assert {each.status for each in found} == {AccountStatus.UNKNOWN}, "none of them says whether it is switched on"
    grady = next(each for each in found if each.username == "GradyA@contoso.com")
    assert (grady.name, grady.email) == ("Grady Archie", "GradyA@contoso.com")
    admin = next(each for each in found if each.email == "admin@contoso.com")
    assert admin.raw["assignedLicenses"]


def test_every_group_is_called_by_its_kind(folder: Path) -> None:
    recorded = [*rows_of(folder, "group-list"), *shown_by_client(folder, "group-list")]
    found = {each.name: each for each in map(groups.group, recorded)}
    assert [fault for each in found.values() for fault in faults_of(each)] == []
    assert {name: found[name].kind for name in ("Golf Assist", "Human Resources")} == {
        "Golf Assist": "Microsoft 365", "Human Resources": "Microsoft 365",
    }  # fmt: skip


def test_what_people_granted_has_its_scopes(folder: Path) -> None:
    rows = [*rows_of(folder, "oauth2permissiongrant-delta"), *shown_by_client(folder, "oauth2grant-list")]
    one, for_all = (apps.delegated_grant(row, GRAPH) for row in rows)
    assert (one.account_id, one.scopes, one.risk) == (
        "c2e8df37-c6a7-4d88-89b1-feb4f1fda7c5", ("User.Read", "Directory.AccessAsUser.All"), Risk.HIGH,
    )  # fmt: skip
    assert (for_all.account_id, for_all.scopes) == ("", ("Mail.Read", "Mail.Send"))
    assert [fault for each in (one, for_all) for fault in faults_of(each)] == []


def test_what_an_app_may_do_by_itself_is_named_by_the_apis_roles(folder: Path) -> None:
    (row,) = shown_by_client(folder, "approleassignment-list")
    grant = apps.app_grant({"id": "a", "principalId": "p", **row}, GRAPH)
    assert grant.scopes == ("Mail.Read (application)",)
    (let_in,) = rows_of(folder, "serviceprincipal-list-approleassignedto")
    assert apps.app_grant(let_in, GRAPH).scopes == (), "to be let in is no permission"


def test_an_app_without_a_verified_publisher_has_none(folder: Path) -> None:
    found = [apps.app(row, ()) for row in shown_by_client(folder, "enterpriseapp-list")]
    assert found
    assert [fault for each in found for fault in faults_of(each)] == []
    assert {(each.publisher, each.is_verified, each.is_banned) for each in found} == {("", False, False)}


def test_roles_are_judged_by_what_they_allow(folder: Path) -> None:
    definition = next(row for row in shown_by_client(folder, "roledefinition-get") if "rolePermissions" in row)
    assert roles.role(definition) == roles.Role("SharePoint Administrator", is_admin=True)
    (row,) = shown_by_client(folder, "pim-role-assignment-eligibility-list")
    known = {row["roleDefinitionId"]: roles.Role("Search Administrator", is_admin=True)}
    found = roles.privilege(row, known, row["principalId"], HolderKind.ACCOUNT, is_eligible=True)
    assert (found.name, found.scope, found.is_admin) == ("Search Administrator (eligible)", "", True)
    assert list(faults_of(found)) == []


def test_who_registered_no_method_has_no_second_factor(folder: Path) -> None:
    rows = shown_by_client(folder, "user-registrationdetails-list")
    assert rows
    assert {accounts.registration(row) for row in rows if not row["methodsRegistered"]} == {(False, False)}


@pytest.mark.parametrize("change", [lambda row: row.pop("@odata.type"), lambda row: row.update({"@odata.type": "#x"})])
def test_a_member_who_went_without_a_type_is_in_it_in_neither_way(change: Callable[[Json], Any]) -> None:
    member = {"@odata.type": groups.USER, "id": "u", "@removed": {"reason": "deleted"}}
    change(member)
    gone = groups.memberships({"id": "g", "members@delta": [member]})
    kinds = (HolderKind.ACCOUNT, HolderKind.GROUP)
    assert gone == [
        Gone(Membership, Membership(group_id="g", member_id="u", member_kind=kind).id) for kind in kinds
    ]
