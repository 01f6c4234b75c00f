"""Locking a resource group, so that nothing in it can be deleted or changed, whatever role somebody has."""

from collections.abc import Iterable

from connectors.azure import api_versions, ids, mapping
from connectors.azure.actions import resources
from connectors.azure.reading import document, rows
from connectors.azure.scopes import LOCK, UNLOCK
from connectors.base import (
    ActionKind,
    Client,
    Facts,
    Field,
    File,
    Order,
    Record,
    Step,
    StepResult,
    steps_action,
)

NO_DELETING, READ_ONLY = "CanNotDelete", "ReadOnly"
LEVEL = Field(
    "level",
    "How far it goes",
    "Without deleting, everything in the group can be changed still. Read only also stops what is called a change in "
    "Azure though it reads, such as showing the keys of a storage account.",
    choices=((NO_DELETING, "Nothing can be deleted"), (READ_ONLY, "Nothing can be deleted or changed")),
)
NOTES = "Locked by an admin in Gatehouse."
VERSION = {"api-version": api_versions.LOCKS}
MEANT = {NO_DELETING: "deleted", READ_ONLY: "deleted or changed"}


def is_resource_group(facts: Facts) -> bool:
    return bool(facts["kind"] == mapping.RESOURCE_GROUP)


def lock(client: Client, order: Order) -> StepResult:
    """{lock}: its path. Locking twice leaves one lock."""
    body = {"properties": {"level": _level(order), "notes": NOTES}}
    document(client.put(_path(order), params=VERSION, json=body), "id")
    return {"lock": _path(order)}


def is_locked(client: Client, order: Order) -> bool:
    return client.get(_path(order), params=VERSION, expect=(404,)).status != 404


def unlock(client: Client, order: Order) -> StepResult:
    """A lock that is gone already is as good as taken off (204)."""
    client.delete(_path(order), params=VERSION, expect=(404,))
    return {}


def is_unlocked(client: Client, order: Order) -> bool:
    return not is_locked(client, order)


def refuse(client: Client, order: Order) -> str:
    if is_locked(client, order):
        return "Gatehouse has locked this resource group in this way already."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    path = ids.in_scope(order.target.id, "/providers/Microsoft.Authorization/locks")
    others = [row for row in rows(client, path, api_versions.LOCKS) if ids.key(row["id"]) != ids.key(_path(order))]
    told = [f"There is a lock already: {mapping.text(row.get('name'))}." for row in others]
    return (f"Nothing in {order.target.name} can be {MEANT[_level(order)]} until the lock is taken off.", *told)


def read_back(client: Client, order: Order) -> Iterable[Record]:
    return resources.resource_group(client, order)


def _level(order: Order) -> str:
    return order.params.get("level", NO_DELETING)


def _path(order: Order) -> str:
    return ids.in_scope(order.target.id, f"/providers/Microsoft.Authorization/locks/gatehouse-{_level(order)}")


lock_resource_group = steps_action(
    ActionKind.MAKE_READ_ONLY,
    File,
    name="lock_resource_group",
    label="Lock",
    effect="The resource group {name} is locked: nobody can delete, or change, what is in it, Owners of {tenant} "
    "included, until the lock is taken off.",
    undo_effect="Undo takes the lock off again.",
    steps=(Step("lock", "Lock", lock, is_locked, unlock, undo_is_done=is_unlocked, undo_is_repeatable=True),),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=(LOCK, UNLOCK),
    applies=is_resource_group,
    fields=(LEVEL,),
)
