"""Quarantine of a folder with its owner: it moves into a folder of the owner's that nobody else gets to.

All that is in it moves along and keeps its ids. Links to the folder end before; a folder that is not shared was given
to nobody. Shared and team folders belong to all who have them.
"""

from connectors.base import ActionKind, Client, Facts, File, NotAvailable, Order, Step, StepResult, steps_action
from connectors.base.file_actions import applying
from connectors.dropbox import mapping
from connectors.dropbox.actions import holding, links, notices, trashing
from connectors.dropbox.actions.quarantine import MOVING, PREPARING
from connectors.dropbox.items import QUARANTINE

NOT_OWN = "This folder lies in a shared or team folder, which belongs to all who have it: make that one private."


def is_folder(facts: Facts) -> bool:
    """But no shared or team folder as a whole, which are kinds of their own."""
    return applying.is_there(facts) and facts["kind"] == mapping.FOLDER


def remember(client: Client, order: Order) -> StepResult:
    """{path, name, listed, links}."""
    found = holding.present(client, order)
    if mapping.tag(found) != mapping.FOLDER or mapping.is_mount(found):
        raise NotAvailable(
            f"{order.target.name} is no folder of its owner's alone any more.", remedy="Handle it in Dropbox itself."
        )
    place = {"path": mapping.path_of(found), "name": mapping.text(found.get("name"))}
    return {**links.remember(client, order), **place}


def refuse(client: Client, order: Order) -> str:
    if holding.namespace(client, order).is_shared:
        return NOT_OWN
    path = mapping.path_of(holding.present(client, order)).lower()
    if path == QUARANTINE.lower():
        return "This is its owner's quarantine folder."
    if path.startswith(f"{QUARANTINE.lower()}/"):
        return "This folder is in its owner's quarantine folder already."
    return holding.obstacle(client, order)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        f"{known['path']} moves into the folder {QUARANTINE} of its owner, who can go on reading it. All that is in it "
        "moves along.",
        f"It has {links.words(known['links'])}; that ends.",
        "What single files in it have of links and people of their own stays, and so do shared folders in it: handle "
        "those as well, where it must not.",
        "A notice lies in its place.",
    )


quarantine_folder = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_folder",
    label="Quarantine with the owner",
    effect="{name} moves, with all that is in it, into a folder of its owner's in the Dropbox team {tenant} that "
    "nobody else gets to. Shared links to the folder end. A notice lies in its place.",
    undo_effect="Undo moves it back and makes links at other addresses; not one that had a password.",
    steps=(
        Step("remember", "Remember place and links", remember),
        PREPARING,
        links.LINKS.closing,
        MOVING,
        notices.LEAVING,
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=trashing.PERMISSIONS,
    applies=is_folder,
)
