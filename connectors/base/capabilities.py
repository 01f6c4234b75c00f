"""What an app's connector can offer: the rows of the capability matrix, and the closed vocabulary of governance."""

from dataclasses import dataclass
from enum import StrEnum


class Capability(StrEnum):
    """What feeds serve. Each connector offers each of them or declares a gap with the reason."""

    ACCOUNTS = "accounts"
    GROUPS = "groups"
    PRIVILEGES = "privileges"
    SIGN_IN_ACTIVITY = "sign_in_activity"
    USER_ACTIVITY = "user_activity"
    ADMIN_ACTIVITY = "admin_activity"
    DATA_SCAN = "data_scan"
    REAL_TIME = "real_time"
    APP_PERMISSIONS = "app_permissions"


class ActionKind(StrEnum):
    """The closed vocabulary of governance."""

    SUSPEND_ACCOUNT = "suspend_account"
    UNSUSPEND_ACCOUNT = "unsuspend_account"
    REMOVE_ACCOUNT = "remove_account"
    REQUIRE_SIGN_IN = "require_sign_in"
    CONFIRM_COMPROMISED = "confirm_compromised"
    RESET_PASSWORD = "reset_password"  # noqa: S105  the name of an action
    EXPIRE_PASSWORD = "expire_password"  # noqa: S105  the name of an action
    REVOKE_ADMIN = "revoke_admin"
    CONVERT_ACCOUNT = "convert_account"
    BLOCK_ACCOUNT = "block_account"
    UNBLOCK_ACCOUNT = "unblock_account"
    REMOVE_FROM_GROUP = "remove_from_group"
    QUARANTINE_FILE = "quarantine_file"
    QUARANTINE_TRASHED_FILE = "quarantine_trashed_file"
    RESTORE_FROM_QUARANTINE = "restore_from_quarantine"
    OVERWRITE_FILE = "overwrite_file"
    TRASH_FILE = "trash_file"
    RESTORE_FILE = "restore_file"
    DELETE_FILE = "delete_file"
    REMOVE_PUBLIC_LINK = "remove_public_link"
    REMOVE_EXTERNAL_COLLABORATORS = "remove_external_collaborators"
    REMOVE_COLLABORATOR = "remove_collaborator"
    MAKE_PRIVATE = "make_private"
    MAKE_READ_ONLY = "make_read_only"
    TRANSFER_OWNERSHIP = "transfer_ownership"
    REVOKE_GRANT = "revoke_grant"
    BAN_APP = "ban_app"
    UNBAN_APP = "unban_app"
    REVOKE_CREDENTIAL = "revoke_credential"


class ActionFamily(StrEnum):
    """Which roles may use an action is decided by its family."""

    ACCOUNT = "account_governance"
    FILE = "file_governance"
    APP_PERMISSION = "app_permission_governance"


@dataclass(frozen=True, slots=True)
class Words:
    """How a capability or kind of action is called on pages."""

    label: str
    family: ActionFamily | None = None


_ACCOUNT, _FILE, _APP = ActionFamily.ACCOUNT, ActionFamily.FILE, ActionFamily.APP_PERMISSION

WORDS: dict[Capability | ActionKind, Words] = {
    Capability.ACCOUNTS: Words("Accounts"),
    Capability.GROUPS: Words("Groups"),
    Capability.PRIVILEGES: Words("Privileges"),
    Capability.SIGN_IN_ACTIVITY: Words("Sign-in activity"),
    Capability.USER_ACTIVITY: Words("User activity"),
    Capability.ADMIN_ACTIVITY: Words("Admin activity"),
    Capability.DATA_SCAN: Words("Data scan"),
    Capability.REAL_TIME: Words("Changes at once"),
    Capability.APP_PERMISSIONS: Words("App permissions"),
    ActionKind.SUSPEND_ACCOUNT: Words("Suspend account", _ACCOUNT),
    ActionKind.UNSUSPEND_ACCOUNT: Words("Unsuspend account", _ACCOUNT),
    ActionKind.REMOVE_ACCOUNT: Words("Remove from the organisation", _ACCOUNT),
    ActionKind.REQUIRE_SIGN_IN: Words("Require sign-in again", _ACCOUNT),
    ActionKind.CONFIRM_COMPROMISED: Words("Confirm compromised", _ACCOUNT),
    ActionKind.RESET_PASSWORD: Words("Reset password", _ACCOUNT),
    ActionKind.EXPIRE_PASSWORD: Words("Expire password", _ACCOUNT),
    ActionKind.REVOKE_ADMIN: Words("Revoke admin", _ACCOUNT),
    ActionKind.CONVERT_ACCOUNT: Words("Convert to an outside account", _ACCOUNT),
    ActionKind.BLOCK_ACCOUNT: Words("Block account", _ACCOUNT),
    ActionKind.UNBLOCK_ACCOUNT: Words("Unblock account", _ACCOUNT),
    ActionKind.REMOVE_FROM_GROUP: Words("Remove from group", _ACCOUNT),
    ActionKind.QUARANTINE_FILE: Words("Quarantine", _FILE),
    ActionKind.QUARANTINE_TRASHED_FILE: Words("Quarantine a file in trash", _FILE),
    ActionKind.RESTORE_FROM_QUARANTINE: Words("Restore from quarantine", _FILE),
    ActionKind.OVERWRITE_FILE: Words("Overwrite", _FILE),
    ActionKind.TRASH_FILE: Words("Move to trash", _FILE),
    ActionKind.RESTORE_FILE: Words("Restore from trash", _FILE),
    ActionKind.DELETE_FILE: Words("Delete for good", _FILE),
    ActionKind.REMOVE_PUBLIC_LINK: Words("Remove public link", _FILE),
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS: Words("Remove external collaborators", _FILE),
    ActionKind.REMOVE_COLLABORATOR: Words("Remove collaborator", _FILE),
    ActionKind.MAKE_PRIVATE: Words("Make private", _FILE),
    ActionKind.MAKE_READ_ONLY: Words("Make read-only", _FILE),
    ActionKind.TRANSFER_OWNERSHIP: Words("Transfer ownership", _FILE),
    ActionKind.REVOKE_GRANT: Words("Revoke grant", _APP),
    ActionKind.BAN_APP: Words("Ban app", _APP),
    ActionKind.UNBAN_APP: Words("Unban app", _APP),
    ActionKind.REVOKE_CREDENTIAL: Words("Revoke key or token", _APP),
}

FINAL = frozenset({ActionKind.DELETE_FILE})
"""Kinds that mean to destroy bytes: nothing brings them back."""
