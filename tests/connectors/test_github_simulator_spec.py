"""Every answer of the simulated GitHub is as GitHub's own description says."""

import base64

import pytest

from tests.connectors import specification
from tests.connectors.github_callers import CALLERS, owner, turn
from tests.connectors.github_walks import WALKS, Walk, people
from tests.connectors.specification import Specification, Violation
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Exchange
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET, SERVER
from tests.sandbox.github.router import Route

pytestmark = pytest.mark.skipif(
    specification.folder("github") is None, reason="GATEHOUSE_SPECS does not name a folder with github/ghec.json"
)

ORG = "/orgs/contoso-dev"
READS = people.READS
# What is refused so was wrong on purpose, to see the vendor refuse it.
WRONG = (400, 422)


@pytest.fixture(scope="module")
def github() -> Specification:
    return Specification.load("github", "ghec.json")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return owner(sandbox)


def test_every_endpoint_answers_as_described(sandbox: Sandbox, call: Caller, github: Specification) -> None:
    _walk(sandbox, call)
    for exchange in sandbox.requests:
        _validate(github, exchange)
    done = [exchange for exchange in sandbox.requests if exchange.status < 400]
    missing = [route.pattern.pattern for route in sandbox.github.routes if not _has_answered(route, done)]
    assert missing == []


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("has_application_restrictions", True, "OAuth App access restrictions"),
        ("is_saml_enforced", True, "SAML enforcement"),
        ("forbids_addresses", True, "IP allow list"),
    ],
)
def test_closed_doors_answer_as_described(
    sandbox: Sandbox, call: Caller, github: Specification, setting: str, value: bool, message: str
) -> None:
    setattr(sandbox.github.organisation(), setting, value)
    sandbox.github.organisation().approved_applications.clear()
    sandbox.github.organisation().has_application_restrictions = setting == "has_application_restrictions"
    for target in READS:
        call.get(target)
    refused = [each for each in sandbox.requests if each.status == 403 and message in each.response_json()["message"]]
    assert len(refused) > 20
    for exchange in sandbox.requests:
        _validate(github, exchange)


@pytest.mark.parametrize("kind", ["unauthorized", "rate-limit", "secondary-rate-limit"])
def test_refusals_on_demand_answer_as_described(
    sandbox: Sandbox, call: Caller, github: Specification, kind: str
) -> None:
    sandbox.faults.add(kind, times=None)
    for target in READS:
        assert call.get(target).status in (401, 403, 429)
    for exchange in sandbox.requests:
        _validate(github, exchange)


def test_an_answer_that_lacks_a_member_is_found(sandbox: Sandbox, call: Caller, github: Specification) -> None:
    sandbox.faults.add("wrong-shape")
    call.get(f"{ORG}/members")
    with pytest.raises(Violation, match="members"):
        github.validate(sandbox.requests[0])


def _walk(sandbox: Sandbox, call: Caller) -> None:
    call.get("/")
    call("GET", "/orgs/contoso-dev/public_members/dokafor")
    call("POST", "/graphql", {"query": "{viewer{login}}"})
    for walk in WALKS:
        turn(sandbox, walk.switches, True)
        _follow(walk, CALLERS[walk.by](sandbox))
        turn(sandbox, walk.switches, False)
    _walk_hook(call)
    _walk_app_hook(sandbox)
    anonymous = _caller(sandbox, None)
    assert anonymous("POST", "/credentials/revoke", {"credentials": ["ghp_unknown"]}).status == 202
    assert anonymous("POST", "/credentials/revoke", {"credentials": []}).status == 422
    assert anonymous.get("/user").status == 401
    assert anonymous.get(f"{ORG}/members").status == 200
    assert _caller(sandbox, "gho_wrong").get("/user").status == 401
    assert call.get("/user", {"User-Agent": ""}).status == 403
    _walk_applications(sandbox)


def _follow(walk: Walk, call: Caller) -> None:
    for target in walk.reads:
        replies = call.pages(target)
        assert {reply.status for reply in replies} <= {200, 204}, target
        assert call.get(target, {"If-None-Match": replies[0].headers.get("etag", "")}).status in (204, 304)
    for method, target, body, status in (*walk.refusals, *walk.writes):
        reply = call(method, target, body)
        assert reply.status == status, (method, target, reply.body)


def _walk_hook(call: Caller) -> None:
    """What needs the ids of a hook and of what it was sent."""
    hook = f"{ORG}/hooks/{call.get(f'{ORG}/hooks').json()[0]['id']}"
    assert call.get(hook).status == 200
    assert call("PATCH", hook, {"events": ["member", "push"], "active": True}).status == 200
    assert call("POST", f"{hook}/pings").status == 204
    sent = call.pages(f"{hook}/deliveries?per_page=1")
    assert len(sent) == 2
    delivery = f"{hook}/deliveries/{sent[0].json()[0]['id']}"
    assert call.get(delivery).status == 200
    assert call("POST", f"{delivery}/attempts").status == 202
    assert call.get(f"{hook}/deliveries?status=failure").json() == []
    assert call.get(f"{hook}/deliveries?cursor=x").status == 400
    assert call("DELETE", hook).status == 204


def _walk_app_hook(sandbox: Sandbox) -> None:
    """What needs the id of something that the app's webhook was sent."""
    app = CALLERS["app"](sandbox)
    delivery = f"/app/hook/deliveries/{app.get('/app/hook/deliveries').json()[0]['id']}"
    assert app.get(delivery).status == 200
    assert app("POST", f"{delivery}/attempts").status == 202


def _walk_applications(sandbox: Sandbox) -> None:
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    call = Caller(sandbox, "api.github.com", {"User-Agent": "tests", "Authorization": f"Basic {basic}"})
    base = f"/applications/{CLIENT_ID}"
    first, second = (sandbox.github.state.issue_token("asingh", scopes) for scopes in (["read:org"], ["read:user"]))
    assert call("POST", f"{base}/token", {"access_token": first}).status == 200
    assert call("DELETE", f"{base}/token", {"access_token": first}).status == 204
    assert call("POST", f"{base}/token", {"access_token": first}).status == 404
    assert call("DELETE", f"{base}/grant", {"access_token": second}).status == 204
    assert call("DELETE", f"{base}/grant", {"access_token": second}).status == 422


def _validate(github: Specification, exchange: Exchange) -> None:
    if exchange.host == SERVER.api_host:
        github = Specification.load("github", "ghes-3.19.json")
    if not github.describes(exchange):
        return
    if exchange.status == 404 and not github.has(exchange):
        return
    if exchange.status not in WRONG:
        github.validate_request(exchange)
    github.validate_response(exchange)


def _has_answered(route: Route, done: list[Exchange]) -> bool:
    return any(route.method == each.method and route.pattern.match(each.path.removeprefix("/api/v3")) for each in done)


def _caller(sandbox: Sandbox, token: str | None) -> Caller:
    headers = {"User-Agent": "tests", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return Caller(sandbox, "api.github.com", headers | ({"Authorization": f"Bearer {token}"} if token else {}))
