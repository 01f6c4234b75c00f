"""Who there is, and what ties them to an organisation: plain records."""

import base64
import hashlib
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json


@dataclass(slots=True)
class User:
    """`email` is the public profile address; `work_email` is what SAML knows. `has_text_messages`: they are among the
    second factors, if there is one."""

    id: int
    login: str
    name: str | None = None
    email: str | None = None
    work_email: str = ""
    type: str = "User"
    is_site_admin: bool = False
    has_two_factor: bool = True
    has_text_messages: bool = False
    created_at: float = 1_500_000_000.0
    updated_at: float = 1_750_000_000.0
    company: str | None = None
    location: str | None = None
    bio: str | None = None
    address: str = "192.0.2.45"
    country: str = "US"
    suspended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, from where, with what: the source of an audit event's actor members."""

    user: User
    address: str = "192.0.2.45"
    user_agent: str = "Mozilla/5.0"
    token: str = ""
    token_id: int = 0
    scopes: tuple[str, ...] = ()
    application_id: int | None = None
    token_kind: str = "OAuth access token"

    def members(self) -> dict[str, Json]:
        members: dict[str, Json] = {
            "actor": self.user.login,
            "actor_id": self.user.id,
            "actor_is_bot": self.user.type == "Bot",
            "actor_ip": self.address,
            "actor_location": {"country_code": self.user.country},
            "user_agent": self.user_agent,
        }
        if self.token:
            digest = base64.b64encode(hashlib.sha256(self.token.encode()).digest()).decode()
            members |= {
                "programmatic_access_type": self.token_kind,
                "token_id": self.token_id,
                "hashed_token": digest,
                "token_scopes": ",".join(self.scopes) or None,
                "oauth_application_id": self.application_id,
            }
        return members


@dataclass(slots=True)
class Membership:
    role: str  # admin, member
    is_public: bool = False
    is_direct: bool = True
    enterprise_teams: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Invitation:
    id: int
    login: str | None
    email: str | None
    role: str  # direct_member, admin, billing_manager, hiring_manager
    created_at: float
    inviter: User
    failed_at: float | None = None
    failed_reason: str | None = None
    source: str = "member"
    team_ids: list[int] = field(default_factory=list)
    """Of an invitation by mail; those of a user are kept with the teams."""


@dataclass(slots=True)
class Team:
    """`members`: user id -> member or maintainer; `pending`: the same for those still invited."""

    id: int
    name: str
    slug: str
    description: str | None = None
    privacy: str = "closed"
    parent_id: int | None = None
    members: dict[int, str] = field(default_factory=dict)
    pending: dict[int, str] = field(default_factory=dict)
    created_at: float = 1_600_000_000.0
    updated_at: float = 1_700_000_000.0
    is_synced: bool = False


@dataclass(slots=True)
class Role:
    """An organisation role. `users` and `teams`: whom it is given to directly (user ids, team ids)."""

    id: int
    name: str
    description: str
    base_role: str | None
    source: str  # Organization, Enterprise, Predefined
    permissions: tuple[str, ...] = ()
    users: set[int] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)


@dataclass(slots=True)
class SamlIdentity:
    """Whom the identity provider knows. `user_id`: the linked account, None until somebody signed in with it.

    `is_provisioned`: it came by SCIM and is listed there. `is_saml`: somebody may sign on with it by SAML.
    """

    guid: str
    name_id: str
    emails: tuple[str, ...]
    user_id: int | None
    is_provisioned: bool = True
    is_saml: bool = True
    given_name: str = ""
    family_name: str = ""
    external_id: str | None = None
    created_at: float = 1_690_000_000.0
    updated_at: float = 1_690_000_000.0


def role_of(invitation: Invitation) -> str:
    """The membership role that an invitation leads to."""
    return {"direct_member": "member", "hiring_manager": "member"}.get(invitation.role, invitation.role)
