"""Resource groups and storage accounts, and which of their containers anybody can read. Their content is not read."""

from collections.abc import Iterator
from typing import Any

from connectors.azure import api_versions, ids, mapping
from connectors.azure.budget import READS
from connectors.azure.reading import Row, page, rows
from connectors.azure.refusals import NoBlobs
from connectors.azure.scopes import READER
from connectors.azure.tree import partitions
from connectors.base import Capability, Client, Cursor, File, Page, TargetGone, snapshot

GROUPS, ACCOUNTS, END = "groups", "accounts", "end"


@snapshot(
    File,
    title="Resource groups and storage accounts",
    serves=(Capability.DATA_SCAN,),
    permissions=(READER,),
    partitions=partitions,
    limits=("", READS),
)
def storage(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """Resource groups first, then one storage account after the other.

    Cursor: {"place": what is being read, END at the end, "next": address of its next page, "after": id of the last
    storage account of that page that was read}.
    """
    at: dict[str, Any] = dict(cursor or {"place": GROUPS, "next": "", "after": ""})
    while at["place"] == GROUPS:
        found = page(client, f"/subscriptions/{partition}/resourceGroups", api_versions.RESOURCE_GROUPS, at["next"])
        at = {"place": GROUPS if found.next else ACCOUNTS, "next": found.next, "after": ""}
        yield Page([mapping.resource_group(row) for row in found.rows], dict(at))
    while at["place"] == ACCOUNTS:
        path = f"/subscriptions/{partition}/providers/Microsoft.Storage/storageAccounts"
        found = page(client, path, api_versions.STORAGE, at["next"])
        accounts = sorted((row for row in found.rows if ids.key(row["id"]) > at["after"]), key=_key)
        for row in accounts:
            at = {**at, "after": _key(row)}
            yield Page(list(storage_account(client, row)), dict(at))
        at = {"place": ACCOUNTS if found.next else END, "next": found.next, "after": ""}
        yield Page([], dict(at))


def storage_account(client: Client, row: Row) -> Iterator[File]:
    """The account, and its containers that anybody can read."""
    found = list(containers(client, row["id"])) if mapping.lets_public(row) else []
    yield mapping.storage_account(row, found)
    yield from (mapping.container(each) for each in found if mapping.is_public(each))


def containers(client: Client, account: str) -> Iterator[Row]:
    """None of an account that was deleted since it was listed, or that holds file shares alone."""
    try:
        yield from rows(client, f"{account}/blobServices/default/containers", api_versions.STORAGE)
    except (TargetGone, NoBlobs):
        return


def _key(row: Row) -> str:
    return ids.key(row["id"])
