"""The file that a quarantine takes away after it has a copy: to its owner's trash and back, or made anew."""

from typing import IO

from connectors.base import BadResponse, Client, NotAvailable, Order, StepResult
from connectors.base.file_actions.originals import Original
from connectors.box import ids, uploads
from connectors.box.actions import collaborators, holding, overwriting, trashing
from connectors.box.items import find
from connectors.box.uploads import Bytes


def remember(client: Client, order: Order) -> StepResult:
    """{link, collaborations, reach, parent, name, version, sha1, size}."""
    return {**collaborators.remember_all(client, order), **overwriting.remember(client, order)}


def fetch(client: Client, order: Order, stream: IO[bytes]) -> StepResult:
    """{size, sha1}: what Box says that the file holds."""
    known, path = holding.known(order), ids.path(holding.file_id(order), "/content")
    got = holding.owner(client, order).download(path, stream, max_bytes=int(known["size"]), hash="sha1")
    if got.digest != known["sha1"]:
        raise BadResponse(
            f"What Box gave for {order.target.name} is not what it says the file holds.",
            remedy="Somebody may have changed it meanwhile: try again.",
        )
    return {"size": got.size, "sha1": got.digest}


def trash(client: Client, order: Order) -> StepResult:
    if not trashing.has_trash(client):
        raise NotAvailable(trashing.NO_TRASH, remedy="Quarantine it with its owner instead.")
    return trashing.trash(client, order)


def is_remembered(client: Client, order: Order) -> bool:
    """Box deletes what is in trash after a time."""
    return find(holding.owner(client, order), holding.file_id(order)) is not None


def put_back(client: Client, order: Order, stream: IO[bytes]) -> StepResult:
    """{new_file}: of the owner's, without versions and sharing."""
    known = holding.known(order)
    content = Bytes(stream, int(known["size"]), str(known["sha1"]))
    owner = holding.owner(client, order)
    return {"new_file": uploads.new_file(owner, known["parent"], known["name"], content)}


ORIGINAL = Original(
    "Box",
    "in trash",
    fetch=fetch,
    trash=trash,
    is_trashed=trashing.is_trashed,
    is_remembered=is_remembered,
    restore=trashing.restore_with_end,
    put_back=put_back,
)
