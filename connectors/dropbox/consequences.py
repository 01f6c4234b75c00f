"""What actions on files mean in Dropbox beside what they do, as an admin reads before confirming."""

from collections.abc import Mapping

from connectors.base import ActionKind, Consequence

# How Dropbox's own mails depend on people's settings is not in its API's documents (unverified).
TOLD = "Whether people are told of it by mail or in Dropbox, their notification settings say."
INVITED = "People who lose access may be told, as their notification settings say; who is given it again may be, too."

CONSEQUENCES: Mapping[ActionKind, Consequence] = {
    ActionKind.REMOVE_PUBLIC_LINK: Consequence(TOLD),
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS: Consequence(INVITED),
    ActionKind.REMOVE_COLLABORATOR: Consequence(INVITED),
    ActionKind.MAKE_PRIVATE: Consequence(INVITED),
    ActionKind.QUARANTINE_FILE: Consequence(
        INVITED, "Earlier revisions stay with the file itself; what is copied or kept is the present content alone."
    ),
    ActionKind.QUARANTINE_TRASHED_FILE: Consequence(TOLD, "What comes back is the content that the file had last."),
    ActionKind.OVERWRITE_FILE: Consequence(
        TOLD, "The content so far stays in the version history for as long as the team's plan keeps it."
    ),
    ActionKind.TRASH_FILE: Consequence(TOLD, "Earlier revisions can be restored for as long as the file can."),
    ActionKind.RESTORE_FILE: Consequence(TOLD, "What comes back is the content that the file had last."),
    ActionKind.DELETE_FILE: Consequence(TOLD, "All revisions are deleted with the file."),
}
