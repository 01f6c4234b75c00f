"""How an application proves who it is: with a secret, or with an assertion signed by the key of its certificate."""

import base64
import hashlib
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from tests.sandbox.exchange import Json, Request
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.login.aadsts import Aadsts
from tests.sandbox.microsoft.moments import seconds
from tests.sandbox.microsoft.state import State

BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LOGIN_HOST = "login.microsoftonline.com"
THUMBPRINTS: Any = {"x5t#S256": (hashlib.sha256, "PS256"), "x5t": (hashlib.sha1, "RS256")}
# Times and claims are looked at here, by the simulator's clock.
UNCHECKED: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


def is_proved_by_certificate(
    state: State, request: Request, application: DirectoryObject, form: dict[str, str]
) -> bool:
    """False: by a secret. Refused when neither holds."""
    if form.get("client_assertion"):
        _check_assertion(state, request, application, form)
        return True
    if not form.get("client_secret"):
        raise Aadsts(7000216, state.now())
    _check_secret(state, application, form["client_secret"])
    return False


def _check_secret(state: State, application: DirectoryObject, sent: str) -> None:
    rows = application.properties["passwordCredentials"]
    row = next((each for each in rows if state.login.secrets.get(each["keyId"]) == sent), None)
    if row is None:
        raise Aadsts(7000215, state.now())
    if seconds(row["endDateTime"]) <= state.now():
        raise Aadsts(7000222, state.now())


def _check_assertion(state: State, request: Request, application: DirectoryObject, form: dict[str, str]) -> None:
    if form.get("client_assertion_type") != BEARER:
        raise Aadsts(7000216, state.now())
    text, now = form["client_assertion"], state.now()
    key = _key(state, application, text)
    try:
        claims = jwt.decode(text, key, algorithms=["PS256", "RS256"], options=UNCHECKED)
    except jwt.PyJWTError:
        raise Aadsts(700027, now, "The signature does not match.") from None
    client_id = application.properties["appId"]
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise Aadsts(700027, now, "The issuer and the subject must be the application.")
    if claims.get("aud") not in _token_addresses(state, request):
        raise Aadsts(700027, now, "The audience must be the token endpoint.")
    _check_times(state, claims)


def _key(state: State, application: DirectoryObject, text: str) -> RSAPublicKey:
    """Of the registered certificate that the header names, with the algorithm that goes with that name."""
    try:
        header = jwt.get_unverified_header(text)
    except jwt.PyJWTError:
        raise Aadsts(700027, state.now()) from None
    for name, (digest, algorithm) in THUMBPRINTS.items():
        if header.get("alg") != algorithm or name not in header:
            continue
        for row in application.properties["keyCredentials"]:
            certificate = x509.load_pem_x509_certificate(state.login.certificates[row["keyId"]].encode())
            # The vendor's own library sends it with the padding that the standard leaves out.
            is_named = _thumbprint(certificate, digest) == str(header[name]).rstrip("=")
            key = certificate.public_key()
            if is_named and isinstance(key, RSAPublicKey) and seconds(row["endDateTime"]) > state.now():
                return key
    raise Aadsts(700027, state.now())


def _thumbprint(certificate: x509.Certificate, digest: Any) -> str:
    der = certificate.public_bytes(Encoding.DER)
    return base64.urlsafe_b64encode(digest(der).digest()).rstrip(b"=").decode()


def _token_addresses(state: State, request: Request) -> set[str]:
    """How the endpoint may be called, also under the address at which it was asked."""
    paths = [f"/{name}/oauth2/v2.0/token" for name in (state.tenant.id, state.tenant.initial_domain)]
    return {request.url(path) for path in paths} | {f"https://{LOGIN_HOST}{path}" for path in paths}


def _check_times(state: State, claims: dict[str, Json]) -> None:
    now = state.now()
    ends, starts, name = claims.get("exp"), claims.get("nbf", 0), claims.get("jti")
    if not isinstance(ends, int | float) or ends <= now or starts > now + 300:
        raise Aadsts(700024, now)
    if not name or name in state.login.assertions:
        raise Aadsts(700027, now, "The jti was used before, or is missing.")
    state.login.assertions.add(str(name))
