"""Moving an item to its owner's trash, and restoring it from there."""

from connectors.base import (
    ActionKind,
    Client,
    File,
    NotAvailable,
    Order,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.base.file_actions import access, applying
from connectors.box import ids, items, mapping, people
from connectors.box.actions import collaborators, holding, links
from connectors.box.reading import document
from connectors.box.scopes import ENTERPRISE

VERSION = {"box-version": "2025.0"}
NO_TRASH = (
    "The enterprise keeps nothing in trash: Box would delete this for good. Quarantine it instead, or switch the "
    "trash on in the Admin Console."
)


def trash(client: Client, order: Order) -> StepResult:
    if is_trashed(client, order):
        return {}
    kind, _ = ids.parts(holding.file_id(order))
    params = {"recursive": "true"} if kind == ids.FOLDER else None
    holding.owner(client, order).delete(ids.path(holding.file_id(order)), params=params)
    return {}


def is_trashed(client: Client, order: Order) -> bool:
    return items.is_trashed(holding.item(client, order))


def is_restored(client: Client, order: Order) -> bool:
    return not is_trashed(client, order)


def restore(client: Client, order: Order) -> StepResult:
    """Back to the folder it was in; to the owner's uppermost one where that is gone."""
    if is_restored(client, order):
        return {}
    body = {"parent": {"id": ids.ROOT}}
    path, asked = ids.path(holding.file_id(order)), {"fields": mapping.ITEM_FIELDS}
    found = document(holding.owner(client, order).post(path, json=body, params=asked), "id", "type")
    return {"parent": mapping.id_of(mapping.part(found, "parent").get("id"))}


def restore_with_end(client: Client, order: Order) -> StepResult:
    """Box gives the link back, but not its end: an expiring link would be there for ever."""
    result, link = restore(client, order), holding.known(order)["link"]
    if not _has_its_end(client, order):
        holding.change(client, order, shared_link={"access": link["access"], "unshared_at": link["unshared_at"]})
    return result


def is_restored_with_end(client: Client, order: Order) -> bool:
    return is_restored(client, order) and _has_its_end(client, order)


def _has_its_end(client: Client, order: Order) -> bool:
    """Whether the link ends when the remembered one did: true also where there is no link any more."""
    end = holding.known(order)["link"].get("unshared_at")
    link = links.link_of(holding.present(client, order)) if end else {}
    return not link or bool(link["unshared_at"] == end)


def has_trash(client: Client) -> bool:
    """Raises PermissionMissing where the configuration is not shown."""
    path = f"/enterprise_configurations/{people.enterprise_id(client)}"
    answer = client.get(path, params={"categories": "content_and_sharing"}, headers=VERSION)
    settings = mapping.part(document(answer), "content_and_sharing")
    return mapping.part(settings, "trash_auto_clear_time").get("value") != 0


def refuse_trashing(client: Client, order: Order) -> str:
    if is_trashed(client, order):
        return "This item is in trash already."
    return "" if has_trash(client) else NO_TRASH


def preview_trashing(client: Client, order: Order) -> tuple[str, ...]:
    known = collaborators.remember_all(client, order)
    return (
        f"{order.target.name} moves to its owner's trash; a folder takes all that is in it along.",
        f"It has {links.words(known['link'])}, and these get to it: {access.words(known['collaborations'])}. Nobody "
        "does while it is in trash.",
        "Box deletes what is in trash for good after a time that the enterprise sets, 30 days at first.",
    )


trash_file = steps_action(
    ActionKind.TRASH_FILE,
    File,
    name="trash_file",
    label="Move to trash",
    effect="{name} moves to its owner's trash in the Box enterprise {tenant}, where nobody else gets to it. Box "
    "deletes it for good after the time that the enterprise set.",
    undo_effect="Undo restores it to its folder with link and collaborators, while it is in trash.",
    steps=(
        Step("remember", "Remember link and collaborators", collaborators.remember_all),
        Step(
            "trash", "Move to trash", trash, is_trashed, restore_with_end,
            undo_is_done=is_restored_with_end, undo_is_repeatable=True,
        ),
    ),
    read_back=holding.read_back,
    refuse=refuse_trashing,
    preview=preview_trashing,
    permissions=(*holding.PERMISSIONS, ENTERPRISE),
    applies=applying.is_there,
)  # fmt: skip


# --- restoring ------------------------------------------------------------------------------------------------------


def remember_trashed(client: Client, order: Order) -> StepResult:
    """{name, parent, trashed_at}."""
    found = holding.item(client, order)
    if not items.is_trashed(found):
        raise TargetGone(f"{order.target.name} is not in trash any more.")
    parent = mapping.id_of(mapping.part(found, "parent").get("id")) or ids.ROOT
    return {"name": mapping.text(found.get("name")), "parent": parent, "trashed_at": found.get("trashed_at")}


def trash_again(client: Client, order: Order) -> StepResult:
    if not has_trash(client):
        raise NotAvailable(NO_TRASH, remedy="Handle it in Box itself.")
    return trash(client, order)


def refuse_restoring(client: Client, order: Order) -> str:
    return "" if is_trashed(client, order) else "This item is not in trash."


def preview_restoring(client: Client, order: Order) -> tuple[str, ...]:
    remember_trashed(client, order)
    return (
        f"{order.target.name} goes back to the folder it was in, or to its owner's uppermost one.",
        "Its shared link and its collaborators come back with it, and a link that would have run out no longer does.",
    )


restore_file = steps_action(
    ActionKind.RESTORE_FILE,
    File,
    name="restore_file",
    label="Restore from trash",
    effect="{name} goes back to the folder it was in, in the Box enterprise {tenant}. Its shared link and "
    "collaborators come back with it.",
    undo_effect="Undo moves it to trash again.",
    steps=(
        Step("remember", "Remember since when it is in trash", remember_trashed),
        Step(
            "restore", "Restore", restore, is_restored, trash_again,
            undo_is_done=is_trashed, undo_is_repeatable=True,
        ),
    ),
    read_back=holding.read_back,
    refuse=refuse_restoring,
    preview=preview_restoring,
    permissions=(*holding.PERMISSIONS, ENTERPRISE),
    applies=applying.is_in_trash,
)  # fmt: skip
