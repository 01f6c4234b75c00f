"""Overwriting a file by a new version. Microsoft keeps the versions before it."""

from connectors.base import ActionKind, Client, File, Order, Step, StepResult, TargetGone, steps_action
from connectors.base.file_actions import applying, overwriting
from connectors.base.file_actions.overwriting import Overwriting
from connectors.office365 import components, content
from connectors.office365.actions import holding
from connectors.office365.mapping.values import text
from connectors.office365.reading import document, listed


def remember(client: Client, order: Order) -> StepResult:
    """{name, parent, etag, version, quick_xor, size}. Raises TargetGone."""
    found = holding.present(client, order)
    versions = listed(client.get(holding.path(order, "/versions")), "id").rows if "file" in found else []
    if not versions:
        raise TargetGone(f"{order.target.name} has no content that could be overwritten.")
    return {**content_of(client, order), "etag": _etag(client, order), "version": text(versions[0]["id"])}


def content_of(client: Client, order: Order) -> StepResult:
    """{name, parent, quick_xor, size}. Raises TargetGone for what has no content."""
    found = holding.present(client, order)
    if "file" not in found:
        raise TargetGone(f"{order.target.name} is no file.")
    parent = text((found.get("parentReference") or {}).get("id"))
    told = {"quick_xor": holding.quick_xor_of(found), "size": int(found.get("size") or 0)}
    return {"name": text(found.get("name")), "parent": parent, **told}


def _etag(client: Client, order: Order) -> str:
    """Raises TargetGone."""
    answer = client.get(holding.path(order), params={"$select": "id,eTag"})
    return text(document(answer, "id").get("eTag"))


def _write(client: Client, order: Order) -> StepResult:
    """Raises Conflict where somebody has changed the file since it was remembered, or has it open."""
    known = holding.known(order)
    content.write(client, holding.drive(order).id, holding.number(order), overwriting.replacement(order), known["etag"])
    return {}


def _bring_back(client: Client, order: Order) -> StepResult:
    """The version from before becomes the current one again, as a copy that Microsoft makes."""
    version = holding.known(order)["version"]
    client.post(holding.path(order, f"/versions/{version}/restoreVersion"))
    return {}


def _hash_now(client: Client, order: Order) -> str:
    return holding.quick_xor_of(holding.present(client, order))


def _hash_before(order: Order) -> str:
    return text(holding.known(order)["quick_xor"])


def _hash_of(data: bytes) -> str:
    return content.of(data).quick_xor


OVERWRITING = Overwriting("Microsoft 365", _hash_of, _hash_now, _hash_before, _write, _bring_back)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    return (
        f"A new version of {known['name']} holds the text alone; the content so far has {known['size']} bytes.",
        "The content so far stays in the version history, which people who may edit the file can open. Where a library "
        "keeps no versions it may be lost: quarantine the file there.",
        "Links and who gets to it stay as they are.",
    )


overwrite_file = steps_action(
    ActionKind.OVERWRITE_FILE,
    File,
    name="overwrite_file",
    label="Overwrite by a new version",
    effect="A new version of {name} in {tenant} holds a text alone. Earlier versions stay, for those who may edit it.",
    undo_effect="Undo makes the version from before the current one again, if nobody changed the file meanwhile.",
    steps=(Step("remember", "Remember the version", remember), OVERWRITING.step("Write a new version")),
    read_back=holding.read_back,
    refuse=OVERWRITING.refuse,
    preview=preview,
    permissions=holding.PERMISSIONS,
    component=components.FILES,
    applies=applying.is_file,
    fields=(overwriting.TEXT,),
)
