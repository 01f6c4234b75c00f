"""OAuth grants without a browser at every connection: a client's own secret or key, a key file, a user and password."""

import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connectors.base.answers import Answer
from connectors.base.assertions import (
    KeyReader,
    client_assertion,
    key_file,
    key_file_key,
    new_proof_key,
    pasted_key,
    proof,
    validity,
)
from connectors.base.auth import (
    Address,
    Consent,
    Renewal,
    SubjectHeaders,
    TokenScheme,
    address,
    ask_as_client,
    check_state,
    forget,
    refresh,
)
from connectors.base.errors import CredentialsRejected
from connectors.base.network import place
from connectors.base.setup import Call, Setup
from connectors.base.tokens import Obtained, Token, error_code, read_token_answer, refusal

TokenParams = Callable[[Setup], Mapping[str, str]]
"""What a vendor wants in the token request beyond the standard."""


def no_params(setup: Setup) -> Mapping[str, str]:
    return {}


def accept_any(setup: Setup, callback: Mapping[str, str]) -> None:
    """The default check of a consent's callback: the state was enough."""


@dataclass(frozen=True)
class ClientCredentials(TokenScheme):
    """The client itself signs in (RFC 6749 4.4), with `client_id` and either `client_secret` or a key.

    The call's audience is sent as `scope`; without one, the scopes of the auth method are. With `consent_url` an admin
    first consents in the browser: that page gives no code, so `finish` stores nothing and the first token is the proof.
    """

    token_url: Address
    client_auth: str = "body"
    """`body` or `basic` for a secret, `key` for an assertion signed with `key`."""
    key: KeyReader = pasted_key
    token_params: TokenParams = no_params
    consent_url: Address = ""
    consent_params: TokenParams = no_params
    check_consent: Callable[[Setup, Mapping[str, str]], None] = accept_any
    """Looks at the callback, such as for the tenant that consented. Raises CredentialsRejected."""
    names_scopes: bool = True
    """False: none are named, and the app's registration at the vendor decides what is granted."""
    subject_headers: SubjectHeaders | None = None
    revoke: Callable[[Setup], None] = forget

    @property
    def has_consent(self) -> bool:
        return bool(self.consent_url)

    def addresses(self, config: Mapping[str, str]) -> tuple[str, ...]:
        asked = (address(self.token_url, config), address(self.consent_url, config))
        return tuple(each for each in asked if each)

    def begin(self, setup: Setup, redirect_uri: str, state: str) -> Consent:
        where = address(self.consent_url, setup.config)
        setup.check_host(where)
        asked = {"client_id": setup.config["client_id"], "redirect_uri": redirect_uri, "state": state}
        url = f"{where}?{urlencode({**asked, **self.consent_params(setup)})}"
        return Consent(setup.network.browser_url(url), {"state": state})

    def finish(
        self, setup: Setup, callback: Mapping[str, str], memo: Mapping[str, str], redirect_uri: str
    ) -> dict[str, Any]:
        """An empty tokens document: tokens from before the consent would lack what was just granted."""
        check_state(callback, memo)
        if callback.get("error"):
            raise refusal(setup.connector.name, error_code(callback["error"]) or "error")
        self.check_consent(setup, callback)
        return {}

    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        url = address(self.token_url, setup.config)
        form = {"grant_type": "client_credentials", **self.token_params(setup)}
        scope = call.audience or " ".join(setup.scopes() if self.names_scopes else ())
        if scope:
            form["scope"] = scope
        if self.client_auth != "key":
            return ask_as_client(setup, url, form, self.client_auth)
        form |= client_assertion(setup, self.key(setup), url)
        return read_token_answer(setup, setup.post_form(url, form))


@dataclass(frozen=True)
class PrivateKeyJwt(ClientCredentials):
    """Client credentials with a key (private_key_jwt), its tokens bound to a second key where the vendor knows DPoP.

    Each access token has a proof key of its own, kept beside it. A vendor that ignores the proof gives a bearer token,
    which is then sent as such. Nonces are learnt from the vendor's answers.
    """

    client_auth: str = "key"

    def authorize(self, setup: Setup, call: Call) -> None:
        super().authorize(setup, call)
        token: Token = setup.memory.tokens[self.slot(call)]
        if token.kind == "DPoP":
            nonce = setup.memory.values.get(_nonce_of(call.url), "")
            call.headers["DPoP"] = proof(
                token.proof_key, call.method, call.url, setup.now(), access_token=token.value, nonce=nonce
            )

    def renew(self, setup: Setup, call: Call, answer: Answer) -> Renewal:
        nonce = answer.headers.get("dpop-nonce", "")
        if nonce and nonce != setup.memory.values.get(_nonce_of(call.url)):
            setup.memory.values[_nonce_of(call.url)] = nonce
            return Renewal.NEW_PROOF
        return super().renew(setup, call, answer)

    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        url, proof_key = address(self.token_url, setup.config), new_proof_key()
        answer = self._ask(setup, url, call, proof_key, nonce="")
        nonce = answer.headers.get("dpop-nonce", "")
        if answer.status in (400, 401) and nonce:
            answer = self._ask(setup, url, call, proof_key, nonce)
        obtained = read_token_answer(setup, answer)
        return obtained.bound_to(proof_key) if obtained.token.kind == "DPoP" else obtained

    def _ask(self, setup: Setup, url: str, call: Call, proof_key: str, nonce: str) -> Answer:
        form = {"grant_type": "client_credentials", **self.token_params(setup)}
        form["scope"] = call.audience or " ".join(setup.scopes())
        form |= client_assertion(setup, self.key(setup), url)
        return setup.post_form(url, form, {"DPoP": proof(proof_key, "POST", url, setup.now(), nonce=nonce)})


def _nonce_of(url: str) -> str:
    return f"dpop nonce of {place(url).origin}"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a JWT bearer assertion is to say: `subject` '' for the connection's own account."""

    subject: str
    scope: str
    token_url: str


Claims = Callable[[Setup, Claim], Mapping[str, Any]]


def key_file_claims(setup: Setup, claim: Claim) -> Mapping[str, Any]:
    """A service account speaks for `subject`, else for the address in the config's `admin_email`, else for itself."""
    subject = claim.subject or setup.config.get("admin_email", "")
    claims = {"iss": key_file(setup)["client_email"], "scope": claim.scope, "aud": claim.token_url}
    return {**claims, "sub": subject} if subject else claims


@dataclass(frozen=True)
class JwtBearer(TokenScheme):
    """A signed statement is exchanged for a token (RFC 7523 2.1); `acting_as` puts another subject into it.

    As it stands it reads a service account's key file; vendors with other claims or keys say so. The call's audience
    is the set of scopes, separated by blanks; without one, the scopes of the auth method. Tokens of other subjects
    are not kept in the vault.
    """

    token_url: Address
    claims: Claims = key_file_claims
    key: KeyReader = key_file_key
    lifetime_s: float = 3600
    token_params: TokenParams = no_params
    subject_headers: SubjectHeaders | None = None
    """Where impersonation is by header after all."""
    revoke: Callable[[Setup], None] = forget

    def addresses(self, config: Mapping[str, str]) -> tuple[str, ...]:
        return (address(self.token_url, config),)

    @property
    def can_act_as(self) -> bool:
        return True

    def slot(self, call: Call) -> tuple[str, str]:
        return (call.audience, "" if self.subject_headers else call.subject)

    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        url = address(self.token_url, setup.config)
        claim = Claim(self.slot(call)[1], call.audience or " ".join(setup.scopes()), url)
        said = {**validity(setup.now(), self.lifetime_s), **self.claims(setup, claim)}
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": self.key(setup).sign(said),
            **self.token_params(setup),
        }
        return read_token_answer(setup, setup.post_form(url, form))


@dataclass(frozen=True)
class PasswordGrant(TokenScheme):
    """A user and password beside a client (RFC 6749 4.3): `username`, `password`, `client_id`, `client_secret`.

    A refresh token is used while it lasts, then the password again.
    """

    token_url: Address
    client_auth: str = "body"
    subject_headers: SubjectHeaders | None = None
    revoke: Callable[[Setup], None] = forget

    def addresses(self, config: Mapping[str, str]) -> tuple[str, ...]:
        return (address(self.token_url, config),)

    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        url = address(self.token_url, setup.config)
        if tokens.get("refresh_token"):
            # A refresh token that ran out is no reason to stop: the password decides.
            with suppress(CredentialsRejected):
                return refresh(setup, url, tokens["refresh_token"], call.audience, self.client_auth)
        form = {
            "grant_type": "password",
            "username": setup.config["username"],
            "password": setup.secret("password"),
        }
        return ask_as_client(setup, url, form, self.client_auth)


@dataclass(frozen=True)
class PastedRefreshToken(TokenScheme):
    """A refresh token made at the vendor's side and pasted into `refresh_token`; a rotated one takes its place.

    Which pasted token the kept one came from is remembered by its digest, so that pasting another starts anew.
    """

    token_url: Address
    client_auth: str = "body"
    subject_headers: SubjectHeaders | None = None
    revoke: Callable[[Setup], None] = forget

    def addresses(self, config: Mapping[str, str]) -> tuple[str, ...]:
        return (address(self.token_url, config),)

    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        pasted = setup.secret("refresh_token")
        origin = hmac.new(b"pasted refresh token", pasted.encode(), "sha256").hexdigest()
        is_same = tokens.get("pasted") == origin
        token = tokens.get("refresh_token", pasted) if is_same else pasted
        obtained = refresh(setup, address(self.token_url, setup.config), token, call.audience, self.client_auth)
        return obtained.keeping(refresh_token=obtained.kept.get("refresh_token", token), pasted=origin)
