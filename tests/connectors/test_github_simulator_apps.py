"""The simulated GitHub App: its JWT, its installation tokens, what permissions open, who throws it out."""

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.connectors import github_callers as callers
from tests.connectors.github_callers import ORG, recorded
from tests.sandbox import Sandbox
from tests.sandbox.caller import Reply
from tests.sandbox.exchange import Json
from tests.sandbox.github import seed_apps
from tests.sandbox.github.assertion import EXPIRES, ISSUED, NO_ISSUER, TOO_FAR, UNDECODED

OURS = "/app/installations/61440118"
OWNED = f"/enterprises/{seed_apps.ENTERPRISE}/apps/organizations/contoso-dev/installations"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


def ask(sandbox: Sandbox, text: str) -> Reply:
    return callers.with_bearer(sandbox, text).get("/app")


def said(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["message"]


# -- the assertion


def test_the_key_is_as_github_hands_it_out_and_stays_the_same(sandbox: Sandbox) -> None:
    key = sandbox.github.state.apps[seed_apps.APP_ID].generate_key()
    assert key.startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert dict(sandbox.github.credentials())["Private key of the GitHub App"] == key
    assert dict(sandbox.github.credentials())["GitHub App ID"] == str(seed_apps.APP_ID)


@pytest.mark.parametrize("issuer", [seed_apps.APP_ID, str(seed_apps.APP_ID), seed_apps.APP_CLIENT_ID])
def test_the_issuer_is_the_app_id_or_the_client_id(sandbox: Sandbox, issuer: Json) -> None:
    reply = ask(sandbox, callers.assertion(sandbox, iss=str(issuer)))
    assert (reply.status, reply.json()["slug"], reply.json()["installations_count"]) == (200, seed_apps.APP_SLUG, 2)


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({"exp": None}, (401, EXPIRES)),
        ({"exp": "soon"}, (401, EXPIRES)),
        ({"exp": -10}, (401, EXPIRES)),
        ({"exp": 660}, (401, TOO_FAR)),
        ({"iat": None}, (401, ISSUED)),
        ({"iat": 60}, (401, ISSUED)),
        ({"iss": None}, (401, NO_ISSUER)),
        ({"iss": "999"}, (404, "Integration not found")),
    ],
)
def test_claims_that_are_wrong_are_named(sandbox: Sandbox, claims: dict[str, Json], refusal: tuple[int, str]) -> None:
    now = int(sandbox.clock.now())
    given = {name: now + value if isinstance(value, int) else value for name, value in claims.items()}
    assert said(ask(sandbox, signed(sandbox, given))) == refusal


def signed(sandbox: Sandbox, claims: dict[str, Json]) -> str:
    """The payload as it is, so that a claim may be of any type."""
    now = int(sandbox.clock.now())
    payload = {"iat": now - 60, "exp": now + 300, "iss": str(seed_apps.APP_ID)} | claims
    kept = {name: value for name, value in payload.items() if value is not None}
    key = sandbox.github.state.apps[seed_apps.APP_ID].generate_key()
    return jwt.api_jws.encode(json.dumps(kept).encode(), key, "RS256")


def test_a_signature_of_another_key_or_kind_is_not_decoded(sandbox: Sandbox) -> None:
    good = callers.assertion(sandbox)
    claims = jwt.decode(good, options={"verify_signature": False})
    stranger: Any = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    head, body, _ = good.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    secret = "s" * 32
    for text in (
        jwt.encode(claims, stranger, "RS256"),
        jwt.encode(claims, secret, "HS256"),
        f"{unsigned}.{body}.",
        f"{head}.{body}.AAAA",
        "a.b.c",
    ):
        assert said(ask(sandbox, text)) == (401, UNDECODED)


def test_an_app_without_a_key_is_told_to_generate_one(sandbox: Sandbox) -> None:
    text = callers.assertion(sandbox)
    sandbox.github.state.apps[seed_apps.APP_ID].private_key = ""
    assert said(ask(sandbox, text)) == (401, "Integration must generate a public key")


def test_tokens_do_not_speak_for_the_app_nor_the_app_for_people(sandbox: Sandbox) -> None:
    assert said(callers.owner(sandbox).get("/app")) == (401, UNDECODED)
    assert said(callers.app(sandbox).get(f"{ORG}/members")) == (403, "Resource not accessible by integration")


# -- installation tokens


def test_a_token_is_issued_for_an_hour(sandbox: Sandbox) -> None:
    found = callers.app(sandbox).get(f"{ORG}/installation").json()
    assert (found["app_id"], found["target_id"]) == (seed_apps.APP_ID, 148_205_311)
    issued = callers.app(sandbox)("POST", f"/app/installations/{found['id']}/access_tokens")
    token = issued.json()
    assert (issued.status, token["token"][:4], token["repository_selection"]) == (201, "ghs_", "all")
    assert token["permissions"] == seed_apps.PERMISSIONS
    call = callers.with_bearer(sandbox, token["token"])
    assert call.get(f"{ORG}/members").status == 200
    sandbox.clock.advance(3600)
    assert said(call.get(f"{ORG}/members")) == (401, "Bad credentials")


def test_a_token_may_ask_for_less_but_not_for_more(sandbox: Sandbox) -> None:
    call = callers.app(sandbox)
    more = call("POST", f"{OURS}/access_tokens", {"permissions": {"members": "write", "secrets": "read"}})
    assert said(more) == (422, "The permissions requested are not granted to this installation.")
    less = call("POST", f"{OURS}/access_tokens", {"permissions": {"members": "read"}}).json()
    assert less["permissions"] == {"metadata": "read", "members": "read"}
    limited = callers.with_bearer(sandbox, less["token"])
    assert limited.get(f"{ORG}/members").status == 200
    assert limited("DELETE", f"{ORG}/memberships/asingh").status == 403


def test_a_token_may_be_limited_to_repositories(sandbox: Sandbox) -> None:
    issued = callers.app(sandbox)("POST", f"{OURS}/access_tokens", {"repositories": ["storefront"]}).json()
    assert issued["repository_selection"] == "selected"
    call = callers.with_bearer(sandbox, issued["token"])
    assert [row["name"] for row in call.get("/installation/repositories").json()["repositories"]] == ["storefront"]
    assert call.get("/repos/contoso-dev/storefront/keys").status == 200
    assert call.get("/repos/contoso-dev/infra-live").status == 404
    assert call.get("/repos/contoso-dev/docs").status == 200


@pytest.mark.parametrize(
    ("permission", "target"),
    [
        ("members=read", f"{ORG}/members"),
        ("members=read", f"{ORG}/teams"),
        ("organization_administration=read", f"{ORG}/audit-log"),
        ("organization_administration=read", f"{ORG}/installations"),
        ("organization_administration=read", f"{ORG}/credential-authorizations"),
        ("organization_personal_access_tokens=read", f"{ORG}/personal-access-tokens"),
        ("organization_personal_access_token_requests=read", f"{ORG}/personal-access-token-requests"),
        ("organization_user_blocking=read", f"{ORG}/blocks"),
        ("organization_hooks=read", f"{ORG}/hooks"),
        ("organization_custom_org_roles=read", f"{ORG}/organization-roles"),
        ("administration=read", "/repos/contoso-dev/storefront/keys"),
        ("contents=read", "/repos/contoso-dev/storefront/git/trees/main"),
        ("metadata=read", f"{ORG}/repos"),
    ],
)
def test_each_endpoint_names_the_permission_it_needs(sandbox: Sandbox, permission: str, target: str) -> None:
    refused = callers.installed(sandbox, {}).get(target)
    assert said(refused) == (403, "Resource not accessible by integration")
    assert refused.headers["x-accepted-github-permissions"] == permission
    name, _, level = permission.partition("=")
    assert callers.installed(sandbox, {name: level}).get(target).status == 200


@pytest.mark.parametrize("target", ["/user", "/user/memberships/orgs/contoso-dev"])
def test_what_only_people_have_is_not_for_apps(sandbox: Sandbox, target: str) -> None:
    assert said(callers.installed(sandbox).get(target)) == (403, "Resource not accessible by integration")


def test_the_plan_and_the_settings_need_a_permission_each(sandbox: Sandbox) -> None:
    def shown(*permissions: str) -> set[str]:
        body = callers.installed(sandbox, dict.fromkeys(permissions, "read")).get(ORG).json()
        return {name for name in ("plan", "two_factor_requirement_enabled") if name in body}

    assert shown() == set()
    assert shown("organization_plan") == {"plan"}
    assert shown("organization_administration") == {"two_factor_requirement_enabled"}


def test_an_app_reaches_only_where_it_is_installed(sandbox: Sandbox) -> None:
    call = callers.installed(sandbox)
    assert call.get("/orgs/fabrikam-oss/teams").status == 404
    assert call.get("/repos/fabrikam-oss/roadmap").status == 404
    assert call.get("/repos/fabrikam-oss/toolkit").status == 200


def test_what_an_app_does_is_done_by_its_bot(sandbox: Sandbox) -> None:
    assert callers.installed(sandbox)("DELETE", f"{ORG}/memberships/asingh").status == 204
    [event] = recorded(sandbox)
    assert (event["action"], event["actor"]) == ("org.remove_member", f"{seed_apps.APP_SLUG}[bot]")
    assert event["programmatic_access_type"] == "GitHub App server-to-server token"
    assert "oauth_application_id" not in event


def test_an_app_sees_hooks_made_on_the_web_page(sandbox: Sandbox) -> None:
    assert len(callers.installed(sandbox).get(f"{ORG}/hooks").json()) == 2


def test_an_app_does_not_learn_about_two_factors(sandbox: Sandbox) -> None:
    assert callers.installed(sandbox).get(f"{ORG}/members?filter=2fa_disabled").status == 422
    text = '{organization(login:"contoso-dev"){membersWithRole(first:1){edges{hasTwoFactorEnabled}}}}'
    found = callers.installed(sandbox)("POST", "/graphql", {"query": text}).json()
    assert found["data"]["organization"]["membersWithRole"]["edges"] == [{"hasTwoFactorEnabled": None}]
    refused = callers.installed(sandbox, {})("POST", "/graphql", {"query": text}).json()
    assert refused["errors"][0]["message"] == "Resource not accessible by integration"


def test_single_sign_on_and_app_restrictions_are_no_doors_for_apps_but_addresses_are(sandbox: Sandbox) -> None:
    organisation = sandbox.github.organisation()
    organisation.is_saml_enforced = True
    organisation.approved_applications.clear()
    assert callers.installed(sandbox).get(f"{ORG}/members").status == 200
    organisation.forbids_addresses = True
    assert "IP allow list" in callers.installed(sandbox).get(f"{ORG}/members").json()["message"]


# -- its end


def test_a_suspended_installation_gives_no_tokens_and_takes_none(sandbox: Sandbox) -> None:
    call = callers.installed(sandbox)
    assert callers.app(sandbox)("PUT", f"{OURS}/suspended").status == 204
    assert recorded(sandbox)[0]["action"] == "integration_installation.suspend"
    assert said(call.get(f"{ORG}/members")) == (403, "This installation has been suspended")
    assert callers.app(sandbox)("POST", f"{OURS}/access_tokens").status == 403
    assert callers.app(sandbox)("DELETE", f"{OURS}/suspended").status == 204
    assert call.get(f"{ORG}/members").status == 200


def test_an_app_uninstalls_itself(sandbox: Sandbox) -> None:
    call = callers.installed(sandbox)
    assert callers.app(sandbox)("DELETE", OURS).status == 204
    assert recorded(sandbox)[0]["action"] == "integration_installation.destroy"
    assert call.get(f"{ORG}/members").status == 401
    assert callers.app(sandbox)("DELETE", OURS).status == 404
    assert callers.app(sandbox).get(f"{ORG}/installation").status == 404


def test_a_token_revokes_itself(sandbox: Sandbox) -> None:
    call = callers.installed(sandbox)
    assert call("DELETE", "/installation/token").status == 204
    assert call.get(f"{ORG}/members").status == 401


def test_the_enterprises_own_app_uninstalls_others_and_nobody_else_does(sandbox: Sandbox) -> None:
    for call in (callers.owner(sandbox), callers.installed(sandbox)):
        assert call("DELETE", f"{OWNED}/48220915").status == 403
    assert callers.enterprise_app(sandbox)("DELETE", f"{OWNED}/48220915").status == 204
    assert recorded(sandbox)[0]["action"] == "integration_installation.destroy"
    assert "dependency-watch" not in [row["app_slug"] for row in installations(sandbox)]
    foreign = OWNED.replace("contoso-dev", "fabrikam-oss")
    assert callers.enterprise_app(sandbox)("DELETE", f"{foreign}/61440377").status == 404


# -- what is installed


def installations(sandbox: Sandbox) -> list[Json]:
    return [
        row
        for reply in callers.owner(sandbox).pages(f"{ORG}/installations?per_page=3")
        for row in reply.json()["installations"]
    ]


def test_four_apps_are_installed_one_suspended_one_over_everything(sandbox: Sandbox) -> None:
    rows = {row["app_slug"]: row for row in installations(sandbox)}
    assert set(rows) == {seed_apps.APP_SLUG, "dependency-watch", "repo-janitor", "old-ci"}
    assert [slug for slug, row in rows.items() if row["suspended_at"]] == ["old-ci"]
    assert rows["old-ci"]["suspended_by"]["login"] == "dokafor"
    assert rows["repo-janitor"]["permissions"]["administration"] == "write"
    assert rows["old-ci"]["repository_selection"] == "selected"
    assert rows["old-ci"]["id"] > 2**31


def test_installations_are_for_owners(sandbox: Sandbox) -> None:
    assert callers.caller(sandbox, "asingh").get(f"{ORG}/installations").status == 403
    plain = callers.caller(sandbox, "contoso-security-svc", "read:user")
    refused = plain.get(f"{ORG}/installations")
    assert (refused.status, refused.headers["x-accepted-oauth-scopes"]) == (403, "admin:org, read:org, write:org")
