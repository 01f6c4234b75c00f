"""What is not offered for Box, and why, for an admin."""

from collections.abc import Mapping

from connectors.base import ActionKind, Capability

NO_APPS = (
    "Box has no call for it: apps are seen in events alone. In the Admin Console, Integrations > Platform Apps Manager "
    "disables an app for everybody."
)
NOT_BLOCKED = "Box keeps no list of blocked people: suspend the account, or remove who is from outside from each item."
GAPS: Mapping[Capability | ActionKind, str] = {
    ActionKind.CONFIRM_COMPROMISED: "Box keeps no risk of accounts: suspend the account, or end its sessions.",
    ActionKind.RESET_PASSWORD: "Box lets nobody set another person's password; a new one can be required instead.",
    ActionKind.REMOVE_ACCOUNT: "Deleting an account in Box takes its files along, or needs somebody to take them "
    "over: do it in the Admin Console. Suspending keeps everything.",
    ActionKind.CONVERT_ACCOUNT: "Box would make a free account with all its files out of it, which nobody can take "
    "back. Suspend the account instead.",
    ActionKind.BLOCK_ACCOUNT: NOT_BLOCKED,
    ActionKind.UNBLOCK_ACCOUNT: NOT_BLOCKED,
    ActionKind.MAKE_READ_ONLY: "Box has locks for single files, which anybody who may edit them can take off again; "
    "quarantine the file instead.",
    ActionKind.REVOKE_GRANT: NO_APPS,
    ActionKind.BAN_APP: NO_APPS,
    ActionKind.UNBAN_APP: NO_APPS,
    ActionKind.REVOKE_CREDENTIAL: "Box shows nobody's keys and tokens; in the Developer Console the owner of an app "
    "replaces its secrets.",
}
