"""The records of an item: the file or folder, and who gets to it."""

from collections.abc import Iterator
from dataclasses import replace

from connectors.base import Client, Collaborator, File, Gone, Record
from connectors.office365.domains import own_domains
from connectors.office365.drives import Drive
from connectors.office365.folders import Reach, exposure, folder_now, item_now, reach_now
from connectors.office365.mapping import files, sharing
from connectors.office365.mapping.values import Row, text


def records(client: Client, drive: Drive, row: Row, above: str, reach: Reach) -> Iterator[Record]:
    """`above`: the path of the folder that it lies in; `reach`: who gets to it."""
    domains = own_domains(client)
    found = files.item(row, drive, above, exposure(reach, row, drive, client, domains))
    yield found
    owner = files.owner_id(row, drive)
    for each in sharing.collaborators(found.id, reach.permissions, owner, domains, client.now()):
        yield replace(each, raw={**each.raw, "drive": drive.kept()})


def now(client: Client, drive: Drive, number: str) -> Iterator[Record]:
    """As the feed would tell it now."""
    row = item_now(client, drive, number)
    if row is None:
        yield Gone(File, files.file_id(drive.id, number))
        return
    yield from records(client, drive, row, files.folder_path(row) or "", _reach(client, drive, row))


def _reach(client: Client, drive: Drive, row: Row) -> Reach:
    """A single item says that it is shared also where a folder above it is, but no longer what was only taken away."""
    reach = reach_now(client, drive, row)
    if reach.is_asked or files.is_root(row) or not files.parent_of(row):
        return reach
    return folder_now(client, drive, files.parent_of(row)).reach.inherited()


def gone_sharing(before: list[str], listed: list[Record]) -> Iterator[Gone]:
    """Of the collaborators that were known before, those that are not told any more."""
    there = {each.id for each in listed}
    yield from (Gone(Collaborator, each) for each in before if each not in there)


def name_of(row: Row) -> str:
    return text(row.get("name"))
