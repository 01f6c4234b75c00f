"""The simulated Dropbox: consent, codes, refresh tokens, webhooks."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from tests.connectors.dropbox_callers import DropboxCaller, team_caller
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.dropbox import ADMIN, APP_KEY, APP_SECRET, REDIRECT_URI
from tests.sandbox.exchange import Json
from tests.sandbox.postman import Got

SCOPES = "team_info.read members.read"
SECRETS = {"client_id": APP_KEY, "client_secret": APP_SECRET}
VERIFIER = "v" * 50
HOOK = "http://127.0.0.1:1/hook"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


def authorize(sandbox: Sandbox, form: dict[str, str] | None = None, **changed: str) -> Reply:
    question = {"client_id": APP_KEY, "response_type": "code", "redirect_uri": REDIRECT_URI, "state": "s1",
                "token_access_type": "offline", "scope": SCOPES, **changed}  # fmt: skip
    web, target = Caller(sandbox, "www.dropbox.com"), f"/oauth2/authorize?{urlencode(question)}"
    return web("POST", target, urlencode(form).encode()) if form else web.get(target)


def code_of(reply: Reply) -> str:
    return parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]


def token(sandbox: Sandbox, **form: str) -> Reply:
    return Caller(sandbox, "api.dropboxapi.com")("POST", "/oauth2/token", urlencode(form).encode())


def exchange(sandbox: Sandbox, code: str, **changed: str) -> Reply:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, **SECRETS, **changed}
    return token(sandbox, **form)


def test_consent_gives_a_token_of_the_team_that_can_be_refreshed(sandbox: Sandbox) -> None:
    page = authorize(sandbox)
    assert ADMIN.encode() in page.body
    reply = exchange(sandbox, code_of(authorize(sandbox, {"decision": "allow"})))
    assert reply.headers["content-type"] == "text/javascript"
    given = reply.json()
    assert (given["expires_in"], given["uid"], given["team_id"]) == (14_400, "", sandbox.dropbox.state.team_id)
    assert given["scope"].split() == ["members.read", "team_info.read"]
    assert sandbox.dropbox.state.log.events("app_link_team")
    form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"], **SECRETS}
    refreshed = token(sandbox, **form).json()
    assert refreshed.keys() == {"access_token", "token_type", "expires_in"}
    assert token(sandbox, **form).status == 200
    assert DropboxCaller(sandbox, refreshed["access_token"])("team/get_info").status == 200
    sandbox.dropbox.state.revoke_tokens()
    refused = token(sandbox, **form)
    assert (refused.status, refused.json()["error"]) == (400, "invalid_grant")
    assert DropboxCaller(sandbox, refreshed["access_token"])("team/get_info").status == 401


def test_without_offline_access_there_is_no_refresh_token(sandbox: Sandbox) -> None:
    code = code_of(authorize(sandbox, {"decision": "allow"}, token_access_type="online"))
    assert "refresh_token" not in exchange(sandbox, code).json()


def test_a_consent_without_team_scopes_is_of_one_person(sandbox: Sandbox) -> None:
    form = {"decision": "allow", "email": "wjones@contoso.example"}
    given = exchange(sandbox, code_of(authorize(sandbox, form, scope="files.metadata.read"))).json()
    assert given["account_id"] == sandbox.dropbox.state.member("wjones").account_id
    assert "team_id" not in given
    assert authorize(sandbox, form).status == 403


def test_what_does_not_fit_is_refused_on_the_page(sandbox: Sandbox) -> None:
    for name in ("client_id", "redirect_uri", "response_type", "scope"):
        assert authorize(sandbox, None, **{name: "x"}).status == 400, name
    denied = authorize(sandbox, {"decision": "cancel"})
    assert parse_qs(urlsplit(denied.headers["location"]).query)["error"] == ["access_denied"]


def test_a_portal_elsewhere_can_be_registered_and_stays_so(sandbox: Sandbox) -> None:
    elsewhere = "http://localhost:9876/connect/callback/"
    assert authorize(sandbox, redirect_uri=elsewhere).status == 400
    sandbox.dropbox.register("http://localhost:9876/")
    assert authorize(sandbox, redirect_uri=elsewhere).status == 200
    sandbox.reset()
    assert authorize(sandbox, redirect_uri=elsewhere).status == 200


def test_a_code_is_good_once_and_for_its_redirect_and_verifier_alone(sandbox: Sandbox) -> None:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

    def code() -> str:
        form = {"decision": "allow"}
        return code_of(authorize(sandbox, form, code_challenge=challenge, code_challenge_method="S256"))

    assert exchange(sandbox, code()).status == 400
    assert exchange(sandbox, code(), code_verifier="w" * 50).status == 400
    assert exchange(sandbox, code(), code_verifier=VERIFIER, redirect_uri="http://other/").status == 400
    assert exchange(sandbox, code(), code_verifier=VERIFIER, client_secret="wrong").status == 401
    once = code()
    assert exchange(sandbox, once, code_verifier=VERIFIER).status == 200
    assert exchange(sandbox, once, code_verifier=VERIFIER).json()["error"] == "invalid_grant"
    late = code()
    sandbox.clock.advance(601)
    assert exchange(sandbox, late, code_verifier=VERIFIER).status == 400


def test_revoking_ends_the_tokens_of_a_consent(sandbox: Sandbox) -> None:
    team = team_caller(sandbox)
    assert b"entire Dropbox Business team" in team("auth/token/revoke").body
    assert team.as_user(ADMIN).ok("auth/token/revoke") is None
    assert team.refused("team/get_info", status=401) == {".tag": "invalid_access_token"}


# -- webhooks


def echo(url: str) -> Got:
    challenge = parse_qs(urlsplit(url).query)["challenge"][0]
    return Got(200, {"content-type": "text/plain", "x-content-type-options": "nosniff"}, challenge.encode())


def test_a_webhook_is_added_when_it_echoes_the_challenge_as_plain_text(sandbox: Sandbox) -> None:
    dropbox = sandbox.dropbox
    for answer in (Got(404), Got(200, {}, b"x"), Got(200, {"content-type": "text/html"}, b"x")):
        dropbox.ask = lambda url, answer=answer: answer  # type: ignore[misc]
        assert dropbox.add_webhook(HOOK)
    dropbox.ask = lambda url: Got(200, {"content-type": "text/plain"}, echo(url).body)
    assert "nosniff" in dropbox.add_webhook(HOOK)
    dropbox.ask = echo
    assert dropbox.add_webhook(HOOK) == ""
    form = f"uri={quote(HOOK)}2".encode()
    console = Caller(sandbox, "www.dropbox.com")("POST", "/developers/apps/info/gatehouse", form)
    assert HOOK.encode() in console.body
    assert dropbox.state.application.webhooks == [HOOK, f"{HOOK}2"]


def notified(sandbox: Sandbox) -> Json:
    sent = sandbox.dropbox.state.sent[-1]
    signature = hmac.new(APP_SECRET.encode(), sent.body, hashlib.sha256).hexdigest()
    assert sent.headers["X-Dropbox-Signature"] == signature
    return json.loads(sent.body)


def test_a_change_is_told_to_everybody_who_has_the_namespace(sandbox: Sandbox) -> None:
    state = sandbox.dropbox.state
    state.application.webhooks.append(HOOK)
    team = team_caller(sandbox)
    shared = next(each for each in state.namespaces.values() if each.name == "Deals 2026")
    state.touch(shared)
    team("team/get_info")
    names = sorted(state.member(each).id for each in ("eandersson", "fmartin", "lmoreau"))
    assert notified(sandbox) == {"list_folder": {"teams": {state.team_id: names}}}
    team("team/get_info")
    assert len(state.sent) == 1


def test_a_notification_that_nobody_took_is_sent_again(sandbox: Sandbox) -> None:
    state = sandbox.dropbox.state
    state.application.webhooks.append(HOOK)
    statuses = [500, 200]
    taken: list[bytes] = []

    def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
        taken.append(body)
        return statuses[len(taken) - 1]

    sandbox.dropbox.deliver = deliver
    team = team_caller(sandbox)
    state.touch(state.home_of(state.member("wjones")))
    for _ in range(3):
        team("team/get_info")
    assert len(taken) == 2
