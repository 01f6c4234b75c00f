"""Who is at Box: users of the enterprise, people from outside, groups."""

from dataclasses import dataclass, field

MANAGED_STATUS = ("active", "inactive", "cannot_delete_edit", "cannot_delete_edit_upload")

# What the admin console lets a primary admin hand to a co-admin; the API shows none of it.
MANAGE_USERS = "Manage users"
MANAGE_GROUPS = "Manage groups"
LOG_IN = "Log in to users' accounts"
REPORTS = "Run new reports and access existing reports"
SETTINGS = "View/Edit settings"
RIGHTS = frozenset({MANAGE_USERS, MANAGE_GROUPS, LOG_IN, REPORTS, SETTINGS})


@dataclass(frozen=True, slots=True)
class Enterprise:
    id: str
    name: str


@dataclass(slots=True)
class User:
    """`role`: admin (the one primary admin), coadmin, user. `enterprise` is None for people with a free account.

    `rights`: what a co-admin was given. `service_of`: client id of the app whose service account this is.
    """

    id: str
    login: str
    name: str
    created_at: float
    enterprise: Enterprise | None
    role: str = "user"
    status: str = "active"
    rights: frozenset[str] = RIGHTS
    service_of: str | None = None
    is_platform_access_only: bool = False
    modified_at: float = 0.0
    job_title: str = ""
    phone: str = ""
    address: str = ""
    language: str = "en"
    timezone: str = "Europe/Berlin"
    space_amount: int = -1
    external_app_user_id: str | None = None
    is_password_reset_required: bool = False
    sessions_ended_at: float | None = None
    flags: dict[str, bool] = field(default_factory=dict)

    def may(self, right: str) -> bool:
        return self.role == "admin" or (self.role == "coadmin" and right in self.rights) or self.service_of is not None

    @property
    def is_administrator(self) -> bool:
        return self.role in ("admin", "coadmin")


@dataclass(slots=True)
class Group:
    """`group_type`: managed_group, or all_users_group, whose members nobody changes."""

    id: str
    name: str
    created_at: float
    modified_at: float
    group_type: str = "managed_group"
    provenance: str | None = None
    external_sync_identifier: str | None = None
    description: str = ""
    invitability_level: str = "admins_and_members"
    member_viewability_level: str = "admins_and_members"


@dataclass(slots=True)
class Membership:
    id: str
    user_id: str
    group_id: str
    role: str
    created_at: float
    modified_at: float


@dataclass(slots=True)
class DevicePin:
    id: str
    user_id: str
    product_name: str
