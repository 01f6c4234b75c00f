"""Files, folders and notebooks of a drive, and the drive's uppermost folder, which stands for the drive."""

from typing import Any
from urllib.parse import unquote

from connectors.base import Exposure, File
from connectors.office365.drives import Drive
from connectors.office365.mapping.values import Row, moment, part, text

ITEM_FIELDS = ",".join((
    "id", "name", "size", "file", "folder", "package", "parentReference", "webUrl", "createdDateTime",
    "lastModifiedDateTime", "createdBy", "lastModifiedBy", "shared", "deleted", "root", "sharepointIds", "malware",
    "specialFolder",
))  # fmt: skip
FILE, FOLDER, NOTEBOOK = "file", "folder", "notebook"
ROOT_KINDS = {True: "OneDrive", False: "library"}
BELOW_ROOT = "root:"


def file_id(drive_id: str, item_id: str) -> str:
    """Items are known by drive and number."""
    return f"{drive_id}:{item_id}"


def ids(record_id: str) -> tuple[str, str]:
    """Drive and item of a File, or of a Collaborator of it."""
    drive_id, _, item_id = record_id.partition("/")[0].partition(":")
    return drive_id, item_id


def is_root(row: Row) -> bool:
    return isinstance(row.get("root"), dict)


def is_folder(row: Row) -> bool:
    return isinstance(row.get("folder"), dict)


def is_deleted(row: Row) -> bool:
    """Whatever the facet holds."""
    return row.get("deleted") is not None


def has_new_sharing(row: Row) -> bool:
    """Whether it is told because its permissions have changed."""
    return bool(row.get("@microsoft.graph.sharedChanged"))


def is_about_sharing(row: Row) -> bool:
    """Whether its permissions are to be asked for: it is shared, is no longer, or its sharing has changed."""
    return row.get("shared") is not None or has_new_sharing(row)


def parent_of(row: Row) -> str:
    """The number of the folder it lies in, '' for the uppermost one."""
    return text(part(row, "parentReference").get("id"))


def folder_path(row: Row) -> str | None:
    """Of the folder that a single item lies in, from the drive's uppermost one on, without a slash at its end; None in
    a delta, which tells no paths."""
    told = part(row, "parentReference").get("path")
    return None if told is None else unquote(text(told)).partition(BELOW_ROOT)[2].rstrip("/")


def owner_id(row: Row, drive: Drive) -> str:
    """Of a OneDrive its owner, in a library whoever made the item; '' where that is not known."""
    return drive.owner_id or text(part(part(row, "createdBy"), "user").get("id"))


def item(row: Row, drive: Drive, above: str, exposure: Exposure) -> File:
    """`above`: the path of the folder that it lies in."""
    is_file, name = isinstance(row.get("file"), dict), drive.name if is_root(row) else text(row.get("name"))
    made_by = part(part(row, "createdBy"), "user") or part(part(row, "createdBy"), "application")
    parent = parent_of(row)
    return File(
        id=file_id(drive.id, text(row["id"])),
        name=name,
        kind=_kind(row, drive),
        path=(drive.prefix or "/") if is_root(row) else f"{drive.prefix}{above}/{name}",
        parent_id=file_id(drive.id, parent) if parent and not is_root(row) else "",
        owner_id=owner_id(row, drive),
        owner_name=drive.owner_name or text(made_by.get("displayName")),
        exposure=exposure,
        size=_size(row.get("size")),
        content_type=text(part(row, "file").get("mimeType")) if is_file else "",
        created_at=moment(row.get("createdDateTime")),
        modified_at=moment(row.get("lastModifiedDateTime")),
        url=text(row.get("webUrl")),
        raw={**row, "drive": drive.kept()},
    )


def _kind(row: Row, drive: Drive) -> str:
    if is_root(row):
        return ROOT_KINDS[drive.is_personal]
    if isinstance(row.get("package"), dict):
        return NOTEBOOK
    return FOLDER if is_folder(row) else FILE


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
