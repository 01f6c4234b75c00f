"""What can be done in Box. What is taken away is remembered first, so that it can be given back."""

from dataclasses import replace

from connectors.base import Action, Facts, File
from connectors.box import ids
from connectors.box.actions.admin_quarantine import quarantine_with_admin
from connectors.box.actions.collaborators import make_private, remove_collaborator, remove_external_collaborators
from connectors.box.actions.deleting import delete_file
from connectors.box.actions.demoting import revoke_admin
from connectors.box.actions.leaving_groups import remove_from_groups
from connectors.box.actions.links import remove_link, restrict_link
from connectors.box.actions.overwriting import overwrite_file
from connectors.box.actions.portal_quarantine import quarantine_with_portal
from connectors.box.actions.quarantine import quarantine_file, quarantine_trashed_file
from connectors.box.actions.signing_in import end_sessions, require_new_password
from connectors.box.actions.suspending import suspend_account, unsuspend_account
from connectors.box.actions.transferring import transfer_folder
from connectors.box.actions.trashing import restore_file, trash_file
from connectors.box.mapping.files import WORDS

ACCOUNTS = (
    suspend_account,
    unsuspend_account,
    end_sessions,
    require_new_password,
    revoke_admin,
    remove_from_groups,
)
FILES = (
    remove_link,
    restrict_link,
    remove_external_collaborators,
    remove_collaborator,
    make_private,
    transfer_folder,
    quarantine_file,
    quarantine_with_admin,
    quarantine_with_portal,
    overwrite_file,
    trash_file,
    restore_file,
    quarantine_trashed_file,
    delete_file,
)


def _but_web_links(action: Action) -> Action:
    """A web link has no bytes and no collaborators of its own, and what it shares is an address."""
    if action.target is not File:
        return action

    def applies(facts: Facts) -> bool:
        return facts["kind"] != WORDS[ids.WEB_LINK] and (action.applies is None or action.applies(facts))

    return replace(action, applies=applies)


ACTIONS: tuple[Action, ...] = (*ACCOUNTS, *(_but_web_links(action) for action in FILES))
"""In the order in which they are offered."""
