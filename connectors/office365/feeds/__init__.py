"""What is read from Office 365, a module a subject."""

from connectors.base import Feed

FEEDS: tuple[Feed, ...] = ()
"""In the order of a first scan."""
