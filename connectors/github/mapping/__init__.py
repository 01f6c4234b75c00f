"""From GitHub's JSON to records. Nothing here calls GitHub; a missing or odd field never drops a record."""

from connectors.github.mapping.accounts import (
    OWNER,
    held_role,
    invitation,
    listed_user,
    member,
    owner_privilege,
    repository_right,
)
from connectors.github.mapping.events import event, event_time
from connectors.github.mapping.teams import team, team_member
from connectors.github.mapping.values import moment

__all__ = [
    "OWNER",
    "event",
    "event_time",
    "held_role",
    "invitation",
    "listed_user",
    "member",
    "moment",
    "owner_privilege",
    "repository_right",
    "team",
    "team_member",
]
