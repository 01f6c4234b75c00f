"""Schemes of signing in. Each auth method of a connector holds one instance of a scheme; a scheme is a frozen value.

    begin, finish   the consent of an admin in the browser, for schemes with `has_consent`
    authorize       adds what proves who is calling, right before a call leaves
    renew           after a 401: whether a repeat with something new is worth it
    revoke          tells the vendor that the connection ends
"""

import hmac
import secrets
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from connectors.base.answers import Answer
from connectors.base.errors import CredentialsRejected, PermissionMissing
from connectors.base.setup import Call, Setup, basic
from connectors.base.tokens import Obtained, Token, error_code, read_token_answer, refusal, stored_token, with_token

Address = str | Callable[[Mapping[str, str]], str]
"""A URL, or a function that makes it from the instance's config."""

SubjectHeaders = Callable[[str], Mapping[str, str]]
"""From the subject to act as to the headers that say so."""


def address(value: Address, config: Mapping[str, str]) -> str:
    return value if isinstance(value, str) else value(config)


def forget(setup: Setup) -> None:
    """The vendor is told nothing: it has no way to be told, or nothing that outlives the secrets."""


@dataclass(frozen=True, slots=True)
class Consent:
    """`url`: where the browser is sent. `memo`: JSON-able and secret, kept sealed until `finish`."""

    url: str
    memo: dict[str, str] = field(repr=False)


class Renewal(Enum):
    NONE = "none"
    NEW_TOKEN = "new token"  # noqa: S105  a word, not a token
    NEW_PROOF = "new proof"
    """The vendor asked for another proof of the same token (DPoP nonce): it did nothing, any call is repeated."""


class Scheme:
    """The base of all schemes; by itself it is a call without credentials."""

    subject_headers: SubjectHeaders | None = None
    """How a call says whom it acts as, for vendors that take a header for it."""
    revoke: Callable[[Setup], None] = staticmethod(forget)

    @property
    def has_consent(self) -> bool:
        """Whether an admin consents in the browser."""
        return False

    @property
    def can_act_as(self) -> bool:
        return self.subject_headers is not None

    def addresses(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """Where people and Gatehouse sign in, besides the connector's base URL."""
        return ()

    def begin(self, setup: Setup, redirect_uri: str, state: str) -> Consent:
        raise TypeError(f"{type(self).__name__} has no consent page")

    def finish(
        self, setup: Setup, callback: Mapping[str, str], memo: Mapping[str, str], redirect_uri: str
    ) -> dict[str, Any]:
        raise TypeError(f"{type(self).__name__} has no consent page")

    def authorize(self, setup: Setup, call: Call) -> None:
        """Adds credentials to the call. Raises CredentialsRejected, PermissionMissing, Unavailable, RateLimited."""

    def renew(self, setup: Setup, call: Call, answer: Answer) -> Renewal:
        """Looks at a 401 and gets what a repeat of the call needs."""
        return Renewal.NONE

    def granted_scopes(self, setup: Setup, audience: str) -> tuple[str, ...]:
        """What the vendor last said it granted, for this audience."""
        return setup.memory.scopes

    def fresh_scopes(self, setup: Setup, call: Call) -> tuple[str, ...]:
        """What the vendor grants now, for the call's audience. Raises what a sign-in raises."""
        return self.granted_scopes(setup, call.audience)

    def note(self, setup: Setup, answer: Answer) -> None:
        """Learns from an answer, such as from a header that lists the scopes."""


@dataclass(frozen=True)
class Basic(Scheme):
    """A user and password with every call (RFC 7617): `username` from the config, `password` from the secrets."""

    subject_headers: SubjectHeaders | None = None
    revoke: Callable[[Setup], None] = forget

    def authorize(self, setup: Setup, call: Call) -> None:
        call.headers["Authorization"] = basic(setup.config["username"], setup.remembered("password"))
        add_subject(self.subject_headers, call)


@dataclass(frozen=True)
class StaticToken(Scheme):
    """A token that an admin pasted: sent as it is with every call."""

    template: str = "Bearer {token}"
    header: str = "Authorization"
    token_field: str = "token"  # noqa: S105  the name of a field
    scopes_header: str = ""
    """An answer's header that lists the scopes of the token."""
    subject_headers: SubjectHeaders | None = None
    revoke: Callable[[Setup], None] = forget

    def authorize(self, setup: Setup, call: Call) -> None:
        call.headers[self.header] = self.template.format(token=setup.remembered(self.token_field))
        add_subject(self.subject_headers, call)

    def note(self, setup: Setup, answer: Answer) -> None:
        note_scopes(setup, answer, self.scopes_header)


class TokenScheme(Scheme):
    """A scheme whose access tokens are obtained, kept in the vault per audience, and renewed before they expire.

    Many workers share one connection. So a token is obtained under the vault's lock; who gets the lock reads again, as
    another may have obtained one meanwhile; what the vendor gave is stored before it is used. A refresh token that may
    be used once is thereby used once.
    """

    @abstractmethod
    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        """Asks the vendor for the access token of the call."""

    def can_obtain(self, tokens: Mapping[str, Any]) -> bool:
        """Whether there is something to obtain a token with."""
        return True

    def authorize(self, setup: Setup, call: Call) -> None:
        token = self._current(setup, call)
        call.headers["Authorization"] = f"{token.kind} {token.value}"
        add_subject(self.subject_headers, call)

    def renew(self, setup: Setup, call: Call, answer: Answer) -> Renewal:
        if answer.status != 401 or not self.can_obtain(setup.tokens()):
            return Renewal.NONE
        refused = call.headers.get("Authorization", "").partition(" ")[2]
        self._renewed(setup, call, refused)
        return Renewal.NEW_TOKEN

    def granted_scopes(self, setup: Setup, audience: str) -> tuple[str, ...]:
        if setup.memory.scopes:
            return setup.memory.scopes
        token = stored_token(setup.tokens(), audience)
        return token.scopes if token else ()

    def fresh_scopes(self, setup: Setup, call: Call) -> tuple[str, ...]:
        """Of a new token: many vendors freeze into a token what was granted when they gave it."""
        before = stored_token(setup.tokens(), call.audience)
        return self._renewed(setup, call, refused=before.value if before else "").scopes

    def slot(self, call: Call) -> tuple[str, str]:
        """Which token a call needs: (audience, subject); the subject only where each has a token of its own."""
        return (call.audience, "")

    def _current(self, setup: Setup, call: Call) -> Token:
        held: Token | None = setup.memory.tokens.get(self.slot(call))
        if held and held.is_fresh(setup.now()):
            return held
        return self._renewed(setup, call, refused="")

    def _renewed(self, setup: Setup, call: Call, refused: str) -> Token:
        audience, subject = self.slot(call)
        token = self._for_subject(setup, call) if subject else self._for_audience(setup, call, audience, refused)
        setup.memory.tokens[(audience, subject)] = token
        return token

    def _for_subject(self, setup: Setup, call: Call) -> Token:
        """Tokens of thousands of people would swell the vault: they live in memory only."""
        try:
            return self.obtain(setup, {}, call).token
        except CredentialsRejected as error:
            # One person who left or was suspended is no reason to ask the admin to reconnect everything.
            raise PermissionMissing(
                f"{setup.connector.name} does not let this connection act as {call.subject}.",
                why=f"The account is gone or suspended, or the right to act for others is missing. {error.message}",
                remedy="If it is so for all accounts, compare the delegation with the set-up guide.",
            ) from error

    def _for_audience(self, setup: Setup, call: Call, audience: str, refused: str) -> Token:
        kept = _usable(setup, setup.tokens(), audience, refused)
        if kept:
            return kept
        with setup.secrets.locked():
            tokens = setup.tokens()
            kept = _usable(setup, tokens, audience, refused)
            if kept:
                return kept
            obtained = self.obtain(setup, tokens, call)
            setup.secrets.write_tokens(with_token(tokens, audience, obtained.token, obtained.kept))
        return obtained.token


def _usable(setup: Setup, tokens: Mapping[str, Any], audience: str, refused: str) -> Token | None:
    """The kept token, unless it is about to expire or is the one the vendor has just refused."""
    token = stored_token(tokens, audience)
    if token is None or token.value == refused or not token.is_fresh(setup.now()):
        return None
    return token


@dataclass(frozen=True)
class AuthorizationCode(TokenScheme):
    """An admin consents in the browser (RFC 6749 4.1), with PKCE (RFC 7636, S256).

    Reads `client_id` from the config and `client_secret` from the secrets; a public client has no secret field. Vendors
    with refresh tokens, rotating or not, need nothing said: what comes back is kept.
    """

    authorize_url: Address
    token_url: Address
    scopes: tuple[str, ...] = ()
    """Empty: the scopes of the auth method."""
    use_pkce: bool = True
    client_auth: str = "body"
    """How the client proves itself at the token endpoint: `body` or `basic`."""
    scope_separator: str = " "
    extra_params: Mapping[str, str] = field(default_factory=dict)
    """Added to the consent address, such as access_type=offline."""
    scopes_header: str = ""
    names_scopes: bool = True
    """False: none are named, and the app's registration at the vendor decides what is granted."""
    subject_headers: SubjectHeaders | None = None
    revoke: Callable[[Setup], None] = forget

    @property
    def has_consent(self) -> bool:
        return True

    def addresses(self, config: Mapping[str, str]) -> tuple[str, ...]:
        return (address(self.authorize_url, config), address(self.token_url, config))

    def begin(self, setup: Setup, redirect_uri: str, state: str) -> Consent:
        """The consent page's address; `finish` needs the memo and the same redirect_uri."""
        memo = {"state": state}
        params = dict(self.extra_params)
        if self.use_pkce:
            memo["code_verifier"] = secrets.token_urlsafe(48)
            params["code_challenge"] = create_s256_code_challenge(memo["code_verifier"])
            params["code_challenge_method"] = "S256"
        scope = self.scope_separator.join(self.scopes or setup.scopes()) if self.names_scopes else ""
        where = address(self.authorize_url, setup.config)
        setup.check_host(where)
        url = prepare_grant_uri(
            where, setup.config["client_id"], "code", redirect_uri, scope or None, state, **params
        )
        return Consent(setup.network.browser_url(url), memo)

    def finish(
        self, setup: Setup, callback: Mapping[str, str], memo: Mapping[str, str], redirect_uri: str
    ) -> dict[str, Any]:
        """The tokens document for the vault. `callback`: the query the browser came back with."""
        code = read_callback(setup, callback, memo)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if "code_verifier" in memo:
            form["code_verifier"] = memo["code_verifier"]
        obtained = ask_as_client(setup, address(self.token_url, setup.config), form, self.client_auth)
        return with_token({}, "", obtained.token, obtained.kept)

    def can_obtain(self, tokens: Mapping[str, Any]) -> bool:
        return bool(tokens.get("refresh_token"))

    def obtain(self, setup: Setup, tokens: Mapping[str, Any], call: Call) -> Obtained:
        if not self.can_obtain(tokens):
            raise CredentialsRejected(
                f"The sign-in of this connection to {setup.connector.name} has ended.",
                why="The app gave a token that runs out and cannot be renewed, or nobody has consented yet.",
                remedy="Reconnect the instance.",
            )
        url = address(self.token_url, setup.config)
        obtained = refresh(setup, url, tokens["refresh_token"], call.audience, self.client_auth)
        return obtained.with_scopes_of(stored_token(tokens, call.audience))

    def note(self, setup: Setup, answer: Answer) -> None:
        note_scopes(setup, answer, self.scopes_header)


def refresh(setup: Setup, url: str, refresh_token: str, audience: str, client_auth: str) -> Obtained:
    """A new access token for a refresh token (RFC 6749 6)."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    if audience:
        form["scope"] = audience
    return ask_as_client(setup, url, form, client_auth)


def ask_as_client(setup: Setup, url: str, form: dict[str, str], client_auth: str) -> Obtained:
    """Asks a token endpoint, the client proving itself by id and secret in the body or by HTTP Basic."""
    client_id, client_secret = setup.config["client_id"], setup.optional_secret("client_secret")
    headers = {}
    if client_auth == "basic":
        headers["Authorization"] = basic(client_id, client_secret)
    else:
        form = {**form, "client_id": client_id}
        if client_secret:
            form["client_secret"] = client_secret
    return read_token_answer(setup, setup.post_form(url, form, headers))


def read_callback(setup: Setup, callback: Mapping[str, str], memo: Mapping[str, str]) -> str:
    """The code the browser brought back. Raises PermissionMissing (consent declined) or CredentialsRejected."""
    check_state(callback, memo)
    if callback.get("error"):
        raise refusal(setup.connector.name, error_code(callback["error"]) or "error")
    if not callback.get("code"):
        raise CredentialsRejected(
            f"{setup.connector.name} sent the browser back without a code.", remedy="Start again with Connect."
        )
    return callback["code"]


def check_state(callback: Mapping[str, str], memo: Mapping[str, str]) -> None:
    if not hmac.compare_digest(callback.get("state", "").encode(), memo["state"].encode()):
        raise CredentialsRejected(
            "The answer of the consent page does not belong to this connection.",
            why="It was begun in another browser or window, or the link was tampered with.",
            remedy="Start again with Connect.",
        )


def add_subject(subject_headers: SubjectHeaders | None, call: Call) -> None:
    if call.subject and subject_headers:
        call.headers.update(subject_headers(call.subject))


def note_scopes(setup: Setup, answer: Answer, header: str) -> None:
    if header and header in answer.headers:
        setup.memory.scopes = tuple(part.strip() for part in answer.headers[header].split(",") if part.strip())
