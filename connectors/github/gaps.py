"""What is not offered for GitHub, and why, for an admin."""

from collections.abc import Mapping

from connectors.base import ActionKind, Capability

NO_PASSWORDS = (
    "GitHub gives organisations no say over their members' passwords and sessions. Require two-factor authentication "
    "in the organisation's settings, or remove the account."
)
NO_LINKS = "GitHub has no links that open a repository to whoever holds them. Make the repository private instead."
NO_TRANSFER = (
    "A repository belongs to the organisation and not to a person. In GitHub, the repository's Settings > Danger Zone "
    "transfers it to another organisation."
)
GAPS: Mapping[Capability | ActionKind, str] = {
    ActionKind.CONFIRM_COMPROMISED: "GitHub keeps no risk of accounts: block the account, or remove it.",
    ActionKind.RESET_PASSWORD: NO_PASSWORDS,
    ActionKind.EXPIRE_PASSWORD: NO_PASSWORDS,
    ActionKind.REMOVE_PUBLIC_LINK: NO_LINKS,
    ActionKind.TRANSFER_OWNERSHIP: NO_TRANSFER,
    ActionKind.QUARANTINE_TRASHED_FILE: "GitHub has no trash for files; deleted repositories cannot be reached by API.",
    ActionKind.RESTORE_FILE: "GitHub has no trash for files: what was deleted here comes back by Undo, all else out of "
    "the history by git. An owner restores deleted repositories in the web page.",
    ActionKind.DELETE_FILE: "The history keeps every version of a file: rewrite it by git, and ask GitHub's support to "
    "clear its caches. Repositories an owner deletes in GitHub, under Settings > Danger Zone.",
    ActionKind.BAN_APP: "GitHub has no ban by API. In GitHub, switch on OAuth app access restrictions.",
    ActionKind.UNBAN_APP: "GitHub has no ban by API, so there is nothing to take back.",
}
