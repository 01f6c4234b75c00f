"""From a request to a route: token, scope, select headers, root of paths, argument, limits."""

import json
import re
from dataclasses import dataclass, field

from tests.sandbox.dropbox import path_root
from tests.sandbox.dropbox.arguments import Arguments, bad, parse
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.refusal import TAILS, BadInput, Refusal, TooMany, Unauthorized
from tests.sandbox.dropbox.routes import Download, Route
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.tokens import Grant
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Answer, Json, Request

MINUTE = 60
LARGEST_UPLOAD = 150 * 1024 * 1024
WHOLE_TEAM = (
    'This API function operates on a single Dropbox account, but the OAuth 2 access token you provided is for an '
    "entire Dropbox Business team. Since your API app key has team member file access permissions, you can operate on "
    "a team member's Dropbox by providing the \"Dropbox-API-Select-User\" HTTP header or \"Dropbox-API-Select-Admin\" "
    "HTTP header to specify the exact user."
)
TEAM_FUNCTION = "This is a DfB team management function, but the OAuth 2 access token is for a single Dropbox account."


@dataclass(slots=True)
class Router:
    state: State
    routes: dict[str, Route]
    _answered: int = field(default=0, init=False)

    def answer(self, request: Request) -> Answer:
        self._answered += 1
        try:
            answer = self._answer(request)
        except Refusal as refusal:
            answer = refusal.answer(TAILS[self._answered % len(TAILS)])
        answer.headers["X-Dropbox-Request-Id"] = f"{self._answered:032x}"
        return answer

    def _answer(self, request: Request) -> Answer:
        name = request.path.removeprefix("/2/")
        route = self.routes.get(name)
        if route is None or request.host != (route.host if route.auth != "none" else "notify.dropboxapi.com"):
            raise BadInput(f'Unknown API function: "{name}"')
        if request.method != "POST":
            raise BadInput(f'Error in call to API function "{name}": Your request\'s HTTP method must be POST.')
        grant = self._grant(request, route) if route.auth != "none" else Grant("", (), False, "")
        arguments = Arguments(name, self._argument(request, route))
        arguments.only(route.fields)
        call = Call(request, self.state, arguments, grant)
        if route.auth == "user":
            self._select(call, route)
        self._count(call)
        if route.style == "upload":
            call.content = request.body
        return _said(route.handler(call), request.headers.get("range", ""))

    # -- who calls

    def _grant(self, request: Request, route: Route) -> Grant:
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not text.startswith("sl."):
            raise bad(route.name, "The given OAuth 2 access token is malformed.")
        token = self.state.tokens.get(text)
        if token is None or token.grant.is_revoked:
            raise Unauthorized(tagged("invalid_access_token"))
        if token.expires_at <= self.state.clock.now():
            raise Unauthorized(tagged("expired_access_token"))
        if route.auth == "team" and not token.grant.is_team:
            raise bad(route.name, TEAM_FUNCTION)
        if route.scope and route.scope not in token.grant.scopes:
            raise Unauthorized(tagged("missing_scope", required_scope=route.scope))
        if token.grant.member_id not in self.state.members:
            raise Unauthorized(tagged("invalid_access_token"))
        return token.grant

    def _select(self, call: Call, route: Route) -> None:
        headers, grant = call.request.headers, call.grant
        chosen, admin = headers.get("dropbox-api-select-user"), headers.get("dropbox-api-select-admin")
        if chosen and admin:
            raise bad(route.name, "Only one of the select headers may be given.")
        if not grant.is_team:
            call.member = self._active(call.consenting, "invalid_access_token")
        elif not (chosen or admin):
            raise bad(route.name, WHOLE_TEAM)
        elif "team_data.member" not in grant.scopes:
            raise Unauthorized(tagged("missing_scope", required_scope="team_data.member"))
        elif chosen:
            call.member = self._active(self.state.members.get(chosen), "invalid_select_user")
        else:
            call.member, call.is_admin = self._admin(admin or "", route), True
        call.root_id = path_root.of(call)

    @staticmethod
    def _active(member: Member | None, tag: str) -> Member:
        if member is None or member.status in ("removed", "invited"):
            raise Unauthorized(tagged(tag))
        if member.status == "suspended":
            raise Unauthorized(tagged("user_suspended"))
        return member

    def _admin(self, member_id: str, route: Route) -> Member:
        """How the vendor refuses an admin on a route for members alone is unverified."""
        member = self.state.members.get(member_id)
        if member is None or not self.state.is_admin(member) or not route.admin:
            raise Unauthorized(tagged("invalid_select_admin"))
        return member

    # -- what is asked

    @staticmethod
    def _argument(request: Request, route: Route) -> dict[str, Json]:
        content_type = request.headers.get("content-type", "").split(";")[0].strip()
        if route.style == "rpc":
            if content_type != "application/json":
                raise bad(route.name, f'Bad HTTP "Content-Type" header: "{content_type}".')
            value = parse(route.name, "request body", request.body)
        else:
            value = _in_header(request, route, content_type)
        if not route.fields:
            if value is not None:
                raise bad(route.name, "request body: expected null")
            return {}
        if not isinstance(value, dict):
            raise bad(route.name, "request body: expected object")
        return value

    def _count(self, call: Call) -> None:
        """Refused calls count, too."""
        limit = self.state.calls_per_minute
        if limit is None:
            return
        whose = call.member.id if call.member else self.state.team_id
        now = self.state.clock.now()
        calls = [each for each in self.state.calls.get(whose, []) if each > now - MINUTE]
        self.state.calls[whose] = [*calls, now]
        if len(calls) >= limit:
            retry_after = max(1, int(calls[-limit] + MINUTE - now))
            raise TooMany("too_many_requests", retry_after, self.state.limit_body)


def _in_header(request: Request, route: Route, content_type: str) -> Json:
    """Dropbox-API-Arg, ASCII alone. A download has no body and no type of one."""
    expected = ("application/octet-stream",) if route.style == "upload" else ("", "application/octet-stream")
    if content_type not in expected and not content_type.startswith("text/plain"):
        raise bad(route.name, f'Bad HTTP "Content-Type" header: "{content_type}".')
    if len(request.body) > LARGEST_UPLOAD:
        raise bad(route.name, "The request body is too large.")
    text = request.headers.get("dropbox-api-arg", "")
    if not text:
        raise bad(route.name, 'Must provide HTTP header "Dropbox-API-Arg" or URL parameter "arg".')
    if not text.isascii() or "\x7f" in text:
        raise bad(route.name, 'HTTP header "Dropbox-API-Arg": could not decode input as JSON')
    return parse(route.name, 'HTTP header "Dropbox-API-Arg"', text)


def _said(result: Json, wanted: str) -> Answer:
    """`wanted`: the Range header."""
    if not isinstance(result, Download):
        return Answer.of_json(result, headers={"Content-Type": "application/json"})
    text = json.dumps(result.result).replace("\x7f", "\\u007f")
    headers = {"Content-Type": "application/octet-stream", "Dropbox-API-Result": text, "Accept-Ranges": "bytes"}
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted)
    size = len(result.content)
    if not found:
        return Answer(200, result.content, headers)
    start, end = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if start > end:
        return Answer(416, b"", {**headers, "Content-Range": f"bytes */{size}"})
    return Answer(206, result.content[start : end + 1], {**headers, "Content-Range": f"bytes {start}-{end}/{size}"})
