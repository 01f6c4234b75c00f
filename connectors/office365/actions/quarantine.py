"""Quarantine with the owner: the item moves into a folder of its owner's OneDrive that nobody else gets to.

It keeps its number and its versions, and its bytes are in one place all the time. Links and access end before it
moves; what it was shared with, and where it lay, is remembered. A library has no such folder: what lies in it inherits
who gets into the library, and Graph cannot end that.
"""

from connectors.base import ActionKind, Client, File, NotAvailable, Order, Step, StepResult, steps_action
from connectors.base.file_actions import access, applying
from connectors.office365 import components, folders, holding_place
from connectors.office365.actions import collaborators, holding, links, notices
from connectors.office365.mapping import files, sharing
from connectors.office365.mapping.values import text

FOLDER = "Quarantine"
TOP = "root"
IN_LIBRARY = (
    "This lies in a library, and so would its quarantine folder, which all who get into the library could open. "
    "Quarantine it with the admin or with Gatehouse."
)


def prepare(client: Client, order: Order) -> StepResult:
    """{folder}: the owner's quarantine folder. Raises NotAvailable where others get to it."""
    drive = holding.drive(order)
    number = text(holding_place.folder_in(client, drive.id, FOLDER)["id"])
    told = folders.permissions(client, drive.id, number)
    if any(sharing.OWNER not in (each.get("roles") or ()) for each in told):
        raise NotAvailable(
            f"Others get to the folder {FOLDER} of the owner.", remedy="End its sharing, then try again."
        )
    return {"folder": number}


def move(client: Client, order: Order) -> StepResult:
    """Under a name of its own: its number is put before it, as two files of one name may be quarantined."""
    body = {"parentReference": {"id": _folder(order)}, "name": notices.numbered(order)}
    client.patch(holding.path(order), json=body)
    return {}


def is_moved(client: Client, order: Order) -> bool:
    found = holding.find(client, order)
    return found is not None and files.parent_of(found) == _folder(order)


def move_back(client: Client, order: Order) -> StepResult:
    """To the folder it lay in; to the uppermost one where that is gone."""
    known, drive = holding.known(order), holding.drive(order)
    if is_moved(client, order):
        there = folders.item_now(client, drive, str(known["parent"])) or folders.item_now(client, drive, TOP) or {}
        client.patch(holding.path(order), json={"parentReference": {"id": there.get("id")}, "name": known["name"]})
    return {}


def is_moved_back(client: Client, order: Order) -> bool:
    return not is_moved(client, order)


def refuse(client: Client, order: Order) -> str:
    if not holding.drive(order).is_personal:
        return IN_LIBRARY
    path = files.folder_path(holding.present(client, order)) or ""
    return "This item is in its owner's quarantine folder already." if path == f"/{FOLDER}" else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = collaborators.remember_all(client, order)
    by_link = links.words(known["links"]) or "no shared link"
    return (
        f"{order.target.name} moves into the folder {FOLDER} of its owner, who can go on reading it.",
        f"It has {by_link}, and these were given it: {access.words(known['shares'])}. All of it ends, as does what "
        "folders above it give.",
        "A notice lies in its place.",
    )


def _folder(order: Order) -> str:
    return str(order.results["prepare"]["folder"])


quarantine_file = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_file",
    label="Quarantine with the owner",
    effect="{name} moves into a folder of its owner's OneDrive in {tenant} that nobody else gets to. Links and the "
    "access of everybody else end.",
    undo_effect="Undo moves it back and gives it to the same people, and makes links at other addresses; none that had "
    "a password.",
    steps=(
        Step("remember", "Remember place, links and access", collaborators.remember_all),
        Step("prepare", "Make the owner's quarantine folder", prepare),
        links.LINKS.closing,
        collaborators.ACCESS.ending,
        Step(
            "move", "Move into quarantine", move, is_moved, move_back, undo_is_done=is_moved_back,
            undo_is_repeatable=True,
        ),
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    component=components.FILES,
    applies=applying.is_there,
)  # fmt: skip
