"""Quarantine with Gatehouse: the bytes are kept encrypted in the portal, then the file goes to the recycle bin.

For tenants in which no site is to hold what was taken away. The file itself stays in the recycle bin, with its versions
and sharing, until SharePoint deletes it there, and a notice lies where it was.
"""

from connectors.base import ActionKind, Client, File, Order, Step, steps_action
from connectors.base.file_actions import access, applying, portal_quarantine
from connectors.base.file_actions.portal_quarantine import PortalQuarantine
from connectors.office365 import components
from connectors.office365.actions import holding, links, notices, originals, overwriting

PORTAL = PortalQuarantine(originals.ORIGINAL)
MALWARE = (
    "Microsoft found malware in this file and gives its content to nobody. Move it to the recycle bin, or quarantine "
    "it with its owner."
)


def refuse_without_bytes(client: Client, order: Order) -> str:
    """What keeps its content from being fetched, as a sentence; else ''."""
    return MALWARE if holding.present(client, order).get("malware") else ""


def refuse(client: Client, order: Order) -> str:
    known = overwriting.content_of(client, order)
    return refuse_without_bytes(client, order) or portal_quarantine.too_large(order, int(known["size"]))


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = originals.remember(client, order)
    return (
        f"{known['name']} ({known['size']} bytes) is kept by Gatehouse, encrypted in its database, and its hash is "
        "compared. Earlier versions are not kept there: they stay with the file in the recycle bin.",
        *gone_from_sight(known["links"], known["shares"]),
    )


def gone_from_sight(by_link: list[links.Link], shares: list[access.Share]) -> tuple[str, ...]:
    """What is taken away, in sentences."""
    return (
        f"Then it moves to the recycle bin of its site. It has {links.words(by_link) or 'no shared link'}, and these "
        f"were given it: {access.words(shares)}; nobody gets to it while it is there.",
        "A notice lies in its place.",
        "Who may delete in the library can restore the file from the recycle bin.",
    )


quarantine_with_portal = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_with_portal",
    label="Quarantine with Gatehouse",
    effect="The content of {name} is kept by Gatehouse, encrypted, and then the file moves to the recycle bin of its "
    "site in {tenant}. A notice lies in its place.",
    undo_effect="Undo restores the file from the recycle bin with versions and sharing, where Gatehouse is connected "
    "with a certificate and it is still there; else the content becomes a new file. The content kept is forgotten.",
    steps=(
        Step("remember", "Remember place, sharing and content", originals.remember),
        PORTAL.keeping,
        PORTAL.taking("Move it to the recycle bin"),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    component=components.FILES,
    applies=applying.is_file,
)
