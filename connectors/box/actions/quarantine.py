"""Quarantine with the owner: the item moves into a folder of the owner's that nobody else gets to.

It keeps its number, its versions and its comments, and its bytes are in one place all the time. Link and collaborators
end before it moves; what it was shared with, and where it lay, is remembered.
"""

from connectors.base import (
    ActionKind,
    Client,
    File,
    NotAvailable,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.base.file_actions import access, applying
from connectors.box import ids, items, mapping, uploads
from connectors.box.actions import collaborators, holding, links, notices, sharing, trashing
from connectors.box.reading import document
from connectors.box.scopes import ENTERPRISE

FOLDER = "Quarantine"


def prepare(client: Client, order: Order) -> StepResult:
    """{folder}: the owner's quarantine folder, made where there is none (409 names the one there is)."""
    body = {"name": FOLDER, "parent": {"id": ids.ROOT}}
    answer = holding.owner(client, order).post("/folders", json=body, expect=(409,))
    found = document(answer) if answer.status != 409 else uploads.conflicting(document(answer))
    if found.get("type") != ids.FOLDER:
        raise NotAvailable(
            f"The owner has a file called {FOLDER} where the quarantine folder belongs.",
            remedy="Rename it in Box, then try again.",
        )
    return {"folder": mapping.id_of(found["id"])}


def move(client: Client, order: Order) -> StepResult:
    """Under a name of its own: its number is put before it, as two files of one name may be quarantined."""
    holding.change(client, order, parent={"id": _folder(order)}, name=notices.numbered(order))
    return {}


def is_moved(client: Client, order: Order) -> bool:
    found = holding.item(client, order)
    return not items.is_trashed(found) and mapping.id_of(mapping.part(found, "parent").get("id")) == _folder(order)


def move_back(client: Client, order: Order) -> StepResult:
    """To the folder it lay in; to the owner's uppermost one where that is gone."""
    known, owner = holding.known(order), holding.owner(client, order)
    if items.is_trashed(holding.item(client, order)):
        return {}
    answer = owner.get(f"/folders/{known['parent']}", params={"fields": "id,type"}, expect=(404,))
    parent = ids.ROOT if answer.status == 404 else known["parent"]
    holding.change(client, order, parent={"id": parent}, name=known["name"])
    return {"parent": parent}


def is_moved_back(client: Client, order: Order) -> bool:
    return not is_moved(client, order)


def refuse(client: Client, order: Order) -> str:
    found = holding.present(client, order)
    above = mapping.part(found, "path_collection").get("entries") or []
    is_inside = any(folder.get("name") == FOLDER for folder in above[1:2])
    return "This item is in its owner's quarantine folder already." if is_inside else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = collaborators.remember_all(client, order)
    return (
        f"{order.target.name} moves into the folder {FOLDER} of its owner, who can go on reading it.",
        f"It has {links.words(known['link'])}, and these get to it: {access.words(known['collaborations'])}. All of "
        "it ends, as does what folders above it give.",
    )


def _folder(order: Order) -> str:
    return str(order.results["prepare"]["folder"])


MOVING = Step(
    "move", "Move into quarantine", move, is_moved, move_back, undo_is_done=is_moved_back, undo_is_repeatable=True
)
PREPARING = Step("prepare", "Make the owner's quarantine folder", prepare)

quarantine_file = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_file",
    label="Quarantine with the owner",
    effect="{name} moves into a folder of its owner's in the Box enterprise {tenant} that nobody else gets to. Its "
    "shared link and all collaborators end.",
    undo_effect="Undo moves it back, invites the same people, who may have to accept, and makes a link at another "
    "address; not one that had a password.",
    steps=(
        Step("remember", "Remember place, link and collaborators", collaborators.remember_all),
        PREPARING,
        links.LINKS.closing,
        collaborators.ACCESS.ending,
        MOVING,
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    applies=applying.is_there,
)


# --- out of trash ---------------------------------------------------------------------------------------------------


def restore_closed(client: Client, order: Order) -> StepResult:
    """What comes out of trash is shared as before at once: link and collaborations end in the same step."""
    trashing.restore(client, order)
    found = holding.present(client, order)
    if links.link_of(found):
        holding.change(client, order, shared_link=None)
    listed = [sharing.share_of(row) for row in holding.own_collaborations(client, order, found)]
    sharing.end(client, order, listed)
    return {"link": links.link_of(found), "collaborations": listed}


def is_restored_closed(client: Client, order: Order) -> bool:
    found = holding.item(client, order)
    is_open = links.link_of(found) or holding.own_collaborations(client, order, found)
    return not items.is_trashed(found) and not is_open


def preview_trashed(client: Client, order: Order) -> tuple[str, ...]:
    trashing.remember_trashed(client, order)
    return (
        f"{order.target.name} comes out of trash and moves into the folder {FOLDER} of its owner, who can read it "
        "there.",
        "For a moment its old link and its collaborators work again; they end in the same step.",
    )


quarantine_trashed_file = steps_action(
    ActionKind.QUARANTINE_TRASHED_FILE,
    File,
    name="quarantine_trashed_file",
    label="Quarantine out of trash",
    effect="{name} comes out of trash and moves into a folder of its owner's in the Box enterprise {tenant} that "
    "nobody else gets to, where Box no longer deletes it. Its shared link and all collaborators end.",
    undo_effect="Undo moves it back to its folder and then to trash, without link and collaborators.",
    steps=(
        Step("remember", "Remember since when it is in trash", trashing.remember_trashed),
        PREPARING,
        Step(
            "restore", "Restore it and end all sharing", restore_closed, is_restored_closed, trashing.trash_again,
            undo_is_done=trashing.is_trashed, undo_is_repeatable=True,
        ),
        MOVING,
    ),
    read_back=holding.read_back,
    refuse=trashing.refuse_restoring,
    preview=preview_trashed,
    permissions=(*holding.PERMISSIONS, ENTERPRISE),
    applies=applying.is_in_trash,
)  # fmt: skip
