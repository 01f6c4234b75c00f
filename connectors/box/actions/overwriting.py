"""Overwriting a file by a new version. Box keeps the versions before it."""

import io

from connectors.base import ActionKind, Client, Conflict, File, Order, Step, StepResult, TargetGone, steps_action
from connectors.base.file_actions import applying, overwriting
from connectors.base.file_actions.overwriting import Overwriting
from connectors.box import ids, mapping, uploads
from connectors.box.actions import holding
from connectors.box.uploads import Bytes, sha1_of


def remember(client: Client, order: Order) -> StepResult:
    """{name, version, sha1, size}."""
    found = holding.present(client, order)
    version = mapping.id_of(mapping.part(found, "file_version").get("id"))
    if not version:
        raise TargetGone(f"{order.target.name} has no content that could be overwritten.")
    return {"name": found["name"], "version": version, "sha1": found.get("sha1"), "size": found.get("size")}


def _write(client: Client, order: Order) -> StepResult:
    """Raises Conflict where somebody wrote another version since it was remembered."""
    new, found = overwriting.replacement(order), holding.present(client, order)
    if mapping.id_of(mapping.part(found, "file_version").get("id")) != holding.known(order)["version"]:
        raise Conflict(f"Somebody changed {order.target.name} meanwhile.", remedy="Look at it and try again.")
    content = Bytes(io.BytesIO(new), len(new), sha1_of(new))
    etag = mapping.id_of(found.get("etag"))
    uploads.new_version(holding.owner(client, order), holding.file_id(order), str(found["name"]), etag, content)
    return {}


def _promote(client: Client, order: Order) -> StepResult:
    """The version from before becomes the current one again, as a copy that Box makes."""
    body = {"type": "file_version", "id": holding.known(order)["version"]}
    holding.owner(client, order).post(ids.path(holding.file_id(order), "/versions/current"), json=body)
    return {}


def _hash_now(client: Client, order: Order) -> str:
    return mapping.text(holding.present(client, order).get("sha1"))


def _hash_before(order: Order) -> str:
    return mapping.text(holding.known(order)["sha1"])


OVERWRITING = Overwriting("Box", sha1_of, _hash_now, _hash_before, _write, _promote)


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
    steps=(Step("remember", "Remember the version", remember), OVERWRITING.step("Write a new version")),
    read_back=holding.read_back,
    refuse=OVERWRITING.refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    applies=applying.is_file,
    fields=(overwriting.TEXT,),
)
