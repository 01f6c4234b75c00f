"""The simulated products: ghe.com with data residency, GitHub Enterprise Server, plans, and the limits of each."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.connectors import github_callers as callers
from tests.connectors.github_callers import ORG, caller, logins, turn
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET, RESIDENCY, SERVER, SERVICE_OWNER
from tests.sandbox.github.seed_apps import ENTERPRISE
from tests.sandbox.github.site import SITES, Site

MEMBERS = '{organization(login:"contoso-dev"){membersWithRole(first:3){nodes{login url}}}}'


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def server(sandbox: Sandbox) -> Caller:
    return callers.server_owner(sandbox)


@pytest.fixture
def residency(sandbox: Sandbox) -> Caller:
    return callers.residency_owner(sandbox)


# -- hosts


def addresses(value: Json) -> set[str]:
    """Scheme and host of every address in an answer, but those of pictures and raw files."""
    if isinstance(value, dict):
        return {each for below in value.values() for each in addresses(below)}
    if isinstance(value, list):
        return {each for below in value for each in addresses(below)}
    parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
    is_ours = parts.scheme in ("http", "https") and "githubusercontent" not in parts.netloc
    return {f"{parts.scheme}://{parts.netloc}"} if is_ours else set()


def test_at_ghe_com_everything_is_under_its_own_hosts(residency: Caller) -> None:
    reply = residency.get(f"{ORG}/repos?per_page=1")
    assert addresses([row["owner"] for row in reply.json()]) == {
        "https://api.contoso.ghe.com",
        "https://contoso.ghe.com",
    }
    assert (reply.link("next") or "").startswith("https://api.contoso.ghe.com/organizations/148205311/repos?")
    found = residency("POST", "/graphql", {"query": MEMBERS}).json()
    assert addresses(found) == {"https://contoso.ghe.com"}


def test_a_server_answers_below_api_v3_and_api_graphql(sandbox: Sandbox, server: Caller) -> None:
    reply = server.get(f"{ORG}/members?per_page=1")
    assert addresses(reply.json()) == {"https://github.contoso.example"}
    assert reply.json()[0]["url"].startswith("https://github.contoso.example/api/v3/users/")
    assert reply.json()[0]["html_url"] == f"https://github.contoso.example/{SERVICE_OWNER}"
    assert (reply.link("next") or "").startswith("https://github.contoso.example/api/v3/organizations/148205311/")
    assert len(logins(server, f"{ORG}/members?per_page=4")) == 14
    bare = Caller(sandbox, SERVER.api_host, server.headers)
    assert "membersWithRole" in bare("POST", "/api/graphql", {"query": MEMBERS}).body.decode()
    assert bare.get(f"{ORG}/members").headers["content-type"].startswith("text/html")


def test_a_renamed_repository_is_found_below_api_v3(server: Caller) -> None:
    moved = server.get("/repos/contoso-dev/documentation")
    assert moved.headers["location"] == "https://github.contoso.example/api/v3/repositories/301445118"
    assert server.get(moved.headers["location"]).json()["name"] == "docs"


def test_tokens_of_one_product_are_unknown_to_the_others(sandbox: Sandbox) -> None:
    for site in SITES:
        login = f"{SERVICE_OWNER}_ctso" if site is RESIDENCY else SERVICE_OWNER
        token = sandbox.github_at(site.id).state.issue_token(login, ["read:org"])
        headers = {"User-Agent": "tests", "Authorization": f"Bearer {token}"}
        for other in SITES:
            call = Caller(sandbox, other.api_host, headers, "/api/v3" if other.is_server else "")
            assert call.get("/user").status == (200 if other is site else 401)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
def test_each_product_has_its_own_consent_page(sandbox: Sandbox, site: Site) -> None:
    browser = Caller(sandbox, site.web_host)
    asked = urlencode(
        {"client_id": CLIENT_ID, "redirect_uri": "http://127.0.0.1/back", "scope": "read:org", "state": "s"}
    )
    form = urlencode({"decision": "authorize", "scope:read:org": "on"}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.get(f"/login/oauth/authorize?{asked}").status == 200
    back = browser("POST", f"/login/oauth/authorize?{asked}", form, headers).headers["location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    sent = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code": code,
        "redirect_uri": "http://127.0.0.1/back",
    }
    issued = browser("POST", "/login/oauth/access_token", sent, {"Accept": "application/json"}).json()
    call = Caller(
        sandbox,
        site.api_host,
        {"User-Agent": "tests", "Authorization": f"Bearer {issued['access_token']}"},
        "/api/v3" if site.is_server else "",
    )
    assert call.get("/user").status == 200


def test_ghe_com_has_managed_users_only(residency: Caller) -> None:
    assert all(login.endswith("_ctso") for login in logins(residency, f"{ORG}/members"))
    assert residency.get(f"/scim/v2/enterprises/{ENTERPRISE}/Users").json()["totalResults"] == 14
    assert residency.get(f"{ORG}/external-groups").status == 200
    assert residency.get(f"{ORG}/credential-authorizations").status == 404


# -- GitHub Enterprise Server


@pytest.mark.parametrize(
    "target",
    [
        f"{ORG}/blocks",
        f"{ORG}/invitations",
        f"{ORG}/failed_invitations",
        f"{ORG}/credential-authorizations",
        "/scim/v2/organizations/contoso-dev/Users",
        f"/enterprises/{ENTERPRISE}/consumed-licenses",
    ],
)
def test_a_server_lacks_what_only_the_cloud_has(server: Caller, target: str) -> None:
    assert (server.get(target).status, server.get(target).json()["message"]) == (404, "Not Found")


def test_a_server_has_the_audit_log_and_no_limits(server: Caller) -> None:
    reply = server.get(f"{ORG}/audit-log?per_page=1")
    assert reply.status == 200
    assert "x-ratelimit-limit" not in reply.headers
    assert reply.headers["x-github-enterprise-version"] == "3.19.0"
    assert server.get("/rate_limit").json()["message"] == "Rate limiting is not enabled."
    assert server.get("/meta").json()["installed_version"] == "3.19.0"


def test_whoever_runs_the_server_sees_and_changes_suspensions(sandbox: Sandbox, server: Caller) -> None:
    assert server.get("/users/jmueller").json()["suspended_at"] is None
    assert server.get("/users/tvolkov").json()["suspended_at"] is not None
    assert server("PUT", "/users/jmueller/suspended", {"reason": "Left"}).status == 204
    assert server.get("/users/jmueller").json()["suspended_at"] is not None
    assert "jmueller" in logins(server, f"{ORG}/members")
    [event] = server.get(f"{ORG}/audit-log?per_page=1").json()
    assert (event["action"], event["user"], event["explanation"]) == ("user.suspend", "jmueller", "Left")
    assert server("PUT", "/users/jmueller/suspended").status == 204
    assert server("DELETE", "/users/jmueller/suspended").status == 204
    assert server.get("/users/jmueller").json()["suspended_at"] is None


def test_suspending_has_its_limits(sandbox: Sandbox, server: Caller) -> None:
    state = sandbox.github_at(SERVER.id).state
    assert server("PUT", f"/users/{SERVICE_OWNER}/suspended").status == 403
    assert server("PUT", "/users/nobody-here/suspended").status == 404
    state.directory_users.add(state.person("asingh").id)
    assert server("PUT", "/users/asingh/suspended").status == 403
    plain = Caller(sandbox, SERVER.api_host, {"User-Agent": "t"}, "/api/v3")
    plain.headers["Authorization"] = f"Bearer {state.issue_token('rferreira', ['site_admin'])}"
    assert plain("PUT", "/users/asingh/suspended").status == 403
    assert "suspended_at" not in plain.get("/users/tvolkov").json()
    plain.headers["Authorization"] = f"Bearer {state.issue_token(SERVICE_OWNER, ['admin:org'])}"
    assert plain("PUT", "/users/rferreira/suspended").headers["x-accepted-oauth-scopes"] == "site_admin"


def test_a_suspended_person_is_shut_out(sandbox: Sandbox, server: Caller) -> None:
    state = sandbox.github_at(SERVER.id).state
    token = state.issue_token("jmueller", ["read:org"])
    server("PUT", "/users/jmueller/suspended")
    call = Caller(sandbox, SERVER.api_host, {"User-Agent": "t", "Authorization": f"Bearer {token}"}, "/api/v3")
    assert (call.get("/user").status, "suspended" in call.get("/user").json()["message"]) == (403, True)


def test_on_github_com_nobody_is_suspended(sandbox: Sandbox) -> None:
    assert callers.owner(sandbox)("PUT", "/users/jmueller/suspended").status == 404
    assert "suspended_at" not in callers.owner(sandbox).get("/users/jmueller").json()


def test_a_servers_webhooks_name_the_server(sandbox: Sandbox, server: Caller) -> None:
    config = {"url": "https://portal.contoso.example/in", "content_type": "json", "secret": "s"}
    assert server("POST", f"{ORG}/hooks", {"name": "web", "config": config, "events": ["member"]}).status == 201
    [ping] = sandbox.github_at(SERVER.id).state.sent
    assert ping.headers["X-GitHub-Enterprise-Host"] == "github.contoso.example"
    assert ping.headers["X-GitHub-Enterprise-Version"] == "3.19.0"
    hook = json.loads(ping.body)["hook"]
    assert hook["url"].startswith("https://github.contoso.example/api/v3/orgs/contoso-dev/hooks/")


# -- plans and doors of the cloud


def test_a_smaller_plan_takes_the_audit_log_and_single_sign_on_lists_away(sandbox: Sandbox) -> None:
    call = callers.owner(sandbox)
    for switch, plan in (("plan", "team"), ("free-plan", "free")):
        turn(sandbox, (switch,), True)
        assert call.get(ORG).json()["plan"]["name"] == plan
        for target in (
            f"{ORG}/audit-log",
            f"{ORG}/credential-authorizations",
            "/scim/v2/organizations/contoso-dev/Users",
        ):
            assert call.get(target).status == 404
        assert call.get(f"{ORG}/members").status == 200
        turn(sandbox, (switch,), False)
    assert call.get(f"{ORG}/audit-log").status == 200


def test_without_single_sign_on_there_are_no_identities(sandbox: Sandbox) -> None:
    call = callers.owner(sandbox)
    turn(sandbox, ("no-saml",), True)
    assert call.get(f"{ORG}/credential-authorizations").status == 404
    text = '{organization(login:"contoso-dev"){samlIdentityProvider{id}}}'
    found = call("POST", "/graphql", {"query": text}).json()
    assert found["data"]["organization"]["samlIdentityProvider"] is None


def test_a_list_over_several_organisations_says_what_it_hides(sandbox: Sandbox) -> None:
    call = callers.owner(sandbox)
    assert len(call.get("/user/memberships/orgs").json()) == 2
    assert len(call.get("/user/orgs").json()) == 2
    turn(sandbox, ("saml",), True)
    partial = call.get("/user/memberships/orgs")
    assert [row["organization"]["login"] for row in partial.json()] == ["fabrikam-oss"]
    assert partial.headers["x-github-sso"] == "partial-results; organizations=148205311"


def test_switches_close_the_doors_they_name(sandbox: Sandbox) -> None:
    call = callers.owner(sandbox)
    turn(sandbox, ("addresses",), True)
    assert "IP allow list" in call.get(f"{ORG}/members").json()["message"]
    turn(sandbox, ("addresses",), False)
    turn(sandbox, ("policy",), True)
    assert call("PATCH", "/repos/contoso-dev/docs", {"visibility": "private"}).status == 422
    turn(sandbox, ("policy",), False)
    assert call("PATCH", "/repos/contoso-dev/docs", {"visibility": "private"}).status == 200


# -- limits


def test_the_secondary_limit_counts_points_and_says_when_to_come_back(sandbox: Sandbox) -> None:
    sandbox.github.state.points_per_minute = 12
    call = callers.owner(sandbox)
    assert [call.get("/user").status for _ in range(7)] == [200] * 7
    assert call("PUT", f"{ORG}/blocks/tvolkov").status == 204
    refused = call.get("/user")
    assert (refused.status, "secondary rate limit" in refused.json()["message"]) == (403, True)
    assert 0 < int(refused.headers["retry-after"]) <= 61
    assert refused.headers["x-ratelimit-remaining"] != "0"
    sandbox.clock.advance(61)
    assert call.get("/user").status == 200


def test_tokens_of_one_person_share_the_limit_of_the_audit_log(sandbox: Sandbox) -> None:
    sandbox.github.state.limits["audit_log"] = 2
    first, second = (caller(sandbox, SERVICE_OWNER, scope) for scope in ("read:audit_log", "admin:org"))
    assert [each.get(f"{ORG}/audit-log?per_page=1").status for each in (first, second)] == [200, 200]
    assert first.get(f"{ORG}/audit-log?per_page=1").status == 403
    assert first.get("/user").status == 200
    assert callers.installed(sandbox).get(f"{ORG}/audit-log?per_page=1").status == 200


@pytest.mark.parametrize(
    "target",
    [
        f"{ORG}/repos",
        f"{ORG}/installations",
        f"{ORG}/credential-authorizations",
        f"{ORG}/outside_collaborators",
        f"{ORG}/audit-log",
        "/repos/contoso-dev/billing-api/collaborators",
        "/repos/contoso-dev/infra-live/keys",
        "/repos/contoso-dev/storefront/git/trees/main?recursive=1",
        "/scim/v2/organizations/contoso-dev/Users",
    ],
)
def test_an_unchanged_list_is_304_and_free(sandbox: Sandbox, target: str) -> None:
    call = callers.owner(sandbox)
    first = call.get(target)
    again = call.get(target, {"If-None-Match": first.headers["etag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"]
