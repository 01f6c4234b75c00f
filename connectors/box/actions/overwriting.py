"""Overwriting a file by a new version. Box keeps the versions before it."""

import io

from connectors.base import (
    ActionKind,
    Client,
    Conflict,
    Facts,
    Field,
    File,
    Order,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.box import ids, mapping, uploads
from connectors.box.actions import holding
from connectors.box.uploads import Bytes, sha1_of

TOMBSTONE = "The content of this file was removed by the security team of the organisation, by Gatehouse."
TEXT = Field(
    "text",
    "Text to put in its place",
    "What whoever opens the file reads. Left empty, it says that the security team removed the content.",
    is_required=False,
    is_multiline=True,
)


def is_file(facts: Facts) -> bool:
    return holding.is_there(facts) and facts["kind"] == "file"


def replacement(order: Order) -> bytes:
    return f"{order.params.get(TEXT.name) or order.notice or TOMBSTONE}\n".encode()


def remember(client: Client, order: Order) -> StepResult:
    """{name, version, sha1, size}."""
    found = holding.present(client, order)
    version = mapping.id_of(mapping.part(found, "file_version").get("id"))
    if not version:
        raise TargetGone(f"{order.target.name} has no content that could be overwritten.")
    return {"name": found["name"], "version": version, "sha1": found.get("sha1"), "size": found.get("size")}


def overwrite(client: Client, order: Order) -> StepResult:
    """Raises Conflict where somebody wrote another version since it was remembered."""
    new, found = replacement(order), holding.present(client, order)
    if found.get("sha1") == sha1_of(new):
        return {}
    if mapping.id_of(mapping.part(found, "file_version").get("id")) != holding.known(order)["version"]:
        raise Conflict(f"Somebody changed {order.target.name} meanwhile.", remedy="Look at it and try again.")
    content = Bytes(io.BytesIO(new), len(new), sha1_of(new))
    etag = mapping.id_of(found.get("etag"))
    uploads.new_version(holding.owner(client, order), holding.file_id(order), str(found["name"]), etag, content)
    return {}


def is_overwritten(client: Client, order: Order) -> bool:
    return bool(holding.present(client, order).get("sha1") == sha1_of(replacement(order)))


def promote(client: Client, order: Order) -> StepResult:
    """The version from before becomes the current one again, as a copy that Box makes."""
    if is_as_before(client, order):
        return {}
    if not is_overwritten(client, order):
        raise Conflict(f"Somebody changed {order.target.name} meanwhile.", remedy="Choose the version in Box.")
    body = {"type": "file_version", "id": holding.known(order)["version"]}
    holding.owner(client, order).post(ids.path(holding.file_id(order), "/versions/current"), json=body)
    return {}


def is_as_before(client: Client, order: Order) -> bool:
    return bool(holding.present(client, order).get("sha1") == holding.known(order)["sha1"])


def refuse(client: Client, order: Order) -> str:
    return "This file is overwritten already." if is_overwritten(client, order) else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        f"A new version of {known['name']} holds the text alone; the content so far has {known['size']} bytes.",
        "The content so far stays among the earlier versions, which people with the rights of an editor can open. On "
        "plans without versions Box may keep none: quarantine the file there.",
        "Link and collaborators stay as they are.",
    )


overwrite_file = steps_action(
    ActionKind.OVERWRITE_FILE,
    File,
    name="overwrite_file",
    label="Overwrite by a new version",
    effect="A new version of {name} in the Box enterprise {tenant} holds a text alone. Earlier versions stay, for "
    "those who may open versions.",
    undo_effect="Undo makes the version from before the current one again, if nobody changed the file meanwhile.",
    steps=(
        Step("remember", "Remember the version", remember),
        Step(
            "overwrite", "Write a new version", overwrite, is_overwritten, promote,
            undo_is_done=is_as_before, undo_is_repeatable=True,
        ),
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    applies=is_file,
    fields=(TEXT,),
)  # fmt: skip
