"""github.com: the consent page, the exchange of codes for tokens, the page of single sign-on."""

import base64
import hashlib
import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.sandbox.exchange import Answer, Json, Request
from tests.sandbox.github import consent_page
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, User
from tests.sandbox.github.state import State
from tests.sandbox.github.tokens import Application, Code

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
DOCS = "https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-"


class OAuth:
    def __init__(self, state: State) -> None:
        self.state = state

    def answer(self, request: Request) -> Answer:
        if request.path == "/login/oauth/authorize" and request.method in ("GET", "POST"):
            return self._authorize(request)
        if request.path == "/login/oauth/access_token" and request.method == "POST":
            return self._exchange(request)
        if re.fullmatch(r"/orgs/[^/]+/sso", request.path) and request.method in ("GET", "POST"):
            return self._sign_on(request)
        return Answer.of_html(consent_page.missing(), 404)

    # -- consent

    def _authorize(self, request: Request) -> Answer:
        application = self.state.applications.get(request.parameter("client_id"))
        if application is None:
            return Answer.of_html(consent_page.missing(), 404)
        redirect_uri = request.parameter("redirect_uri") or application.callback_url
        fault = _fault_of(request, application, redirect_uri)
        if fault:
            back = application.callback_url if fault[0] == "redirect_uri_mismatch" else redirect_uri
            return _back(back, {"error": fault[0], "error_description": fault[1], "state": request.parameter("state")})
        form = request.form() if request.method == "POST" else {}
        user = self._signed_in(request, form)
        verb, _, login = form.get("decision", "").partition(":")
        if verb == "cancel":
            description = "The user has denied your application access."
            denied = {"error": "access_denied", "error_description": description, "state": request.parameter("state")}
            return _back(redirect_uri, denied)
        if verb == "authorize":
            return self._consent(request, application, user, form, redirect_uri)
        if verb == "grant":
            self._grant(self.state.organisation(login), application, user)
        page = consent_page.consent(request, self.state, application, user, _sessions(form), verb, login)
        return Answer.of_html(page)

    def _signed_in(self, request: Request, form: dict[str, str]) -> User:
        """The person picked on the page, the `login` hint, or the first owner there is."""
        for login in (form.get("login", ""), request.parameter("login")):
            found = self.state.user(login) if login else None
            if found is not None:
                return found
        organisation = next(iter(self.state.organisations.values()))
        return self.state.users[organisation.owners()[0]]

    @staticmethod
    def _grant(organisation: Organisation, application: Application, user: User) -> None:
        """An owner's Grant approves the app; somebody else's Request is only noted."""
        if organisation.is_owner(user):
            organisation.approved_applications.add(application.client_id)
            organisation.record("org.oauth_app_access_approved", _at_browser(user), operation_type="create")
        else:
            organisation.record("org.oauth_app_access_requested", _at_browser(user), operation_type="create")

    def _consent(
        self, request: Request, application: Application, user: User, form: dict[str, str], redirect_uri: str
    ) -> Answer:
        asked = re.split(r"[ ,]+", request.parameter("scope").strip())
        granted = [scope for scope in asked if f"scope:{scope}" in form]
        code = self.state.issue_code(
            user.login,
            granted,
            request.parameter("redirect_uri"),
            request.parameter("code_challenge"),
            client_id=application.client_id,
            sso=frozenset(self.state.organisation(login).id for login in _sessions(form)),
        )
        return _back(redirect_uri, {"code": code, "state": request.parameter("state")})

    # -- tokens

    def _exchange(self, request: Request) -> Answer:
        """Errors come with status 200; form-encoded unless the caller accepts JSON."""
        try:
            sent = _sent(request)
        except ValueError:
            return Answer.of_json({"message": "Problems parsing JSON"}, 400)
        body = self._token(sent)
        if "application/json" in request.headers.get("accept", ""):
            return Answer.of_json(body)
        content_type = "application/x-www-form-urlencoded; charset=utf-8"
        return Answer(200, urlencode(body).encode(), {"Content-Type": content_type})

    def _token(self, sent: dict[str, str]) -> dict[str, str]:
        application = self.state.applications.get(sent.get("client_id", ""))
        if application is None or application.client_secret != sent.get("client_secret"):
            message = "The client_id and/or client_secret passed are incorrect."
            return _error("incorrect_client_credentials", message)
        code = self.state.codes.get(sent.get("code", ""))
        if code is None or code.application is not application or code.expires_at <= self.state.clock.now():
            return _error("bad_verification_code", "The code passed is incorrect or expired.")
        if sent.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
            message = "The redirect_uri MUST match the registered callback URL for this application."
            return _error("redirect_uri_mismatch", message)
        if not _is_verified(code, sent.get("code_verifier", "")):
            return _error("bad_verification_code", "The code passed is incorrect or expired.")
        del self.state.codes[sent["code"]]
        token = self.state.add_token(application, code.user, code.scopes, code.sso)
        return {"access_token": token.text, "scope": ",".join(token.scopes), "token_type": "bearer"}

    # -- single sign-on

    def _sign_on(self, request: Request) -> Answer:
        """The page behind X-GitHub-SSO: signing in authorises the token that was refused."""
        asked = self.state.sso_requests.get(request.parameter("authorization_request"))
        if asked is None:
            return Answer.of_html(consent_page.missing(), 404)
        token, organisation = asked
        if request.method == "POST":
            token.sso.add(organisation.id)
            token.sso_ends.pop(organisation.id, None)
            organisation.record(
                "org.sso_response", _at_browser(token.user), token.user, operation_type="authentication"
            )
        return Answer.of_html(consent_page.sign_on(organisation, token, request.method == "POST"))


def _fault_of(request: Request, application: Application, redirect_uri: str) -> tuple[str, str] | None:
    if not is_allowed(application.callback_url, redirect_uri):
        return "redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application."
    challenge = request.parameter("code_challenge")
    method = request.parameter("code_challenge_method")
    if (challenge or method) and (method != "S256" or len(challenge) != 43):
        return "invalid_request", "code_challenge_method must be S256 and code_challenge must have 43 characters."
    return None


def is_allowed(callback_url: str, redirect_uri: str) -> bool:
    """Host equal or a sub-domain, port equal, path equal or below; between loopback hosts the port is free."""
    registered, wanted = urlsplit(callback_url), urlsplit(redirect_uri)
    host, wanted_host = registered.hostname or "", wanted.hostname or ""
    folder = registered.path.rstrip("/")
    is_below = wanted.path.rstrip("/") == folder or wanted.path.startswith(f"{folder}/")
    if ".." in wanted.path or not is_below:
        return False
    if host in LOOPBACK and wanted_host in LOOPBACK:
        return True
    is_host = wanted_host == host or wanted_host.endswith(f".{host}")
    return is_host and (wanted.scheme, wanted.port) == (registered.scheme, registered.port)


def _is_verified(code: Code, verifier: str) -> bool:
    """PKCE: asked for only where the consent began with a challenge."""
    if not code.challenge:
        return True
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge


def _sent(request: Request) -> dict[str, str]:
    if "json" in request.headers.get("content-type", ""):
        body: dict[str, Json] = json.loads(request.body)
        return {key: str(value) for key, value in body.items()}
    return {**dict(request.query), **request.form()}


def _sessions(form: dict[str, str]) -> list[str]:
    """Organisations whose single sign-on the page has just been through."""
    kept = [login for login in form.get("sso", "").split(",") if login]
    verb, _, login = form.get("decision", "").partition(":")
    return [*kept, login] if verb == "sso" and login not in kept else kept


def _at_browser(user: User) -> Actor:
    return Actor(user, user.address)


def _back(redirect_uri: str, parameters: dict[str, str]) -> Answer:
    parts = urlsplit(redirect_uri)
    query = urlencode([*parse_qsl(parts.query), *((key, value) for key, value in parameters.items() if value)])
    return Answer.redirect(parts._replace(query=query).geturl())


def _error(code: str, description: str) -> dict[str, str]:
    return {
        "error": code,
        "error_description": description,
        "error_uri": f"{DOCS}oauth-app-access-token-request-errors/",
    }
