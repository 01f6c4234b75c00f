"""What is not offered for Dropbox, and why, for an admin."""

from collections.abc import Mapping

from connectors.base import ActionKind, Capability

NO_BAN = (
    "Dropbox has no call for it: block the app in the admin console under Settings > Integrations. That does not "
    "disconnect it where it is linked already."
)
NOT_BLOCKED = "Dropbox keeps no list of blocked people: suspend the account, or unshare what was shared with them."
NO_PASSWORDS = "Dropbox has no call that sets another person's password or ends it: end the sessions, and suspend."

GAPS: Mapping[Capability | ActionKind, str] = {
    ActionKind.CONFIRM_COMPROMISED: "Dropbox keeps no risk of accounts: suspend the account, or end its sessions.",
    ActionKind.MAKE_READ_ONLY: "Dropbox locks a file for whoever holds the lock alone, and shared files alone: "
    "restrict its link, or take collaborators away, instead.",
    ActionKind.TRANSFER_OWNERSHIP: "What lies in a home is its owner's for as long as it lies there, and Dropbox "
    "moves nothing into another member's home for an admin: the owner of a shared folder "
    "hands it over on its Sharing page.",
    ActionKind.REMOVE_ACCOUNT: "Removing a member of a Dropbox team moves or deletes files, and can be taken back for "
    "seven days alone: do it in the admin console. Suspending keeps everything.",
    ActionKind.CONVERT_ACCOUNT: "Dropbox would make a personal account with the files out of it, which nobody can take "
    "back. Suspend the account instead.",
    ActionKind.RESET_PASSWORD: NO_PASSWORDS,
    ActionKind.EXPIRE_PASSWORD: NO_PASSWORDS,
    ActionKind.BLOCK_ACCOUNT: NOT_BLOCKED,
    ActionKind.UNBLOCK_ACCOUNT: NOT_BLOCKED,
    ActionKind.BAN_APP: NO_BAN,
    ActionKind.UNBAN_APP: NO_BAN,
    ActionKind.REVOKE_CREDENTIAL: "Dropbox shows nobody's keys and tokens; linked apps can be revoked.",
}
