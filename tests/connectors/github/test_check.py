"""Who we are connected to, and what an admin is told when something is not as it should be."""

import json

import pytest

from connectors.base import ActionKind, Capability, MissingPermission, PermissionMissing, TargetGone, Tenant
from tests.connectors.conformance.github import AppBench, Bench, tokens
from tests.connectors.github.conftest import Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import CONTOSO, FABRIKAM, OWNER, SERVICE_OWNER
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.seed_apps import ENTERPRISE

ALL = ["admin:org", "admin:org_hook", "read:audit_log", "read:user", "repo", "workflow"]


def check(bench: Bench, **config: str) -> Tenant:
    bench.config |= config
    return bench.connector.check(bench.client())


def connect_as(bench: Bench, login: str, scopes: list[str]) -> None:
    value = bench.sandbox.github.state.issue_token(login, scopes)
    bench.secrets.write_tokens(tokens(value, scopes))


def missing(tenant: Tenant) -> dict[str, MissingPermission]:
    return {each.permission: each for each in tenant.missing}


def test_the_organisation_its_plan_and_the_account_are_told(bench: Bench) -> None:
    tenant = check(bench)
    assert (tenant.id, tenant.name, tenant.plan) == ("148205311", "Contoso Engineering", "enterprise")
    assert tenant.url == "https://github.com/contoso-dev"
    assert tenant.connected_as == SERVICE_OWNER
    assert tenant.granted == tuple(ALL)
    assert (tenant.missing, tenant.warnings) == ((), ())
    assert set(tenant.unavailable) == bench.unavailable


@pytest.mark.parametrize(
    ("granted", "lost", "closes"),
    [
        (["read:org", "read:audit_log", "read:user"], "admin:org", ActionKind.REMOVE_ACCOUNT),
        (["read:org", "read:user"], "read:audit_log", Capability.ADMIN_ACTIVITY),
        (["admin:org", "read:audit_log"], "read:user", Capability.ACCOUNTS),
    ],
)
def test_scopes_that_were_not_granted_are_missing(
    bench: Bench, granted: list[str], lost: str, closes: Capability | ActionKind
) -> None:
    connect_as(bench, SERVICE_OWNER, granted)
    found = missing(check(bench))
    assert closes in found[lost].closes
    assert "Reconnect" in found[lost].remedy


def test_scopes_taken_back_later_are_noticed(bench: Bench) -> None:
    """The list of each answer counts, not the one of the consent."""
    connect_as(bench, SERVICE_OWNER, ALL)
    bench.secrets.write_tokens(
        tokens(bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org", "read:user"]), ALL)
    )
    assert "admin:org" in missing(check(bench))


def test_a_plan_without_audit_log_is_no_missing_permission(bench: Bench) -> None:
    bench.organisation.plan = "team"
    tenant = check(bench)
    assert tenant.plan == "team"
    assert "GitHub Enterprise Cloud" in tenant.unavailable["audit_log"]
    assert tenant.missing == ()


def test_a_free_organisation_can_be_connected(bench: Bench) -> None:
    tenant = check(bench, organization=FABRIKAM)
    assert (tenant.id, tenant.plan) == ("2190440815", "free")
    assert "audit_log" in tenant.unavailable


@pytest.mark.parametrize("organization", ["contoso-devs", "asingh"])
def test_an_unknown_name_or_a_persons_is_told_as_such(bench: Bench, organization: str) -> None:
    with pytest.raises(TargetGone, match=organization) as error:
        check(bench, organization=organization)
    assert "Organization Login Name" in error.value.remedy


def test_case_does_not_matter(bench: Bench) -> None:
    tenant = check(bench, organization=CONTOSO.upper())
    assert tenant.id == "148205311"
    assert tenant.warnings == ()


@pytest.mark.parametrize("login", ["asingh", "fab-lena"])
def test_who_is_no_owner_is_told_to_become_one(bench: Bench, login: str) -> None:
    bench.organisation.has_application_restrictions = False
    connect_as(bench, login, ALL)
    with pytest.raises(PermissionMissing, match="not an owner") as error:
        check(bench)
    assert error.value.permission == "organization owner"
    assert "owner" in error.value.remedy


def test_an_account_that_looks_personal_is_warned_of(bench: Bench) -> None:
    connect_as(bench, OWNER, ALL)
    assert any(OWNER in warning and "service account" in warning for warning in check(bench).warnings)


def test_lists_that_single_sign_on_shortens_are_warned_of(bench: Bench, stub: Stub) -> None:
    def shortened(true: Answer) -> Answer:
        true.headers["X-GitHub-SSO"] = "partial-results; organizations=21955855,20582480"
        return true

    stub("GET", "/user/memberships/orgs/contoso-dev", shortened)
    assert any("single sign-on" in warning for warning in check(bench).warnings)


def test_a_renamed_organisation_is_found_and_warned_of(bench: Bench, stub: Stub) -> None:
    bench.organisation.login = "contoso-engineering"
    to = "https://api.github.com/organizations/148205311"
    moved = Answer.of_json({"message": "Moved Permanently", "url": to}, 301, {"Location": to})
    stub("GET", "/orgs/contoso-dev", moved)
    tenant = check(bench)
    assert tenant.id == "148205311"
    assert any("contoso-engineering" in each and "Edit details" in each for each in tenant.warnings)


def test_a_refused_audit_log_is_missing_not_fatal(bench: Bench, stub: Stub) -> None:
    stub("GET", "/orgs/contoso-dev/audit-log", Refusal(403, "Must have admin rights to organization.").answer())
    tenant = check(bench)
    assert "read:audit_log" in missing(tenant)
    assert "audit_log" not in tenant.unavailable


# --- single sign-on that does not show ------------------------------------------------------------------------------


def identities_refused(true: Answer) -> Answer:
    """GitHub leaves null in the place of what it refuses, and says so beside it."""
    said = json.loads(true.body)
    said["data"]["organization"] = {"samlIdentityProvider": None}
    said["errors"] = [{"type": "FORBIDDEN", "path": ["organization"], "message": "Something about it"}]
    return Answer.of_json(said)


def test_single_sign_on_that_is_refused_is_missing_and_not_taken_for_none(bench: Bench, stub: Stub) -> None:
    stub("POST", "/graphql", identities_refused)
    tenant = check(bench)
    closes = set(missing(tenant)["read:org"].closes)
    assert closes >= {Capability.ACCOUNTS, Capability.APP_PERMISSIONS, ActionKind.REQUIRE_SIGN_IN}
    assert "Reconnect" in missing(tenant)["read:org"].remedy
    assert set(tenant.unavailable) == bench.unavailable, "it is read and done where GitHub lets us"


def test_single_sign_on_that_is_not_there_is_not_offered_and_nothing_is_missing(bench: Bench) -> None:
    bench.organisation.has_saml = False
    tenant = check(bench)
    assert tenant.missing == ()
    assert "SAML" in tenant.unavailable["authorised_credentials"]
    assert "SAML" in tenant.unavailable["unclaimed_identities"]


def test_an_app_that_may_not_read_members_is_told_what_that_lessens(app: AppBench) -> None:
    app.take_permission("members")
    tenant = app.connector.check(app.client())
    closes = set(missing(tenant)["members:read"].closes)
    assert closes >= {Capability.ACCOUNTS, Capability.GROUPS, Capability.APP_PERMISSIONS, ActionKind.REQUIRE_SIGN_IN}
    assert "authorised_credentials" not in tenant.unavailable


@pytest.mark.parametrize(("login", "scopes"), [(SERVICE_OWNER, ALL), ("mhartmann", [*ALL, "read:enterprise"])])
def test_an_enterprise_that_does_not_show_its_single_sign_on_is_told(
    bench: Bench, login: str, scopes: list[str]
) -> None:
    """Without the scope, or as nobody who owns it."""
    bench.organisation.members[90114072].role = "admin"
    connect_as(bench, login, scopes)
    found = missing(check(bench, enterprise=ENTERPRISE))["read:enterprise"]
    assert {Capability.ACCOUNTS, Capability.GROUPS, Capability.PRIVILEGES} <= set(found.closes)
    assert "owner of the enterprise" in found.remedy
    connect_as(bench, SERVICE_OWNER, [*ALL, "read:enterprise"])
    assert check(bench, enterprise=ENTERPRISE).missing == ()
