"""What is not offered for Azure, and why, for an admin."""

from collections.abc import Mapping

from connectors.base import ActionKind, Capability

OF_OFFICE = (
    "Accounts live in Entra ID and serve all of Microsoft 365: connect Office 365 as well, and {what} there. It then "
    "counts in Azure, too."
)
NO_FILES = (
    "Gatehouse reads how Azure is managed and not what is stored there: a resource group or storage account is locked "
    "or closed as a whole."
)
NO_SHARING = (
    "Azure shares resources by roles and not by links: remove the role assignments of the account or group instead."
)
NO_APPS = "Consent to apps belongs to Entra ID: connect Office 365 as well, which lists apps and what they may do."
GAPS: Mapping[Capability | ActionKind, str] = {
    Capability.APP_PERMISSIONS: NO_APPS,
    ActionKind.SUSPEND_ACCOUNT: OF_OFFICE.format(what="suspend the account"),
    ActionKind.UNSUSPEND_ACCOUNT: OF_OFFICE.format(what="unsuspend the account"),
    ActionKind.REQUIRE_SIGN_IN: OF_OFFICE.format(what="require a new sign-in"),
    ActionKind.CONFIRM_COMPROMISED: OF_OFFICE.format(what="confirm that the account is compromised"),
    ActionKind.RESET_PASSWORD: OF_OFFICE.format(what="have the password changed"),
    ActionKind.EXPIRE_PASSWORD: OF_OFFICE.format(what="have the password expire"),
    ActionKind.REMOVE_FROM_GROUP: OF_OFFICE.format(what="remove the account from the group"),
    ActionKind.REMOVE_ACCOUNT: "Accounts live in Entra ID, and deleting one takes its mail and files along: remove its "
    "role assignments here, or suspend it in the Office 365 instance.",
    ActionKind.CONVERT_ACCOUNT: "Azure has no other kind of account to make of one; remove its role assignments.",
    ActionKind.BLOCK_ACCOUNT: "Azure keeps no list of blocked accounts; remove the role assignments, or suspend it in "
    "the Office 365 instance.",
    ActionKind.UNBLOCK_ACCOUNT: "Azure keeps no list of blocked accounts, so there is nothing to unblock.",
    ActionKind.QUARANTINE_FILE: NO_FILES,
    ActionKind.QUARANTINE_TRASHED_FILE: NO_FILES,
    ActionKind.RESTORE_FROM_QUARANTINE: NO_FILES,
    ActionKind.OVERWRITE_FILE: NO_FILES,
    ActionKind.TRASH_FILE: NO_FILES,
    ActionKind.RESTORE_FILE: NO_FILES,
    ActionKind.DELETE_FILE: NO_FILES,
    ActionKind.REMOVE_PUBLIC_LINK: NO_SHARING,
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS: NO_SHARING,
    ActionKind.REMOVE_COLLABORATOR: NO_SHARING,
    ActionKind.TRANSFER_OWNERSHIP: "Azure's Owner is a role that several can have: give it to somebody else in the "
    "Azure portal, then remove the role assignment here.",
    ActionKind.REVOKE_GRANT: NO_APPS,
    ActionKind.BAN_APP: NO_APPS,
    ActionKind.UNBAN_APP: NO_APPS,
    ActionKind.REVOKE_CREDENTIAL: "Keys of storage accounts and secrets of apps are not listed here: renew a key in "
    "the Azure portal, and remove an app's secrets in the Office 365 instance.",
}
