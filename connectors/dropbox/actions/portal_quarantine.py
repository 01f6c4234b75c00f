"""Quarantine with Gatehouse: the bytes are kept encrypted in the portal, then the file is deleted.

For teams in which no place of Dropbox is to hold what was taken away, or has none for it. As with the admin, the file
itself can be restored with its id, revisions and links until Dropbox forgets it, and a notice lies where it was.
"""

from connectors.base import ActionKind, Client, File, Order, Step, steps_action
from connectors.base.file_actions import access, applying, portal_quarantine
from connectors.base.file_actions.portal_quarantine import PortalQuarantine
from connectors.dropbox.actions import admin_quarantine, holding, links, notices, originals, trashing
from connectors.dropbox.scopes import CONTENT

PORTAL = PortalQuarantine(originals.ORIGINAL)


def refuse(client: Client, order: Order) -> str:
    sentence = admin_quarantine.refuse_without_bytes(client, order)
    return sentence or portal_quarantine.too_large(order, trashing.remember(client, order)["size"])


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = trashing.remember(client, order)
    return (
        f"{known['path']} ({known['size']} bytes) is kept by Gatehouse, encrypted, and the content hash is compared. "
        "Earlier revisions are not kept there: they stay with the deleted file.",
        f"Then it is deleted. It has {links.words(known['links'])}, and these were given it: "
        f"{access.words(known['shares'])}; nobody gets to it while it is deleted.",
        "A notice lies in its place.",
        "Whoever may change its folder can restore the file, until it is deleted for good on the page Quarantine.",
    )


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
        PORTAL.keeping,
        PORTAL.taking("Delete it where it was"),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*trashing.PERMISSIONS, CONTENT),
    applies=applying.is_file,
)
