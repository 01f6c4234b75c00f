"""What can be done in Box. What is taken away is remembered first, so that it can be given back."""

from connectors.base import Action
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
ACTIONS: tuple[Action, ...] = (*ACCOUNTS, *FILES)
"""In the order in which they are offered."""
