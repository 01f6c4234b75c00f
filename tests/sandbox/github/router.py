"""The REST API: which endpoint answers, and what GitHub checks before and writes after each call."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.github.assertion import UNDECODED, jwt_in, verified_app
from tests.sandbox.github.call import Call
from tests.sandbox.github.doors import admit_to_organisation
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.site import SERVER_VERSION
from tests.sandbox.github.state import State
from tests.sandbox.github.tokens import Application, Bearer, InstallationToken, accepted

API_VERSIONS = frozenset({"2022-11-28", "2026-03-10"})
MINUTE = 60
HOUR = 3600
ANONYMOUS_LIMIT = 60
ANY = "any"
SECONDARY_LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
NOT_FOR_APPS = "Resource not accessible by integration"


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern`: {name} is one step of the path, {name:path} the rest of it.

    `scopes`: one of them is needed (none listed: any token will do). `permissions`: what an installation token needs,
    as in X-Accepted-GitHub-Permissions; ANY: nothing, "": it is not for them. `is_for_apps`: only a GitHub App itself
    may call, with a JWT. `is_open`: answers without a token, too.

    `is_soft`: lacking scope does not refuse the call, the endpoint itself shows less. `is_free`: costs
    nothing. `is_scim`: refusals are said in the words of SCIM.
    """

    method: str
    pattern: re.Pattern[str]
    handler: Callable[[Call], Answer]
    scopes: tuple[str, ...] = ()
    permissions: str = ""
    is_for_apps: bool = False
    is_open: bool = False
    is_soft: bool = False
    is_free: bool = False
    is_scim: bool = False
    resource: str = "core"


def route(
    method: str,
    path: str,
    handler: Callable[[Call], Answer],
    *scopes: str,
    permissions: str = "",
    is_for_apps: bool = False,
    is_open: bool = False,
    is_soft: bool = False,
    is_free: bool = False,
    is_scim: bool = False,
    resource: str = "core",
) -> Route:
    one_step = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    pattern = re.compile("^" + re.sub(r"\{(\w+):path\}", r"(?P<\1>.+)", one_step) + "$")
    return Route(
        method, pattern, handler, scopes, permissions, is_for_apps, is_open, is_soft, is_free, is_scim, resource
    )


class Router:
    def __init__(self, state: State, routes: list[Route]) -> None:
        self.state = state
        self.routes = routes

    def answer(self, request: Request) -> Answer:
        try:
            return self._answer(request)
        except Refusal as refusal:
            return self._dressed(refusal.answer(), None, None)

    def _answer(self, request: Request) -> Answer:
        if not request.headers.get("user-agent"):
            return Answer.of_text(
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
                "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). "
                "Check https://developer.github.com for other possible causes.\n",
                403,
            )
        version = request.headers.get("x-github-api-version", "2022-11-28")
        if version not in API_VERSIONS:
            raise Refusal(400, f"{version!r} is not a supported version of the REST API")
        assertion = jwt_in(request)
        app = verified_app(self.state, assertion) if assertion else None
        token = None if app else self._bearer(request)
        found = self._find(request)
        if found is None:
            return self._dressed(not_found().answer(), token, None)
        return self._call(Call(request, self.state, token, found[1], app), found[0])

    def _call(self, call: Call, found: Route) -> Answer:
        request, token = call.request, call.token
        try:
            self._admit(call, found)
            answer = found.handler(call)
        except Refusal as refusal:
            answer = refusal.scim_answer() if found.is_scim else refusal.answer()
        answer = _conditional(request, answer)
        if answer.status != 304 and not found.is_free:
            self.spend(token, found.resource)
        return self._dressed(answer, token, found)

    def _bearer(self, request: Request) -> Bearer | None:
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        if kind.lower() not in ("bearer", "token"):
            return None
        token = self.state.bearer(text.strip())
        if token is None:
            raise Refusal(401, "Bad credentials")
        if token.user.suspended_at is not None:
            raise Refusal(403, "Sorry. Your account was suspended.")
        return token

    def _find(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        path = self._by_name(request.path)
        if not self.state.site.has(path):
            return None
        for each in self.routes:
            match = each.pattern.match(path) if each.method == request.method else None
            if match:
                return each, {name: unquote(text) for name, text in match.groupdict().items()}
        return None

    def _by_name(self, path: str) -> str:
        """Paths by ids -> /orgs/<login>/teams/<slug>/... and /repos/<owner>/<name>/..."""
        match = re.match(r"^/repositories/(\d+)(/.*|)$", path)
        if match:
            repository = self.state.repository_by_id(int(match[1]))
            if repository is None:
                return path
            return f"/repos/{repository.organisation.login}/{quote(repository.name, safe='')}{match[2]}"
        match = re.match(r"^/organizations/(\d+)(/.*|)$", path)
        organisation = self.state.organisations.get(int(match[1])) if match else None
        if match is None or organisation is None:
            return path.rstrip("/") or "/"
        rest = re.sub(r"^/team/(\d+)", lambda found: _team_path(organisation, int(found[1])), match[2])
        return f"/orgs/{organisation.login}{rest}"

    def _admit(self, call: Call, found: Route) -> None:
        if found.is_for_apps != (call.app is not None):
            raise Refusal(401, UNDECODED) if found.is_for_apps else Refusal(403, NOT_FOR_APPS)
        if call.token is None and call.app is None and not found.is_open:
            raise Refusal(401, "Requires authentication")
        if not found.is_free:
            self.check_limit(call.token, found.resource)
            self.check_points(call)
        if "org" in call.parameters and call.token is not None:
            admit_to_organisation(call.request, self.state, call.token, call.organisation)
        if isinstance(call.token, InstallationToken):
            self._admit_installation(call.token, found)
        elif found.scopes and not found.is_soft and not any(call.allows(scope) for scope in found.scopes):
            names = " or ".join(found.scopes)
            raise Refusal(403, f"You need at least {names} scope to access this resource.")

    @staticmethod
    def _admit_installation(token: InstallationToken, found: Route) -> None:
        if found.permissions == "" or (found.permissions != ANY and not token.permits(found.permissions)):
            raise Refusal(403, NOT_FOR_APPS)

    # -- limits

    @property
    def has_limits(self) -> bool:
        """A server of one's own has none, unless somebody turns them on."""
        return not self.state.site.is_server or self.state.clock.now() < self.state.exhausted_until

    def check_limit(self, token: Bearer | None, resource: str) -> None:
        limit, used, _ = self._standing(token, resource)
        if self.has_limits and used >= limit:
            headers = {"x-ratelimit-remaining": "0", "x-ratelimit-used": str(limit)}
            who = token.user.id if token else "your IP"
            raise Refusal(403, f"API rate limit exceeded for user ID {who}.", headers=headers)

    def check_points(self, call: Call) -> None:
        """The secondary limit, where one is set: what the calls of the last minute cost together."""
        allowed = self.state.points_per_minute
        if allowed is None or call.token is None:
            return
        now = self.state.clock.now()
        cost = 1 if call.request.method == "GET" else 5
        spent = [each for each in self.state.points.get(call.user.id, []) if each[0] > now - MINUTE]
        if sum(points for _, points in spent) + cost > allowed:
            wait = int(spent[0][0] + MINUTE - now) + 1 if spent else MINUTE
            raise Refusal(403, SECONDARY_LIMIT, headers={"retry-after": str(wait)})
        self.state.points[call.user.id] = [*spent, (now, cost)]

    def spend(self, token: Bearer | None, resource: str) -> None:
        if token is not None:
            token.spent[resource] = token.spent.get(resource, 0) + 1

    def _standing(self, token: Bearer | None, resource: str) -> tuple[int, int, int]:
        """Limit, calls used by all tokens of the same person, and when the hour ends (epoch seconds)."""
        now = int(self.state.clock.now())
        reset = now - now % HOUR + HOUR
        if now < self.state.exhausted_until:
            return self.state.limits[resource], self.state.limits[resource], self.state.exhausted_until
        if token is None:
            return ANONYMOUS_LIMIT, 0, reset
        if token.window != reset:
            token.window, token.spent = reset, {}
        used = sum(each.spent.get(resource, 0) for each in self._together(token) if each.window == reset)
        return self.state.limits[resource], used, reset

    def _together(self, token: Bearer) -> list[Bearer]:
        """The tokens that share one limit: of the same person, or of the same installation."""
        if isinstance(token, InstallationToken):
            issued = self.state.installation_tokens.values()
            return [each for each in issued if each.installation is token.installation]
        return [each for each in self.state.tokens.values() if each.user is token.user]

    def limits(self, token: Bearer | None) -> dict[str, dict[str, int]]:
        """Resource -> limit, used, remaining, reset."""
        shapes = {}
        for resource in self.state.limits:
            limit, used, reset = self._standing(token, resource)
            shapes[resource] = {"limit": limit, "used": used, "remaining": max(0, limit - used), "reset": reset}
        return shapes

    def _dressed(self, answer: Answer, token: Bearer | None, found: Route | None) -> Answer:
        """The answer with the headers that GitHub puts on each."""
        resource = found.resource if found else "core"
        limit, used, reset = self._standing(token, resource)
        headers = {
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": "C0DE:1F2E3D:5A4B3C:7B6A59:67F0A1B2",
        }
        if self.has_limits:
            headers |= {
                "x-ratelimit-limit": str(limit),
                "x-ratelimit-remaining": str(max(0, limit - used)),
                "x-ratelimit-used": str(min(used, limit)),
                "x-ratelimit-reset": str(reset),
                "x-ratelimit-resource": resource,
            }
        if self.state.site.is_server:
            headers["X-GitHub-Enterprise-Version"] = SERVER_VERSION
        if found and found.permissions not in ("", ANY):
            headers["X-Accepted-GitHub-Permissions"] = found.permissions
        if token is not None and not isinstance(token, InstallationToken):
            headers["X-OAuth-Scopes"] = ", ".join(token.scopes)
            headers["X-Accepted-OAuth-Scopes"] = ", ".join(accepted(found.scopes)) if found else ""
            headers["X-OAuth-Client-Id"] = token.application.client_id
        answer.headers = {**headers, **answer.headers}
        return answer


def application_of(call: Call) -> Application:
    """The OAuth App that called with HTTP Basic, client id and secret."""
    kind, _, text = call.request.headers.get("authorization", "").partition(" ")
    try:
        client_id, _, secret = base64.b64decode(text).decode().partition(":")
    except ValueError:
        client_id, secret = "", ""
    application = call.state.applications.get(client_id)
    if kind.lower() != "basic" or application is None or application.client_secret != secret:
        raise Refusal(401, "Bad credentials")
    if call.parameters["client_id"] != client_id:
        raise not_found()
    return application


def _team_path(organisation: Organisation, team_id: int) -> str:
    team = organisation.teams.get(team_id)
    return f"/teams/{team.slug}" if team else "/teams/~"


def _conditional(request: Request, answer: Answer) -> Answer:
    """Adds an ETag; 304 without a body when the caller has the same already."""
    if request.method != "GET" or answer.status != 200:
        return answer
    etag = f'W/"{hashlib.sha256(answer.body).hexdigest()}"'
    if request.headers.get("if-none-match") in (etag, etag[2:]):
        return Answer(304, b"", {"ETag": etag})
    answer.headers |= {"ETag": etag, "Cache-Control": "private, max-age=60, s-maxage=60"}
    return answer
