"""What can be done in Office 365. What is taken away is remembered first, so that it can be given back."""

from connectors.base import Action
from connectors.office365.actions.admin_quarantine import quarantine_with_admin
from connectors.office365.actions.app_secrets import remove_secret
from connectors.office365.actions.banning import ban_app, unban_app
from connectors.office365.actions.collaborators import (
    make_private,
    remove_collaborator,
    remove_external_collaborators,
)
from connectors.office365.actions.compromised import confirm_compromised
from connectors.office365.actions.demoting import revoke_admin
from connectors.office365.actions.leaving_groups import remove_from_groups
from connectors.office365.actions.links import remove_link
from connectors.office365.actions.narrowing import drop_scope
from connectors.office365.actions.overwriting import overwrite_file
from connectors.office365.actions.passwords import expire_password, reset_password
from connectors.office365.actions.portal_quarantine import quarantine_with_portal
from connectors.office365.actions.quarantine import quarantine_file
from connectors.office365.actions.restoring import restore_file
from connectors.office365.actions.revoking import remove_app_permission, revoke_grant
from connectors.office365.actions.revoking_all import revoke_app
from connectors.office365.actions.sessions import require_sign_in
from connectors.office365.actions.suspending import suspend_account, unsuspend_account
from connectors.office365.actions.trashed_quarantine import quarantine_trashed_file
from connectors.office365.actions.trashing import trash_file

ACCOUNTS = (
    require_sign_in,
    suspend_account,
    unsuspend_account,
    confirm_compromised,
    expire_password,
    reset_password,
    remove_from_groups,
    revoke_admin,
)
APPS = (revoke_app, ban_app, unban_app, revoke_grant, drop_scope, remove_app_permission, remove_secret)
FILES = (
    remove_link,
    remove_external_collaborators,
    remove_collaborator,
    make_private,
    quarantine_file,
    quarantine_with_admin,
    quarantine_with_portal,
    overwrite_file,
    trash_file,
    restore_file,
    quarantine_trashed_file,
)
ACTIONS: tuple[Action, ...] = (*ACCOUNTS, *APPS, *FILES)
"""In the order in which they are offered."""
