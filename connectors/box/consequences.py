"""What actions on files mean in Box beside what they do, as an admin reads before confirming."""

from collections.abc import Mapping

from connectors.base import ActionKind, Consequence

# How Box's own mails depend on people's settings is not in its API's documents (unverified).
TOLD = "Gatehouse asks Box for no mail of its own; whether people are told of it, their notification settings say."
INVITED = "Gatehouse asks Box to send no mail, also when Undo invites people again; who is from outside has to accept."
PLAIN, SHARED = Consequence(TOLD), Consequence(INVITED)

CONSEQUENCES: Mapping[ActionKind, Consequence] = {
    ActionKind.REMOVE_PUBLIC_LINK: PLAIN,
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS: SHARED,
    ActionKind.REMOVE_COLLABORATOR: SHARED,
    ActionKind.MAKE_PRIVATE: SHARED,
    ActionKind.TRANSFER_OWNERSHIP: Consequence(
        "Gatehouse asks Box for no mail to the new owner; Box may tell both owners of the change all the same."
    ),
    ActionKind.QUARANTINE_FILE: Consequence(
        INVITED, "Earlier versions stay with the file itself; what is copied or kept is the present content alone."
    ),
    ActionKind.QUARANTINE_TRASHED_FILE: Consequence(TOLD, "Earlier versions come out of trash with the file."),
    ActionKind.OVERWRITE_FILE: Consequence(
        TOLD, "The content so far is an earlier version, where the plan keeps any; it is not deleted."
    ),
    ActionKind.TRASH_FILE: Consequence(TOLD, "Earlier versions go to trash with the file and come back with it."),
    ActionKind.RESTORE_FILE: Consequence(TOLD, "Earlier versions come back with the file."),
    ActionKind.DELETE_FILE: Consequence(TOLD, "All earlier versions are deleted with the file."),
}
