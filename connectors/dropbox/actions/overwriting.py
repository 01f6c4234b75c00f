"""Overwriting a file by a text. Dropbox keeps the revisions before it."""

from connectors.base import ActionKind, Client, Conflict, Field, File, Order, Step, StepResult, steps_action
from connectors.dropbox import content, mapping
from connectors.dropbox.actions import holding, trashing

TOMBSTONE = "The content of this file was removed by the security team of the organisation, by Gatehouse."
TEXT = Field(
    "text",
    "Text to put in its place",
    "What whoever opens the file reads. Left empty, it says that the security team removed the content.",
    is_required=False,
    is_multiline=True,
)


def replacement(order: Order) -> content.Bytes:
    return content.of(f"{order.params.get(TEXT.name) or order.notice or TOMBSTONE}\n".encode())


def overwrite(client: Client, order: Order) -> StepResult:
    """Raises Conflict where somebody saved another revision since it was remembered."""
    if is_overwritten(client, order):
        return {}
    place, rev = holding.namespace(client, order), holding.known(order)["rev"]
    commit = {
        "path": holding.file_id(order), "mode": {".tag": "update", "update": rev}, "autorename": False,
        "strict_conflict": True, "mute": True,
    }  # fmt: skip
    content.put(holding.writer(client, place, order), commit, replacement(order))
    return {}


def is_overwritten(client: Client, order: Order) -> bool:
    return mapping.text(holding.present(client, order).get("content_hash")) == replacement(order).content_hash


def roll_back(client: Client, order: Order) -> StepResult:
    """The revision from before becomes the newest one again."""
    if is_as_before(client, order):
        return {}
    if not is_overwritten(client, order):
        raise Conflict(f"Somebody changed {order.target.name} meanwhile.", remedy="Choose the version in Dropbox.")
    trashing.restored(client, order, mapping.path_of(holding.present(client, order)))
    return {}


def is_as_before(client: Client, order: Order) -> bool:
    now = mapping.text(holding.present(client, order).get("content_hash"))
    return bool(now == holding.known(order)["content_hash"])


def refuse(client: Client, order: Order) -> str:
    if is_overwritten(client, order):
        return "This file is overwritten already."
    return holding.obstacle(client, order)


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
        Step(
            "overwrite", "Write a new revision", overwrite, is_overwritten, roll_back,
            undo_is_done=is_as_before, undo_is_repeatable=True,
        ),
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=trashing.PERMISSIONS,
    applies=holding.is_file,
    fields=(TEXT,),
)  # fmt: skip
