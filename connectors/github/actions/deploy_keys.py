"""Deleting a deploy key, and adding the same key again."""

from collections.abc import Iterable

from connectors.base import (
    ActionKind,
    Client,
    Credential,
    Facts,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.github import ids
from connectors.github.actions import sharing
from connectors.github.actions.reading_back import repository_now
from connectors.github.actions.repositories import ADMINISTRATION, refuse_archived, repository


def is_key(facts: Facts) -> bool:
    return ids.is_deploy_key(facts["id"])


def remember(client: Client, order: Order) -> StepResult:
    """{id, name, role, key}: the public half, which is all that GitHub has."""
    number, key_id = ids.numbers(order.target.id)
    listed = sharing.keys(client, repository(client, number))
    known = next((each for each in listed if each["id"] == key_id), None)
    if known is None:
        raise TargetGone(f"The deploy key {order.target.name} is not in the repository any more.")
    return known


def delete(client: Client, order: Order) -> StepResult:
    number, _ = ids.numbers(order.target.id)
    sharing.delete_keys(client, repository(client, number), [order.results["remember"]])
    return {}


def is_deleted(client: Client, order: Order) -> bool:
    number, key_id = ids.numbers(order.target.id)
    return all(each["id"] != key_id for each in sharing.keys(client, repository(client, number)))


def add_again(client: Client, order: Order) -> StepResult:
    number, _ = ids.numbers(order.target.id)
    sharing.add_keys(client, repository(client, number), [order.results["remember"]])
    return {}


def refuse(client: Client, order: Order) -> str:
    return refuse_archived(client, ids.numbers(order.target.id)[0])


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = remember(client, order)
    found = repository(client, ids.numbers(order.target.id)[0])
    return (
        f"The key {known['name']} can {known['role']} in {found['full_name']}; this ends.",
        "Whatever uses the key, such as a build server, stops working with this repository.",
    )


def read_back(client: Client, order: Order) -> Iterable[Record]:
    """The key with all that reaches its repository."""
    number, key_id = ids.numbers(order.target.id)
    return repository_now(client, number, [(sharing.KEYS, {"id": key_id})])


delete_deploy_key = steps_action(
    ActionKind.REVOKE_CREDENTIAL,
    Credential,
    name="delete_deploy_key",
    label="Delete the deploy key",
    effect="The deploy key {name} no longer opens its repository in the GitHub organisation {tenant}.",
    undo_effect="Undo adds the same key with the same rights again, under a new number.",
    steps=(
        Step("remember", "Remember the key's public half", remember),
        Step("delete", "Delete the key", delete, is_deleted, add_again, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=ADMINISTRATION,
    applies=is_key,
)
