"""Applications that sign in by themselves: client credentials, and a signed assertion (JWT)."""

from typing import Any

import jwt

from tests.sandbox.box.people import User
from tests.sandbox.box.refusal import OAuthRefusal
from tests.sandbox.box.state import State
from tests.sandbox.box.tokens import Application
from tests.sandbox.exchange import Json

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://api.box.com/oauth2/token"
ALGORITHMS = ["RS256", "RS384", "RS512"]
LONGEST = 60
# Times are looked at here, by the simulator's clock.
CHECKS: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "require": ["exp", "jti", "aud", "iss"]}
EXPIRED = "Current date time must be before the expiration date time listed in the 'exp' claim."


def by_credentials(state: State, application: Application, form: dict[str, str]) -> User:
    """The service account, or a user where the application may make tokens of users."""
    kind, subject = form.get("box_subject_type", ""), form.get("box_subject_id", "")
    if not application.is_server:
        raise OAuthRefusal("invalid_grant", "Grant credentials are invalid")
    return _subject(state, application, kind, subject)


def by_assertion(state: State, application: Application, form: dict[str, str]) -> User:
    claims = _claims(state, application, form.get("assertion", ""))
    _check_times(state, claims)
    _check_once(state, claims)
    return _subject(state, application, str(claims.get("box_sub_type")), str(claims.get("sub")))


def _claims(state: State, application: Application, assertion: str) -> dict[str, Json]:
    """Signed with a registered key."""
    try:
        key = application.public_keys[jwt.get_unverified_header(assertion).get("kid", "")]
        claims: dict[str, Json] = jwt.decode(
            assertion, key, ALGORITHMS, audience=AUDIENCE, issuer=application.client_id, options=CHECKS
        )
    except KeyError:
        raise OAuthRefusal("invalid_grant", "OAuth JWT Public Key was not found") from None
    except jwt.InvalidAudienceError:
        raise OAuthRefusal("invalid_grant", "The 'aud' claim is not valid") from None
    except jwt.PyJWTError:
        raise OAuthRefusal("invalid_grant", "OAuth JWT signature is invalid or the assertion cannot be read") from None
    return claims


def _check_times(state: State, claims: dict[str, Json]) -> None:
    now = state.now()
    if claims["exp"] <= now:
        raise OAuthRefusal("invalid_grant", EXPIRED)
    if claims["exp"] > now + LONGEST:
        raise OAuthRefusal("invalid_grant", "The 'exp' claim must be at most 60 seconds ahead")


def _check_once(state: State, claims: dict[str, Json]) -> None:
    name = str(claims["jti"])
    if not 16 <= len(name) <= 128:
        raise OAuthRefusal("invalid_grant", "The 'jti' claim must be 16 to 128 characters long")
    if name in state.assertions:
        raise OAuthRefusal("invalid_grant", "A unique 'jti' value is required")
    state.assertions[name] = claims["exp"]


def _subject(state: State, application: Application, kind: str, subject: str) -> User:
    if application.authorised is None:
        raise OAuthRefusal("unauthorized_client", "This app is not authorized by the enterprise")
    if kind == "enterprise" and subject == state.enterprise.id:
        return state.users[application.service_account_id or ""]
    user = state.users.get(subject) if kind == "user" and application.generates_user_tokens else None
    if user is None or not state.is_managed(user) or user.status == "inactive":
        raise OAuthRefusal("invalid_grant", "Grant credentials are invalid")
    return user
