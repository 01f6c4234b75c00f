"""What a tenant does not offer, by product, plan, single sign-on, managed users and the way of connecting."""

import json
from dataclasses import replace
from typing import Any

import pytest

from connectors.base import ActionKind, Capability, CredentialsRejected, Tenant
from connectors.github import connector
from connectors.github.availability import Surroundings, unavailable
from connectors.github.products import Product
from connectors.github.scopes import PERMISSIONS, held
from tests.connectors.base.vendor import Says, Seen, says
from tests.connectors.conformance.github import Bench
from tests.connectors.github.app_vendor import AppVendor, is_as_app
from tests.connectors.github.conftest import Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github.refusal import not_found

ENTERPRISE_CLOUD = Surroundings(
    product=Product.CLOUD,
    is_app=False,
    has_saml=True,
    is_managed=False,
    is_site_admin=False,
    enterprise="",
    no_audit_log="",
)


def closed(**changes: Any) -> dict[str, str]:
    return unavailable(replace(ENTERPRISE_CLOUD, **changes))


@pytest.mark.parametrize(
    ("changes", "name", "word"),
    [
        ({}, "suspend_account", "Enterprise Server"),
        ({}, "revoke_fine_grained_token", "GitHub App"),
        ({"has_saml": False}, "require_sign_in", "SAML"),
        ({"has_saml": False}, "revoke_credential", "SAML"),
        ({"has_saml": False}, "deprovision_account", "directory"),
        ({"has_saml": False}, "unclaimed_identities", "SAML"),
        ({}, "external_groups", "manages its users"),
        ({"product": Product.SERVER}, "external_groups", "SCIM"),
        ({}, "enterprise_administrators", "Enterprise slug"),
        ({}, "enterprise_teams", "Enterprise slug"),
        ({"enterprise": "contoso", "is_app": True}, "enterprise_administrators", "OAuth App"),
        ({"enterprise": "contoso", "is_app": True}, "enterprise_roles", "OAuth App"),
        ({"enterprise": "contoso", "product": Product.SERVER}, "enterprise_roles", "cloud"),
        ({"is_managed": True}, "cancel_invitation", "identity provider"),
        ({"product": Product.SERVER}, "cancel_invitation", "Enterprise Server"),
        ({"product": Product.SERVER}, "block_account", "Enterprise Server"),
        ({"product": Product.SERVER}, "blocked_people", "Enterprise Server"),
        ({"product": Product.SERVER}, "suspend_account", "site administrators"),
        ({"no_audit_log": "There is none here."}, "audit_log", "none here"),
    ],
)
def test_what_is_not_offered_says_why(changes: dict[str, Any], name: str, word: str) -> None:
    reason = closed(**changes)[name]
    assert word in reason
    assert reason.endswith(".")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "require_sign_in"),
        ({"has_saml": None}, "require_sign_in"),
        ({"is_managed": None, "has_external_groups": None}, "external_groups"),
        ({"is_managed": None}, "cancel_invitation"),
        ({"has_saml": None}, "deprovision_account"),
        ({"has_saml": None}, "unclaimed_identities"),
        ({"has_external_groups": True}, "external_groups"),
        ({"product": Product.SERVER, "has_external_groups": True}, "external_groups"),
        ({"product": Product.SERVER, "enterprise": "contoso"}, "enterprise_administrators"),
        ({"enterprise": "contoso"}, "enterprise_teams"),
        ({"enterprise": "contoso"}, "enterprise_administrators"),
        ({}, "cancel_invitation"),
        ({}, "block_account"),
        ({}, "audit_log"),
        ({"is_app": True}, "revoke_fine_grained_token"),
        ({"product": Product.SERVER, "is_site_admin": True}, "suspend_account"),
    ],
)
def test_what_is_offered_is_not_among_it(changes: dict[str, Any], name: str) -> None:
    assert name not in closed(**changes)


# --- as the check finds it ------------------------------------------------------------------------------------------


def check(bench: Bench, **config: str) -> Tenant:
    bench.config |= config
    return bench.connector.check(bench.client())


def test_people_managed_by_their_enterprise_are_noticed(bench: Bench, stub: Stub) -> None:
    assert "cancel_invitation" not in check(bench).unavailable
    stub("GET", "/orgs/[^/]+/invitations", not_found().answer())
    assert "identity provider" in check(bench).unavailable["cancel_invitation"]


def test_nobody_asks_a_plan_without_single_sign_on_for_it(bench: Bench) -> None:
    bench.organisation.plan = "team"
    bench.sandbox.requests.clear()
    check(bench)
    assert not any(each.path.endswith(("/graphql", "/invitations")) for each in bench.sandbox.requests)


def test_a_plan_that_does_not_show_is_asked_all_the_same(bench: Bench, stub: Stub) -> None:
    def without_plan(true: Answer) -> Answer:
        return Answer.of_json({name: value for name, value in json.loads(true.body).items() if name != "plan"})

    stub("GET", "/orgs/[^/]+", without_plan)
    assert check(bench).plan == ""
    assert any(each.path.endswith("/graphql") for each in bench.sandbox.requests)


# --- by the GitHub App ----------------------------------------------------------------------------------------------


SAML = {"id": "x", "externalIdentities": {"nodes": []}}
ALL = dict(permission.split(":") for permission in PERMISSIONS)


class Organisation:
    """Says to the app's token what an organisation would."""

    def __init__(self, github: AppVendor, **installation: Any) -> None:
        self.github = github
        self.installation = installation
        self.true = github.vendor.answer
        github.vendor.answer = self.answer

    def answer(self, seen: Seen) -> Says:
        if is_as_app(seen) and seen.method == "GET" and self.github.is_installed:
            shown = {"id": 1, "app_slug": "gatehouse-contoso", "permissions": self.github.permissions}
            return says({**shown, **self.installation})
        said = {
            "/orgs/contoso-dev": {"id": 148205311, "login": "contoso-dev", "plan": {"name": "enterprise"}},
            "/orgs/contoso-dev/audit-log": [],
            "/orgs/contoso-dev/invitations": [],
            "/graphql": {"data": {"organization": {"samlIdentityProvider": SAML}}},
            "/api/v3/orgs/contoso-dev": {"id": 7, "login": "contoso-dev"},
            "/api/v3/orgs/contoso-dev/audit-log": [],
            "/api/v3/orgs/contoso-dev/external-groups": {"groups": []},
            "/api/v3/meta": {"installed_version": "3.19.1"},
        }
        return says(said[seen.path]) if seen.path in said else self.true(seen)


@pytest.fixture
def github() -> Any:
    made = AppVendor(permissions=dict(ALL))
    yield made
    made.vendor.close()


def test_the_app_is_told_with_its_permissions(github: AppVendor) -> None:
    Organisation(github)
    tenant = connector.check(github.client())
    assert (tenant.id, tenant.plan, tenant.connected_as) == ("148205311", "enterprise", "gatehouse-contoso[bot]")
    assert held(tenant.granted) >= set(PERMISSIONS)
    assert (tenant.missing, tenant.warnings) == ((), ())
    assert ("GET", "/user") not in github.calls()


def test_permissions_that_were_not_granted_are_missing(github: AppVendor) -> None:
    Organisation(github)
    del github.permissions["members"]
    found = {each.permission: each for each in connector.check(github.client()).missing}
    assert Capability.ACCOUNTS in found["members:read"].closes
    assert "Permissions & events" in found["members:read"].remedy


def test_a_permission_accepted_a_moment_ago_counts_and_brings_a_new_token(github: AppVendor) -> None:
    Organisation(github)
    del github.permissions["members"]
    connector.check(github.client())
    github.permissions["members"] = "write"
    client = github.client()
    assert connector.check(client).missing == ()
    assert "members:write" in client.granted_scopes


def test_an_app_on_selected_repositories_is_warned_of(github: AppVendor) -> None:
    Organisation(github, repository_selection="selected")
    assert any("selected repositories" in each for each in connector.check(github.client()).warnings)


def test_an_app_that_was_uninstalled_needs_reconnecting(github: AppVendor) -> None:
    Organisation(github)
    github.is_installed = False
    with pytest.raises(CredentialsRejected, match="no installation"):
        connector.check(github.client())


def test_a_server_tells_its_version_and_is_not_asked_for_what_it_lacks(github: AppVendor) -> None:
    Organisation(github)
    tenant = connector.check(github.client(base_url="https://github.contoso.example"))
    assert (tenant.id, tenant.plan) == ("github.contoso.example:7", "GitHub Enterprise Server 3.19.1")
    assert "block_account" in tenant.unavailable
    assert "external_groups" not in tenant.unavailable
    assert not any(path.endswith(("/graphql", "/invitations")) for _, path in github.calls())


def test_scopes_of_actions_close_their_kinds(bench: Bench) -> None:
    granted = [scope for scope in bench.connector.method("oauth_app").scopes if scope != "admin:org"]
    token = bench.sandbox.github.state.issue_token("contoso-security-svc", granted)
    bench.secrets.write_tokens(
        {"access": {"": {"value": token, "renew_at": None, "scopes": granted, "kind": "Bearer", "proof_key": ""}}}
    )
    found = {each.permission: each.closes for each in check(bench).missing}
    assert {Capability.PRIVILEGES, ActionKind.REMOVE_ACCOUNT, ActionKind.BLOCK_ACCOUNT} <= set(found["admin:org"])
