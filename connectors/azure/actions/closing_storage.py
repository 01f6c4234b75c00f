"""Closing a storage account to everybody who has not signed in, whatever its containers say."""

from collections.abc import Iterator

from connectors.azure import api_versions, ids, mapping
from connectors.azure.actions import resources
from connectors.azure.feeds.storage import containers
from connectors.azure.reading import Row, document
from connectors.azure.scopes import CHANGE_STORAGE
from connectors.base import (
    ActionKind,
    Client,
    Facts,
    File,
    Gone,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)

PUBLIC = "allowBlobPublicAccess"
VERSION = {"api-version": api_versions.STORAGE}


def is_storage_account(facts: Facts) -> bool:
    return bool(facts["kind"] == mapping.STORAGE_ACCOUNT)


def remember(client: Client, order: Order) -> StepResult:
    """{containers}: ids of those that anybody can read now."""
    if not _allows(client, order):
        raise TargetGone(f"{order.target.name} lets no container be open to everybody any more.")
    return {"containers": [ids.key(row["id"]) for row in _open(client, order)]}


def close(client: Client, order: Order) -> StepResult:
    return _set(client, order, is_allowed=False)


def open_again(client: Client, order: Order) -> StepResult:
    return _set(client, order, is_allowed=True)


def is_closed(client: Client, order: Order) -> bool:
    return not _allows(client, order)


def is_open_again(client: Client, order: Order) -> bool:
    return _allows(client, order)


def refuse(client: Client, order: Order) -> str:
    return "" if _allows(client, order) else "This storage account lets no container be open to everybody."


def preview(client: Client, order: Order) -> tuple[str, ...]:
    names = [mapping.text(row.get("name")) or ids.last(row["id"]) for row in _open(client, order)]
    shown = ", ".join(names) or "none at the moment"
    return (
        f"Containers of {order.target.name} can no longer be public. Readable by anybody now: {shown}.",
        "Links to single blobs with a signature of their own, and keys of the account, go on working.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """The account, and of its containers those that are open, or were."""
    told: set[str] = set()
    for record in resources.storage_account_and_containers(client, order):
        told.add(record.id)
        yield record
    for container in order.results.get("remember", {}).get("containers", ()):
        if container not in told:
            yield Gone(File, container)


def _open(client: Client, order: Order) -> list[Row]:
    return [row for row in containers(client, order.target.id) if mapping.is_public(row)]


def _allows(client: Client, order: Order) -> bool:
    return mapping.properties(resources.account_now(client, order)).get(PUBLIC) is True


def _set(client: Client, order: Order, *, is_allowed: bool) -> StepResult:
    answer = client.patch(order.target.id, params=VERSION, json={"properties": {PUBLIC: is_allowed}})
    return {PUBLIC: mapping.properties(document(answer, "id")).get(PUBLIC)}


close_storage_account = steps_action(
    ActionKind.MAKE_PRIVATE,
    File,
    name="close_storage_account",
    label="Disable public access",
    effect="Nobody reads containers of the storage account {name} any more without signing in, whatever is set at a "
    "container.",
    undo_effect="Undo allows it again; what was set at each container counts again then.",
    steps=(
        Step("remember", "Remember what is open", remember),
        Step(
            "close", "Disable public access", close, is_closed, open_again,
            undo_is_done=is_open_again, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=(CHANGE_STORAGE,),
    applies=is_storage_account,
)  # fmt: skip
