"""The enterprise that owns the organisation: who administers it, its teams and its roles."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import (
    Account,
    Capability,
    Client,
    Cursor,
    Group,
    HolderKind,
    Membership,
    Page,
    PermissionMissing,
    Privilege,
    Record,
    TargetGone,
    snapshot,
)
from connectors.github import graphql, mapping
from connectors.github.budget import CORE, GRAPHQL
from connectors.github.feeds.roles import Roles, read_roles
from connectors.github.ownership import OWNER_OF_ENTERPRISE
from connectors.github.reading import enterprise_path, rows
from connectors.github.scopes import READ_ENTERPRISE
from connectors.github.walking import Entries, Part, Row, walk

END = "end"


@snapshot(
    Privilege,
    Account,
    title="Administrators of the enterprise",
    serves=(Capability.PRIVILEGES, Capability.ACCOUNTS),
    permissions=(READ_ENTERPRISE,),
    limits=(GRAPHQL,),
)
def enterprise_administrators(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Owners, who may join and administer each of its organisations, and billing managers. Those who are in the
    organisation stand among the accounts already; the others become accounts here.

    Cursor: {"next": GraphQL's cursor of the next page, END after the last}.
    """
    after = cursor["next"] if cursor else ""
    while after != END:
        try:
            connection = graphql.enterprise_administrators(client, after)
        except graphql.QueryRefused:
            raise _not_shown(client, "who administers the enterprise") from None
        edges = [edge for edge in connection["edges"] if edge and edge.get("node")]
        after = connection["pageInfo"]["endCursor"] if connection["pageInfo"]["hasNextPage"] else END
        yield Page(list(_records(client, edges)), {"next": after})


def _records(client: Client, edges: list[Mapping[str, Any]]) -> Iterator[Record]:
    privileges = [mapping.enterprise_privilege(edge, client.config["enterprise"]) for edge in edges]
    yield from (each for each in privileges if each)
    held = [edge for edge, privilege in zip(edges, privileges, strict=True) if privilege]
    others = [edge for edge in held if edge["node"].get("organization") is None]
    # Addresses take a scope of their own, without which GitHub refuses a whole query.
    profiles = graphql.profiles(client, [edge["node"]["login"] for edge in others])
    yield from (mapping.enterprise_administrator(edge, profiles.get(edge["node"]["login"], {})) for edge in others)


@snapshot(
    Group,
    Membership,
    title="Teams of the enterprise",
    serves=(Capability.GROUPS,),
    permissions=(READ_ENTERPRISE,),
    limits=(CORE,),
)
def enterprise_teams(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Across its organisations: some of their people may not be in this one."""
    members = Part(
        "members",
        lambda team: enterprise_path(client, f"/teams/{team[0]}/memberships"),
        lambda answer: rows(answer, "id"),
        lambda team, row: (mapping.in_enterprise_team(team[0], row),),
    )
    try:
        yield from walk(client, cursor, TEAMS, (members,))
    except TargetGone:
        raise _not_shown(client, "the teams of the enterprise") from None


TEAMS = Entries(
    "/teams",
    lambda answer: rows(answer, "id", "name"),
    lambda row: [str(row["id"])],
    lambda row: (mapping.enterprise_team(row),),
    root=enterprise_path,
)


@snapshot(
    Privilege,
    title="Roles in the enterprise",
    serves=(Capability.PRIVILEGES,),
    permissions=(READ_ENTERPRISE,),
    limits=(CORE,),
)
def enterprise_roles(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Beside owners and billing managers: predefined and custom ones."""

    def record(role: Row, holder: Row, kind: HolderKind) -> Privilege:
        return mapping.held_enterprise_role(role, holder, kind, client.config["enterprise"])

    absent = _not_shown(client, "the roles of the enterprise")
    yield from read_roles(client, cursor, Roles(enterprise_path(client, "/enterprise-roles"), absent, record))


def _not_shown(client: Client, what: str) -> PermissionMissing:
    return PermissionMissing(
        f"GitHub does not show {what} {client.config['enterprise']}.",
        why=f"The account that consented is not an owner of it, {READ_ENTERPRISE} was not granted, or it has another "
        "slug.",
        remedy=OWNER_OF_ENTERPRISE,
        permission=READ_ENTERPRISE,
    )
