"""Quarantine with Gatehouse: the bytes are kept encrypted in the portal, then the file goes to its owner's trash.

For enterprises in which no account of Box is to hold what was taken away. As with the admin, the file itself stays in
trash with its number, versions and sharing until Box deletes it there, and a notice lies where it was.
"""

from connectors.base import (
    ActionKind,
    BadResponse,
    ByteStore,
    Client,
    File,
    NotAvailable,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.box import ids, uploads
from connectors.box.actions import admin_quarantine, holding, links, notices, overwriting, sharing, trashing
from connectors.box.items import find
from connectors.box.scopes import ENTERPRISE
from connectors.box.uploads import Bytes

CONTENT = "content"
MIB = 1024 * 1024


def keep(client: Client, order: Order) -> StepResult:
    """{size, sha1} of what is kept, which is what Box says that the file holds."""
    known, sentence = holding.known(order), _too_large(order, int(holding.known(order)["size"]))
    if sentence:
        raise NotAvailable(sentence, remedy="Choose another quarantine, or raise this in Settings > General.")
    owner, path = holding.owner(client, order), ids.path(holding.file_id(order), "/content")
    with store_of(order).writer(CONTENT) as stream:
        got = owner.download(path, stream, max_bytes=int(known["size"]), hash="sha1")
        if got.digest != known["sha1"]:
            raise BadResponse(
                f"What Box gave for {order.target.name} is not what it says the file holds.",
                remedy="Somebody may have changed it meanwhile: try again.",
            )
    return {"size": got.size, "sha1": got.digest}


def is_kept(client: Client, order: Order) -> bool:
    try:
        with store_of(order).reader(CONTENT):
            return True
    except KeyError:
        return False


def forget(client: Client, order: Order) -> StepResult:
    """Once the file itself is back where it was."""
    store_of(order).forget(CONTENT)
    return {}


def is_forgotten(client: Client, order: Order) -> bool:
    return not is_kept(client, order)


def bring_back(client: Client, order: Order) -> StepResult:
    """Out of trash with its number and versions; where Box has deleted it there, what is kept as a new file."""
    owner, known = holding.owner(client, order), holding.known(order)
    if find(owner, holding.file_id(order)) is not None:
        return trashing.restore_with_end(client, order)
    try:
        with store_of(order).reader(CONTENT) as stream:
            content = Bytes(stream, int(known["size"]), str(known["sha1"]))
            return {"new_file": uploads.new_file(owner, known["parent"], known["name"], content)}
    except KeyError:
        raise NotAvailable(
            f"{order.target.name} is neither in trash nor kept by Gatehouse any more.",
            remedy="Ask Box's support for it.",
        ) from None


def store_of(order: Order) -> ByteStore:
    """Raises NotAvailable where nothing can be kept, as on a page that only asks."""
    if order.store is None:
        raise NotAvailable("Gatehouse keeps no bytes here.", remedy="Choose another quarantine.")
    return order.store


def refuse(client: Client, order: Order) -> str:
    if not trashing.has_trash(client):
        return trashing.NO_TRASH
    return _too_large(order, int(overwriting.remember(client, order)["size"]))


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = admin_quarantine.remember(client, order)
    return (
        f"{known['name']} ({known['size']} bytes) is kept by Gatehouse, encrypted in its database, and its SHA-1 is "
        "compared. Earlier versions are not kept there: they stay with the file in trash.",
        f"Then it moves to its owner's trash. It has {links.words(known['link'])}, and these get to it: "
        f"{sharing.words(known['collaborations'])}; nobody does while it is there. Nobody is told by Box.",
        "A notice lies in its place.",
        "The owner can restore the file from trash: quarantine it with its owner where that must not be.",
    )


def _too_large(order: Order, size: int) -> str:
    if size <= store_of(order).max_bytes:
        return ""
    return f"It has {size} bytes, more than the {store_of(order).max_bytes // MIB:,} MB that Gatehouse keeps of a file."


quarantine_with_portal = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_with_portal",
    label="Quarantine with Gatehouse",
    effect="The content of {name} is kept by Gatehouse, encrypted, and then the file moves to its owner's trash in the "
    "Box enterprise {tenant}. A notice lies in its place.",
    undo_effect="Undo restores the file from trash with its versions and sharing and forgets the content. When Box has "
    "deleted it there, the content becomes a new file of the owner's, without versions and sharing.",
    steps=(
        Step("remember", "Remember place, link, collaborators and content", admin_quarantine.remember),
        Step("keep", "Keep the content in Gatehouse", keep, is_kept, forget, undo_is_done=is_forgotten,
             undo_is_repeatable=True),
        Step("trash", "Move it to its owner's trash", admin_quarantine.trash, trashing.is_trashed, bring_back,
             undo_is_repeatable=True),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*holding.PERMISSIONS, ENTERPRISE),
    applies=overwriting.is_file,
)  # fmt: skip
