"""The simulated login host: an administrator's consent, secrets and certificates, and how it says no."""

import base64
import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tests.connectors.microsoft_callers import GRAPH, LOGIN, ask_token, code
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.login import certificates, consenting
from tests.sandbox.microsoft.login.proving import BEARER
from tests.sandbox.microsoft.seed import CLIENT_ID, TENANT_ID
from tests.sandbox.microsoft.seed_apps import REDIRECT_URI
from tests.sandbox.microsoft.tenant import SHAREPOINT

TOKEN_URL = f"https://{LOGIN}/{TENANT_ID}/oauth2/v2.0/token"
SHAREPOINT_SCOPE = "https://contoso.sharepoint.com/.default"
NEWER = f"/{TENANT_ID}/v2.0/adminconsent"
OLDER = f"/{TENANT_ID}/adminconsent"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


# -- consent


def consent(sandbox: Sandbox, path: str = NEWER, form: dict[str, str] | None = None, **changes: str) -> Reply:
    asked = {
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "https://graph.microsoft.com/.default",
        "state": "kept",
        **changes,
    }
    target = f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"
    call = Caller(sandbox, LOGIN, {"Content-Type": "application/x-www-form-urlencoded"})
    return call.get(target) if form is None else call("POST", target, urlencode(form).encode())


def told(reply: Reply) -> dict[str, str]:
    """What the browser brings back."""
    assert reply.headers["location"].startswith(REDIRECT_URI)
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))


def test_an_administrator_consents_for_the_tenant(sandbox: Sandbox) -> None:
    page = consent(sandbox)
    assert page.status == 200
    assert b"User.Read.All" in page.body
    assert told(consent(sandbox, form={"decision": "accept"})) == {
        "admin_consent": "True",
        "tenant": TENANT_ID,
        "scope": "https://graph.microsoft.com/.default",
        "state": "kept",
    }
    roles = jwt.decode(ask_token(sandbox).json()["access_token"], options={"verify_signature": False})["roles"]
    assert "AuditLog.Read.All" in roles
    newest = sandbox.microsoft.state.audits.audits[-1][1]
    assert newest["activityDisplayName"] == "Consent to application"


def test_declining_is_told_in_both_forms(sandbox: Sandbox) -> None:
    newer = told(consent(sandbox, form={"decision": "cancel"}))
    assert (newer["error"], newer["admin_consent"], newer.get("tenant")) == ("consent_required", "True", None)
    older = told(consent(sandbox, OLDER, {"decision": "cancel"}, scope=""))
    assert (older["error"], older["state"], "admin_consent" in older) == ("permission_denied", "kept", False)


def test_who_is_no_administrator_cannot_consent(sandbox: Sandbox) -> None:
    account = sandbox.microsoft.state.directory.user("kchen").id
    reply = consent(sandbox, form={"decision": "accept", "account": account})
    assert reply.status == 403
    assert b"Need admin approval" in reply.body


@pytest.mark.parametrize(
    ("path", "changes", "number"),
    [
        (NEWER, {"redirect_uri": "https://elsewhere.example/"}, "50011"),
        (NEWER, {"client_id": TENANT_ID}, "700016"),
        ("/common/v2.0/adminconsent", {}, "90002"),
        (NEWER, {"scope": ""}, "70011"),
    ],
)
def test_a_wrong_question_stays_on_the_page(
    sandbox: Sandbox, path: str, changes: dict[str, str], number: str
) -> None:
    reply = consent(sandbox, path, None, **changes)
    assert (reply.status, f"AADSTS{number}:".encode() in reply.body) == (400, True)


def test_the_callback_of_a_portal_can_be_registered(sandbox: Sandbox) -> None:
    sandbox.microsoft.register("http://localhost:9876/")
    sandbox.reset()
    assert consent(sandbox, redirect_uri="http://localhost:9876/connect/callback/").status == 200


# -- tokens


def number_of(reply: Reply) -> tuple[int, str, int]:
    body = reply.json()
    assert body["error_description"].startswith(f"AADSTS{body['error_codes'][0]}: ")
    return reply.status, body["error"], body["error_codes"][0]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"client_secret": "Wrong~secret.value-0000"}, (401, "invalid_client", 7000215)),
        ({"client_secret": ""}, (401, "invalid_client", 7000216)),
        ({"client_id": TENANT_ID}, (400, "unauthorized_client", 700016)),
        ({"tenant": CLIENT_ID}, (400, "invalid_request", 90002)),
        ({"scope": "https://vault.azure.net/.default"}, (400, "invalid_resource", 500011)),
        ({"scope": "https://graph.microsoft.com/User.Read.All"}, (400, "invalid_scope", 70011)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
    ],
)
def test_wrong_questions_for_a_token(
    sandbox: Sandbox, changes: dict[str, str], refused: tuple[int, str, int]
) -> None:
    assert number_of(ask_token(sandbox, **changes)) == refused


@pytest.mark.parametrize(
    ("switch", "refused"),
    [
        ("expired", (401, "invalid_client", 7000222)),
        ("removed", (401, "invalid_client", 7000229)),
        ("blocked", (400, "invalid_grant", 53003)),
        ("assignment", (400, "invalid_grant", 501051)),
    ],
)
def test_policies_that_refuse_a_token(sandbox: Sandbox, switch: str, refused: tuple[int, str, int]) -> None:
    turn(sandbox, switch)
    assert number_of(ask_token(sandbox)) == refused


def test_a_consent_that_is_asked_for_anew(sandbox: Sandbox) -> None:
    sandbox.microsoft.state.login.refuses = 65001
    assert number_of(ask_token(sandbox)) == (400, "invalid_grant", 65001)


def turn(sandbox: Sandbox, name: str) -> None:
    next(each for each in sandbox.microsoft.switches() if each.id == name).turn(True)


def test_consent_brings_a_removed_enterprise_application_back(sandbox: Sandbox) -> None:
    turn(sandbox, "removed")
    consent(sandbox, form={"decision": "accept"})
    assert ask_token(sandbox).status == 200


def test_a_service_that_is_not_in_the_tenant_gives_no_token(sandbox: Sandbox) -> None:
    state = sandbox.microsoft.state
    found = state.directory.service_principal_of(SHAREPOINT)
    assert found is not None
    state.directory.delete(found, state.now())
    assert number_of(ask_token(sandbox, scope=SHAREPOINT_SCOPE)) == (400, "invalid_resource", 500011)


# -- certificates


def assertion(sandbox: Sandbox, algorithm: str = "PS256", pair: tuple[str, str] | None = None, **claims: Json) -> str:
    pem, private = pair or certificates.own(sandbox.microsoft.state)
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    name, digest = ("x5t#S256", hashlib.sha256(der)) if algorithm == "PS256" else ("x5t", hashlib.sha1(der))  # noqa: S324
    thumbprint = base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
    now = int(sandbox.clock.now())
    said = {
        "aud": TOKEN_URL,
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "jti": f"{len(sandbox.requests)}-{algorithm}",
        "nbf": now,
        "exp": now + 300,
        **claims,
    }
    key = load_pem_private_key(private.encode(), None)
    return jwt.encode(said, key, algorithm, headers={name: thumbprint})  # type: ignore[arg-type]


def ask_by(sandbox: Sandbox, text: str, scope: str = SHAREPOINT_SCOPE) -> Reply:
    return ask_token(sandbox, client_secret="", client_assertion_type=BEARER, client_assertion=text, scope=scope)


def test_a_certificate_proves_the_application_in_both_ways(sandbox: Sandbox) -> None:
    for algorithm in ("PS256", "RS256"):
        reply = ask_by(sandbox, assertion(sandbox, algorithm))
        token = sandbox.microsoft.state.login.tokens[reply.json()["access_token"]]
        assert (token.is_by_certificate, token.audience) == (True, "https://contoso.sharepoint.com")
    by_secret = ask_token(sandbox, scope=SHAREPOINT_SCOPE).json()["access_token"]
    assert not sandbox.microsoft.state.login.tokens[by_secret].is_by_certificate


def test_assertions_that_are_refused(sandbox: Sandbox) -> None:
    other = certificates.make(sandbox.clock.now())
    used = assertion(sandbox)
    assert ask_by(sandbox, used).status == 200
    own = certificates.own(sandbox.microsoft.state)
    for text, number in (
        (used, 700027),
        (assertion(sandbox, pair=other), 700027),
        (assertion(sandbox, pair=(own[0], other[1])), 700027),
        (assertion(sandbox, aud="https://login.microsoftonline.com/"), 700027),
        (assertion(sandbox, sub=TENANT_ID), 700027),
        (assertion(sandbox, exp=int(sandbox.clock.now()) - 1), 700024),
        ("no.jwt.atall", 700027),
    ):
        assert number_of(ask_by(sandbox, text)) == (401, "invalid_client", number)


def test_a_certificate_is_uploaded_on_the_page_of_the_registration(sandbox: Sandbox) -> None:
    pair = certificates.make(sandbox.clock.now())
    call = Caller(sandbox, "entra.microsoft.com", {"Content-Type": "application/x-www-form-urlencoded"})
    assert call("POST", "/", urlencode({"certificate": "nonsense"}).encode()).status == 400
    assert call("POST", "/", urlencode({"certificate": pair[0]}).encode()).status == 200
    assert ask_by(sandbox, assertion(sandbox, pair=pair)).status == 200
    rows = sandbox.microsoft.state.directory.application_of(CLIENT_ID)
    assert rows is not None
    assert all(each["key"] is None for each in rows.properties["keyCredentials"])


def test_permissions_are_chosen_on_the_page_of_the_registration_and_held_after_consent(sandbox: Sandbox) -> None:
    call = Caller(sandbox, "entra.microsoft.com", {"Content-Type": "application/x-www-form-urlencoded"})
    ticked = {f"{SHAREPOINT}/Sites.Read.All": "on", "part": "permissions"}
    page = call("POST", "/", urlencode(ticked).encode())
    assert (page.status, page.body.count(b" checked")) == (200, 1)
    consenting.consent(sandbox.microsoft.state)
    token = ask_token(sandbox, scope=SHAREPOINT_SCOPE).json()["access_token"]
    roles = jwt.decode(token, options={"verify_signature": False})["roles"]
    assert "Sites.Read.All" in roles


def test_clients_look_up_where_tokens_are_had(sandbox: Sandbox) -> None:
    call = Caller(sandbox, LOGIN)
    found = call.get("/contoso.example/v2.0/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == TOKEN_URL
    assert call.get("/fabrikam.example/v2.0/.well-known/openid-configuration").status == 400


# -- the whole service


def test_an_outage_and_a_limit(sandbox: Sandbox) -> None:
    turn(sandbox, "rate-limit")
    token = ask_token(sandbox).json()["access_token"]
    call = Caller(sandbox, GRAPH, {"Authorization": f"Bearer {token}"}, "/v1.0")
    replies = [call.get("/organization") for _ in range(6)]
    assert code(replies[-1]) == (429, "TooManyRequests")
    assert int(replies[-1].headers["retry-after"]) > 0
    turn(sandbox, "outage")
    assert ask_token(sandbox).status == 503


@pytest.mark.parametrize("kind", ["unauthorized", "rate-limit"])
def test_refusals_on_demand_are_in_the_words_of_the_host(sandbox: Sandbox, kind: str) -> None:
    sandbox.faults.add(kind, times=None)
    status = 401 if kind == "unauthorized" else 429
    assert number_of(ask_token(sandbox))[0] == status
    assert code(Caller(sandbox, GRAPH, {}, "/v1.0").get("/users"))[0] == status


def test_every_switch_shows_what_it_does(sandbox: Sandbox) -> None:
    of_the_service = {"outage", "rate-limit", "free", "empty-pages", "odd-deltas"}
    lasting = of_the_service | {"expired", "blocked", "assignment", "elevated"}
    for name in lasting:
        turn(sandbox, name)
    assert {each.id for each in sandbox.microsoft.switches() if each.is_on} == lasting
    for each in sandbox.microsoft.switches():
        each.turn(False)
    assert {each.id for each in sandbox.microsoft.switches() if each.is_on} == {"removed"}
