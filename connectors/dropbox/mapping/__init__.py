"""From Dropbox's JSON to records. Nothing here calls Dropbox; a missing or odd member never drops a record."""

from connectors.dropbox.mapping.accounts import ACTIVE, SUSPENDED, account, group, is_status, membership, privileges
from connectors.dropbox.mapping.apps import app, grant, linked
from connectors.dropbox.mapping.devices import DESKTOP, MOBILE, WEB, sessions_of, signed_in
from connectors.dropbox.mapping.events import events
from connectors.dropbox.mapping.values import moment, part, rows, tag, text

__all__ = [
    "ACTIVE",
    "DESKTOP",
    "MOBILE",
    "SUSPENDED",
    "WEB",
    "account",
    "app",
    "events",
    "grant",
    "group",
    "is_status",
    "linked",
    "membership",
    "moment",
    "part",
    "privileges",
    "rows",
    "sessions_of",
    "signed_in",
    "tag",
    "text",
]
