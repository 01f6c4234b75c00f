"""Teams, also of the enterprise, groups of the identity provider, and who is in them."""

from collections.abc import Mapping
from typing import Any

from connectors.base import Group, HolderKind, Membership
from connectors.github import ids
from connectors.github.mapping.values import text

EXTERNAL_GROUP, ENTERPRISE_TEAM = "identity provider group", "enterprise team"


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


def enterprise_team(listed: Mapping[str, Any]) -> Group:
    """A team of the enterprise: {id, name, slug, description, html_url}."""
    return Group(
        id=ids.enterprise_team(listed["id"]),
        name=text(listed.get("name")) or text(listed.get("slug")),
        description=text(listed.get("description")),
        kind=ENTERPRISE_TEAM,
        url=text(listed.get("html_url")),
        raw=dict(listed),
    )


def in_enterprise_team(team_id: str, user: Mapping[str, Any]) -> Membership:
    return Membership(group_id=ids.enterprise_team(team_id), member_id=str(user["id"]))


def external_group(listed: Mapping[str, Any]) -> Group:
    """A group that the identity provider made: {group_id, group_name, updated_at}."""
    number = listed["group_id"]
    return Group(
        id=ids.external_group(number),
        name=text(listed.get("group_name")) or str(number),
        kind=EXTERNAL_GROUP,
        raw=dict(listed),
    )


def of_external_group(number: str, row: Mapping[str, Any]) -> tuple[Membership, ...]:
    """A person {member_id} in it, or a team {team_id} whose people are those of the group."""
    group_id = ids.external_group(number)
    if row.get("member_id"):
        return (Membership(group_id=group_id, member_id=str(row["member_id"])),)
    team_id = str(row["team_id"])
    return (Membership(group_id=team_id, member_id=group_id, member_kind=HolderKind.GROUP),)
