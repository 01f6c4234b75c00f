"""The simulated Box lets in whom Box would: consent, codes, rotating refresh tokens, server authentication."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.connectors.box_callers import API, admin, ask_token, assertion, caller, credentials_form, newest, service
from tests.sandbox import Sandbox
from tests.sandbox.box import seed
from tests.sandbox.caller import Caller, Reply

CALLBACK = "http://127.0.0.1:8123/connect/callback/"
ASKED = {"response_type": "code", "client_id": seed.CLIENT_ID, "redirect_uri": CALLBACK, "state": "s1"}
APP = {"client_id": seed.CLIENT_ID, "client_secret": seed.CLIENT_SECRET}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


def decide(sandbox: Sandbox, decision: str, **changes: str) -> Reply:
    login = sandbox.box.state.primary_admin.login
    form = urlencode({"decision": decision, "login": login}).encode()
    browser = Caller(sandbox, "account.box.com", {"Content-Type": "application/x-www-form-urlencoded"})
    return browser("POST", f"/api/oauth2/authorize?{urlencode(ASKED | changes)}", form)


def answered(reply: Reply) -> dict[str, str]:
    assert reply.status == 302
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))


def redeem(sandbox: Sandbox, code: str) -> Reply:
    return ask_token(sandbox, grant_type="authorization_code", code=code, **APP)


def refresh(sandbox: Sandbox, text: str) -> Reply:
    return ask_token(sandbox, grant_type="refresh_token", refresh_token=text, **APP)


def refused(reply: Reply) -> tuple[int, str, str]:
    body = reply.json()
    return reply.status, body["error"], body["error_description"]


def status_with(sandbox: Sandbox, token: str) -> int:
    return Caller(sandbox, API, {"Authorization": f"Bearer {token}"}).get("/2.0/users/me").status


def test_consent_leads_back_with_a_code_that_serves_once_for_half_a_minute(sandbox: Sandbox) -> None:
    browser = Caller(sandbox, "account.box.com")
    page = browser.get(f"/api/oauth2/authorize?{urlencode(ASKED)}")
    assert page.status == 200
    assert b"Gatehouse at Contoso" in page.body
    answer = answered(decide(sandbox, "grant"))
    assert answer["state"] == "s1"
    token = redeem(sandbox, answer["code"]).json()
    assert (token["token_type"], token["expires_in"], token["restricted_to"]) == ("bearer", 4123, [])
    assert status_with(sandbox, token["access_token"]) == 200
    assert refused(redeem(sandbox, answer["code"]))[:2] == (400, "invalid_grant")
    late = answered(decide(sandbox, "grant"))["code"]
    sandbox.clock.advance(31)
    assert refused(redeem(sandbox, late)) == (400, "invalid_grant", "The authorization code has expired")


def test_denial_wrong_addresses_and_disabled_apps_end_the_consent(sandbox: Sandbox) -> None:
    assert answered(decide(sandbox, "deny")) == {"error": "access_denied", "state": "s1"}
    other = decide(sandbox, "grant", redirect_uri="http://127.0.0.1:8000/other")
    assert (other.status, b"redirect_uri_mismatch" in other.body) == (400, True)
    sandbox.box.state.applications[seed.CLIENT_ID].is_enabled = False
    disabled = decide(sandbox, "grant")
    assert (disabled.status, b"Disabled by Administrator" in disabled.body) == (400, True)


def test_a_narrower_scope_is_kept(sandbox: Sandbox) -> None:
    code = answered(decide(sandbox, "grant", scope="root_readonly unheard_of"))["code"]
    token = redeem(sandbox, code).json()["access_token"]
    assert sandbox.box.state.tokens[token].scopes == ("root_readonly",)
    reply = Caller(sandbox, API, {"Authorization": f"Bearer {token}"}).get("/2.0/users")
    assert (reply.status, reply.json()["code"]) == (403, "insufficient_scope")


def test_a_refresh_token_serves_once_and_its_reuse_ends_the_grant(sandbox: Sandbox) -> None:
    first = redeem(sandbox, answered(decide(sandbox, "grant"))["code"]).json()
    second = refresh(sandbox, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert status_with(sandbox, first["access_token"]) == status_with(sandbox, second["access_token"]) == 200
    assert refused(refresh(sandbox, first["refresh_token"])) == (400, "invalid_grant", "Invalid refresh token")
    assert refused(refresh(sandbox, second["refresh_token"])) == (400, "invalid_grant", "Invalid refresh token")
    assert status_with(sandbox, second["access_token"]) == 401


def test_access_tokens_live_an_hour_and_refresh_tokens_sixty_days(sandbox: Sandbox) -> None:
    token = redeem(sandbox, answered(decide(sandbox, "grant"))["code"]).json()
    sandbox.clock.advance(4124)
    assert status_with(sandbox, token["access_token"]) == 401
    again = refresh(sandbox, token["refresh_token"]).json()
    sandbox.clock.advance(60 * 86_400 + 1)
    assert refused(refresh(sandbox, again["refresh_token"]))[2] == "Refresh token has expired"


def test_client_credentials_are_the_service_account_or_a_user(sandbox: Sandbox) -> None:
    me = service(sandbox).get("/users/me").json()
    assert me["login"].startswith("AutomationUser_")
    person = sandbox.box.state.person("asingh")
    reply = ask_token(sandbox, **credentials_form(box_subject_type="user", box_subject_id=person.id))
    assert "refresh_token" not in reply.json()
    wrong = ask_token(sandbox, **credentials_form(client_secret="x" * 32))
    assert refused(wrong) == (400, "invalid_grant", "Grant credentials are invalid")
    assert refused(ask_token(sandbox, **credentials_form(box_subject_id="1")))[1] == "invalid_grant"
    sandbox.box.state.applications[seed.SERVER_CLIENT_ID].authorised = None
    assert refused(ask_token(sandbox, **credentials_form()))[1] == "unauthorized_client"


def test_scopes_of_a_server_app_are_those_that_the_admin_authorised(sandbox: Sandbox) -> None:
    server = sandbox.box.state.applications[seed.SERVER_CLIENT_ID]
    server.authorised = ("root_readonly",)
    assert service(sandbox).get("/users").json()["code"] == "insufficient_scope"


def test_an_assertion_serves_once_and_must_be_short_and_signed(sandbox: Sandbox) -> None:
    app = {"client_id": seed.SERVER_CLIENT_ID, "client_secret": seed.SERVER_CLIENT_SECRET}
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", **app}
    good = assertion(sandbox)
    assert "access_token" in ask_token(sandbox, assertion=good, **form).json()
    assert refused(ask_token(sandbox, assertion=good, **form))[2] == "A unique 'jti' value is required"
    now = int(sandbox.clock.now())
    bad = (
        ({"exp": now - 1}, "before the expiration"),
        ({"exp": now + 100}, "at most 60"),
        ({"aud": "https://elsewhere.example/"}, "'aud'"),
        ({"jti": "short"}, "16 to 128"),
        ({"sub": "1", "jti": "fedcba9876543210"}, "credentials are invalid"),
    )
    for claims, said in bad:
        assert said in refused(ask_token(sandbox, assertion=assertion(sandbox, **claims), **form))[2]
    head, body, _ = good.split(".")
    assert "signature" in refused(ask_token(sandbox, assertion=f"{head}.{body}.AAAA", **form))[2]


def test_revoking_either_token_ends_the_grant(sandbox: Sandbox) -> None:
    for name in ("access_token", "refresh_token"):
        token = redeem(sandbox, answered(decide(sandbox, "grant"))["code"]).json()
        reply = ask_token(sandbox, "/oauth2/revoke", token=token[name], **APP)
        assert (reply.status, reply.body) == (200, b"")
        assert status_with(sandbox, token["access_token"]) == 401
        assert refused(refresh(sandbox, token["refresh_token"]))[1] == "invalid_grant"


def test_who_takes_a_token_is_told_as_an_event(sandbox: Sandbox) -> None:
    redeem(sandbox, answered(decide(sandbox, "grant"))["code"])
    assert newest(sandbox, "LOGIN")["created_by"]["login"] == sandbox.box.state.primary_admin.login
    details = newest(sandbox, "USER_AUTHENTICATE_OAUTH2_ACCESS_TOKEN_CREATE")["additional_details"]
    assert details["service_name"] == "Gatehouse at Contoso"


def test_as_user_is_for_administrators_and_never_for_other_administrators(sandbox: Sandbox) -> None:
    state = sandbox.box.state
    person, coadmin, external = (state.person(handle) for handle in ("asingh", "mhartmann", "fab-lena"))

    def status(call: Caller, user_id: str) -> int:
        return call.get("/users/me", {"As-User": user_id}).status

    own = admin(sandbox)
    assert own.get("/users/me", {"As-User": person.id}).json()["login"] == person.login
    assert [status(own, each.id) for each in (state.primary_admin, coadmin, external)] == [403, 200, 403]
    for call in (caller(sandbox, "mhartmann"), service(sandbox)):
        assert [status(call, each.id) for each in (person, state.primary_admin)] == [200, 403]
    assert status(service(sandbox), coadmin.id) == 403
    assert status(caller(sandbox, "psmith"), person.id) == 403
    assert status(caller(sandbox, "kchen"), person.id) == 403
    state.applications[seed.CLIENT_ID].has_as_user = False
    assert status(own, person.id) == 403
