"""The recycle bin of a site, which SharePoint alone opens, and to apps with a certificate alone."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from connectors.base import Client, NotAvailable
from connectors.office365.drives import Drive
from connectors.office365.mapping.values import Row, text
from connectors.office365.methods import BY_SECRET
from connectors.office365.reading import document, listed

PLAIN = {"Accept": "application/json;odata=nometadata"}
FIRST_STAGE = "(ItemState eq 1)"
CLOSED = (
    "This connection has a client secret, and SharePoint opens its recycle bin to apps with a certificate alone."
)
BY_HAND = "Restore it in SharePoint, on the page Recycle bin of the site."


def is_open(client: Client) -> bool:
    return client.method_id != BY_SECRET


def check_open(client: Client) -> None:
    """Raises NotAvailable."""
    if not is_open(client):
        raise NotAvailable(CLOSED, remedy=BY_HAND)


def deleted(client: Client, site_url: str) -> Iterator[Row]:
    """What users may restore: {Id, LeafName, DirName, Size, DeletedDate ...}."""
    url = f"{site_url}/_api/site/RecycleBin"
    yield from listed(client.get(url, params={"$filter": FIRST_STAGE}, headers=PLAIN), "Id").rows


def find(client: Client, drive: Drive, name: str, folder: str) -> Row | None:
    """What of this name was deleted last, out of this folder of a library. With a client secret nothing is seen."""
    if not is_open(client):
        return None
    there = [row for row in deleted(client, drive.site_url)
             if row.get("LeafName") == name and _folder_of(row, drive) == folder]  # fmt: skip
    return max(there, key=lambda row: text(row.get("DeletedDate")), default=None)


def _folder_of(row: Row, drive: Drive) -> str:
    """From the library on, as the drive tells paths: SharePoint tells those of the site and the library before it."""
    site = unquote(urlsplit(drive.site_url).path).strip("/")
    _, slash, below = text(row.get("DirName")).strip("/").removeprefix(site).strip("/").partition("/")
    return f"{slash}{below}"


def restore(client: Client, site_url: str, bin_id: str) -> Mapping[str, Any]:
    """To the folder it lay in. Raises Conflict where something of its name is there, or where the folder is gone."""
    answer = client.post(
        f"{site_url}/_api/site/RecycleBin/RestoreByIds", json={"ids": [bin_id]}, headers=PLAIN, expect=(400,)
    )
    if answer.status == 400:
        raise NotAvailable(
            "SharePoint does not restore it.",
            why="Something of the same name lies there, or the folder that it lay in is gone.",
            remedy="Rename what is there, or restore the folder first, then try again.",
        )
    return document(answer) if answer.body else {}
