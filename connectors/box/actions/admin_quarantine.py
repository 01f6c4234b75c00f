"""Quarantine with the admin: the bytes are copied into a folder of the connected account, then the file goes to trash.

There is a verified copy before anything is taken away, and the file itself stays in its owner's trash, with its number,
versions and sharing, until Box deletes it. A notice lies where the file was.
"""

from connectors.base import ActionKind, Client, File, Order, Step, StepResult, room, steps_action
from connectors.base.file_actions import access, applying
from connectors.box import holding_place, ids, mapping, people, uploads
from connectors.box.actions import holding, links, notices, originals, trashing
from connectors.box.reading import Row
from connectors.box.scopes import ENTERPRISE
from connectors.box.uploads import Bytes


def prepare(client: Client, order: Order) -> StepResult:
    """{folder}: of the connected account. Nobody else gets to it."""
    return {"folder": holding_place.folder_id(client)}


def copy(client: Client, order: Order) -> StepResult:
    """{copy}: the number of the copy, which has the same SHA-1."""
    with room() as stream:
        got = originals.fetch(client, order, stream)
        stream.seek(0)
        content = Bytes(stream, got["size"], got["sha1"])
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


def bring_back(client: Client, order: Order) -> StepResult:
    """Out of trash with its number and versions; where Box has deleted it there, the copy as a new file."""
    if originals.is_remembered(client, order):
        return trashing.restore_with_end(client, order)
    kept = copies(client, order)
    if not kept:
        raise originals.ORIGINAL.lost(order, "in the quarantine folder")
    with room() as stream:
        file_id = ids.item(ids.FILE, kept[0]["id"])
        uploads.fetch(client, file_id, int(holding.known(order)["size"]), stream)
        return originals.put_back(client, order, stream)


def refuse(client: Client, order: Order) -> str:
    if holding.owner_id(order) == mapping.id_of(people.me(client)["id"]):
        return "This file belongs to the account that Gatehouse is connected with. Quarantine it with its owner."
    return "" if trashing.has_trash(client) else trashing.NO_TRASH


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known, place = originals.remember(client, order), holding_place.words(client)
    return (
        f"{known['name']} ({known['size']} bytes) is copied into {place}, which nobody else gets to, and its SHA-1 is "
        "compared. Earlier versions are not copied: they stay with the file in trash.",
        f"Then it moves to its owner's trash. It has {links.words(known['link'])}, and these get to it: "
        f"{access.words(known['collaborations'])}; nobody does while it is there.",
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
        Step("remember", "Remember place, link, collaborators and content", originals.remember),
        Step("prepare", "Make the admin's quarantine folder", prepare),
        Step("copy", "Copy it to the admin", copy, is_copied, drop_copy, undo_is_done=is_dropped,
             undo_is_repeatable=True),
        originals.ORIGINAL.taking("Move it to its owner's trash", bring_back),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*holding.PERMISSIONS, ENTERPRISE),
    applies=applying.is_file,
)  # fmt: skip
