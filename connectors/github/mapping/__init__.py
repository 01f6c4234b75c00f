"""From GitHub's JSON to records. Nothing here calls GitHub; a missing or odd field never drops a record."""

from connectors.github.mapping.accounts import (
    IDENTITY,
    OWNER,
    TWO_FACTOR,
    blocked_user,
    enterprise_administrator,
    enterprise_privilege,
    held_role,
    invitation,
    listed_user,
    member,
    owner_privilege,
    repository_right,
    work_address,
)
from connectors.github.mapping.events import event, event_time
from connectors.github.mapping.permissions import (
    app,
    authorization,
    bot,
    deploy_key,
    fine_grained_token,
    installation,
    token_request,
    webhook,
)
from connectors.github.mapping.teams import external_group, of_external_group, team, team_member
from connectors.github.mapping.values import moment

__all__ = [
    "IDENTITY",
    "OWNER",
    "TWO_FACTOR",
    "app",
    "authorization",
    "blocked_user",
    "bot",
    "deploy_key",
    "enterprise_administrator",
    "enterprise_privilege",
    "event",
    "event_time",
    "external_group",
    "fine_grained_token",
    "held_role",
    "installation",
    "invitation",
    "listed_user",
    "member",
    "moment",
    "of_external_group",
    "owner_privilege",
    "repository_right",
    "team",
    "team_member",
    "token_request",
    "webhook",
    "work_address",
]
