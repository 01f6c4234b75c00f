"""The simulated webhook of a GitHub App: what it hears of each installation, and what only it hears."""

import json

import pytest

from tests.connectors import github_callers as callers
from tests.connectors import specification
from tests.connectors.github_callers import ORG
from tests.connectors.specification import Deliveries
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import seed_apps
from tests.sandbox.github.grants import TokenGrant
from tests.sandbox.github.hook import Sent, signature

URL = "https://portal.contoso.example/app"
SECRET = "shared"
OURS = "/app/installations/61440118"
REQUESTS = f"{ORG}/personal-access-token-requests"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def app(sandbox: Sandbox) -> Caller:
    """The app, its webhook set up."""
    call = callers.app(sandbox)
    config = {"url": URL, "content_type": "json", "secret": SECRET, "insecure_ssl": "0"}
    assert call("PATCH", "/app/hook/config", config).status == 200
    return call


def heard(sandbox: Sandbox) -> list[Sent]:
    return [each for each in sandbox.github.state.sent if each.url == URL]


def names(sandbox: Sandbox) -> list[str]:
    actions = [(each.headers["X-GitHub-Event"], json.loads(each.body).get("action", "")) for each in heard(sandbox)]
    return [f"{event}.{action}" for event, action in actions]


def check(sent: Sent) -> Json:
    """The payload, held against the vendor's description where that is at hand."""
    payload = json.loads(sent.body)
    if specification.folder("github"):
        Deliveries.load("github", "ghec-webhooks.json").validate(sent.headers["X-GitHub-Event"], payload)
    return payload


def test_the_configuration_is_changed_in_part_and_hides_the_secret(app: Caller) -> None:
    changed = app("PATCH", "/app/hook/config", {"insecure_ssl": "1"}).json()
    assert changed == {"url": URL, "content_type": "json", "secret": "********", "insecure_ssl": "1"}
    assert app.get("/app/hook/config").json() == changed
    assert app("PATCH", "/app/hook/config", {"url": "nowhere"}).status == 422


def test_an_app_without_an_address_hears_nothing(sandbox: Sandbox) -> None:
    callers.owner(sandbox)("DELETE", f"{ORG}/memberships/asingh")
    assert heard(sandbox) == []
    assert callers.app(sandbox).get("/app/hook/deliveries").json() == []


def test_it_hears_of_each_installation_signed_and_named(sandbox: Sandbox, app: Caller) -> None:
    callers.owner(sandbox)("PUT", f"{ORG}/blocks/tvolkov")
    callers.owner(sandbox)("PATCH", "/repos/fabrikam-oss/toolkit", {"archived": True})
    ours, theirs = heard(sandbox)
    assert names(sandbox) == ["org_block.blocked", "repository.archived"]
    assert (check(ours)["installation"]["id"], check(theirs)["installation"]["id"]) == (61_440_118, 61_440_377)
    assert ours.headers["X-GitHub-Hook-Installation-Target-Type"] == "integration"
    assert ours.headers["X-GitHub-Hook-Installation-Target-ID"] == str(seed_apps.APP_ID)
    assert ours.headers["X-Hub-Signature-256"] == f"sha256={signature(SECRET, ours.body)}"


def test_requests_of_fine_grained_tokens_are_told_to_apps_alone(sandbox: Sandbox, app: Caller) -> None:
    state, organisation = sandbox.github.state, sandbox.github.organisation()
    now = sandbox.clock.now()
    organisation.ask_for_access(TokenGrant(40_001, state.person("asingh"), 99_000_001, "new one", now))
    installed = callers.installed(sandbox)
    installed("POST", f"{REQUESTS}/31004", {"action": "deny"})
    installed("POST", f"{REQUESTS}/31117", {"action": "approve"})
    kind = "personal_access_token_request"
    assert names(sandbox) == [f"{kind}.created", f"{kind}.denied", f"{kind}.approved"]
    assert [check(each)[kind]["token_name"] for each in heard(sandbox)] == ["new one", "release bot", "docs preview"]
    everywhere = {each.headers["X-GitHub-Event"] for each in sandbox.github.state.sent if each.url != URL}
    assert kind not in everywhere


def test_it_hears_of_its_own_suspension_and_end_and_nothing_after(sandbox: Sandbox, app: Caller) -> None:
    owner = callers.owner(sandbox)
    app("PUT", f"{OURS}/suspended")
    owner("PUT", f"{ORG}/blocks/tvolkov")
    app("DELETE", f"{OURS}/suspended")
    app("DELETE", OURS)
    owner("DELETE", f"{ORG}/blocks/tvolkov")
    assert names(sandbox) == ["installation.suspend", "installation.unsuspend", "installation.deleted"]
    assert check(heard(sandbox)[0])["installation"]["suspended_at"] is not None


def test_deliveries_are_listed_and_sent_again(sandbox: Sandbox, app: Caller) -> None:
    sandbox.github.deliver = lambda url, headers, body: 500
    callers.owner(sandbox)("PUT", f"{ORG}/blocks/tvolkov")
    sandbox.github.deliver = lambda url, headers, body: 200
    [failed] = app.get("/app/hook/deliveries?status=failure").json()
    assert failed["installation_id"] == 61_440_118
    assert app("POST", f"/app/hook/deliveries/{failed['id']}/attempts").status == 202
    newest = app.get("/app/hook/deliveries").json()[0]
    assert (newest["guid"], newest["redelivery"], newest["status"]) == (failed["guid"], True, "OK")
    shown = app.get(f"/app/hook/deliveries/{newest['id']}").json()
    assert shown["request"]["payload"]["blocked_user"]["login"] == "tvolkov"


def test_only_the_app_itself_sees_its_hook(sandbox: Sandbox) -> None:
    assert callers.owner(sandbox).get("/app/hook/config").status == 401
    assert callers.installed(sandbox).get("/app/hook/deliveries").status == 401
