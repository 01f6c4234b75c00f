"""What actions on files mean in Office 365 beside what they do, as an admin reads before confirming."""

from collections.abc import Mapping

from connectors.base import ActionKind, Consequence

# Which mails SharePoint sends by itself is not in Graph's documents (unverified).
TOLD = "Gatehouse asks Microsoft for no mail; whoever has the file open or set an alert on it may notice."
INVITED = "Gatehouse asks Microsoft to send no mail, also when Undo gives people access again."
PLAIN, SHARED = Consequence(TOLD), Consequence(INVITED)

CONSEQUENCES: Mapping[ActionKind, Consequence] = {
    ActionKind.REMOVE_PUBLIC_LINK: PLAIN,
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS: SHARED,
    ActionKind.REMOVE_COLLABORATOR: SHARED,
    ActionKind.MAKE_PRIVATE: SHARED,
    ActionKind.QUARANTINE_FILE: Consequence(
        INVITED, "Earlier versions stay with the file itself; what is copied or kept is the present content alone."
    ),
    ActionKind.QUARANTINE_TRASHED_FILE: Consequence(
        TOLD, "Earlier versions stay with the file in the recycle bin; what is kept is the present content alone."
    ),
    ActionKind.RESTORE_FILE: Consequence(TOLD, "Earlier versions come back with the file."),
    ActionKind.OVERWRITE_FILE: Consequence(
        TOLD, "The content so far is an earlier version, where the library keeps any; it is not deleted."
    ),
    ActionKind.TRASH_FILE: Consequence(
        TOLD, "Earlier versions go to the recycle bin with the file and come back with it."
    ),
}
