"""Files, folders and web links; how far their links and those of the folders above them let others in."""

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Collaborator, Exposure, File
from connectors.box import ids
from connectors.box.mapping.values import id_of, moment, part, text

Row = Mapping[str, Any]

ITEM_FIELDS = ",".join((
    "id", "type", "name", "etag", "sequence_id", "sha1", "size", "extension", "created_at", "modified_at",
    "content_created_at", "content_modified_at", "created_by", "modified_by", "owned_by", "parent", "path_collection",
    "item_status", "trashed_at", "purged_at", "shared_link", "has_collaborations", "is_externally_owned",
    "is_accessible_via_shared_link", "version_number", "file_version", "classification", "lock",
))  # fmt: skip
FOLDER_FIELDS = ",".join((
    "id", "type", "name", "owned_by", "parent", "path_collection", "item_status", "shared_link", "has_collaborations",
))  # fmt: skip
WORDS = {ids.FILE: "file", ids.FOLDER: "folder", ids.WEB_LINK: "web link"}
OWNER, REJECTED, PENDING = "owner", "rejected", "pending"
OPEN, COMPANY = "open", "company"
RANKS = (Exposure.PRIVATE, Exposure.INTERNAL, Exposure.EXTERNAL, Exposure.PUBLIC)
PAGES = {ids.FILE: "https://app.box.com/file/", ids.FOLDER: "https://app.box.com/folder/"}
TYPES = mimetypes.MimeTypes()
"""Those that Python knows by itself, whatever the machine has in its files."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets into a folder and thereby into all that is in it: by links, and by collaborations."""

    link: Exposure = Exposure.PRIVATE
    collaborations: tuple[Row, ...] = ()

    def with_item(self, item: Row, collaborations: Iterable[Row]) -> "Reach":
        """That of an item in the folder, with what was given on the item itself."""
        found = {id_of(row.get("id")): row for row in (*self.collaborations, *collaborations)}
        return Reach(max(self.link, link_exposure(item), key=RANKS.index), tuple(found.values()))


NOBODY_ELSE = Reach()


def link_exposure(item: Row) -> Exposure:
    """How far the item's own shared link opens it. What the enterprise does not allow is not effective."""
    link = part(item, "shared_link")
    access = text(link.get("effective_access")) or text(link.get("access"))
    return {OPEN: Exposure.PUBLIC, COMPANY: Exposure.INTERNAL}.get(access, Exposure.PRIVATE)


def owner_of(item: Row) -> str:
    """'' where it is owned outside of the enterprise, or by nobody known."""
    return "" if item.get("is_externally_owned") is True else id_of(part(item, "owned_by").get("id"))


def item(row: Row, reach: Reach) -> File:
    """An item in ITEM_FIELDS. `reach`: all who get in, by the item itself or by a folder above it.

    An external collaborator raises the exposure further, once it is known who is external.
    """
    kind, owner = text(row.get("type")), part(row, "owned_by")
    parent = id_of(part(row, "parent").get("id"))
    is_trashed = bool(row.get("trashed_at")) or row.get("item_status") == "trashed"
    page = PAGES.get(kind, "")
    return File(
        id=ids.item(kind, id_of(row["id"])),
        name=text(row.get("name")),
        kind=WORDS.get(kind, kind),
        path=_path(row),
        parent_id="" if parent in ("", ids.ROOT) else ids.item(ids.FOLDER, parent),
        owner_id=id_of(owner.get("id")),
        owner_name=text(owner.get("name")) or text(owner.get("login")),
        exposure=Exposure.PRIVATE if is_trashed else _exposure(reach),
        size=_size(row.get("size")),
        content_type=(TYPES.guess_type(text(row.get("name")))[0] or "") if kind == ids.FILE else "",
        is_trashed=is_trashed,
        created_at=moment(row.get("created_at")),
        modified_at=moment(row.get("modified_at")),
        url=f"{page}{id_of(row['id'])}" if page else "",
        raw=dict(row),
    )


def collaborators(row: Row, reach: Reach) -> Iterable[Collaborator]:
    """Who beside the owner gets to an item: by its own open link, and by collaborations, those of folders above it
    included."""
    file_id = ids.item(text(row.get("type")), id_of(row["id"]))
    if link_exposure(row) is Exposure.PUBLIC:
        yield _anyone(file_id, part(row, "shared_link"))
    owner = part(row, "owned_by")
    inside = (each for each in reach.collaborations if lets_in(each, id_of(owner.get("id"))))
    yield from (_collaborator(file_id, each, owner) for each in inside)


def lets_in(collaboration: Row, owner: str) -> bool:
    """Not the owner, and not who refused."""
    is_owner = collaboration.get("role") == OWNER or id_of(part(collaboration, "accessible_by").get("id")) == owner
    return not is_owner and collaboration.get("status") != REJECTED


def _collaborator(file_id: str, row: Row, owned_by: Row) -> Collaborator:
    """{id, role, status, accessible_by{type, id, name, login}, invite_email}; whether somebody is external the account
    tells, or the address. The item's owner is kept with it: in whose name it can be ended."""
    who = part(row, "accessible_by")
    is_group = who.get("type") == "group"
    number, login = id_of(who.get("id")), text(who.get("login"))
    address = text(row.get("invite_email")) or (login if "@" in login else "")
    return Collaborator(
        file_id=file_id,
        account_id="" if is_group else number,
        group_id=number if is_group else "",
        email=address,
        name=text(who.get("name")) or login or address,
        role=text(row.get("role")),
        is_pending=row.get("status") == PENDING,
        vendor_id=id_of(row.get("id")),
        raw={**row, "owned_by": dict(owned_by)},
    )


def _anyone(file_id: str, link: Row) -> Collaborator:
    """Whoever has the link; what it opens, and what it asks for, as its role."""
    may_download = part(link, "permissions").get("can_download")
    words = [
        text(link.get("effective_permission")) or ("can_download" if may_download else "can_preview"),
        "with password" if link.get("is_password_enabled") is True else "",
        f"until {text(link['unshared_at'])}" if link.get("unshared_at") else "",
    ]
    role = ", ".join(word for word in words if word)
    return Collaborator(file_id=file_id, role=role, is_public=True, vendor_id=ids.LINK, raw=dict(link))


def _exposure(reach: Reach) -> Exposure:
    others = Exposure.INTERNAL if any(lets_in(each, "") for each in reach.collaborations) else Exposure.PRIVATE
    return max(reach.link, others, key=RANKS.index)


def _path(row: Row) -> str:
    """As the owner sees it, from the owner's uppermost folder on."""
    above = part(row, "path_collection").get("entries")
    folders = [each for each in above if isinstance(each, Mapping)] if isinstance(above, list) else []
    names = [text(each.get("name")) for each in folders if id_of(each.get("id")) != ids.ROOT]
    return "/" + "/".join([*names, text(row.get("name"))])


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
