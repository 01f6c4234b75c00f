"""What is read from Box, a module a subject."""

from connectors.base import Feed
from connectors.box.feeds.accounts import accounts
from connectors.box.feeds.changed_files import changed_files
from connectors.box.feeds.devices import devices
from connectors.box.feeds.events import enterprise_events
from connectors.box.feeds.files import files
from connectors.box.feeds.groups import groups

FEEDS: tuple[Feed, ...] = (accounts, groups, enterprise_events, devices, files, changed_files)
"""In the order of a first scan."""
