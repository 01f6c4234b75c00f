"""The closed table of roles and what each may do. Whether a person may do something is decided in scope.py alone."""

from enum import StrEnum


class Right(StrEnum):
    """One thing a person may do. Those of `INSTANCE_RIGHTS` are about one app instance, the rest about the portal."""

    CONNECT = "connect"
    """Connect, edit, pause, remove app instances."""
    READ_INVENTORY = "read_inventory"
    """Accounts, groups, files, grants and the activity log."""
    READ_GOVERNANCE_LOG = "read_governance_log"
    SHARE_QUERIES = "share_queries"
    """Change the saved queries that everybody sees."""
    ACT_ACCOUNT = "act_account"
    ACT_FILE = "act_file"
    ACT_APP_PERMISSION = "act_app_permission"
    MANAGE_PEOPLE = "manage_people"
    """Invite, change roles, remove; for Global Admins MANAGE_GLOBAL_ADMINS is needed as well."""
    MANAGE_GLOBAL_ADMINS = "manage_global_admins"
    READ_SETTINGS = "read_settings"
    CHANGE_SETTINGS = "change_settings"
    READ_AUDIT = "read_audit"
    SUPPORT = "support"
    """The support pages: runs, deliveries, leases; no inventory content, no governance."""


class Role(StrEnum):
    GLOBAL_ADMIN = "global_admin"
    SECURITY_ADMIN = "security_admin"
    COMPLIANCE_ADMIN = "compliance_admin"
    SECURITY_OPERATOR = "security_operator"
    SECURITY_READER = "security_reader"
    APP_ADMIN = "app_admin"
    SUPPORT = "support"


INSTANCE_RIGHTS = frozenset(
    {
        Right.CONNECT,
        Right.READ_INVENTORY,
        Right.READ_GOVERNANCE_LOG,
        Right.SHARE_QUERIES,
        Right.ACT_ACCOUNT,
        Right.ACT_FILE,
        Right.ACT_APP_PERMISSION,
    }
)

READING = frozenset({Right.READ_INVENTORY, Right.READ_GOVERNANCE_LOG})
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.GLOBAL_ADMIN: frozenset(Right),
    Role.SECURITY_ADMIN: INSTANCE_RIGHTS | {Right.MANAGE_PEOPLE, Right.READ_SETTINGS, Right.READ_AUDIT},
    Role.COMPLIANCE_ADMIN: READING | {Right.SHARE_QUERIES, Right.ACT_FILE},
    Role.SECURITY_OPERATOR: READING | {Right.SHARE_QUERIES},
    Role.SECURITY_READER: READING,
    Role.APP_ADMIN: READING | {Right.SHARE_QUERIES},
    Role.SUPPORT: frozenset({Right.SUPPORT}),
}
FULL_APP_ADMIN_RIGHTS = INSTANCE_RIGHTS
"""Of an app admin who is "full", within the own apps and instances."""

CONNECT_ONLY_BY: dict[str, frozenset[Role]] = {"azure": frozenset({Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN})}
"""Apps that not everybody with CONNECT may connect: behind an Azure connection stands a whole tenant's directory."""

LABELS: dict[Role, str] = {
    Role.GLOBAL_ADMIN: "Global Admin",
    Role.SECURITY_ADMIN: "Security Admin",
    Role.COMPLIANCE_ADMIN: "Compliance Admin",
    Role.SECURITY_OPERATOR: "Security Operator",
    Role.SECURITY_READER: "Security Reader",
    Role.APP_ADMIN: "App admin",
    Role.SUPPORT: "Support",
}
SENTENCES: dict[Role, str] = {
    Role.GLOBAL_ADMIN: "Everything, the portal's settings and other Global Admins included.",
    Role.SECURITY_ADMIN: "Connects apps, acts on accounts, files and app permissions, manages people; reads settings.",
    Role.COMPLIANCE_ADMIN: "Reads everything in the apps and acts on files.",
    Role.SECURITY_OPERATOR: "Reads everything in the apps and keeps the shared queries.",
    Role.SECURITY_READER: "Reads everything in the apps.",
    Role.APP_ADMIN: "Reads chosen apps or connected apps; with full control also connects them and acts in them.",
    Role.SUPPORT: "Support pages about runs and deliveries; sees nothing of what is in the apps.",
}


def rights_of(role: Role, is_full: bool = False) -> frozenset[Right]:
    """What a role may do; `is_full` counts for app admins alone."""
    if role is Role.APP_ADMIN and is_full:
        return FULL_APP_ADMIN_RIGHTS
    return RIGHTS[role]


def may_connect(role: Role, app_id: str) -> bool:
    """Whether the role may connect this app, CONNECT given."""
    return role in CONNECT_ONLY_BY.get(app_id, frozenset(Role))
