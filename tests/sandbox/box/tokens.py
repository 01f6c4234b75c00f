"""What callers show, and where it comes from."""

from dataclasses import dataclass, field

from tests.sandbox.box.people import User

CODE_LIFETIME = 30
ACCESS_LIFETIME = 4123
REFRESH_LIFETIME = 60 * 86_400

# A scope -> what it includes besides itself.
INCLUDED = {"root_readwrite": ("root_readonly",)}


@dataclass(slots=True)
class Application:
    """`scopes`: ticked in the console. `has_as_user`: may act for others by header. `is_server`: signs in by itself,
    as an admin authorised it with the scopes in `authorised` (a snapshot; None: nobody did).

    `public_keys`: key id -> PEM; `configuration`: the JSON file with the private one, once it was made. `is_enabled`:
    unpublished apps may be blocked by the enterprise. `primary_key`, `secondary_key`: what webhooks are signed with.
    """

    client_id: str
    client_secret: str
    name: str
    redirect_uri: str
    scopes: tuple[str, ...]
    service_id: str
    has_as_user: bool = True
    is_server: bool = False
    is_enabled: bool = True
    authorised: tuple[str, ...] | None = None
    generates_user_tokens: bool = True
    service_account_id: str | None = None
    public_keys: dict[str, str] = field(default_factory=dict)
    primary_key: str = ""
    secondary_key: str = ""
    configuration: str = ""


@dataclass(slots=True)
class Code:
    application: Application
    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    expires_at: float


@dataclass(slots=True)
class Grant:
    """One consent. `refresh_token` is the one that serves now; a used one ends the grant."""

    id: int
    application: Application
    user: User
    scopes: tuple[str, ...]
    refresh_token: str
    refresh_expires_at: float
    used: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Token:
    """`grant` is None for server authentication."""

    text: str
    application: Application
    user: User
    scopes: tuple[str, ...]
    expires_at: float
    grant: Grant | None = None

    def allows(self, scope: str) -> bool:
        return any(scope == held or scope in INCLUDED.get(held, ()) for held in self.scopes)
