"""How a GitHub App proves who it is: a JWT, signed with its private key."""

import functools
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.sandbox.exchange import Json, Request
from tests.sandbox.github.app import App
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.state import State

LONGEST = 600
UNDECODED = "A JSON web token could not be decoded"
ISSUED = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
EXPIRES = (
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion "
    "expires"
)
TOO_FAR = "'Expiration time' claim ('exp') is too far in the future"
NO_ISSUER = "Missing 'issuer' claim ('iss') in assertion"
# The claims are looked at here, for the vendor's own words and by the simulators' clock.
UNCHECKED: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


def jwt_in(request: Request) -> str | None:
    """The bearer of a call, if it is a JWT and no token."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    is_jwt = kind.lower() == "bearer" and text.strip().count(".") == 2
    return text.strip() if is_jwt else None


def verified_app(state: State, text: str) -> App:
    """The app whose assertion this is; refused as the vendor refuses."""
    try:
        claimed = jwt.decode(text, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise Refusal(401, UNDECODED) from None
    app = _issuer(state, claimed.get("iss"))
    if not app.private_key:
        raise Refusal(401, "Integration must generate a public key")
    try:
        claims = jwt.decode(text, _public_key(app.private_key), algorithms=["RS256"], options=UNCHECKED)
    except jwt.InvalidTokenError:
        raise Refusal(401, UNDECODED) from None
    _check_times(claims, state.clock.now())
    return app


@functools.cache
def _public_key(private_key: str) -> RSAPublicKey:
    """Of a key in PEM. Reading one means testing its numbers, which takes far longer than to verify with it."""
    found = load_pem_private_key(private_key.encode(), None).public_key()
    assert isinstance(found, RSAPublicKey)
    return found


def _issuer(state: State, issuer: Json) -> App:
    """By its id, as a number or a text, or by its client id."""
    if issuer in (None, ""):
        raise Refusal(401, NO_ISSUER)
    found = next((each for each in state.apps.values() if str(issuer) in (str(each.id), each.client_id)), None)
    if found is None:
        raise Refusal(404, "Integration not found")
    return found


def _check_times(claims: dict[str, Json], now: float) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if type(issued) is not int or issued > now:
        raise Refusal(401, ISSUED)
    if not isinstance(expires, int | float) or isinstance(expires, bool) or expires <= now:
        raise Refusal(401, EXPIRES)
    if expires > now + LONGEST:
        raise Refusal(401, TOO_FAR)
