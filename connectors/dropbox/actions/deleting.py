"""Deleting for good what quarantine holds: the file with all its revisions, and the copy that the quarantine made."""

from connectors.base import ActionKind, Client, Conflict, File, Order, Step, StepResult, TargetGone, steps_action
from connectors.base.file_actions import portal_quarantine
from connectors.dropbox import admin, items, mapping
from connectors.dropbox.actions import admin_quarantine, holding, notices, trashing
from connectors.dropbox.reading import ask_unless
from connectors.dropbox.scopes import PERMANENT


def remember(client: Client, order: Order) -> StepResult:
    """{path, listed, size}: where it is, or lay before it was deleted. Raises TargetGone."""
    found = holding.find(client, order)
    if found is not None:
        return {"path": mapping.path_of(found), "listed": [], "size": mapping.size_of(found.get("size")) or 0}
    path = _lay_at(order)
    last = items.last_revision(client, holding.namespace(client, order), path)
    if last is None or mapping.text(last[0]["id"]) != holding.file_id(order):
        raise TargetGone(f"Dropbox has forgotten {order.target.name}.")
    return {"path": path, "listed": [], "size": mapping.size_of(last[0].get("size")) or 0}


def delete(client: Client, order: Order) -> StepResult:
    """By its path, as that holds for what was deleted before, too (which is unverified). Dropbox may end half done, so
    it is looked at afterwards."""
    if is_gone(client, order):
        return {}
    place = holding.namespace(client, order)
    asked = {"path": holding.address(place, holding.known(order)["path"])}
    writer = holding.writer(client, place, order)
    ask_unless(writer, "files/permanently_delete", asked, trashing.ABSENT)
    if not is_gone(client, order):
        raise Conflict(f"Dropbox has not deleted {order.target.name} for good yet.", remedy="Try again later.")
    return {}


def is_gone(client: Client, order: Order) -> bool:
    if holding.find(client, order) is not None:
        return False
    last = items.last_revision(client, holding.namespace(client, order), holding.known(order)["path"])
    return last is None or mapping.text(last[0]["id"]) != holding.file_id(order)


def drop_copies(client: Client, order: Order) -> StepResult:
    """{count}: of the copies in the team folder, with their revisions. What Gatehouse keeps is forgotten."""
    portal_quarantine.forget_held(order)
    copies = _copies(client, order)
    for address in copies:
        asked = {"path": address}
        ask_unless(admin.reading(client), "files/permanently_delete", asked, trashing.ABSENT)
    return {"count": len(copies)}


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known, copies = remember(client, order), _copies(client, order)
    return (
        f"{known['path']} ({known['size']} bytes) is deleted with all its revisions, and nobody can bring it back.",
        f"Copies of the quarantine, in the team folder, that are deleted, too: {len(copies)}.",
        "What others copied or synced to devices of their own stays there.",
    )


def _lay_at(order: Order) -> str:
    """Where the quarantine found it; the inventory may have seen it elsewhere meanwhile."""
    return str(order.held.get("remember", {}).get("path") or holding.path(order))


def _copies(client: Client, order: Order) -> list[str]:
    """Where those are that the quarantine made."""
    if "copy" not in order.held:
        return []
    address = admin_quarantine.held_at(order, order.held)
    return [address] if notices.at(client, address) else []


delete_file = steps_action(
    ActionKind.DELETE_FILE,
    File,
    name="delete_file",
    label="Delete for good",
    effect="{name} is deleted for good in the Dropbox team {tenant}, with all its revisions, and with the copy that "
    "the quarantine made. The notice in its place stays.",
    undo_effect="Nobody can undo it, nor can Dropbox.",
    steps=(
        Step("remember", "Remember where it is", remember),
        Step("delete", "Delete it with all revisions", delete, is_gone),
        Step("copies", "Delete what the quarantine copied", drop_copies),
    ),
    read_back=holding.read_back,
    preview=preview,
    permissions=(*trashing.PERMISSIONS, PERMANENT),
    is_for_held=True,
)
