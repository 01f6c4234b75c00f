"""What a route is: the name in its path, and what the vendor asks of who calls it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.sandbox.dropbox.call import Call
from tests.sandbox.exchange import Json


@dataclass(frozen=True, slots=True)
class Download:
    """The answer of a route that gives bytes: `result` goes into a header."""

    result: Json
    content: bytes


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Route:
    """`auth`: team, user or none. `admin`: what Select-Admin may reach by it: whole_team, team_admin, "" for not
    allowed. `style`: rpc, upload or download. `fields`: of the argument, () for a void one."""

    name: str
    handler: Handler
    scope: str
    fields: tuple[str, ...] = ()
    auth: str = "user"
    admin: str = ""
    style: str = "rpc"

    @property
    def host(self) -> str:
        return "content.dropboxapi.com" if self.style != "rpc" else "api.dropboxapi.com"


def team_route(name: str, handler: Handler, scope: str, fields: str = "") -> Route:
    return Route(name, handler, scope, tuple(fields.split()), "team")


def user_route(
    name: str, handler: Handler, scope: str, fields: str = "", admin: str = "", style: str = "rpc"
) -> Route:
    return Route(name, handler, scope, tuple(fields.split()), "user", admin, style)
