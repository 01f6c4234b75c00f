"""What is not offered for Office 365, and why, for an admin."""

from collections.abc import Mapping

from connectors.base import ActionKind, Capability

GAPS: Mapping[Capability | ActionKind, str] = {
    ActionKind.REMOVE_ACCOUNT: "Deleting a user in Entra ID can be taken back for thirty days alone, and takes mailbox "
    "and files along: do it in the Entra admin center. Suspending keeps everything.",
    ActionKind.CONVERT_ACCOUNT: "Making a guest out of a member changes what the person can open everywhere, and "
    "cannot be foreseen from here: do it in the Entra admin center.",
    ActionKind.BLOCK_ACCOUNT: "Entra ID has no list of people who are kept out: suspend the account.",
    ActionKind.UNBLOCK_ACCOUNT: "Entra ID has no list of people who are kept out, so there is nothing to unblock.",
    ActionKind.DELETE_FILE: "Deleting around the recycle bin cannot be taken back by anybody: delete the file in the "
    "recycle bin of its site.",
    ActionKind.MAKE_READ_ONLY: "What a link or a person may do is not changed here: remove the link or the access, and "
    "give it anew in SharePoint.",
    ActionKind.TRANSFER_OWNERSHIP: "A file in a OneDrive belongs to whose OneDrive it is, and one in a library to its "
    "site: move it to another one in SharePoint.",
}
