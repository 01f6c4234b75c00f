"""Where folders lie and who gets into them: what items in them are told with.

A delta names the folder of an item by its number alone, and tells what is shared only where sharing begins. Folders
come before what lies in them, so the last ones are remembered; one that is not is asked for.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import quote

from connectors.base import Client, Exposure
from connectors.office365.drives import Drive
from connectors.office365.mapping import files, sharing
from connectors.office365.mapping.values import Row, text
from connectors.office365.reading import Listing, document

MOST = 2_000
"""Folders that are remembered at once."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets to something. `permissions`: all of them, those of folders above included, where anybody beside the
    owner or the groups of the site does; `is_asked`: whether Graph told them."""

    permissions: tuple[Row, ...] = ()
    is_asked: bool = False

    def inherited(self) -> "Reach":
        """That of what lies in it."""
        told = ({"inheritedFrom": {"id": ""}, **each} if not sharing.is_inherited(each) else each
                for each in self.permissions)  # fmt: skip
        return Reach(tuple(told), self.is_asked)


@dataclass(frozen=True, slots=True)
class Folder:
    """`path`: from the drive's uppermost one on, which has none."""

    path: str
    reach: Reach


TOP = Folder("", Reach())


@dataclass
class Folders:
    """The folders of one drive."""

    client: Client
    drive: Drive
    known: OrderedDict[str, Folder] = field(default_factory=OrderedDict)

    def keep(self, row: Row, folder: Folder) -> None:
        self.known[text(row["id"])] = folder
        self.known.move_to_end(text(row["id"]))
        if len(self.known) > MOST:
            self.known.popitem(last=False)

    def above(self, row: Row) -> Folder:
        """The one that an item of a delta lies in; one that is gone meanwhile counts as the uppermost."""
        number = files.parent_of(row)
        if files.is_root(row) or not number:
            return TOP
        if number not in self.known:
            found = folder_now(self.client, self.drive, number)
            self.keep({"id": number}, found)
        return self.known[number]


def folder_now(client: Client, drive: Drive, number: str) -> Folder:
    row = item_now(client, drive, number)
    if row is None:
        return TOP
    path = "" if files.is_root(row) else f"{files.folder_path(row) or ''}/{text(row.get('name'))}"
    return Folder(path, reach_now(client, drive, row))


def item_now(client: Client, drive: Drive, number: str) -> Row | None:
    """A single item, which tells its path; None where it is not in the drive any more."""
    path, asked = item_path(drive.id, number), {"$select": files.ITEM_FIELDS}
    answer = client.get(path, params=asked, expect=(404,))
    return None if answer.status == 404 else document(answer, "id")


def named(client: Client, drive_id: str, folder: str, name: str) -> Row | None:
    """What bears this name in a folder; None also where the folder is gone."""
    answer = client.get(item_path(drive_id, folder, f":/{quote(name, safe='')}"), expect=(404,))
    return None if answer.status == 404 else document(answer, "id")


def reach_now(client: Client, drive: Drive, row: Row) -> Reach:
    """Who gets to an item: asked for only where the item says that there is something to tell."""
    if not files.is_about_sharing(row):
        return Reach()
    return Reach(tuple(permissions(client, drive.id, text(row["id"]))), is_asked=True)


def permissions(client: Client, drive_id: str, number: str) -> list[Row]:
    """All that hold on an item. None of one that went meanwhile: it is told as gone next."""
    path = item_path(drive_id, number, "/permissions")
    first = client.get(path, expect=(404,))
    return [] if first.status == 404 else list(Listing(path, {}).rows_after(client, first))


def exposure(reach: Reach, row: Row, drive: Drive, client: Client, domains: frozenset[str]) -> Exposure:
    """What is in a library is open inside, where nothing else is told; what is in a OneDrive is its owner's."""
    if not reach.is_asked:
        return Exposure.PRIVATE if drive.is_personal else Exposure.INTERNAL
    return sharing.exposure_of(reach.permissions, files.owner_id(row, drive), domains, client.now())


def item_path(drive_id: str, number: str, below: str = "") -> str:
    return f"/drives/{quote(drive_id, safe='!')}/items/{quote(number, safe='!')}{below}"
