"""Files and folders, and the shared and team folders that are namespaces of their own."""

import mimetypes
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.base import Exposure, File
from connectors.dropbox.mapping.values import Row, moment, part, tag, text

FILE, FOLDER, DELETED = "file", "folder", "deleted"
NAMESPACE = "ns:"
TYPES = mimetypes.MimeTypes()
"""Those that Python knows by itself, whatever the machine has in its files."""
PLACES = {"shared_folder": "shared folder", "team_folder": "team folder"}


def namespace_file_id(namespace_id: str) -> str:
    """Of a shared or team folder as a File."""
    return f"{NAMESPACE}{namespace_id}"


def is_mount(row: Row) -> bool:
    """Whether a folder is the place where another namespace is seen: that is told where it lies."""
    return bool(text(row.get("shared_folder_id")) or text(part(row, "sharing_info").get("shared_folder_id")))


def path_of(row: Row) -> str:
    """From the root of its namespace, as it is shown."""
    return text(row.get("path_display")) or text(row.get("path_lower")) or f"/{text(row.get('name'))}"


def item(row: Row, place: Mapping[str, Any], exposure: Exposure) -> File:
    """A file or folder of a list. `place`: {namespace: its row, owner_id, owner_name, prefix}."""
    kind = tag(row) or FILE
    return File(
        id=text(row["id"]),
        name=text(row.get("name")),
        kind=kind,
        path=f"{place['prefix']}{path_of(row)}",
        parent_id=place["parent_id"],
        owner_id=place["owner_id"],
        owner_name=place["owner_name"],
        exposure=exposure,
        size=size_of(row.get("size")),
        content_type=(TYPES.guess_type(text(row.get("name")))[0] or "") if kind == FILE else "",
        modified_at=moment(row.get("server_modified")),
        raw={**row, "namespace": place["namespace"]},
    )


def trashed(path: str, revision: Row, place: Mapping[str, Any], deleted_at: Any) -> File:
    """A deleted file by its last revision. Dropbox lists it by its path alone, and says when it was deleted apart."""
    told = {**revision, ".tag": FILE, "path_display": path, "name": path.rpartition("/")[2]}
    raw = {**told, "server_deleted": deleted_at, "namespace": place["namespace"]}
    return replace(item(told, place, Exposure.PRIVATE), is_trashed=True, raw=raw)


def shared_folder(place: Mapping[str, Any], metadata: Row, exposure: Exposure) -> File:
    """A shared or team folder as a whole."""
    row: Mapping[str, str] = place["namespace"]
    return File(
        id=namespace_file_id(row["namespace_id"]),
        name=row["name"],
        kind=PLACES[row["namespace_type"]],
        path=f"/{row['name']}",
        owner_id=place["owner_id"],
        owner_name=place["owner_name"],
        exposure=exposure,
        url=text(metadata.get("preview_url")),
        raw={**metadata, "namespace": row},
    )


def size_of(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
