"""From GitHub's JSON to records. Nothing here calls GitHub; a missing or odd field never drops a record."""

from connectors.github.mapping.accounts import (
    OWNER,
    TWO_FACTOR,
    blocked_user,
    held_role,
    invitation,
    listed_user,
    member,
    owner_privilege,
    repository_right,
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
from connectors.github.mapping.teams import team, team_member
from connectors.github.mapping.values import moment

__all__ = [
    "OWNER",
    "TWO_FACTOR",
    "app",
    "authorization",
    "blocked_user",
    "bot",
    "deploy_key",
    "event",
    "event_time",
    "fine_grained_token",
    "held_role",
    "installation",
    "invitation",
    "listed_user",
    "member",
    "moment",
    "owner_privilege",
    "repository_right",
    "team",
    "team_member",
    "token_request",
    "webhook",
]
