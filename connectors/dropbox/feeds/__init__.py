"""What is read from Dropbox, a module a subject."""

from connectors.base import Feed
from connectors.dropbox.feeds.devices import devices
from connectors.dropbox.feeds.files import files
from connectors.dropbox.feeds.groups import groups
from connectors.dropbox.feeds.linked_apps import linked_apps
from connectors.dropbox.feeds.members import members
from connectors.dropbox.feeds.team_log import team_log

FEEDS: tuple[Feed, ...] = (members, groups, team_log, linked_apps, devices, files)
"""In the order of a first scan."""
