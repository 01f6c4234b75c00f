"""www.dropbox.com: the consent page; api.dropboxapi.com: codes and refresh tokens for access tokens."""

import base64
import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.sandbox.dropbox import consent_page, events
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.scopes import TEAM_SCOPES
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.tokens import ACCESS_LIFETIME, AccessToken, Grant
from tests.sandbox.dropbox.unions import nested
from tests.sandbox.exchange import Answer, Json, Request


class OAuth:
    def __init__(self, state: State) -> None:
        self.state = state

    # -- consent

    def authorize(self, request: Request) -> Answer:
        fault = self._fault_of(request)
        if fault:
            return Answer.of_html(consent_page.error(fault), 400)
        form = request.form() if request.method == "POST" else {}
        member = self._signed_in(form)
        scopes = self._asked(request)
        decision = form.get("decision", "")
        if decision == "cancel":
            denied = {"error": "access_denied", "error_description": "The user chose not to give your app access."}
            return _back(request, denied)
        if decision != "allow":
            return Answer.of_html(consent_page.consent(self.state, scopes, member))
        if TEAM_SCOPES & set(scopes) and not self.state.is_admin(member):
            return Answer.of_html(consent_page.only_admins(), 403)
        return _back(request, {"code": self._allow(request, member, scopes)})

    def _fault_of(self, request: Request) -> str:
        application = self.state.application
        if request.parameter("client_id") != application.key:
            return "Invalid client_id"
        if request.parameter("response_type") != "code":
            return 'Invalid response_type: only "code" is supported here'
        if request.parameter("redirect_uri") not in application.redirect_uris:
            return 'Invalid redirect_uri. When using "code" flow it has to be registered, character by character.'
        unknown = [each for each in self._asked(request) if each not in application.scopes]
        if unknown:
            return f"The requested scopes are not enabled for this app: {' '.join(unknown)}"
        challenge, method = request.parameter("code_challenge"), request.parameter("code_challenge_method", "plain")
        if challenge and (method not in ("S256", "plain") or not 43 <= len(challenge) <= 128):
            return "Invalid code_challenge"
        return ""

    def _asked(self, request: Request) -> list[str]:
        """Without the parameter, all that the app is registered for."""
        return request.parameter("scope").split() or sorted(self.state.application.scopes)

    def _signed_in(self, form: dict[str, str]) -> Member:
        """The person picked on the page, at first an admin."""
        active = [each for each in self.state.members.values() if each.status == "active"]
        picked = next((each for each in active if each.email == form.get("email")), None)
        return picked or next(iter(self.state.admins()), active[0])

    def _allow(self, request: Request, member: Member, scopes: list[str]) -> str:
        challenge = request.parameter("code_challenge")
        method = request.parameter("code_challenge_method", "plain")
        is_offline = request.parameter("token_access_type") == "offline"
        wanted = f"{method}:{challenge}" if challenge else ""
        return self.state.issue_code(
            member.email, scopes, request.parameter("redirect_uri"), wanted, is_offline=is_offline
        )

    # -- tokens

    def token(self, request: Request) -> Answer:
        sent = {**request.form(), **_basic(request)}
        application = self.state.application
        is_known = sent.get("client_id") == application.key
        secret = sent.get("client_secret")
        if not is_known or (secret is not None and secret != application.secret):
            return _refused("invalid_client", "Invalid client_id or client_secret")
        if sent.get("grant_type") == "authorization_code":
            return self._exchange(sent)
        if sent.get("grant_type") == "refresh_token":
            return self._refresh(sent)
        return _refused("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")

    def _exchange(self, sent: dict[str, str]) -> Answer:
        code = self.state.codes.pop(sent.get("code", ""), None)
        if code is None or code.expires_at <= self.state.clock.now():
            return _refused("invalid_grant", "code doesn't exist or has expired")
        if sent.get("redirect_uri", "") != code.redirect_uri:
            return _refused("invalid_grant", "redirect_uri mismatch")
        if code.challenge and not _is_verified(code.challenge, sent.get("code_verifier", "")):
            return _refused("invalid_grant", "invalid code verifier")
        if not code.challenge and "client_secret" not in sent:
            return _refused("invalid_client", "Missing client_secret")
        member = self.state.members[code.member_id]
        grant = self.state.issue_grant(member.email, code.scopes, is_offline=code.is_offline)
        self._record(grant, member)
        return _given(self._opened(self.state.add_token(grant), member))

    def _opened(self, token: AccessToken, member: Member) -> Json:
        grant = token.grant
        body = {**_shape(token), "scope": " ".join(grant.scopes), "uid": ""}
        if grant.refresh_token:
            body["refresh_token"] = grant.refresh_token
        if grant.is_team:
            return {**body, "team_id": self.state.team_id}
        return {**body, "uid": str(int(member.home_id) % 1_000_000), "account_id": member.account_id}

    def _record(self, grant: Grant, member: Member) -> None:
        kind = "app_link_team" if grant.is_team else "app_link_user"
        who = events.user(member)
        self.state.log.add(
            events.event(
                kind,
                self.state.clock.now(),
                actor=nested("admin" if grant.is_team else "user", who),
                origin=events.at_browser(member),
                context=who,
                details={"app_info": events.application(self.state)},
            )
        )

    def _refresh(self, sent: dict[str, str]) -> Answer:
        """The refresh token stays as it is. Without the secret only consents that began with PKCE could be refreshed;
        that is not told apart here."""
        text = sent.get("refresh_token", "")
        grant = next((each for each in self.state.grants if text and each.refresh_token == text), None)
        if grant is None or grant.is_revoked:
            return _refused("invalid_grant", "refresh token is invalid or revoked")
        return _given(_shape(self.state.add_token(grant)))


def _shape(token: AccessToken) -> dict[str, Json]:
    return {"access_token": token.text, "token_type": "bearer", "expires_in": ACCESS_LIFETIME}


def _basic(request: Request) -> dict[str, str]:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind != "Basic":
        return {}
    try:
        key, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": key, "client_secret": secret}


def _is_verified(challenge: str, verifier: str) -> bool:
    method, _, wanted = challenge.partition(":")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return wanted == (digest if method == "S256" else verifier)


def _given(body: Json) -> Answer:
    """The content type that was seen."""
    return Answer.of_json(body, headers={"Content-Type": "text/javascript"})


def _refused(error: str, description: str) -> Answer:
    status = 401 if error == "invalid_client" else 400
    body = {"error": error, "error_description": description}
    return Answer.of_json(body, status, {"Content-Type": "application/json"})


def _back(request: Request, parameters: dict[str, str]) -> Answer:
    parts = urlsplit(request.parameter("redirect_uri"))
    sent = {**parameters, "state": request.parameter("state")}
    query = urlencode([*parse_qsl(parts.query), *((key, value) for key, value in sent.items() if value)])
    return Answer.redirect(parts._replace(query=query).geturl())


