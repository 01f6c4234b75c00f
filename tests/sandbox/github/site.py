"""The three products under which there is a GitHub: github.com, ghe.com with data residency, and one's own server."""

import re
from dataclasses import dataclass, replace

from tests.sandbox.exchange import Request

SERVER_VERSION = "3.19.0"


@dataclass(frozen=True, slots=True)
class Site:
    """`lacks`: paths of the API that this product does not have (patterns, from the beginning)."""

    id: str
    title: str
    web_host: str
    api_host: str
    is_server: bool = False
    lacks: tuple[str, ...] = ()
    manages_users: bool = False

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.web_host,) if self.is_server else (self.api_host, self.web_host)

    def has(self, path: str) -> bool:
        return not any(re.match(pattern, path) for pattern in self.lacks)

    def api_call(self, request: Request) -> Request | None:
        """The call with its path as on api.github.com; None when it is for the site's pages."""
        if not self.is_server:
            return request if request.host == self.api_host else None
        if request.path == "/api/graphql":
            return replace(request, path="/graphql", prefix="/api/v3")
        if request.path.startswith("/api/v3"):
            return replace(request, path=request.path.removeprefix("/api/v3") or "/", prefix="/api/v3")
        return None


CLOUD = Site("github", "GitHub", "github.com", "api.github.com", lacks=(r"/users/[^/]+/suspended$",))
RESIDENCY = Site(
    "github-residency",
    "GitHub Enterprise Cloud with data residency",
    "contoso.ghe.com",
    "api.contoso.ghe.com",
    lacks=CLOUD.lacks,
    manages_users=True,
)
SERVER = Site(
    "github-server",
    "GitHub Enterprise Server",
    "github.contoso.example",
    "github.contoso.example",
    is_server=True,
    lacks=(
        r"/orgs/[^/]+/(blocks|invitations|failed_invitations|credential-authorizations)(/|$)",
        r"/scim/v2/organizations/",
        r"/enterprises/[^/]+/(consumed-licenses|installation|teams|enterprise-roles)(/|$)",
        r"/credentials/revoke$",
    ),
)
SITES = (CLOUD, RESIDENCY, SERVER)
