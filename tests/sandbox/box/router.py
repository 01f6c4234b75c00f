"""From a request to an endpoint: token, As-User, scope, limits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from tests.sandbox.box.call import Call
from tests.sandbox.box.people import LOG_IN, User
from tests.sandbox.box.refusal import (
    Refusal,
    forbidden,
    insufficient_scope,
    not_found,
    rate_limited,
    unauthorized,
)
from tests.sandbox.box.state import State
from tests.sandbox.box.tokens import Token
from tests.sandbox.exchange import Answer, Request

API_HOST = "api.box.com"
UPLOAD_HOSTS = ("upload.box.com", "upload.app.box.com")
MINUTE = 60
NEWER = "2025.0"


@dataclass(frozen=True, slots=True)
class Route:
    """`scopes`: one of them is needed. `is_upload`: answered by the upload hosts alone. `is_newer`: asks for the header
    box-version."""

    method: str
    pattern: re.Pattern[str]
    handler: Callable[[Call], Answer]
    scopes: tuple[str, ...]
    is_upload: bool = False
    is_newer: bool = False


def route(
    method: str,
    path: str,
    handler: Callable[[Call], Answer],
    *scopes: str,
    is_upload: bool = False,
    is_newer: bool = False,
) -> Route:
    pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")
    return Route(method, pattern, handler, scopes, is_upload, is_newer)


class Router:
    def __init__(self, state: State, routes: list[Route]) -> None:
        self.state = state
        self.routes = routes

    def answer(self, request: Request) -> Answer:
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.answer()

    def _answer(self, request: Request) -> Answer:
        token = self._token(request)
        found = self._find(request)
        if found is None:
            raise not_found()
        route, parameters = found
        if route.scopes and not any(token.allows(scope) for scope in route.scopes):
            raise insufficient_scope()
        self._count(token.user, "upload" if route.is_upload else "api")
        if route.is_newer and request.headers.get("box-version") != NEWER:
            raise Refusal(400, "bad_request", f"This endpoint needs the header box-version: {NEWER}")
        if self.state.forbids_location:
            raise Refusal(403, "access_from_location_blocked", "Access from this location is blocked")
        call = Call(request, self.state, token, self._acting(request, token), parameters)
        return route.handler(call)

    def _token(self, request: Request) -> Token:
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        token = self.state.tokens.get(text.strip())
        if kind.lower() != "bearer" or token is None or token.expires_at <= self.state.now():
            raise unauthorized()
        if token.user.status == "inactive":
            raise unauthorized()
        return token

    def _find(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        is_upload = request.host in UPLOAD_HOSTS
        prefix = "/api/2.0" if is_upload else "/2.0"
        if not request.path.startswith(f"{prefix}/"):
            return None
        path = request.path.removeprefix(prefix)
        for each in self.routes:
            if each.method != request.method or each.is_upload != is_upload:
                continue
            match = each.pattern.match(path)
            if match:
                return each, {name: unquote(text) for name, text in match.groupdict().items()}
        return None

    def _count(self, user: User, kind: str) -> None:
        """Of each user so many calls a minute; whether As-User counts against the other one is not known."""
        limit = self.state.calls_per_minute if kind == "api" else self.state.uploads_per_minute
        if limit is None:
            return
        now = self.state.now()
        since, spent = self.state.calls.get((user.id, kind), (now, 0))
        if now - since >= MINUTE:
            since, spent = now, 0
        if spent >= limit:
            raise rate_limited(max(1, int(since + MINUTE - now)))
        self.state.calls[(user.id, kind)] = (since, spent + 1)

    def _acting(self, request: Request, token: Token) -> User:
        """Whom the call is made for. Refused: oneself, service accounts, for a co-admin other administrators."""
        user_id = request.headers.get("as-user")
        caller = token.user
        if user_id is None:
            return caller
        if not token.application.has_as_user or not caller.may(LOG_IN):
            raise forbidden()
        target = self.state.users.get(user_id)
        if target is None or not self.state.is_managed(target) or target is caller:
            raise forbidden()
        if target.service_of is not None or (target.is_administrator and caller.role != "admin"):
            raise forbidden()
        return target
