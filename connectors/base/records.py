"""The normalised records that feeds yield: the vendor's JSON in Gatehouse's words.

Ids are the vendor's, as strings. Moments end in `_at` and are aware UTC. Flags are None where the vendor does not say.
`raw` is the vendor's record, untouched. A mapping yields the same record, times included, at every read.

`url` is the record's page at the vendor; `Linked` empties it where it is no address for a link (vendor_links.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from connectors.base.vendor_links import vendor_link

Raw = Mapping[str, Any]


class AccountKind(StrEnum):
    USER = "user"
    BOT = "bot"
    SERVICE = "service"


class AccountStatus(StrEnum):
    """`pending`: invited, not yet in. `expired`: invited, and the invitation ran out or failed. `blocked`: kept out by
    the organisation. What a complete snapshot no longer lists is kept apart, as gone."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    PENDING = "pending"
    EXPIRED = "expired"
    LOCKED = "locked"
    BLOCKED = "blocked"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"


class ActivityCategory(StrEnum):
    SIGN_IN = "sign_in"
    USER = "user"
    ADMIN = "admin"


class HolderKind(StrEnum):
    """Who is in a group or holds a privilege."""

    ACCOUNT = "account"
    GROUP = "group"


class Risk(StrEnum):
    """How much harm the holder of a permission can do; docs/risk.md says what counts as what."""

    UNKNOWN = "unknown"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Exposure(StrEnum):
    PRIVATE = "private"
    INTERNAL = "internal"
    EXTERNAL = "external"
    PUBLIC = "public"
    UNKNOWN = "unknown"


class Linked:
    """What has a page at the vendor. The portal's pages link to `url` as it is, so it is judged as a record is made."""

    __slots__ = ()
    url: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", vendor_link(self.url))


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryId:
    """What an identity provider or directory calls an account, verbatim. `kind` is the vendor's word for it, such as
    `SAML name id`; `provider` the provider's own name or address, '' where the vendor does not say."""

    kind: str
    value: str
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Linked):
    """An entry in one instance. `username` is the handle people know it by; `email` may be missing. `has_weak_mfa`: one
    of its second factors can be intercepted, such as text messages."""

    id: str
    username: str = ""
    name: str = ""
    email: str = ""
    kind: AccountKind = AccountKind.USER
    status: AccountStatus = AccountStatus.ACTIVE
    is_external: bool | None = None
    is_admin: bool | None = None
    has_mfa: bool | None = None
    has_weak_mfa: bool | None = None
    directory_ids: tuple[DirectoryId, ...] = ()
    created_at: datetime | None = None
    last_seen_at: datetime | None = None
    url: str = ""
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Linked):
    id: str
    name: str
    description: str = ""
    kind: str = ""
    """The vendor's own kind of group, such as `closed` or `secret` for a GitHub team."""
    parent_id: str = ""
    email: str = ""
    url: str = ""
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """`member_id` is in `group_id`. `is_inherited`: through a nested group."""

    group_id: str
    member_id: str
    member_kind: HolderKind = HolderKind.ACCOUNT
    role: str = "member"
    is_inherited: bool = False

    @property
    def id(self) -> str:
        return f"{self.group_id}/{self.member_kind}/{self.member_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Privilege:
    """`holder_id` may do `name` on `scope` (empty: the whole instance)."""

    holder_id: str
    name: str
    holder_kind: HolderKind = HolderKind.ACCOUNT
    scope: str = ""
    is_admin: bool = False
    raw: Raw = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.holder_kind}/{self.holder_id}/{self.name}/{self.scope}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an activity was done to: `kind` is a word of the glossary where there is one, else the vendor's."""

    kind: str
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`action` is the vendor's own name of it, verbatim; `ocsf_class` the OCSF class for export (0: base event)."""

    id: str
    occurred_at: datetime
    action: str
    category: ActivityCategory
    outcome: Outcome = Outcome.UNKNOWN
    description: str = ""
    actor_id: str = ""
    actor_name: str = ""
    actor_email: str = ""
    actor_kind: AccountKind | None = None
    targets: tuple[Target, ...] = ()
    ip_address: str = ""
    country_code: str = ""
    user_agent: str = ""
    component: str = ""
    ocsf_class: int = 0
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Linked):
    """A file, folder, site, repository or bucket: whatever holds data and has an owner and an exposure."""

    id: str
    name: str
    kind: str = "file"
    path: str = ""
    parent_id: str = ""
    owner_id: str = ""
    owner_name: str = ""
    exposure: Exposure = Exposure.UNKNOWN
    size: int | None = None
    """Bytes."""
    content_type: str = ""
    is_trashed: bool = False
    created_at: datetime | None = None
    modified_at: datetime | None = None
    url: str = ""
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaborator:
    """Who beside the owner can reach a file: an account, a group, an address, or (`is_public`) anyone with the link.

    `name` is for those the inventory does not know. `is_pending`: invited, not yet accepted.
    """

    file_id: str
    account_id: str = ""
    group_id: str = ""
    email: str = ""
    name: str = ""
    role: str = ""
    is_external: bool | None = None
    is_public: bool = False
    is_pending: bool = False
    vendor_id: str = ""
    """The vendor's id of the sharing itself, where it has one."""
    raw: Raw = field(default_factory=dict)

    @property
    def id(self) -> str:
        group = f"group:{self.group_id}" if self.group_id else ""
        return f"{self.file_id}/{self.vendor_id or self.account_id or group or self.email or 'anyone'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthApp(Linked):
    """A third-party app that holds grants in the instance. `scopes`: all that any of its grants holds."""

    id: str
    name: str
    publisher: str = ""
    is_verified: bool | None = None
    is_banned: bool = False
    scopes: tuple[str, ...] = ()
    risk: Risk = Risk.UNKNOWN
    created_at: datetime | None = None
    last_used_at: datetime | None = None
    url: str = ""
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An account's (or, with `account_id` empty, the whole organisation's) consent to an OAuthApp."""

    id: str
    app_id: str
    account_id: str = ""
    account_name: str = ""
    """For accounts the inventory does not know."""
    scopes: tuple[str, ...] = ()
    risk: Risk = Risk.UNKNOWN
    is_active: bool = True
    """False: suspended, or asked for and not yet approved."""
    granted_at: datetime | None = None
    last_used_at: datetime | None = None
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Issued, not consented: access key, personal token, app password, deploy key, service key. Never its value.

    `kind` is the vendor's word for it, in small letters, such as `deploy key`. It belongs to an account, to a file
    (a repository's key), or to the organisation. `url`: where it sends to, for what sends by itself; it is shown as
    text, never as a link, so that also one without encryption is seen.
    """

    id: str
    name: str
    kind: str
    account_id: str = ""
    account_name: str = ""
    file_id: str = ""
    file_name: str = ""
    scopes: tuple[str, ...] = ()
    risk: Risk = Risk.UNKNOWN
    url: str = ""
    is_active: bool = True
    created_at: datetime | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    raw: Raw = field(default_factory=dict)


def highest(risks: Iterable[Risk]) -> Risk:
    """The highest of several; unknown where there is none."""
    return max(risks, key=list(Risk).index, default=Risk.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    id: str
    account_id: str
    ip_address: str = ""
    user_agent: str = ""
    started_at: datetime | None = None
    last_seen_at: datetime | None = None
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    id: str
    name: str
    account_id: str = ""
    platform: str = ""
    last_seen_at: datetime | None = None
    raw: Raw = field(default_factory=dict)


Listed = (
    Account | Group | Membership | Privilege | Activity | File | Collaborator | OAuthApp | Grant | Credential | Session
    | Device
)


@dataclass(frozen=True, slots=True)
class Gone:
    """The vendor says that the record of this kind with this id is no more."""

    kind: type[Listed]
    id: str


Record = Listed | Gone
