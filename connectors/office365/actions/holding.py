"""The file or folder an action is about, as Graph has it now."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Client, Collaborator, Order, Record, StepResult, TargetGone
from connectors.office365 import folders, items
from connectors.office365.domains import own_domains
from connectors.office365.drives import Drive, drive_of
from connectors.office365.mapping import files, sharing
from connectors.office365.mapping.values import Row, part, text
from connectors.office365.scopes import FILES, FILES_WRITE, SITES

PERMISSIONS = (FILES, SITES, FILES_WRITE)


def drive(order: Order) -> Drive:
    """Raises TargetGone where the record does not say."""
    return drive_of(order.target.raw)


def number(order: Order) -> str:
    """Of the item itself, or of the one that a Collaborator gets to."""
    return files.ids(order.target.id)[1]


def path(order: Order, below: str = "") -> str:
    return folders.item_path(files.ids(order.target.id)[0], number(order), below)


def find(client: Client, order: Order) -> Row | None:
    """None where it is not in the drive any more."""
    return folders.item_now(client, drive(order), number(order))


def present(client: Client, order: Order) -> Row:
    """Raises TargetGone."""
    found = find(client, order)
    if found is None:
        raise TargetGone(f"{order.target.name} is not there any more.", why="It was deleted, or moved to another site.")
    return found


def own_permissions(client: Client, order: Order) -> list[Row]:
    """Those on the item itself, but its owner's; those of folders above it end there. Raises TargetGone."""
    row, place = present(client, order), drive(order)
    told = folders.permissions(client, place.id, number(order))
    owner, domains = files.owner_id(row, place), own_domains(client)
    return [
        each for each in told
        if not sharing.is_inherited(each)
        and sharing.OWNER not in (each.get("roles") or ())
        and not sharing.is_owners(each, owner, domains)
    ]  # fmt: skip


def sharing_now(client: Client, order: Order) -> StepResult:
    """{name, parent, listed: ids of all who get to it, as collaborators}."""
    row = present(client, order)
    listed = items.now(client, drive(order), number(order))
    return {
        "name": text(row.get("name")),
        "parent": files.parent_of(row),
        "listed": [each.id for each in listed if isinstance(each, Collaborator)],
    }


def quick_xor_of(row: Row) -> str:
    """The hash that Graph tells of a file, in base64; '' where it tells none."""
    return text(part(part(row, "file"), "hashes").get("quickXorHash"))


def known(order: Order) -> StepResult:
    """What the first step remembered."""
    found: Mapping[str, Any] = order.results["remember"]
    return found


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """The item and who gets to it; of those from before, who does not any more."""
    listed = list(items.now(client, drive(order), number(order)))
    yield from listed
    before = order.results.get("remember", {}).get("listed", ())
    yield from items.gone_sharing([str(each) for each in before], listed)
