"""Microsoft Entra ID: a person signs in once, to show which directory role they hold, before an app is connected.

An app signs in by itself (client credentials), so nothing says who set it up. Where that matters, the person who
connects signs in with OpenID Connect, by code with PKCE and a nonce. Of the id token that comes back signature, issuer,
audience, nonce and time are checked, and then its `wids`: the role templates the person holds. Nothing of it is kept.

`wids` is in the token only if the registration's manifest asks for it: groupMembershipClaims is DirectoryRole or All.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from connectors.base import redaction
from connectors.base.answers import Answer, general_error
from connectors.base.assertions import client_assertion
from connectors.base.auth import Consent, address, check_state, read_callback
from connectors.base.entra import cloud, consent_refusal
from connectors.base.errors import BadResponse, CredentialsRejected, PermissionMissing
from connectors.base.grants import ClientCredentials
from connectors.base.setup import Call, Setup
from connectors.base.tokens import token_error

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
SECURITY_ADMINISTRATOR = "194ae4cb-b126-40b2-bd5b-6091b380977d"
SKEW = timedelta(minutes=5)
"""How far the clocks of Microsoft and of this machine may be apart."""
CHECKED: Any = {
    "verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": ["exp", "iss", "aud", "nonce"],
    "strict_aud": True,
}  # fmt: skip
"""Times are compared with the portal's own clock, below. It is for this app and no other beside it."""


@dataclass(frozen=True)
class AdminSignIn(ClientCredentials):
    """Client credentials of an app that only who holds one of `roles` may connect: template ids and their names."""

    roles: Mapping[str, str] | None = None

    @property
    def has_consent(self) -> bool:
        return True

    def addresses(self, config: Mapping[str, str]) -> tuple[str, ...]:
        return (*super().addresses(config), authorize_url(config), keys_url(config))

    def begin(self, setup: Setup, redirect_uri: str, state: str) -> Consent:
        memo = {"state": state, "nonce": secrets.token_urlsafe(32), "code_verifier": secrets.token_urlsafe(48)}
        where = authorize_url(setup.config)
        setup.check_host(where)
        asked = {
            "client_id": setup.config["client_id"],
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": "openid profile",
            "state": state,
            "nonce": memo["nonce"],
            "code_challenge": create_s256_code_challenge(memo["code_verifier"]),
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return Consent(setup.network.browser_url(f"{where}?{urlencode(asked)}"), memo)

    def finish(
        self, setup: Setup, callback: Mapping[str, str], memo: Mapping[str, str], redirect_uri: str
    ) -> dict[str, Any]:
        """An empty tokens document. Raises PermissionMissing for who holds none of the roles."""
        check_state(callback, memo)
        if callback.get("error"):
            raise consent_refusal(setup.connector.name, callback)
        code = read_callback(setup, callback, memo)
        claims = read_id_token(setup, self._id_token(setup, code, memo, redirect_uri), memo["nonce"])
        self._judge(claims)
        return {}

    def _id_token(self, setup: Setup, code: str, memo: Mapping[str, str], redirect_uri: str) -> str:
        url = address(self.token_url, setup.config)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": memo["code_verifier"],
            "scope": "openid profile",
        }
        if self.client_auth == "key":
            form |= client_assertion(setup, self.key(setup), url)
        else:
            form |= {"client_id": setup.config["client_id"], "client_secret": setup.secret("client_secret")}
        answer = setup.post_form(url, form)
        document = _document(answer)
        token = document.get("id_token")
        if answer.status != 200 or not isinstance(token, str):
            raise token_error(setup, answer, document)
        redaction.remember(token, str(document.get("access_token") or ""))
        return token

    def _judge(self, claims: Mapping[str, Any]) -> None:
        held, wanted = claims.get("wids"), self.roles or {}
        who = str(claims.get("preferred_username") or "This account")
        names = " or ".join(wanted.values())
        if not isinstance(held, list):
            raise PermissionMissing(
                f"Microsoft does not say which directory roles {who} holds.",
                why="The app registration does not ask for it.",
                remedy="On the app registration's page Manifest set groupMembershipClaims to DirectoryRole, save, and "
                "connect again.",
                permission="groupMembershipClaims",
            )
        if not any(str(each).lower() in wanted for each in held):
            raise PermissionMissing(
                f"{who} is not {names} of the tenant.",
                why="Only who holds one of these roles may connect it. A role that has to be activated counts only "
                "while it is active.",
                remedy="Connect again and sign in with an account that holds one of them.",
                permission=names,
            )


def authorize_url(config: Mapping[str, str]) -> str:
    return f"https://{cloud(config).login}/{config['tenant_id']}/oauth2/v2.0/authorize"


def keys_url(config: Mapping[str, str]) -> str:
    return f"https://{cloud(config).login}/{config['tenant_id']}/discovery/v2.0/keys"


def issuer(config: Mapping[str, str]) -> str:
    return f"https://{cloud(config).login}/{config['tenant_id']}/v2.0"  # unverified: in the national clouds


def read_id_token(setup: Setup, token: str, nonce: str) -> Mapping[str, Any]:
    """Its claims. Raises CredentialsRejected for one that Microsoft did not sign for this app, tenant and sign-in."""
    try:
        key = _key(setup, str(jwt.get_unverified_header(token).get("kid")))
        claims: dict[str, Any] = jwt.decode(
            token, key, ["RS256"], CHECKED, audience=setup.config["client_id"], issuer=issuer(setup.config)
        )
    except (jwt.PyJWTError, RecursionError):
        raise _not_proven("It is not signed by Microsoft for this app and tenant.") from None
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise _not_proven("It belongs to another sign-in.")
    if not isinstance(claims["exp"], int | float) or claims["exp"] < (setup.now() - SKEW).timestamp():
        raise _not_proven("It is too old. If that stays, the clock of the portal's machine is wrong.")
    return claims


def _key(setup: Setup, key_id: str) -> Any:
    """The public key of this name among those that Microsoft publishes for the tenant."""
    answer = setup.exchange(Call("GET", keys_url(setup.config), {"Accept": "application/json"}))
    if answer.status != 200:
        raise general_error(setup.connector.name, answer, setup.now())
    keys = _object(answer.json()).get("keys")
    for each in keys if isinstance(keys, list) else []:
        if isinstance(each, dict) and each.get("kid") == key_id and each.get("kty") == "RSA":
            return jwt.PyJWK.from_dict(each, algorithm="RS256").key
    raise _not_proven("It is signed with a key that Microsoft does not publish.")


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise BadResponse("Microsoft's answer to the sign-in is not what it describes.", remedy="Connect again.")
    return found


def _document(answer: Answer) -> dict[str, Any]:
    """A refusal may have any body."""
    try:
        return _object(answer.json())
    except BadResponse:
        if answer.status == 200:
            raise
        return {}


def _not_proven(why: str) -> CredentialsRejected:
    return CredentialsRejected(
        "The sign-in that came back from Microsoft is not proven.", why=why, remedy="Connect again.",
    )
