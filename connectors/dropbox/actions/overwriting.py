"""Overwriting a file by a text. Dropbox keeps the revisions before it."""

from connectors.base import ActionKind, Client, File, Order, Step, StepResult, steps_action
from connectors.base.file_actions import applying, overwriting
from connectors.base.file_actions.overwriting import Overwriting
from connectors.dropbox import content, mapping
from connectors.dropbox.actions import holding, trashing


def _write(client: Client, order: Order) -> StepResult:
    """Raises Conflict where somebody saved another revision since it was remembered."""
    place, rev = holding.namespace(client, order), holding.known(order)["rev"]
    commit = {
        "path": holding.file_id(order), "mode": {".tag": "update", "update": rev}, "autorename": False,
        "strict_conflict": True, "mute": True,
    }  # fmt: skip
    content.put(holding.writer(client, place, order), commit, content.of(overwriting.replacement(order)))
    return {}


def _roll_back(client: Client, order: Order) -> StepResult:
    """The revision from before becomes the newest one again."""
    trashing.restored(client, order, mapping.path_of(holding.present(client, order)))
    return {}


def _hash_of(data: bytes) -> str:
    return content.of(data).content_hash


def _hash_now(client: Client, order: Order) -> str:
    return mapping.text(holding.present(client, order).get("content_hash"))


def _hash_before(order: Order) -> str:
    return str(holding.known(order)["content_hash"])


OVERWRITING = Overwriting("Dropbox", _hash_of, _hash_now, _hash_before, _write, _roll_back)


def refuse(client: Client, order: Order) -> str:
    return OVERWRITING.refuse(client, order) or holding.obstacle(client, order)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = trashing.remember(client, order)
    return (
        f"A new revision of {known['path']} holds the text alone; the content so far has {known['size']} bytes.",
        "Who may change the file can restore the content so far from its version history: delete it for good where "
        "that must not be.",
        "Links and collaborators stay as they are.",
    )


overwrite_file = steps_action(
    ActionKind.OVERWRITE_FILE,
    File,
    name="overwrite_file",
    label="Overwrite",
    effect="A new revision of {name} in the Dropbox team {tenant} holds a text alone. Earlier revisions stay, for "
    "those who may open them.",
    undo_effect="Undo makes the revision from before the newest one again, if nobody changed the file meanwhile.",
    steps=(
        Step("remember", "Remember the revision", trashing.remember),
        OVERWRITING.step("Write a new revision"),
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=trashing.PERMISSIONS,
    applies=applying.is_file,
    fields=(overwriting.TEXT,),
)
