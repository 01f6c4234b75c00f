"""What a caller may show: tokens of OAuth Apps, and installation tokens of GitHub Apps."""

from dataclasses import dataclass, field

from tests.sandbox.github.app import Installation
from tests.sandbox.github.people import User

# Scope -> what it includes besides itself.
INCLUDED = {
    "admin:org": ("write:org", "read:org"),
    "write:org": ("read:org",),
    "user": ("read:user", "user:email", "user:follow"),
    "repo": ("repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"),
    "admin:enterprise": ("manage_billing:enterprise", "read:enterprise", "manage_runners:enterprise"),
    "audit_log": ("read:audit_log",),
    "admin:repo_hook": ("write:repo_hook", "read:repo_hook"),
    "write:repo_hook": ("read:repo_hook",),
}
PLAIN_SCOPES = (
    "admin:org_hook",
    "delete_repo",
    "gist",
    "notifications",
    "workflow",
    "read:project",
    "scim:enterprise",
    "site_admin",
)
KNOWN_SCOPES = frozenset({*INCLUDED, *(scope for below in INCLUDED.values() for scope in below), *PLAIN_SCOPES})


def normalized(scopes: list[str]) -> tuple[str, ...]:
    """As GitHub keeps them: known ones, sorted, without those that another one includes."""
    known = {scope for scope in scopes if scope in KNOWN_SCOPES}
    included = {below for scope in known for below in INCLUDED.get(scope, ())}
    return tuple(sorted(known - included))


def accepted(scopes: tuple[str, ...]) -> list[str]:
    """These scopes and those that include one of them."""
    return sorted({*scopes, *(above for above, below in INCLUDED.items() if set(below) & set(scopes))})


LEVELS = ("", "read", "write", "admin")


@dataclass(slots=True)
class Application:
    """An OAuth App. A redirect address must lie at or below `callback_url`."""

    id: int
    client_id: str
    client_secret: str
    name: str
    callback_url: str
    url: str = "https://portal.contoso.example"


@dataclass(slots=True)
class Code:
    application: Application
    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    sso: frozenset[int]
    expires_at: float


@dataclass(slots=True)
class Token:
    """`sso`: ids of the organisations in which it has a single sign-on session; `sso_ends`: epoch seconds at which that
    ends if it was revoked.

    `spent`: resource -> calls in the hour that ends at `window`, epoch seconds.
    """

    id: int
    text: str
    application: Application
    user: User
    scopes: tuple[str, ...]
    created_at: float
    sso: set[int] = field(default_factory=set)
    sso_ends: dict[int, float] = field(default_factory=dict)
    window: int = 0
    spent: dict[str, int] = field(default_factory=dict)

    def has_session(self, organisation_id: int, now: float) -> bool:
        return organisation_id in self.sso and self.sso_ends.get(organisation_id, now + 1) > now

    def allows(self, scope: str) -> bool:
        return any(scope == held or scope in INCLUDED.get(held, ()) for held in self.scopes)


@dataclass(slots=True)
class InstallationToken:
    """Acts as the app's own bot. `repositories`: ids it is limited to, None for all of the installation's."""

    id: int
    text: str
    installation: Installation
    permissions: dict[str, str]
    repositories: frozenset[int] | None
    created_at: float
    expires_at: float
    window: int = 0
    spent: dict[str, int] = field(default_factory=dict)

    @property
    def user(self) -> User:
        return self.installation.app.bot

    @property
    def scopes(self) -> tuple[str, ...]:
        """It has permissions instead."""
        return ()

    def permits(self, wanted: str) -> bool:
        """`wanted`: as in X-Accepted-GitHub-Permissions, `a=read,b=write; c=read`: both of the first or the last."""
        return any(all(self._has(each) for each in way.split(",")) for way in wanted.split("; "))

    def _has(self, wanted: str) -> bool:
        name, _, level = wanted.partition("=")
        return LEVELS.index(self.permissions.get(name, "")) >= LEVELS.index(level)

    def reaches(self, repository_id: int) -> bool:
        return (self.repositories is None or repository_id in self.repositories) and self.installation.reaches(
            repository_id
        )


Bearer = Token | InstallationToken
