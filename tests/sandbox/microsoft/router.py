"""From a request to a handler: the service, the token, the roles in it, the limits."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.login.tokens import ANYBODY, AccessToken
from tests.sandbox.microsoft.outbox import Ask, Deliver
from tests.sandbox.microsoft.refusal import Dialect, Refusal
from tests.sandbox.microsoft.state import State

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`roles`: one of them must be in the token; without any, each token of the service will do. `limit` names one of
    `State.limits` that holds beside the general one."""

    method: str
    template: str
    handler: Handler
    roles: tuple[str, ...]
    limit: str
    pattern: re.Pattern[str]


def route(method: str, template: str, handler: Handler, *roles: str, limit: str = "") -> Route:
    """A `template` is like /users/{user_id}/drive. `{path*}` takes slashes, too. A step that ends in () is a function:
    it is found with and without the parentheses and the name space."""
    return Route(method, template, handler, roles, limit, _pattern(template))


def _pattern(template: str) -> re.Pattern[str]:
    text = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
    text = re.sub(r"/(\w+)\\\(\\\)", r"/(?:microsoft\\.graph\\.)?\1(?:\\(\\))?", text)
    text = re.sub(r"\{(\w+)\\\*\}", r"(?P<\1>.+)", text)
    return re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/']+)", text) + "$")


@dataclass(frozen=True)
class Surface:
    """One service: its hosts, where its tokens are for ("" for addresses that need none), what its paths begin with.

    `charges`: which general limit its calls count against.
    """

    hosts: tuple[str, ...]
    audience: str
    prefixes: tuple[str, ...]
    routes: Sequence[Route]
    dialect: Dialect
    charges: str = ""

    @cached_property
    def ordered(self) -> list[Route]:
        """Fixed addresses come before those with parameters that would take them, too; of two alike the longer one."""

        def rank(each: Route) -> tuple[int, int, int]:
            return each.template.count("*"), each.template.count("{"), -len(each.template)

        return sorted(self.routes, key=rank)

    def has(self, path: str) -> bool:
        return any(path.startswith(f"{each}/") for each in self.prefixes)

    def find(self, method: str, path: str) -> tuple[Route, str, dict[str, str]] | None:
        prefix = next((each for each in self.prefixes if path.startswith(f"{each}/")), None)
        if prefix is None:
            return None
        address = path[len(prefix) :]
        for each in self.ordered:
            match = each.pattern.match(address) if each.method == method else None
            if match:
                return each, address, {name: unquote(text) for name, text in match.groupdict().items()}
        return None


class Router:
    def __init__(self, state: State, surfaces: Sequence[Surface], post: Deliver, ask: Ask) -> None:
        self.state = state
        self._surfaces = surfaces
        self._post = post
        self._ask = ask

    def surface(self, request: Request) -> Surface:
        """The first of this host whose paths begin so; else the host's last one."""
        own = [each for each in self._surfaces if request.host in each.hosts]
        return next((each for each in own if each.has(request.path)), own[-1])

    def answer(self, request: Request) -> Answer:
        try:
            return self._answer(request, self.surface(request))
        except Refusal as refusal:
            return refusal.answer(request)

    def _answer(self, request: Request, surface: Surface) -> Answer:
        token = self._token(request, surface)
        found = surface.find(request.method, request.path)
        if found is None:
            raise surface.dialect.unknown(request)
        route, address, parameters = found
        for name in (surface.charges, route.limit):
            self._take(name, token.client_id, surface.dialect)
        if route.roles and token.roles.isdisjoint(route.roles):
            raise surface.dialect.forbidden()
        return route.handler(Call(request, self.state, token, address, self._post, self._ask, parameters))

    def _take(self, name: str, client_id: str, dialect: Dialect) -> None:
        limit = self.state.limits.get(name)
        wait = limit.take(client_id, self.state.now()) if limit else 0
        if limit and wait:
            raise dialect.too_many(wait if limit.tells else None)

    def _token(self, request: Request, surface: Surface) -> AccessToken:
        if not surface.audience:
            return ANYBODY
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not text.strip():
            raise surface.dialect.unauthorized("Access token is empty.")
        token = self.state.login.tokens.get(text.strip())
        if token is None:
            raise surface.dialect.unauthorized("Access token validation failure.")
        if token.audience != surface.audience:
            raise surface.dialect.unauthorized("Access token validation failure. Invalid audience.")
        if token.expires_at <= self.state.now():
            raise surface.dialect.unauthorized("Lifetime validation failed, the token is expired.")
        return token
