"""What can be done in Office 365."""

from connectors.base import Action

ACTIONS: tuple[Action, ...] = ()
"""In the order in which they are offered."""
