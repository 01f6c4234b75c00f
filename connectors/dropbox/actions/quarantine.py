"""Quarantine with the owner: the file moves into a folder of the owner's that nobody else gets to.

It keeps its id and its revisions, and its bytes are in one place all the time. Links and collaborators end before it
moves; what it was shared with, and where it lay, is remembered. What lies in a shared or team folder belongs to all who
have that folder: it is quarantined with the admin.
"""

from connectors.base import ActionKind, Client, File, NotAvailable, Order, Step, StepResult, steps_action
from connectors.base.file_actions import access, applying
from connectors.dropbox import mapping
from connectors.dropbox.actions import collaborators, holding, links, notices, sharing, trashing
from connectors.dropbox.items import QUARANTINE
from connectors.dropbox.reading import Row, ask, ask_unless, document

IN_THE_WAY = frozenset({"conflict"})
NOT_OWN = "This file lies in a shared or team folder, which belongs to all who have it: quarantine it with the admin."


def prepare(client: Client, order: Order) -> StepResult:
    """The owner's quarantine folder, made where there is none."""
    place = holding.namespace(client, order)
    address = holding.address(place, QUARANTINE)
    asked = {"path": address, "autorename": False}
    ask_unless(holding.writer(client, place, order), "files/create_folder_v2", asked, IN_THE_WAY)
    found: Row = notices.at(client, address) or {}
    if mapping.tag(found) != mapping.FOLDER or mapping.is_mount(found):
        raise NotAvailable(
            f"The owner has a file or a shared folder at {QUARANTINE}, where the quarantine folder belongs.",
            remedy="Rename it in Dropbox, then try again.",
        )
    return {"folder": QUARANTINE}


def move(client: Client, order: Order) -> StepResult:
    if not is_moved(client, order):
        _to(client, order, _held_at(order))
    return {}


def is_moved(client: Client, order: Order) -> bool:
    found = holding.find(client, order)
    return found is not None and mapping.path_of(found).lower() == _held_at(order).lower()


def move_back(client: Client, order: Order) -> StepResult:
    """To the path where it lay; Dropbox makes the folders on the way again."""
    if is_moved(client, order):
        _to(client, order, str(holding.known(order)["path"]))
    return {}


def is_moved_back(client: Client, order: Order) -> bool:
    return not is_moved(client, order)


def _to(client: Client, order: Order, path: str) -> Row:
    place = holding.namespace(client, order)
    asked = {
        "from_path": holding.file_id(order), "to_path": holding.address(place, path), "autorename": False,
        "allow_ownership_transfer": False,
    }  # fmt: skip
    return document(ask(holding.writer(client, place, order), "files/move_v2", asked), "metadata")


def _held_at(order: Order) -> str:
    """Under a name of its own, as two files of one name may be quarantined."""
    return f"{QUARANTINE}/{notices.numbered(order, order.results)}"


def refuse(client: Client, order: Order) -> str:
    if holding.namespace(client, order).is_shared:
        return NOT_OWN
    is_inside = mapping.path_of(holding.present(client, order)).lower().startswith(f"{QUARANTINE.lower()}/")
    if is_inside:
        return "This file is in its owner's quarantine folder already."
    return holding.obstacle(client, order)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = trashing.remember(client, order)
    return (
        f"{known['path']} moves into the folder {QUARANTINE} of its owner, who can go on reading it.",
        f"It has {links.words(known['links'])}, and these were given it: {access.words(known['shares'])}. All of it "
        "ends.",
        "A notice lies in its place.",
    )


PREPARING = Step("prepare", "Make the owner's quarantine folder", prepare)
MOVING = Step(
    "move", "Move into quarantine", move, is_moved, move_back, undo_is_done=is_moved_back, undo_is_repeatable=True
)

quarantine_file = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_file",
    label="Quarantine with the owner",
    effect="{name} moves into a folder of its owner's in the Dropbox team {tenant} that nobody else gets to. Its "
    "shared links and all collaborators end. A notice lies in its place.",
    undo_effect="Undo moves it back, gives it to the same people, who may have to accept, and makes links at other "
    "addresses; not one that had a password.",
    steps=(
        Step("remember", "Remember place, links and collaborators", trashing.remember),
        PREPARING,
        links.LINKS.closing,
        collaborators.ACCESS.ending,
        MOVING,
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=trashing.PERMISSIONS,
    applies=applying.is_file,
)


# --- what was deleted -------------------------------------------------------------------------------------------------


def restore_closed(client: Client, order: Order) -> StepResult:
    """Straight into the quarantine folder. A link that it had works again at once, so links and members end in the same
    step."""
    if trashing.is_trashed(client, order):
        trashing.restored_to(client, order, _held_at(order))
    links.close(client, order)
    return sharing.end(client, order, sharing.shares_now(client, order))


def is_restored_closed(client: Client, order: Order) -> bool:
    is_open = holding.links_now(client, order) or sharing.shares_now(client, order)
    return is_moved(client, order) and not is_open


def delete_where_it_was(client: Client, order: Order) -> StepResult:
    """Back to its old path, so that it is there where people look for it among the deleted files."""
    move_back(client, order)
    return trashing.trash_again(client, order)


def refuse_trashed(client: Client, order: Order) -> str:
    if holding.namespace(client, order).is_shared:
        return "This file lay in a shared or team folder. Restore it, then quarantine it with the admin."
    return trashing.refuse_restoring(client, order)


def preview_trashed(client: Client, order: Order) -> tuple[str, ...]:
    known = trashing.remember_trashed(client, order)
    return (
        f"{known['path']} is restored into the folder {QUARANTINE} of its owner, who can read it there.",
        "For a moment a shared link that it had works again; it ends in the same step.",
    )


quarantine_trashed_file = steps_action(
    ActionKind.QUARANTINE_TRASHED_FILE,
    File,
    name="quarantine_trashed_file",
    label="Quarantine what was deleted",
    effect="{name} is restored into a folder of its owner's in the Dropbox team {tenant} that nobody else gets to, "
    "where Dropbox no longer forgets it. Shared links to it end.",
    undo_effect="Undo deletes it again, at the path where it was, without links.",
    steps=(
        Step("remember", "Remember its last revision", trashing.remember_trashed),
        PREPARING,
        Step(
            "restore", "Restore it and end all sharing", restore_closed, is_restored_closed, delete_where_it_was,
            undo_is_done=trashing.is_trashed, undo_is_repeatable=True,
        ),
    ),
    read_back=holding.read_back,
    refuse=refuse_trashed,
    preview=preview_trashed,
    permissions=trashing.PERMISSIONS,
    applies=applying.is_in_trash,
)  # fmt: skip
