"""What can be done in Dropbox. What is taken away is remembered first, so that it can be given back."""

from connectors.base import Action
from connectors.dropbox.actions.demoting import revoke_admin
from connectors.dropbox.actions.sessions import end_sessions
from connectors.dropbox.actions.suspending import suspend_account, unsuspend_account
from connectors.dropbox.actions.unlinking import revoke_app

ACTIONS: tuple[Action, ...] = (suspend_account, unsuspend_account, end_sessions, revoke_admin, revoke_app)
"""In the order in which they are offered."""
