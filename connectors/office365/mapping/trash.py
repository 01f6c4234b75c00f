"""What lies in a site's recycle bin, as SharePoint tells of it."""

from collections.abc import Mapping

from connectors.base import Exposure, File
from connectors.office365.mapping.files import FILE, FOLDER
from connectors.office365.mapping.values import Row, moment, number, text

BIN = "bin:"
KINDS = {1: FILE, 5: FOLDER}
ITEM = "list item"


def bin_file_id(bin_id: str) -> str:
    return f"{BIN}{bin_id}"


def binned(row: Row, site: Mapping[str, str]) -> File:
    """`site`: {id, url}. Who gets to it is not told, as nobody does but who may restore it."""
    name = text(row.get("LeafName")) or text(row.get("Title"))
    size = number(row.get("Size"), -1)
    return File(
        id=bin_file_id(text(row["Id"])),
        name=name,
        kind=KINDS.get(number(row.get("ItemType")), ITEM),
        path=f"/{text(row.get('DirName')).strip('/')}/{name}",
        owner_name=text(row.get("AuthorName")),
        exposure=Exposure.PRIVATE,
        size=size if size >= 0 else None,
        is_trashed=True,
        modified_at=moment(row.get("DeletedDate")),
        raw={**row, "site": dict(site)},
    )
