"""What can be done in Azure. What is taken away is remembered first, so that it can be given back."""

from connectors.azure.actions.closing_storage import close_storage_account
from connectors.azure.actions.ending_activations import end_activations
from connectors.azure.actions.locking import lock_resource_group
from connectors.azure.actions.removing_roles import remove_group_roles, remove_roles
from connectors.base import Action

ACTIONS: tuple[Action, ...] = (
    remove_roles, end_activations, remove_group_roles, lock_resource_group, close_storage_account,
)  # fmt: skip
"""In the order in which they are offered."""
