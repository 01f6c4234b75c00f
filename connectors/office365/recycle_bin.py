"""The recycle bin of a site, which SharePoint alone opens, and to apps with a certificate alone.

What lies in it is known by a number of its own, and no longer by that of the drive.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from connectors.base import Client, NotAvailable
from connectors.office365.drives import Drive, drives_of
from connectors.office365.mapping.values import Row, text
from connectors.office365.methods import BY_SECRET
from connectors.office365.reading import document, listed

PLAIN = {"Accept": "application/json;odata=nometadata"}
NEXT = "odata.nextLink"  # unverified: that there are several pages
"""As SharePoint writes it without metadata."""
FIRST_STAGE, SECOND_STAGE = 1, 2
"""What users may restore, and what they deleted from there, which admins of the site may."""
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


def deleted(client: Client, site_url: str, stage: int) -> list[Row]:
    """{Id, LeafName, DirName, Size, DeletedDate ...}, those deleted in one go with their folder by the folder alone.
    All pages, as what is not among them is taken for gone."""
    asked = {"$filter": f"(ItemState eq {stage})"}
    answer = client.get(f"{site_url}/_api/site/RecycleBin", params=asked, headers=PLAIN)
    rows = listed(answer, "Id").rows
    while link := text(document(answer).get(NEXT)):
        answer = client.get(link, headers=PLAIN)
        rows += listed(answer, "Id").rows
    return rows


def every(client: Client, site_url: str) -> Iterator[Row]:
    for stage in (FIRST_STAGE, SECOND_STAGE):
        yield from deleted(client, site_url, stage)


def find(client: Client, drive: Drive, name: str, folder: str) -> Row | None:
    """What of this name was deleted last out of a folder of the drive, by its path. With a client secret nothing is
    seen."""
    if not is_open(client):
        return None
    way = f"{_root(drive)}{folder}"
    there = [row for row in every(client, drive.site_url) if row.get("LeafName") == name and _folder(row) == way]
    return max(there, key=lambda row: text(row.get("DeletedDate")), default=None)


def restore(client: Client, site_url: str, bin_id: str) -> Mapping[str, Any]:
    """To the folder it lay in. Raises NotAvailable where something of its name is there, or the folder is gone."""
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


def located(client: Client, site_id: str, row: Row) -> tuple[Drive, Row] | None:
    """What lies where an item of the bin lay, with its drive; None where nothing does."""
    for drive in drives_of(client, site_id):
        root, folder = _root(drive), _folder(row)
        if folder == root or folder.startswith(f"{root}/"):
            way = f"{folder[len(root) :]}/{text(row.get('LeafName'))}"
            answer = client.get(f"/drives/{drive.id}/root:{quote(way)}", params={"$select": "id,name"}, expect=(404,))
            return None if answer.status == 404 else (drive, document(answer, "id"))
    return None


def _root(drive: Drive) -> str:
    """As the bin writes folders: from the host on, without a slash at either end."""
    return unquote(urlsplit(drive.url).path).strip("/")


def _folder(row: Row) -> str:
    return text(row.get("DirName")).strip("/")
