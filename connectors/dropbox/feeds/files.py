"""Files and folders of each namespace, those that were deleted, too; who gets to them.

First everything is listed, then Dropbox tells what has changed since. It does not tell of links and members that
change, nor what lay in a folder that was deleted: so everything is listed anew twice a day, and after a deleted folder.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from connectors.base import (
    TWELVE_HOURS,
    Capability,
    Client,
    Collaborator,
    Cursor,
    Exposure,
    File,
    Page,
    Record,
    changes,
)
from connectors.dropbox import admin, mapping, reach
from connectors.dropbox.items import Surroundings, explicit, present, surroundings, trash
from connectors.dropbox.mapping import DELETED, FILE, FOLDER
from connectors.dropbox.namespaces import Namespace, opened, partitions
from connectors.dropbox.reading import Row, ask, document, rows_of
from connectors.dropbox.scopes import GROUPS, MEMBERS, METADATA, SHARING, TEAM_DATA

PAGE_SIZE = 200
"""For deleted files, and in the homes of who is suspended, another call is made for each before the page is stored."""

Place = dict[str, Any]


@changes(
    File,
    Collaborator,
    title="Files",
    every=timedelta(minutes=5),
    serves=(Capability.DATA_SCAN, Capability.REAL_TIME),
    permissions=(TEAM_DATA, MEMBERS, GROUPS, METADATA, SHARING),
    partitions=partitions,
    starts_full=True,
)
def files(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """Cursor: {"namespace": what is known of it, "at": Dropbox's cursor, "is_listing": whether that lists everything
    still, "is_told": whether all changes since were told, "open": how far links open folders that were listed, by their
    paths, "listed": when that was begun}. None at the end lets the next run list everything anew.
    """
    if cursor is None:
        namespace = opened(client, partition)
        place = {
            "namespace": namespace.kept(), "at": "", "is_listing": True, "is_told": True,
            "open": {}, "listed": client.now().isoformat(),
        }  # fmt: skip
        yield Page(list(surroundings(client, namespace).folder(client)), place)
    else:
        place = cursor
    yield from _listed(client, place) if place["is_listing"] else _changed(client, place)


# --- everything -------------------------------------------------------------------------------------------------------


def _listed(client: Client, place: Place) -> Iterator[Page]:
    namespace = Namespace(**place["namespace"])
    around = surroundings(client, namespace)
    links = _links(client, around)
    while place["is_listing"]:
        entries, place, has_more = _next(client, place)
        place = {**place, "is_listing": has_more, "open": _opened(client, place["open"], entries, links)}
        yield Page(list(_records(client, around, entries, links, place["open"])), place)


def _links(client: Client, around: Surroundings) -> reach.Links | None:
    """Those of all who have the namespace; None where they have to be asked for one by one."""
    namespace = around.namespace
    if namespace.owner_id and not namespace.actor_id and not namespace.is_shared:
        return None
    makers = reach.makers(client, namespace, around.members)
    return reach.by_target(link for member in makers for link in reach.links_of(client, member))


def _own_links(client: Client, row: Row, links: reach.Links | None) -> list[Row]:
    file_id = mapping.text(row["id"])
    return reach.links_to(client, file_id, is_direct=True) if links is None else links.get(file_id, [])


def _opened(client: Client, known: dict[str, str], entries: list[Row], links: reach.Links | None) -> dict[str, str]:
    """With the folders of this page that links open. Dropbox lists a folder before what is in it (unverified)."""
    found = dict(known)
    for row in entries:
        if mapping.tag(row) == FOLDER:
            exposures = (mapping.link_exposure(link, client.now()) for link in _own_links(client, row, links))
            exposure = mapping.highest(exposures)
            found |= {mapping.text(row.get("path_lower")): exposure.value} if exposure is not Exposure.PRIVATE else {}
    return found


def _records(
    client: Client, around: Surroundings, entries: list[Row], links: reach.Links | None, opened: dict[str, str]
) -> Iterator[Record]:
    there = [row for row in entries if _is_own(row)]
    given = explicit(client, there)
    deleted = [row for row in entries if mapping.tag(row) == DELETED and row.get("is_restorable") is not False]
    yield from trash(client, around, [mapping.path_of(row) for row in deleted])[0]
    for row in there:
        above = mapping.highest(Exposure(each) for path, each in opened.items() if _is_below(row, path))
        own = _own_links(client, row, links)
        yield from around.records(client, row, own, above, given.get(mapping.text(row["id"]), []))


def _is_own(row: Row) -> bool:
    return mapping.tag(row) in (FILE, FOLDER) and bool(row.get("id")) and not mapping.is_mount(row)


def _is_below(row: Row, folder: str) -> bool:
    return mapping.text(row.get("path_lower")).startswith(f"{folder}/")


# --- what has changed -------------------------------------------------------------------------------------------------


def _changed(client: Client, place: Place) -> Iterator[Page]:
    has_more = True
    while has_more:
        entries, place, has_more = _next(client, place)
        records, is_told = _changes(client, Namespace(**place["namespace"]), entries) if entries else ([], True)
        place = {**place, "is_told": place["is_told"] and is_told}
        yield Page(records, place)
    if not place["is_told"] or client.now() - datetime.fromisoformat(place["listed"]) >= TWELVE_HOURS:
        yield Page([], None)


def _changes(client: Client, namespace: Namespace, entries: list[Row]) -> tuple[list[Record], bool]:
    """The records, and whether they are all: of a folder that was deleted nobody says what was in it."""
    around = surroundings(client, namespace)
    paths = [mapping.path_of(row) for row in entries if mapping.tag(row) == DELETED]
    deleted, is_told = trash(client, around, paths)
    there = [row for row in entries if _is_own(row)]
    return [*deleted, *around.folder(client), *present(client, around, there)], is_told


# --- both -------------------------------------------------------------------------------------------------------------


def _next(client: Client, place: Place) -> tuple[list[Row], Place, bool]:
    """The next entries, the place after them, and whether there are more. Raises CursorExpired where Dropbox no longer
    knows the cursor."""
    reading = admin.reading(client)
    if place["at"]:
        answer = ask(reading, "files/list_folder/continue", {"cursor": place["at"]})
    else:
        answer = ask(reading, "files/list_folder", _everything(place["namespace"]["id"]))
    found = document(answer, "cursor", "has_more")
    return rows_of(answer, "entries", ".tag"), {**place, "at": str(found["cursor"])}, bool(found["has_more"])


def _everything(namespace_id: str) -> dict[str, Any]:
    """Other namespaces that are seen in this one are read where they lie."""
    return {
        "path": f"{mapping.NAMESPACE}{namespace_id}",
        "recursive": True,
        "include_deleted": True,
        "include_restorable_info": True,
        "include_has_explicit_shared_members": True,
        "include_mounted_folders": False,
        "include_non_downloadable_files": True,
        "limit": PAGE_SIZE,
    }
