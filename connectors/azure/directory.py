"""The names behind the ids: Microsoft Graph's directory objects."""

from collections.abc import Iterator, Sequence

from connectors.azure import mapping
from connectors.azure.hosts import graph_url
from connectors.azure.reading import Listed, Row, listed
from connectors.azure.refusals import graph_permission
from connectors.azure.scopes import DIRECTORY
from connectors.base import Account, Client, Group

BLOCK = 1000
"""How many ids Graph takes at once."""
TYPES = ["user", "group", "servicePrincipal"]
ONLY_IDS = {"$select": "id", "$top": 999}


def look_up(client: Client, ids: Sequence[str]) -> Iterator[Account | Group]:
    """Those that the directory knows; the others are deleted or of another tenant, and Graph leaves them out without a
    word. Raises PermissionMissing where it tells no more than an id, which must not be taken for a deletion."""
    if not ids:
        return
    body = {"ids": list(ids), "types": TYPES}
    found = listed(client.post(graph_url(client.config, "/directoryObjects/getByIds"), json=body), "id", "@odata.type")
    if any(mapping.is_bare(row) for row in found.rows):
        raise graph_permission(DIRECTORY)
    for row in found.rows:
        if mapping.kind_of(row):
            yield mapping.principal(row, client.config["tenant_id"])


def members(client: Client, group_id: str, link: str = "") -> Listed:
    """A page of all who are in a group, also through groups in it: {id, @odata.type}. Devices and contacts, which hold
    no roles, are left out."""
    return _members(client, f"/groups/{group_id}/transitiveMembers", link)


def direct_members(client: Client, group_id: str) -> frozenset[str]:
    found, link = set[str](), ""
    while True:
        page = _members(client, f"/groups/{group_id}/members", link)
        found |= {mapping.text(row["id"]).lower() for row in page.rows}
        link = page.next
        if not link:
            return frozenset(found)


def _members(client: Client, path: str, link: str) -> Listed:
    if link:
        answer = client.get(link)
    else:
        answer = client.get(graph_url(client.config, path), params=ONLY_IDS, expect=(404,))
        if answer.status == 404:
            return Listed([], "")  # the group was deleted, and its role assignment stayed
    found = listed(answer, "id", "@odata.type")
    return Listed([row for row in found.rows if is_somebody(row)], found.next)


def own_id(client: Client) -> str:
    """The object id of the app that this connection signs in as; '' where the directory does not show it."""
    only = {"$filter": f"appId eq '{client.config['client_id']}'", "$select": "id"}
    found = listed(client.get(graph_url(client.config, "/servicePrincipals"), params=only), "id").rows
    return mapping.text(found[0]["id"]).lower() if found else ""


def is_in_group(client: Client, member_id: str, group_id: str) -> bool:
    """Whether somebody is in a group, directly or through another one."""
    link = ""
    while True:
        page = members(client, group_id, link)
        if any(mapping.text(row["id"]).lower() == member_id for row in page.rows):
            return True
        link = page.next
        if not link:
            return False


def is_somebody(row: Row) -> bool:
    return bool(mapping.kind_of(row))
