"""Restoring what lies in a site's recycle bin, and what is found where it lay."""

from collections.abc import Iterator

from connectors.base import (
    ActionKind,
    Client,
    File,
    Gone,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.base.file_actions import applying
from connectors.office365 import components, items, recycle_bin
from connectors.office365.actions import holding
from connectors.office365.drives import Drive
from connectors.office365.folders import item_path
from connectors.office365.mapping.trash import BIN, binned
from connectors.office365.mapping.values import Row, part, text
from connectors.office365.scopes import SHAREPOINT

PERMISSIONS = (*holding.PERMISSIONS, SHAREPOINT)


def site(order: Order) -> Row:
    """{id, url}."""
    return part(order.target.raw, "site")


def in_bin(client: Client, order: Order) -> Row | None:
    wanted = order.target.id.removeprefix(BIN)
    listed = recycle_bin.every(client, text(site(order).get("url")))
    return next((row for row in listed if row["Id"] == wanted), None)


def remember(client: Client, order: Order) -> StepResult:
    """{name, folder, deleted_at}. Raises TargetGone."""
    found = in_bin(client, order)
    if found is None:
        raise TargetGone(f"{order.target.name} is not in the recycle bin any more.")
    return {
        "name": text(found.get("LeafName")), "folder": text(found.get("DirName")),
        "deleted_at": text(found.get("DeletedDate")),
    }  # fmt: skip


def restore(client: Client, order: Order) -> StepResult:
    """{drive, id}: what it is there; nothing where it is not found there at once."""
    if in_bin(client, order) is not None:
        recycle_bin.restore(client, text(site(order).get("url")), order.target.id.removeprefix(BIN))
    found = restored(client, order)
    return {} if found is None else {"drive": found[0].id, "id": text(found[1]["id"])}


def is_restored(client: Client, order: Order) -> bool:
    return in_bin(client, order) is None


def restored(client: Client, order: Order) -> tuple[Drive, Row] | None:
    """What lies where it lay."""
    return recycle_bin.located(client, text(site(order).get("id")), order.target.raw)


def trash_again(client: Client, order: Order) -> StepResult:
    """Under another number of the recycle bin; wherever it was moved to meanwhile."""
    way = _way(client, order)
    if way:
        client.delete(way, expect=(404,))
    return {}


def is_trashed_again(client: Client, order: Order) -> bool:
    way = _way(client, order)
    return not way or client.get(way, params={"$select": "id"}, expect=(404,)).status == 404


def _way(client: Client, order: Order) -> str:
    """To what was restored: by its number, so that nothing else of its name is taken for it; '' where there is none.
    Where the answer was lost and the number with it, by where it lay."""
    known = order.results.get("restore", {})
    if known:
        return item_path(str(known["drive"]), str(known["id"]))
    found = restored(client, order)
    return "" if found is None else item_path(found[0].id, text(found[1]["id"]))


def refuse(client: Client, order: Order) -> str:
    if in_bin(client, order) is None:
        return "This item is not in the recycle bin any more."
    if restored(client, order) is not None:
        return "Something of the same name lies where it lay: rename that in SharePoint first."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        f"{order.target.name} goes back to the folder {known['folder']}.",
        "Its links and who gets to it come back with it, so people may get to it again.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """What is in the bin of this name, and what lies where it lay."""
    place, raw = site(order), order.target.raw
    there = list(recycle_bin.every(client, text(place.get("url"))))
    if not any(row["Id"] == order.target.id.removeprefix(BIN) for row in there):
        yield Gone(File, order.target.id)
    named = (text(raw.get("LeafName")), text(raw.get("DirName")))
    same = (row for row in there if (row.get("LeafName"), row.get("DirName")) == named)
    yield from (binned(row, {name: text(value) for name, value in place.items()}) for row in same)
    found = restored(client, order)
    if found is not None:
        yield from items.now(client, found[0], text(found[1]["id"]))


restore_file = steps_action(
    ActionKind.RESTORE_FILE,
    File,
    name="restore_file",
    label="Restore from the recycle bin",
    effect="{name} goes back to the folder it was in, in {tenant}, with its versions. Its links and who gets to it "
    "come back with it.",
    undo_effect="Undo moves it to the recycle bin again.",
    steps=(
        Step("remember", "Remember where it lay", remember),
        Step(
            "restore", "Restore", restore, is_restored, trash_again,
            undo_is_done=is_trashed_again, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=PERMISSIONS,
    component=components.FILES,
    applies=applying.is_in_trash,
)  # fmt: skip
