"""What is read from Office 365, a module a subject."""

from connectors.base import Feed
from connectors.office365.feeds.activity_feed import activity_feed
from connectors.office365.feeds.applications import app_credentials, applications
from connectors.office365.feeds.directory_audits import directory_audits
from connectors.office365.feeds.files import files
from connectors.office365.feeds.grants import grants
from connectors.office365.feeds.groups import groups
from connectors.office365.feeds.roles import directory_roles
from connectors.office365.feeds.sign_ins import sign_ins
from connectors.office365.feeds.trash import trash
from connectors.office365.feeds.users import users

FEEDS: tuple[Feed, ...] = (
    users, groups, directory_roles, directory_audits, sign_ins, activity_feed, applications, grants, app_credentials,
    files, trash,
)  # fmt: skip
"""In the order of a first scan."""
