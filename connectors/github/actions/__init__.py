"""What can be done in GitHub. What is taken away is remembered first, so that it can be given back."""

from connectors.base import Action
from connectors.github.actions.authorized_credentials import revoke_credential
from connectors.github.actions.blocking import block_account, unblock_account
from connectors.github.actions.cancelling import cancel_invitation
from connectors.github.actions.collaborators import remove_collaborator
from connectors.github.actions.converting import convert_to_outside
from connectors.github.actions.demoting import demote_owner, remove_organisation_roles
from connectors.github.actions.deploy_keys import delete_deploy_key
from connectors.github.actions.deprovisioning import deprovision_account
from connectors.github.actions.files import overwrite_file, trash_file
from connectors.github.actions.hooks import delete_webhook, stop_webhook
from connectors.github.actions.leaving_teams import remove_from_teams
from connectors.github.actions.quarantine import quarantine_repository, remove_external_collaborators
from connectors.github.actions.removing import remove_account
from connectors.github.actions.single_sign_on import require_sign_in
from connectors.github.actions.suspending import suspend_account, unsuspend_account
from connectors.github.actions.tokens import deny_token_request, revoke_fine_grained_token
from connectors.github.actions.uninstalling import uninstall_app
from connectors.github.actions.visibility import archive_repository, make_private

ACCOUNTS = (
    suspend_account,
    unsuspend_account,
    remove_account,
    deprovision_account,
    cancel_invitation,
    convert_to_outside,
    demote_owner,
    remove_organisation_roles,
    remove_from_teams,
    require_sign_in,
    block_account,
    unblock_account,
)
REPOSITORIES = (
    quarantine_repository,
    make_private,
    remove_external_collaborators,
    remove_collaborator,
    archive_repository,
)
FILES = (overwrite_file, trash_file)
APP_PERMISSIONS = (
    uninstall_app,
    revoke_credential,
    revoke_fine_grained_token,
    deny_token_request,
    delete_deploy_key,
    stop_webhook,
    delete_webhook,
)
ACTIONS: tuple[Action, ...] = (*ACCOUNTS, *REPOSITORIES, *FILES, *APP_PERMISSIONS)
"""In the order in which they are offered."""
