"""What is in everybody's OneDrive and in the sites' libraries, and who gets to it.

First everything is listed, then Graph tells what has changed since. It does not tell what lay in a folder that was
deleted, nor whom a folder's sharing lets in below it, nor who lost access: everything is listed anew twice a day,
and within an hour after such a change.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from connectors.base import (
    TWELVE_HOURS,
    Capability,
    Client,
    Collaborator,
    Conflict,
    Cursor,
    CursorExpired,
    File,
    Gone,
    Page,
    Record,
    TargetGone,
    changes,
)
from connectors.office365 import components, items
from connectors.office365.drives import Drive, drives_of, locked, sites
from connectors.office365.folders import Folder, Folders, reach_now
from connectors.office365.limits import FILES as FILES_LIMIT
from connectors.office365.mapping import files as mapping
from connectors.office365.mapping.values import Row, text
from connectors.office365.reading import Listed, Listing
from connectors.office365.scopes import FILES, SITES

PAGE_SIZE = 100
"""For each shared item on a page another call is made before it is stored."""
PREFER = "hierarchicalsharing, deltashowremovedasdeleted, deltatraversepermissiongaps, deltashowsharingchanges"
HEADERS = {"Prefer": PREFER}
SOON = timedelta(hours=1)

Place = dict[str, Any]


@changes(
    File,
    Collaborator,
    title="Files",
    every=timedelta(minutes=15),
    serves=(Capability.DATA_SCAN, Capability.REAL_TIME),
    component=components.FILES,
    permissions=(FILES, SITES),
    partitions=sites,
    starts_full=True,
    limits=(FILES_LIMIT,),
)
def files(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """Cursor: {"drives": [what is known of each], "at": {drive: link of its next page or of its changes, '' at its
    beginning}, "listing": the drives of which everything is listed still, "listed": when that was begun, "is_told":
    whether all changes since were told}. None at the end lets the next run list everything anew.
    """
    if cursor is None:
        found = drives_of(client, partition)
        place: Place = {
            "drives": [each.kept() for each in found], "at": {each.id: "" for each in found},
            "listing": [each.id for each in found], "listed": client.now().isoformat(), "is_told": True,
        }  # fmt: skip
        yield Page([], place)
    else:
        place = cursor
    for drive in [Drive(**each) for each in place["drives"]]:
        for page in _of_drive(client, drive, place):
            place = page.cursor or place
            yield page
    if _is_due(client, place):
        yield Page([], None)


def _is_due(client: Client, place: Place) -> bool:
    since = client.now() - datetime.fromisoformat(place["listed"])
    return since >= (TWELVE_HOURS if place["is_told"] else SOON)


def _of_drive(client: Client, drive: Drive, place: Place) -> Iterator[Page]:
    """From where it stood to its end. A page that tells nothing new is none."""
    folders, is_listing = Folders(client, drive), drive.id in place["listing"]
    for page in _pages(client, drive, place["at"][drive.id]):
        link, rows = page.next or page.delta, _last_ones(page.rows)
        if not rows and link == place["at"][drive.id]:
            continue
        listing = [each for each in place["listing"] if each != drive.id or page.next]
        is_told = place["is_told"] and (is_listing or all(_is_told(row) for row in rows))
        place = {**place, "at": {**place["at"], drive.id: link}, "listing": listing, "is_told": is_told}
        yield Page(list(_records(client, folders, rows)), place)


def _pages(client: Client, drive: Drive, link: str) -> Iterator[Listed]:
    """Raises NotAvailable where the site was locked meanwhile, CursorExpired where the drive was deleted: what is in
    the others is then listed anew without it."""
    asked = {"$select": mapping.ITEM_FIELDS, "$top": PAGE_SIZE}
    listing = Listing(f"/drives/{drive.id}/root/delta", asked, headers=HEADERS)
    try:
        yield from listing.pages(client, link)
    except Conflict:
        raise locked() from None
    except TargetGone:
        raise CursorExpired(
            f"The library {drive.name} was deleted meanwhile.", remedy="The site is listed anew by itself."
        ) from None


def _last_ones(rows: list[Row]) -> list[Row]:
    """Graph may tell an item more than once: the last time counts."""
    found: dict[str, Row] = {}
    for row in rows:
        found.pop(text(row["id"]), None)
        found[text(row["id"])] = row
    return list(found.values())


def _is_told(row: Row) -> bool:
    """Whether there is no more to know of a change: of a folder that was deleted Graph may not tell what was in it, and
    of what is shared otherwise not who lost access."""
    is_folder_gone = mapping.is_deleted(row) and row.get("file") is None
    return not is_folder_gone and not mapping.has_new_sharing(row)


def _records(client: Client, folders: Folders, rows: list[Row]) -> Iterator[Record]:
    for row in rows:
        if mapping.is_deleted(row):
            yield Gone(File, mapping.file_id(folders.drive.id, text(row["id"])))
            continue
        above = folders.above(row)
        is_own = mapping.is_about_sharing(row)
        reach = reach_now(client, folders.drive, row) if is_own else above.reach.inherited()
        if mapping.is_folder(row):
            folders.keep(row, Folder("" if mapping.is_root(row) else f"{above.path}/{items.name_of(row)}", reach))
        yield from items.records(client, folders.drive, row, above.path, reach)
