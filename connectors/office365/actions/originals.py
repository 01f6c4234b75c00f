"""The file that a quarantine takes away after it has a copy: to its site's recycle bin and back, or made anew."""

from shutil import copyfileobj
from typing import IO

from connectors.base import BadResponse, Client, Order, StepResult, room
from connectors.base.file_actions.originals import Original
from connectors.office365 import content, folders, recycle_bin
from connectors.office365.actions import holding, overwriting, trashing
from connectors.office365.mapping.values import text

TOP = "root"


def remember(client: Client, order: Order) -> StepResult:
    """{name, parent, listed, links, shares, folder, quick_xor, size}. Raises TargetGone for what is no file."""
    return {**trashing.remember(client, order), **overwriting.content_of(client, order)}


def fetch(client: Client, order: Order, stream: IO[bytes]) -> StepResult:
    """{size, quick_xor}: what Graph says that the file holds."""
    known, drive = holding.known(order), holding.drive(order).id
    size, quick_xor = content.fetch(client, drive, holding.number(order), int(known["size"]), stream)
    if (size, quick_xor) != (known["size"], known["quick_xor"]):
        raise BadResponse(
            f"What Microsoft gave for {order.target.name} is not what it says the file holds.",
            remedy="Somebody may have changed it meanwhile: try again.",
        )
    return {"size": size, "quick_xor": quick_xor}


def is_remembered(client: Client, order: Order) -> bool:
    """Or made anew from the copy already. With a client secret nothing is known of what was deleted."""
    if not trashing.is_trashed(client, order) or _made_anew(client, order):
        return True
    known = holding.known(order)
    found = recycle_bin.find(client, holding.drive(order), known["name"], known["folder"])
    return found is not None


def restore(client: Client, order: Order) -> StepResult:
    return {} if _made_anew(client, order) else trashing.restore(client, order)


def put_back(client: Client, order: Order, stream: IO[bytes]) -> StepResult:
    """{new_file}: without versions and sharing."""
    drive, folder, name = holding.drive(order).id, _folder(client, order), str(holding.known(order)["name"])
    with room() as between:  # what the portal keeps is read from its beginning to its end alone
        copyfileobj(stream, between)
        made = content.put(client, drive, folder, name, content.measured(between))
    return {"new_file": text(made["id"])}


def _made_anew(client: Client, order: Order) -> bool:
    """Whether a file of this name and content lies there instead."""
    known, drive = holding.known(order), holding.drive(order)
    found = folders.named(client, drive.id, _folder(client, order), known["name"])
    return found is not None and bool(known["quick_xor"]) and holding.quick_xor_of(found) == known["quick_xor"]


def _folder(client: Client, order: Order) -> str:
    """That it lay in; the uppermost one where that is gone."""
    parent = str(holding.known(order)["parent"])
    return parent if folders.item_now(client, holding.drive(order), parent) else TOP


ORIGINAL = Original(
    "Microsoft",
    "in the recycle bin",
    fetch=fetch,
    trash=trashing.trash,
    is_trashed=trashing.is_trashed,
    is_remembered=is_remembered,
    restore=restore,
    put_back=put_back,
)
