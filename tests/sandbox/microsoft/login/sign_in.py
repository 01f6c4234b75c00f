"""Somebody signs in to an application with OpenID Connect: by code, with PKCE, and an id token that is signed.

Not simulated: implicit and hybrid forms, refresh tokens, what `prompt` and `login_hint` do, access tokens for people.
"""

import functools
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.sandbox.exchange import Answer, Json, Request
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.directory.roles import roles_of
from tests.sandbox.microsoft.login import consent_page
from tests.sandbox.microsoft.login.aadsts import TEXTS, Aadsts
from tests.sandbox.microsoft.login.consent_request import DECLINED, signed_in
from tests.sandbox.microsoft.login.tokens import LIFETIME
from tests.sandbox.microsoft.state import State

KEY_ID = "sandbox-1"
CODE_LIVES = 600.0
SHOWS_ROLES = ("DirectoryRole", "All")


@dataclass(frozen=True, slots=True)
class Code:
    """What a code was given for. It is good once."""

    person_id: str
    client_id: str
    redirect_uri: str
    nonce: str
    challenge: str
    ends_at: float


@functools.cache
def key() -> rsa.RSAPrivateKey:
    """Of the login host, the same for all that it signs."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def keys(state: State, tenant: str) -> Answer:
    if not state.tenant.knows(tenant):
        raise Aadsts(90002, state.now())
    public = RSAAlgorithm.to_jwk(key().public_key(), as_dict=True)
    return Answer.of_json({"keys": [{**public, "kid": KEY_ID, "use": "sig"}]})


def answer(state: State, request: Request, tenant: str) -> Answer:
    """The page, and what comes of it."""
    fault = _fault(state, request, tenant)
    application = state.directory.application_of(request.parameter("client_id"))
    if fault or application is None:
        return Answer.of_html(consent_page.error(f"AADSTS{fault}: {TEXTS[fault][2]}"), 400)
    form = request.form() if request.method == "POST" else {}
    person, decision = signed_in(state, form), form.get("decision", "")
    if decision == "cancel":
        return _back(request, {"error": "access_denied", "error_description": DECLINED})
    if decision != "accept":
        return Answer.of_html(consent_page.sign_in(state, application, person))
    code = state.login.text(64)
    state.login.codes[code] = Code(
        person.id,
        request.parameter("client_id"),
        request.parameter("redirect_uri"),
        request.parameter("nonce"),
        request.parameter("code_challenge"),
        state.now() + CODE_LIVES,
    )
    return _back(request, {"code": code})


def exchanged(state: State, application: DirectoryObject, form: dict[str, str]) -> Answer:
    """The tokens for a code, of an application that has proved who it is."""
    known = state.login.codes.pop(form.get("code", ""), None)
    client_id = application.properties["appId"]
    digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
    if known is None or known.client_id != client_id or known.redirect_uri != form.get("redirect_uri"):
        raise Aadsts(70000, state.now())
    if known.ends_at < state.now() or not hmac.compare_digest(digest, known.challenge.encode()):
        raise Aadsts(70000, state.now())
    told = {"token_type": "Bearer", "scope": "openid profile", "expires_in": LIFETIME}
    tokens = {"access_token": state.login.text(200), "id_token": _id_token(state, application, known)}
    return Answer.of_json({**told, **tokens}, headers={"Cache-Control": "no-store, no-cache"})


def _id_token(state: State, application: DirectoryObject, known: Code) -> str:
    """`wids` is in it only where the registration asks for it."""
    person, now = state.directory.objects[known.person_id], int(state.now())
    claims: dict[str, Json] = {
        "aud": known.client_id,
        "iss": f"https://login.microsoftonline.com/{state.tenant.id}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "name": person.name,
        "nonce": known.nonce,
        "oid": person.id,
        "preferred_username": person.properties["userPrincipalName"],
        "sub": state.login.text(43),
        "tid": state.tenant.id,
        "ver": "2.0",
    }
    if application.properties.get("groupMembershipClaims") in SHOWS_ROLES:
        claims["wids"] = sorted(roles_of(state.directory, person.id))
    return jwt.encode(claims, key(), "RS256", {"kid": KEY_ID})


def _fault(state: State, request: Request, tenant: str) -> int:
    """An AADSTS number, 0 when all is well."""
    application = state.directory.application_of(request.parameter("client_id"))
    if not state.tenant.knows(tenant):
        return 90002
    if application is None:
        return 700016
    if request.parameter("redirect_uri") not in application.properties["web"]["redirectUris"]:
        return 50011
    is_known = request.parameter("response_type") == "code" and request.parameter("code_challenge_method") == "S256"
    return 0 if is_known and "openid" in request.parameter("scope").split() else 70011


def _back(request: Request, parameters: dict[str, str]) -> Answer:
    parts = urlsplit(request.parameter("redirect_uri"))
    query = urlencode([*parse_qsl(parts.query), *parameters.items(), ("state", request.parameter("state"))])
    return Answer.redirect(parts._replace(query=query).geturl())
