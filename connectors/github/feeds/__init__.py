"""What is read from GitHub, a module a subject.

Addresses of next pages are followed as GitHub gives them, and kept in the cursor: a run goes on where it stopped.
"""

from connectors.base import Feed
from connectors.github.feeds.accounts import accounts, blocked_people
from connectors.github.feeds.app_permissions import app_permissions
from connectors.github.feeds.audit_log import audit_log
from connectors.github.feeds.credentials import (
    authorised_credentials,
    fine_grained_tokens,
    organisation_webhooks,
    repository_webhooks,
    token_requests,
)
from connectors.github.feeds.enterprise import enterprise_administrators, enterprise_roles, enterprise_teams
from connectors.github.feeds.external_groups import external_groups
from connectors.github.feeds.provisioned import unclaimed_identities
from connectors.github.feeds.repositories import repositories
from connectors.github.feeds.repository_activity import repository_activity
from connectors.github.feeds.roles import organisation_roles
from connectors.github.feeds.sharing import sharing
from connectors.github.feeds.teams import teams
from connectors.github.feeds.tree import file_names

FEEDS: tuple[Feed, ...] = (
    accounts,
    unclaimed_identities,
    blocked_people,
    teams,
    external_groups,
    organisation_roles,
    enterprise_administrators,
    enterprise_teams,
    enterprise_roles,
    repositories,
    sharing,
    file_names,
    audit_log,
    app_permissions,
    authorised_credentials,
    fine_grained_tokens,
    token_requests,
    organisation_webhooks,
    repository_webhooks,
    repository_activity,
)
"""In the order of a first scan."""
