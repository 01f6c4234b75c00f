"""Consent, and everything that ends in an access token."""

from urllib.parse import urlencode, urlsplit

from tests.sandbox.box import consent_page, server_sign_in
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.people import User
from tests.sandbox.box.refusal import OAuthRefusal
from tests.sandbox.box.state import State
from tests.sandbox.box.tokens import ACCESS_LIFETIME, Application, Grant, Token
from tests.sandbox.exchange import Answer, Request

LOOPBACK = frozenset({"127.0.0.1", "localhost"})
AUTHORISE = "/api/oauth2/authorize"
USED = "Invalid refresh token"
WEB = {"service_id": "1", "service_name": "Box"}


class OAuth:
    def __init__(self, state: State) -> None:
        self.state = state

    # -- the browser's part, at account.box.com

    def page(self, request: Request) -> Answer:
        if request.path != AUTHORISE or request.method not in ("GET", "POST"):
            return Answer.of_html(consent_page.refused("not_found", "There is no such page."), 404)
        application = self.state.applications.get(request.parameter("client_id"))
        fault = _fault(request, application)
        if application is None or fault:
            return Answer.of_html(consent_page.refused(*(fault or ("invalid_client", ""))), 400)
        form = request.form() if request.method == "POST" else {}
        user = self.state.user(form.get("login", "")) or self.state.primary_admin
        scopes = _narrowed(application, request.parameter("scope"))
        redirect_uri = request.parameter("redirect_uri") or application.redirect_uri
        decision = form.get("decision")
        if decision == "deny":
            return _back(request, redirect_uri, {"error": "access_denied"})
        if decision == "grant":
            code = self.state.issue_code(application, user, scopes, redirect_uri)
            self.state.record("LOGIN", user, mini_user(user), details=dict(WEB))
            return _back(request, redirect_uri, {"code": code})
        return Answer.of_html(consent_page.consent(self.state, application, user, scopes))

    # -- the application's part, at api.box.com

    def token(self, request: Request) -> Answer:
        try:
            return self._token(request.form())
        except OAuthRefusal as refusal:
            return refusal.answer()

    def _token(self, form: dict[str, str]) -> Answer:
        application = self._application(form)
        kind = form.get("grant_type", "")
        if kind == "authorization_code":
            return self._for_user(self._redeemed(application, form.get("code", "")))
        if kind == "refresh_token":
            return self._for_user(self._refreshed(application, form.get("refresh_token", "")))
        if kind == "client_credentials":
            return self._for_server(application, server_sign_in.by_credentials(self.state, application, form))
        if kind == server_sign_in.JWT_BEARER:
            return self._for_server(application, server_sign_in.by_assertion(self.state, application, form))
        raise OAuthRefusal("unsupported_grant_type", "Unsupported grant type")

    def _application(self, form: dict[str, str]) -> Application:
        application = self.state.applications.get(form.get("client_id", ""))
        if application is None or application.client_secret != form.get("client_secret"):
            if form.get("grant_type") == "client_credentials":
                raise OAuthRefusal("invalid_grant", "Grant credentials are invalid")
            raise OAuthRefusal("invalid_client", "The client credentials are invalid")
        if not application.is_enabled:
            raise OAuthRefusal("unauthorized_client", "This app is not authorized by the enterprise")
        return application

    def _redeemed(self, application: Application, text: str) -> Grant:
        """A code serves once, half a minute long."""
        code = self.state.codes.pop(text, None)
        if code is None or code.application is not application:
            raise OAuthRefusal("invalid_grant", "Auth code doesn't exist or is invalid for the client")
        if code.expires_at <= self.state.now():
            raise OAuthRefusal("invalid_grant", "The authorization code has expired")
        return self.state.issue_grant(application, code.user, code.scopes)

    def _refreshed(self, application: Application, text: str) -> Grant:
        """Who shows a refresh token that was used already ends the whole grant."""
        held = [each for each in self.state.grants if each.application is application]
        reused = next((each for each in held if text in each.used), None)
        if reused is not None:
            self.state.end_grant(reused)
            raise OAuthRefusal("invalid_grant", USED)
        grant = next((each for each in held if each.refresh_token == text), None)
        if grant is None or grant.user.id not in self.state.users or grant.user.status == "inactive":
            raise OAuthRefusal("invalid_grant", USED)
        if grant.refresh_expires_at <= self.state.now():
            raise OAuthRefusal("invalid_grant", "Refresh token has expired")
        self.state.renew(grant)
        return grant

    def _for_user(self, grant: Grant) -> Answer:
        token = self.state.add_token(grant.application, grant.user, grant.scopes, grant)
        self._tell(token)
        body = {
            "access_token": token.text,
            "expires_in": ACCESS_LIFETIME,
            "restricted_to": [],
            "refresh_token": grant.refresh_token,
            "token_type": "bearer",
        }
        return Answer.of_json(body)

    def _for_server(self, application: Application, user: User) -> Answer:
        """No refresh token; the application asks again."""
        token = self.state.add_token(application, user, application.authorised or ())
        self._tell(token)
        body = {"access_token": token.text, "expires_in": ACCESS_LIFETIME, "restricted_to": []}
        return Answer.of_json(body)

    def _tell(self, token: Token) -> None:
        application = token.application
        details = {
            "type": "oauth2",
            "service_id": application.service_id,
            "service_name": application.name,
            "access_token_identifier": token.text[-8:],
        }
        source = mini_user(token.user)
        self.state.record("USER_AUTHENTICATE_OAUTH2_ACCESS_TOKEN_CREATE", token.user, source, details=details)

    def revoke(self, request: Request) -> Answer:
        """Either token ends the grant with all its tokens. A token that is unknown is no error."""
        try:
            form = request.form()
            application = self._application(form)
        except OAuthRefusal as refusal:
            return refusal.answer()
        text = form.get("token", "")
        token = self.state.tokens.get(text)
        grant = token.grant if token else next((g for g in self.state.grants if g.refresh_token == text), None)
        if token is not None and token.application is application:
            details = {"service_id": application.service_id, "service_name": application.name}
            self.state.record("OAUTH2_ACCESS_TOKEN_REVOKE", token.user, None, details=details)
            del self.state.tokens[text]
        if grant is not None and grant.application is application and grant in self.state.grants:
            self.state.end_grant(grant)
        return Answer(200)


def _fault(request: Request, application: Application | None) -> tuple[str, str] | None:
    if application is None:
        return "invalid_client", "Unauthorized - Cannot authorize with this service"
    if not application.is_enabled:
        return "unauthorized_client", "Disabled by Administrator"
    if request.parameter("response_type") != "code":
        return "unsupported_response_type", "The response type must be code"
    given = request.parameter("redirect_uri")
    if given and not _is_allowed(given, application.redirect_uri):
        return "redirect_uri_mismatch", "The redirect URI does not match the configured one"
    return None


def _is_allowed(given: str, registered: str) -> bool:
    """Exactly the same, but for the port of a loopback address."""
    if given == registered:
        return True
    ours, theirs = urlsplit(registered), urlsplit(given)
    both_local = ours.hostname in LOOPBACK and theirs.hostname in LOOPBACK
    return both_local and (ours.scheme, ours.path) == (theirs.scheme, theirs.path)


def _narrowed(application: Application, asked: str) -> tuple[str, ...]:
    """What is asked for may only be less than what is ticked in the console."""
    wanted = asked.split()
    return tuple(scope for scope in application.scopes if not wanted or scope in wanted)


def _back(request: Request, redirect_uri: str, parameters: dict[str, str]) -> Answer:
    if request.parameter("state"):
        parameters["state"] = request.parameter("state")
    mark = "&" if "?" in redirect_uri else "?"
    return Answer.redirect(f"{redirect_uri}{mark}{urlencode(parameters)}")
