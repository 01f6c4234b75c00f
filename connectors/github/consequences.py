"""What actions on files mean in GitHub beside what they do, as an admin reads before confirming."""

from collections.abc import Mapping

from connectors.base import ActionKind, Consequence

# What GitHub mails to those who watch a repository, each sets for themselves; its API has no say in it.
TOLD = "GitHub shows it in the repository's activity; who watches the repository may be told, as their settings say."
INVITED = f"{TOLD} Undo sends invitations by mail."
IN_HISTORY = "Earlier versions stay in the history of the repository, and in forks and clones."

CONSEQUENCES: Mapping[ActionKind, Consequence] = {
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS: Consequence(INVITED),
    ActionKind.REMOVE_COLLABORATOR: Consequence(INVITED),
    ActionKind.MAKE_PRIVATE: Consequence(TOLD),
    ActionKind.QUARANTINE_FILE: Consequence(INVITED, "The whole history stays in the repository."),
    ActionKind.OVERWRITE_FILE: Consequence(TOLD, IN_HISTORY),
    ActionKind.TRASH_FILE: Consequence(TOLD, IN_HISTORY),
}
