"""The file that a quarantine takes away after it has a copy: deleted and restored, or made anew."""

from typing import IO

from connectors.base import BadResponse, Client, Order, StepResult, room
from connectors.base.file_actions.originals import Original
from connectors.dropbox import admin, content, items
from connectors.dropbox.actions import holding, trashing


def fetched(client: Client, order: Order, stream: IO[bytes]) -> content.Bytes:
    """The remembered revision, written into a stream. Raises BadResponse where it is not what Dropbox says it is."""
    known = holding.known(order)
    got = content.fetch(admin.reading(client), known["rev"], int(known["size"]), stream)
    if got.content_hash != known["content_hash"]:
        raise BadResponse(
            f"What Dropbox gave for {order.target.name} is not what it says the file holds.",
            remedy="It may have come cut off: try again.",
        )
    return got


def fetch(client: Client, order: Order, stream: IO[bytes]) -> StepResult:
    """{size, content_hash}. Dropbox hashes block by block, so it is read once more before it goes on."""
    with room() as between:
        got = fetched(client, order, between)
        content.copy(got.stream, stream)
    return {"size": got.size, "content_hash": got.content_hash}


def is_remembered(client: Client, order: Order) -> bool:
    """Whether Dropbox has the file still, if only among the deleted ones."""
    if not trashing.is_trashed(client, order):
        return True
    return items.last_revision(client, holding.namespace(client, order), holding.known(order)["path"]) is not None


def put_back(client: Client, order: Order, stream: IO[bytes]) -> StepResult:
    """{new_file}: without revisions and sharing."""
    place = holding.namespace(client, order)
    commit = {
        "path": holding.address(place, holding.known(order)["path"]), "mode": "add", "autorename": False, "mute": True,
    }  # fmt: skip
    with room() as between:
        content.copy(stream, between)
        made = content.put(holding.writer(client, place, order), commit, content.measured(between))
    return {"new_file": made["id"]}


ORIGINAL = Original(
    "Dropbox",
    "among the deleted files",
    fetch=fetch,
    trash=trashing.trash,
    is_trashed=trashing.is_trashed,
    is_remembered=is_remembered,
    restore=trashing.bring_back,
    put_back=put_back,
)
