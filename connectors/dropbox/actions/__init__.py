"""What can be done in Dropbox."""

from connectors.base import Action

ACTIONS: tuple[Action, ...] = ()
