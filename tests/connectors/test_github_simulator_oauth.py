"""The simulated consent page and the exchange of codes for tokens."""

import base64
import hashlib
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET, OWNER, SERVICE_OWNER
from tests.sandbox.github.oauth import is_allowed

CALLBACK = "http://127.0.0.1:8000/callback"
SCOPES = "read:org admin:org read:audit_log"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": CLIENT_ID,
    "redirect_uri": CALLBACK,
    "scope": SCOPES,
    "state": "s1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def browser(sandbox: Sandbox) -> Caller:
    return Caller(sandbox, "github.com", {"Content-Type": "application/x-www-form-urlencoded"})


def decide(
    browser: Caller, decision: str, login: str = SERVICE_OWNER, asked: dict[str, str] = ASKED, **form: str
) -> Reply:
    boxes = {f"scope:{scope}": "on" for scope in asked.get("scope", "").split()}
    body = urlencode({"decision": decision, "login": login, **boxes, **form}).encode()
    return browser("POST", f"/login/oauth/authorize?{urlencode(asked)}", body)


def answered(reply: Reply) -> dict[str, str]:
    assert reply.status == 302
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))


def exchange(browser: Caller, code: str, accept: str = "application/json", **changes: str) -> Reply:
    sent = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return browser("POST", "/login/oauth/access_token", urlencode(sent | changes).encode(), {"Accept": accept})


def consented(browser: Caller, asked: dict[str, str] = ASKED) -> str:
    return answered(decide(browser, "authorize", asked=asked))["code"]


def test_consent_leads_back_with_code_and_state(browser: Caller) -> None:
    page = browser.get(f"/login/oauth/authorize?{urlencode(ASKED)}")
    assert page.status == 200
    assert b"Authorize Gatehouse at Contoso" in page.body
    reply = decide(browser, "authorize")
    assert reply.headers["location"].startswith(f"{CALLBACK}?code=")
    assert answered(reply)["state"] == "s1"


def test_a_code_becomes_a_token_with_normalized_scopes(sandbox: Sandbox, browser: Caller) -> None:
    token = exchange(browser, consented(browser)).json()
    assert token["scope"] == "admin:org,read:audit_log"
    assert token["token_type"] == "bearer"
    headers = {"User-Agent": "tests", "Authorization": f"Bearer {token['access_token']}"}
    reply = Caller(sandbox, "api.github.com", headers).get("/user")
    assert (reply.json()["login"], reply.headers["x-oauth-scopes"]) == (SERVICE_OWNER, "admin:org, read:audit_log")


def test_the_answer_is_a_form_unless_json_is_accepted(browser: Caller) -> None:
    reply = exchange(browser, consented(browser), accept="*/*")
    assert reply.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert dict(parse_qsl(reply.body.decode()))["token_type"] == "bearer"


def test_the_exchange_takes_json(browser: Caller) -> None:
    sent = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code": consented(browser),
        "code_verifier": VERIFIER,
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    reply = browser("POST", "/login/oauth/access_token", json.dumps(sent).encode(), headers)
    assert reply.json()["access_token"].startswith("gho_")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "0" * 40}, "incorrect_client_credentials"),
        ({"client_id": "Ov23liNOBODYNOBODY00"}, "incorrect_client_credentials"),
        ({"code": "nonsense"}, "bad_verification_code"),
        ({"code_verifier": "w" * 64}, "bad_verification_code"),
        ({"code_verifier": ""}, "bad_verification_code"),
        ({"redirect_uri": "http://127.0.0.1:8000/other"}, "redirect_uri_mismatch"),
    ],
)
def test_errors_of_the_exchange_come_with_200(browser: Caller, changes: dict[str, str], error: str) -> None:
    code = changes.get("code") or consented(browser)
    reply = exchange(browser, code, **{name: value for name, value in changes.items() if name != "code"})
    assert (reply.status, reply.json()["error"]) == (200, error)


def test_a_code_serves_once_and_for_ten_minutes(sandbox: Sandbox, browser: Caller) -> None:
    code = consented(browser)
    assert "access_token" in exchange(browser, code).json()
    assert exchange(browser, code).json()["error"] == "bad_verification_code"
    late = consented(browser)
    sandbox.clock.advance(601)
    assert exchange(browser, late).json()["error"] == "bad_verification_code"


def test_pkce_is_not_mandatory(browser: Caller) -> None:
    plain = {name: value for name, value in ASKED.items() if not name.startswith("code_")}
    assert "access_token" in exchange(browser, consented(browser, plain), code_verifier="").json()


@pytest.mark.parametrize("changes", [{"code_challenge_method": "plain"}, {"code_challenge": "short"}])
def test_a_challenge_of_another_kind_is_refused(browser: Caller, changes: dict[str, str]) -> None:
    reply = browser.get(f"/login/oauth/authorize?{urlencode(ASKED | changes)}")
    assert answered(reply)["error"] == "invalid_request"


def test_cancel_leads_back_with_access_denied(browser: Caller) -> None:
    said = answered(decide(browser, "cancel"))
    assert (said["error"], said["state"]) == ("access_denied", "s1")


def test_a_foreign_callback_ends_at_the_registered_one(browser: Caller) -> None:
    reply = browser.get(
        f"/login/oauth/authorize?{urlencode(ASKED | {'redirect_uri': 'https://evil.example/callback'})}"
    )
    assert reply.headers["location"].startswith("http://127.0.0.1/?error=redirect_uri_mismatch")


def test_an_unknown_app_has_no_consent_page(browser: Caller) -> None:
    assert browser.get(f"/login/oauth/authorize?{urlencode(ASKED | {'client_id': 'Ov23liNOBODY'})}").status == 404


def test_a_person_may_grant_fewer_scopes(browser: Caller) -> None:
    body = urlencode({"decision": "authorize", "login": SERVICE_OWNER, "scope:read:org": "on"}).encode()
    reply = browser("POST", f"/login/oauth/authorize?{urlencode(ASKED)}", body)
    assert exchange(browser, answered(reply)["code"]).json()["scope"] == "read:org"


def test_an_owner_grants_and_a_member_only_asks(sandbox: Sandbox, browser: Caller) -> None:
    approved = sandbox.github.organisation().approved_applications
    page = decide(browser, "grant:contoso-dev", login="asingh")
    assert b"Access requested" in page.body
    assert approved == set()
    page = decide(browser, "grant:contoso-dev", login=OWNER)
    assert b"Access granted" in page.body
    assert approved == {CLIENT_ID}


def test_single_sign_on_at_consent_opens_an_enforcing_organisation(sandbox: Sandbox, browser: Caller) -> None:
    sandbox.github.organisation().is_saml_enforced = True
    sandbox.github.organisation().approved_applications.add(CLIENT_ID)
    assert b'name="sso" value="contoso-dev"' in decide(browser, "sso:contoso-dev").body
    for signed_in, status in (("", 403), ("contoso-dev", 200)):
        code = answered(decide(browser, "authorize", sso=signed_in))["code"]
        headers = {"User-Agent": "tests", "Authorization": f"Bearer {exchange(browser, code).json()['access_token']}"}
        assert Caller(sandbox, "api.github.com", headers).get("/orgs/contoso-dev/teams").status == status


def test_the_hint_picks_the_person(browser: Caller) -> None:
    page = browser.get(f"/login/oauth/authorize?{urlencode(ASKED | {'login': 'asingh'})}")
    assert b'<option value="asingh" selected>' in page.body


def test_the_eleventh_token_pushes_the_first_out(sandbox: Sandbox) -> None:
    tokens = [sandbox.github.state.issue_token("asingh", ["read:org"]) for _ in range(11)]
    assert tokens[0] not in sandbox.github.state.tokens
    assert all(token in sandbox.github.state.tokens for token in tokens[1:])


def test_deleting_the_grant_kills_every_token_of_the_person(sandbox: Sandbox) -> None:
    first, second = (sandbox.github.state.issue_token("asingh", [scope]) for scope in ("read:org", "read:user"))
    other = sandbox.github.state.issue_token("jmueller", ["read:org"])
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    call = Caller(sandbox, "api.github.com", {"User-Agent": "tests", "Authorization": f"Basic {basic}"})
    assert call("DELETE", f"/applications/{CLIENT_ID}/grant", {"access_token": first}).status == 204
    assert {first, second, other} & sandbox.github.state.tokens.keys() == {other}


def test_a_wrong_secret_deletes_nothing(sandbox: Sandbox) -> None:
    token = sandbox.github.state.issue_token("asingh", ["read:org"])
    basic = base64.b64encode(f"{CLIENT_ID}:wrong".encode()).decode()
    call = Caller(sandbox, "api.github.com", {"User-Agent": "tests", "Authorization": f"Basic {basic}"})
    assert call("DELETE", f"/applications/{CLIENT_ID}/grant", {"access_token": token}).status == 401
    assert token in sandbox.github.state.tokens


@pytest.mark.parametrize(
    ("registered", "wanted", "is_good"),
    [
        ("https://portal.example/auth", "https://portal.example/auth/github", True),
        ("https://portal.example/auth", "https://eu.portal.example/auth", True),
        ("https://portal.example/auth", "https://portal.example/authority", False),
        ("https://portal.example/auth", "https://portal.example:8443/auth", False),
        ("https://portal.example/auth", "http://portal.example/auth", False),
        ("https://portal.example/auth", "https://notportal.example/auth", False),
        ("https://portal.example/auth", "https://portal.example/auth/../x", False),
        ("http://127.0.0.1/", "http://localhost:8123/any/path", True),
        ("http://127.0.0.1/", "http://evil.example/any", False),
    ],
)
def test_callbacks_match_as_documented(registered: str, wanted: str, is_good: bool) -> None:
    assert is_allowed(registered, wanted) is is_good
