"""An enterprise: what owns organisations and, where it manages its users, their accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.sandbox.github.people import Membership, SamlIdentity, User

if TYPE_CHECKING:
    from tests.sandbox.github.app import Installation
    from tests.sandbox.github.organisation import Organisation


@dataclass(slots=True)
class ManagedUser:
    """An account that the identity provider has made. `login`: the one it has while it is active.

    `left`: organisation id -> the membership that comes back when a suspended user is restored.
    """

    id: str
    user: User
    user_name: str
    email: str
    login: str
    given_name: str = ""
    family_name: str = ""
    external_id: str | None = None
    is_active: bool = True
    left: dict[int, Membership] = field(default_factory=dict)
    created_at: float = 1_690_000_000.0
    updated_at: float = 1_690_000_000.0


@dataclass(slots=True)
class ExternalGroup:
    """A group of the identity provider. `members`: user ids; `teams`: ids of the teams that follow it."""

    id: int
    name: str
    members: list[int]
    teams: list[int]
    updated_at: float


@dataclass(slots=True)
class EnterpriseTeam:
    """`members`: user ids. GitHub puts `ent:` before the slug."""

    id: int
    name: str
    slug: str
    members: list[int]
    description: str = ""


@dataclass(slots=True)
class EnterpriseRole:
    """`source`: Enterprise or Predefined. `users`, `teams`: ids of those whom it is given to directly."""

    id: int
    name: str
    source: str
    permissions: tuple[str, ...] = ()
    description: str | None = None
    users: set[int] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)


@dataclass(eq=False)
class Enterprise:
    """`owners`, `billing_managers`: user ids. `installations`: GitHub Apps installed on the enterprise itself.

    `single_sign_on`: `saml`, `oidc` or '' where it has none of its own; `identities` are those of its provider.
    """

    id: int
    slug: str
    name: str
    organisations: list[Organisation] = field(default_factory=list)
    owners: set[int] = field(default_factory=set)
    billing_managers: set[int] = field(default_factory=set)
    installations: dict[int, Installation] = field(default_factory=dict)
    manages_users: bool = False
    managed_users: dict[str, ManagedUser] = field(default_factory=dict)
    groups: dict[int, ExternalGroup] = field(default_factory=dict)
    teams: dict[int, EnterpriseTeam] = field(default_factory=dict)
    roles: dict[int, EnterpriseRole] = field(default_factory=dict)
    single_sign_on: str = ""
    identities: list[SamlIdentity] = field(default_factory=list)
    seats: int = 50
    created_at: float = 1_470_000_000.0
    updated_at: float = 1_750_000_000.0

    def is_owner(self, user: User) -> bool:
        return user.id in self.owners

    @property
    def administrators(self) -> set[int]:
        return self.owners | self.billing_managers
