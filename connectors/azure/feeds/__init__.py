"""What is read from Azure, a module a subject."""

from connectors.azure.feeds.activity_log import activity_log, tenant_log
from connectors.azure.feeds.principals import principals
from connectors.azure.feeds.privileges import role_assignments
from connectors.azure.feeds.sign_ins import sign_ins
from connectors.azure.feeds.storage import storage
from connectors.base import Feed

FEEDS: tuple[Feed, ...] = (principals, role_assignments, activity_log, tenant_log, sign_ins, storage)
"""In the order of a first scan."""
