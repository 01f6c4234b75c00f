"""Quarantine with the admin: the bytes are copied into a folder of the connected account, then the file goes to trash.

There is a verified copy before anything is taken away, and the file itself stays in its owner's trash, with its number,
versions and sharing, until Box deletes it. A notice lies where the file was.
"""

from connectors.base import (
    ActionKind,
    BadResponse,
    Client,
    File,
    NotAvailable,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.box import holding_place, ids, mapping, people, uploads
from connectors.box.actions import collaborators, holding, links, notices, overwriting, sharing, trashing
from connectors.box.items import find
from connectors.box.reading import Row
from connectors.box.scopes import ENTERPRISE


def remember(client: Client, order: Order) -> StepResult:
    """{link, collaborations, reach, parent, name, version, sha1, size}."""
    return {**collaborators.remember_all(client, order), **overwriting.remember(client, order)}


def prepare(client: Client, order: Order) -> StepResult:
    """{folder}: of the connected account. Nobody else gets to it."""
    return {"folder": holding_place.folder_id(client)}


def copy(client: Client, order: Order) -> StepResult:
    """{copy}: the number of the copy, which has the same SHA-1."""
    known, owner = holding.known(order), holding.owner(client, order)
    with uploads.room() as stream:
        content = uploads.fetch(owner, holding.file_id(order), int(known["size"]), stream)
        if content.sha1 != known["sha1"]:
            raise BadResponse(
                f"What Box gave for {order.target.name} is not what it says the file holds.",
                remedy="Somebody may have changed it meanwhile: try again.",
            )
        return {"copy": uploads.new_file(client, _folder(order), notices.numbered(order), content)}


def is_copied(client: Client, order: Order) -> bool:
    return bool(copies(client, order))


def drop_copy(client: Client, order: Order) -> StepResult:
    """Once the file itself is back where it was."""
    for row in copies(client, order):
        client.delete(f"/files/{row['id']}", expect=(404,))
    return {}


def is_dropped(client: Client, order: Order) -> bool:
    return not is_copied(client, order)


def trash(client: Client, order: Order) -> StepResult:
    if not trashing.has_trash(client):
        raise NotAvailable(trashing.NO_TRASH, remedy="Quarantine it with its owner instead.")
    return trashing.trash(client, order)


def bring_back(client: Client, order: Order) -> StepResult:
    """Out of trash with its number and versions; where Box has deleted it there, the copy as a new file."""
    owner, known = holding.owner(client, order), holding.known(order)
    if find(owner, holding.file_id(order)) is not None:
        return trashing.restore_with_end(client, order)
    kept = copies(client, order)
    if not kept:
        raise NotAvailable(
            f"{order.target.name} is neither in trash nor in the quarantine folder any more.",
            remedy="Ask Box's support for it.",
        )
    with uploads.room() as stream:
        file_id = ids.item(ids.FILE, kept[0]["id"])
        content = uploads.fetch(client, file_id, int(known["size"]), stream)
        return {"new_file": uploads.new_file(owner, known["parent"], known["name"], content)}


def refuse(client: Client, order: Order) -> str:
    if holding.owner_id(order) == mapping.id_of(people.me(client)["id"]):
        return "This file belongs to the account that Gatehouse is connected with. Quarantine it with its owner."
    return "" if trashing.has_trash(client) else trashing.NO_TRASH


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known, place = remember(client, order), holding_place.words(client)
    return (
        f"{known['name']} ({known['size']} bytes) is copied into {place}, which nobody else gets to, and its SHA-1 is "
        "compared. Earlier versions are not copied: they stay with the file in trash.",
        f"Then it moves to its owner's trash. It has {links.words(known['link'])}, and these get to it: "
        f"{sharing.words(known['collaborations'])}; nobody does while it is there.",
        "A notice lies in its place.",
        "The owner can restore the file from trash: quarantine it with its owner where that must not be.",
    )


def _folder(order: Order) -> str:
    return str(order.results["prepare"]["folder"])


def copies(client: Client, order: Order) -> list[Row]:
    """Those in the admin's folder, by name and content."""
    known = holding.known(order)
    return notices.in_folder(client, _folder(order), notices.numbered(order), known["sha1"])


quarantine_with_admin = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_with_admin",
    label="Quarantine with the admin",
    effect="{name} is copied into a folder of the account that Gatehouse is connected with, and then moves to its "
    "owner's trash in the Box enterprise {tenant}. A notice lies in its place.",
    undo_effect="Undo restores the file from trash with its versions and sharing and deletes the copy. When Box has "
    "deleted it there, the copy becomes a new file of the owner's, without versions and sharing.",
    steps=(
        Step("remember", "Remember place, link, collaborators and content", remember),
        Step("prepare", "Make the admin's quarantine folder", prepare),
        Step("copy", "Copy it to the admin", copy, is_copied, drop_copy, undo_is_done=is_dropped,
             undo_is_repeatable=True),
        Step("trash", "Move it to its owner's trash", trash, trashing.is_trashed, bring_back, undo_is_repeatable=True),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*holding.PERMISSIONS, ENTERPRISE),
    applies=overwriting.is_file,
)  # fmt: skip
