"""Who administers the enterprise that owns the organisation."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Account, Capability, Client, Cursor, Page, PermissionMissing, Privilege, Record, snapshot
from connectors.github import graphql, mapping
from connectors.github.budget import GRAPHQL
from connectors.github.scopes import READ_ENTERPRISE

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
            raise _no_owner(client) from None
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


def _no_owner(client: Client) -> PermissionMissing:
    return PermissionMissing(
        f"GitHub does not show who administers the enterprise {client.config['enterprise']}.",
        why=f"The account that consented is not an owner of it, {READ_ENTERPRISE} was not granted, or it has another "
        "slug.",
        remedy="Make the account an owner of the enterprise and choose Reconnect, or correct Enterprise slug.",
        permission=READ_ENTERPRISE,
    )
