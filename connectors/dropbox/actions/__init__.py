"""What can be done in Dropbox. What is taken away is remembered first, so that it can be given back."""

from connectors.base import Action
from connectors.dropbox.actions.admin_quarantine import quarantine_with_admin
from connectors.dropbox.actions.collaborators import make_private, remove_collaborator, remove_external_collaborators
from connectors.dropbox.actions.deleting import delete_file
from connectors.dropbox.actions.demoting import revoke_admin
from connectors.dropbox.actions.folder_quarantine import quarantine_folder
from connectors.dropbox.actions.leaving_groups import remove_from_groups
from connectors.dropbox.actions.links import remove_link, restrict_link
from connectors.dropbox.actions.overwriting import overwrite_file
from connectors.dropbox.actions.portal_quarantine import quarantine_with_portal
from connectors.dropbox.actions.quarantine import quarantine_file, quarantine_trashed_file
from connectors.dropbox.actions.sessions import end_sessions
from connectors.dropbox.actions.suspending import suspend_account, unsuspend_account
from connectors.dropbox.actions.trashing import restore_file, trash_file
from connectors.dropbox.actions.unlinking import revoke_app

ACCOUNTS = (suspend_account, unsuspend_account, end_sessions, revoke_admin, remove_from_groups, revoke_app)
FILES = (
    remove_link,
    restrict_link,
    remove_external_collaborators,
    remove_collaborator,
    make_private,
    quarantine_file,
    quarantine_folder,
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
