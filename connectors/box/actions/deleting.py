"""Deleting for good what quarantine holds: the item out of its owner's trash, and the admin's copy of it."""

from dataclasses import replace

from connectors.base import ActionKind, Client, Conflict, File, Order, Step, StepResult, steps_action
from connectors.base.file_actions import portal_quarantine
from connectors.box import ids, items, mapping
from connectors.box.actions import admin_quarantine, holding
from connectors.box.items import find
from connectors.box.reading import Row


def remember(client: Client, order: Order) -> StepResult:
    """{name, sha1, size}. Raises TargetGone."""
    found = holding.item(client, order)
    return {"name": mapping.text(found.get("name")), "sha1": found.get("sha1"), "size": found.get("size")}


def trash(client: Client, order: Order) -> StepResult:
    """Where the enterprise keeps nothing in trash, it is gone by this alone."""
    if is_trashed_or_gone(client, order):
        return {}
    kind, _ = ids.parts(holding.file_id(order))
    params = {"recursive": "true"} if kind == ids.FOLDER else None
    holding.owner(client, order).delete(ids.path(holding.file_id(order)), params=params)
    return {}


def is_trashed_or_gone(client: Client, order: Order) -> bool:
    found = _find(client, order)
    return found is None or items.is_trashed(found)


def purge(client: Client, order: Order) -> StepResult:
    """Raises Conflict where somebody has taken it out of trash meanwhile."""
    found = _find(client, order)
    if found is None:
        return {}
    if not items.is_trashed(found):
        raise Conflict(f"Somebody restored {order.target.name} meanwhile.", remedy="Look at it in Box.")
    holding.owner(client, order).delete(ids.path(holding.file_id(order), "/trash"), expect=(404,))
    return {}


def is_gone(client: Client, order: Order) -> bool:
    return _find(client, order) is None


def drop_copies(client: Client, order: Order) -> StepResult:
    """{count}: of the copies in the admin's folder, out of trash as well. What Gatehouse keeps is forgotten."""
    portal_quarantine.forget_held(order)
    copies = _copies(client, order)
    for row in copies:
        client.delete(f"/files/{row['id']}", expect=(404,))
        client.delete(f"/files/{row['id']}/trash", expect=(404,))
    return {"count": len(copies)}


def preview(client: Client, order: Order) -> tuple[str, ...]:
    found, copies = holding.item(client, order), _copies(client, order)
    owner = mapping.text(mapping.part(found, "owned_by").get("login")) or "its owner"
    place = "the trash" if items.is_trashed(found) else "the folder Quarantine"
    return (
        f"{found['name']} ({found.get('size') or 0} bytes) is in {place} of {owner}. It is deleted from there for "
        "good, with all earlier versions and comments.",
        f"Copies of the quarantine, with the connected account, that are deleted, too: {len(copies)}.",
        "Box refuses while a retention policy or a legal hold keeps the item. What somebody has downloaded stays.",
    )


def _find(client: Client, order: Order) -> Row | None:
    return find(holding.owner(client, order), holding.file_id(order))


def _copies(client: Client, order: Order) -> list[Row]:
    """Those that the quarantine made; none where it made none."""
    if "copy" not in order.held:
        return []
    return admin_quarantine.copies(client, replace(order, results=order.held))


delete_file = steps_action(
    ActionKind.DELETE_FILE,
    File,
    name="delete_file",
    label="Delete for good",
    effect="{name} is deleted for good in the Box enterprise {tenant}, with all its versions, and with the copy that "
    "the quarantine made. The notice in its place stays.",
    undo_effect="Nobody can undo it, nor can Box.",
    steps=(
        Step("remember", "Remember what it is", remember),
        Step("trash", "Move it to trash", trash, is_trashed_or_gone),
        Step("purge", "Delete it from trash", purge, is_gone),
        Step("copies", "Delete what the quarantine copied", drop_copies),
    ),
    read_back=holding.read_back,
    preview=preview,
    permissions=holding.PERMISSIONS,
    is_for_held=True,
)
