"""Quarantine with Gatehouse: the bytes are kept encrypted in the portal, then the file is deleted.

For teams in which no place of Dropbox is to hold what was taken away, or has none for it. As with the admin, the file
itself can be restored with its id, revisions and links until Dropbox forgets it, and a notice lies where it was.
"""

from connectors.base import ActionKind, ByteStore, Client, File, NotAvailable, Order, Step, StepResult, steps_action
from connectors.dropbox import content
from connectors.dropbox.actions import admin_quarantine, holding, links, notices, sharing, trashing
from connectors.dropbox.scopes import CONTENT

KEPT = "content"
MIB = 1024 * 1024


def keep(client: Client, order: Order) -> StepResult:
    """{size, content_hash} of what is kept, which is what Dropbox says that the file holds."""
    known, sentence = holding.known(order), _too_large(order, int(holding.known(order)["size"]))
    if sentence:
        raise NotAvailable(sentence, remedy="Choose another quarantine, or raise this in Settings > General.")
    with content.room() as stream, store_of(order).writer(KEPT) as kept:
        got = admin_quarantine.fetched(client, order, stream)
        while block := got.stream.read(content.BLOCK):
            kept.write(block)
    return {"size": got.size, "content_hash": known["content_hash"]}


def is_kept(client: Client, order: Order) -> bool:
    try:
        with store_of(order).reader(KEPT):
            return True
    except KeyError:
        return False


def forget(client: Client, order: Order) -> StepResult:
    """Once the file itself is back where it was."""
    store_of(order).forget(KEPT)
    return {}


def is_forgotten(client: Client, order: Order) -> bool:
    return not is_kept(client, order)


def bring_back(client: Client, order: Order) -> StepResult:
    """With its id and revisions; where Dropbox has forgotten it, what is kept as a new file."""
    if admin_quarantine.is_remembered(client, order):
        return trashing.bring_back(client, order)
    try:
        with store_of(order).reader(KEPT) as kept, content.room() as stream:
            while block := kept.read(content.BLOCK):
                stream.write(block)
            return admin_quarantine.put_back(client, order, content.measured(stream))
    except KeyError:
        raise NotAvailable(
            f"{order.target.name} is neither among the deleted files nor kept by Gatehouse any more.",
            remedy="Ask Dropbox's support for it.",
        ) from None


def store_of(order: Order) -> ByteStore:
    """Raises NotAvailable where nothing can be kept, as on a page that only asks."""
    if order.store is None:
        raise NotAvailable("Gatehouse keeps no bytes here.", remedy="Choose another quarantine.")
    return order.store


def refuse(client: Client, order: Order) -> str:
    sentence = admin_quarantine.refuse_without_bytes(client, order)
    return sentence or _too_large(order, trashing.remember(client, order)["size"])


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = trashing.remember(client, order)
    return (
        f"{known['path']} ({known['size']} bytes) is kept by Gatehouse, encrypted, and the content hash is compared. "
        "Earlier revisions are not kept there: they stay with the deleted file.",
        f"Then it is deleted. It has {links.words(known['links'])}, and these were given it: "
        f"{sharing.words(known['shares'])}; nobody gets to it while it is deleted.",
        "A notice lies in its place.",
        "Whoever may change its folder can restore the file, until it is deleted for good on the page Quarantine.",
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
    effect="The content of {name} is kept by Gatehouse, encrypted, and then the file is deleted in the Dropbox team "
    "{tenant}. A notice lies in its place.",
    undo_effect="Undo restores the file with its revisions, links and collaborators and forgets the content. When "
    "Dropbox has forgotten it, the content becomes a new file, without revisions and sharing.",
    steps=(
        Step("remember", "Remember place, sharing and content", trashing.remember),
        Step("keep", "Keep the content in Gatehouse", keep, is_kept, forget, undo_is_done=is_forgotten,
             undo_is_repeatable=True),
        Step("trash", "Delete it where it was", trashing.trash, trashing.is_trashed, bring_back,
             undo_is_repeatable=True),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*trashing.PERMISSIONS, CONTENT),
    applies=holding.is_file,
)  # fmt: skip
