"""Teams and who is in them."""

from collections.abc import Mapping
from typing import Any

from connectors.base import Group, Membership
from connectors.github.mapping.values import text


def team(listed: Mapping[str, Any]) -> Group:
    """A team: {id, name, slug, description, privacy, parent}."""
    parent = listed.get("parent") or {}
    return Group(
        id=str(listed["id"]),
        name=text(listed.get("name")) or text(listed.get("slug")),
        description=text(listed.get("description")),
        kind=text(listed.get("privacy")),
        parent_id=str(parent["id"]) if parent.get("id") else "",
        url=text(listed.get("html_url")),
        raw=dict(listed),
    )


def team_member(team_id: str, user: Mapping[str, Any]) -> Membership:
    """A user of a team's list; older servers leave out `role` and `inherited`."""
    return Membership(
        group_id=team_id,
        member_id=str(user["id"]),
        role=text(user.get("role")) or "member",
        is_inherited=bool(user.get("inherited")),
    )
