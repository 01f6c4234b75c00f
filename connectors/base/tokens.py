"""Tokens of OAuth: how they are kept, when they are renewed, and what a token endpoint answers.

The tokens document of an instance, as the vault keeps it:

    {"refresh_token": "...", "access": {"<audience>": {"value", "renew_at", "scopes", "kind", "proof_key"}}}

`renew_at` is an ISO moment some minutes before the token expires, null for tokens that do not expire. `kind` is Bearer
or DPoP, `proof_key` the PEM of the key a DPoP token is bound to.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import jwt

from connectors.base import redaction
from connectors.base.answers import Answer, general_error
from connectors.base.errors import (
    BadResponse,
    ConnectorError,
    CredentialsRejected,
    PermissionMissing,
    Unavailable,
)
from connectors.base.setup import Setup

RENEWAL_MARGIN_S = 300
LONGEST_LIFE_S = 365 * 24 * 3600.0
"""More is not believed: the calendar ends somewhere."""

_REJECTED = ("invalid_grant", "invalid_client", "unauthorized_client", "bad_verification_code",
             "incorrect_client_credentials", "redirect_uri_mismatch", "invalid_token")  # fmt: skip
_NOT_GRANTED = ("invalid_scope", "access_denied", "consent_required", "interaction_required", "permission_denied")
_LATER = ("temporarily_unavailable", "server_error", "slow_down")


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)
    renew_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    kind: str = "Bearer"
    proof_key: str = field(default="", repr=False)

    def is_fresh(self, now: datetime) -> bool:
        return self.renew_at is None or now < self.renew_at

    def document(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "renew_at": self.renew_at.isoformat() if self.renew_at else None,
            "scopes": list(self.scopes),
            "kind": self.kind,
            "proof_key": self.proof_key,
        }


@dataclass(frozen=True, slots=True)
class Obtained:
    """A token from the vendor, and what else the tokens document is to keep, such as a new refresh token."""

    token: Token
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)

    def bound_to(self, proof_key: str) -> "Obtained":
        return Obtained(replace(self.token, proof_key=proof_key), self.kept)

    def with_scopes_of(self, before: Token | None) -> "Obtained":
        """A vendor that says nothing of scopes when it renews a token grants those from before (RFC 6749 5.1, 6)."""
        if before is None or self.token.scopes:
            return self
        return Obtained(replace(self.token, scopes=before.scopes), self.kept)

    def keeping(self, **kept: str) -> "Obtained":
        return Obtained(self.token, {**self.kept, **kept})


def stored_token(tokens: Mapping[str, Any], audience: str) -> Token | None:
    """The access token for an audience out of a tokens document."""
    document = tokens.get("access", {}).get(audience)
    if document is None:
        return None
    renew_at = datetime.fromisoformat(document["renew_at"]) if document["renew_at"] else None
    return Token(
        document["value"], renew_at, tuple(document["scopes"]), document["kind"], document.get("proof_key", "")
    )


def with_token(
    tokens: Mapping[str, Any], audience: str, token: Token, kept: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A tokens document with this access token, and whatever came with it."""
    access = {**tokens.get("access", {}), audience: token.document()}
    return {**tokens, **(kept or {}), "access": access}


def read_token_answer(setup: Setup, answer: Answer) -> Obtained:
    """What a token endpoint's answer (RFC 6749 5.1) holds: the access token, and a refresh token if there is one.

    Some vendors answer errors with status 200. Raises the error that fits.
    """
    document = _document(answer)
    if not 200 <= answer.status < 300 or not document.get("access_token"):
        raise token_error(setup, answer, document)
    value = str(document["access_token"])
    token = Token(
        value,
        _renew_at(document.get("expires_in"), setup.now()),
        _stated_scopes(document.get("scope"), value),
        "DPoP" if str(document.get("token_type", "")).lower() == "dpop" else "Bearer",
    )
    redaction.remember(token.value, str(document.get("refresh_token") or ""))
    return Obtained(token, {"refresh_token": str(document["refresh_token"])} if document.get("refresh_token") else {})


def token_error(setup: Setup, answer: Answer, document: Mapping[str, Any]) -> ConnectorError:
    """What a refused sign-in means: the connector's reading first, then OAuth's error codes, then the status."""
    name = setup.connector.name
    found = setup.connector.classify(answer)
    if found:
        return found
    code = error_code(document.get("error"))
    if code in _LATER or answer.status == 429 or answer.status >= 500:
        return _not_now(name, answer, setup.now())
    if code:
        return refusal(name, code)
    if answer.status >= 300:
        return general_error(name, answer, setup.now())
    return BadResponse(
        f"{name} answered the sign-in without a token ({answer.where}).",
        remedy="Try again; if it stays, report this as a fault of the connector.",
    )


def refusal(name: str, code: str) -> ConnectorError:
    """The error for an OAuth error code, from a token endpoint or from the consent page."""
    if code in _NOT_GRANTED:
        return PermissionMissing(
            f"{name} did not grant the access that was asked for ({code}).",
            why="Consent was declined, or the app registration does not hold all permissions of the set-up guide.",
            remedy="Compare the permissions with the set-up guide, then connect again and accept.",
        )
    if code in _LATER:
        return Unavailable(f"{name} cannot sign anybody in at the moment ({code}).", remedy="Try again later.")
    if code in _REJECTED:
        return CredentialsRejected(
            f"{name} does not accept the sign-in ({code}).",
            why="The client id, the secret or key, or the consent is wrong, was revoked or has expired.",
            remedy="Check the details against the app registration and reconnect the instance.",
        )
    return CredentialsRejected(
        f"{name} refused the sign-in ({code}).", remedy="Check the details against the set-up guide and reconnect."
    )


def error_code(value: Any) -> str:
    """An OAuth error code fit for a message; '' for anything else, which might hold more than a code."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", value) else ""


def _document(answer: Answer) -> dict[str, Any]:
    try:
        document = answer.json()
    except BadResponse:
        if 200 <= answer.status < 300:
            raise
        return {}
    return document if isinstance(document, dict) else {}


def _not_now(name: str, answer: Answer, now: datetime) -> ConnectorError:
    if answer.status == 429:
        return general_error(name, answer, now)
    return Unavailable(
        f"{name} cannot sign anybody in at the moment ({answer.where}, status {answer.status}).",
        remedy="It is tried again by itself. If it stays, look at the app's status page.",
    )


def _renew_at(expires_in: Any, now: datetime) -> datetime | None:
    try:
        stated = float(expires_in)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(stated):
        return None
    seconds = min(max(stated, 0.0), LONGEST_LIFE_S)
    return now + timedelta(seconds=seconds - min(RENEWAL_MARGIN_S, seconds / 4))


def _stated_scopes(scope: Any, value: str) -> tuple[str, ...]:
    """What the vendor says was granted: the `scope` of the answer, else what an access token in JWT form states.

    The token is not verified: it came from the vendor's own endpoint and is only read as a hint.
    """
    if isinstance(scope, str) and scope:
        return tuple(part for part in re.split(r"[\s,]+", scope) if part)
    try:
        claims = jwt.decode(value, options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError):
        return ()
    stated = claims.get("roles") or claims.get("scp")
    if isinstance(stated, str):
        return tuple(stated.split())
    return tuple(str(role) for role in stated) if isinstance(stated, list) else ()
