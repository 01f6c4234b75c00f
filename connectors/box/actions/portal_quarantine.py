"""Quarantine with Gatehouse: the bytes are kept encrypted in the portal, then the file goes to its owner's trash.

For enterprises in which no account of Box is to hold what was taken away. As with the admin, the file itself stays in
trash with its number, versions and sharing until Box deletes it there, and a notice lies where it was.
"""

from connectors.base import ActionKind, Client, File, Order, Step, steps_action
from connectors.base.file_actions import access, applying, portal_quarantine
from connectors.base.file_actions.portal_quarantine import PortalQuarantine
from connectors.box.actions import holding, links, notices, originals, overwriting, trashing
from connectors.box.scopes import ENTERPRISE

PORTAL = PortalQuarantine(originals.ORIGINAL)


def refuse(client: Client, order: Order) -> str:
    if not trashing.has_trash(client):
        return trashing.NO_TRASH
    return portal_quarantine.too_large(order, int(overwriting.remember(client, order)["size"]))


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = originals.remember(client, order)
    return (
        f"{known['name']} ({known['size']} bytes) is kept by Gatehouse, encrypted in its database, and its SHA-1 is "
        "compared. Earlier versions are not kept there: they stay with the file in trash.",
        f"Then it moves to its owner's trash. It has {links.words(known['link'])}, and these get to it: "
        f"{access.words(known['collaborations'])}; nobody does while it is there. Nobody is told by Box.",
        "A notice lies in its place.",
        "The owner can restore the file from trash: quarantine it with its owner where that must not be.",
    )


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
        Step("remember", "Remember place, link, collaborators and content", originals.remember),
        PORTAL.keeping,
        PORTAL.taking("Move it to its owner's trash"),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*holding.PERMISSIONS, ENTERPRISE),
    applies=applying.is_file,
)
