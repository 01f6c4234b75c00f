"""Taking from an app all that anybody granted it."""

from collections.abc import Iterator
from typing import Any

from connectors.base import ActionKind, Client, OAuthApp, Order, Record, Step, StepResult, TargetGone, steps_action
from connectors.office365 import app_rows
from connectors.office365.actions import apps
from connectors.office365.components import APPS
from connectors.office365.mapping.apps import is_delegated
from connectors.office365.mapping.values import text
from connectors.office365.reading import Row
from connectors.office365.scopes import APP_ROLES_WRITE, GRANTS_WRITE

MOST = 2_000
"""Grants that one action remembers and takes: its log keeps each of them."""


def held(client: Client, order: Order) -> list[Row]:
    return apps.app_now(client, order.target.id, order.target.name)[1]


def remember(client: Client, order: Order) -> StepResult:
    """{grants: [what it takes to give each again]}."""
    rows = held(client, order)
    if not rows:
        raise TargetGone(f"{order.target.name} holds no grant any more.")
    return {"grants": [apps.kept(row) for row in rows]}


def take(client: Client, order: Order) -> StepResult:
    """What was remembered and nothing else: that alone can be given again."""
    for row in _remembered(order):
        apps.take(client, row)
    return {}


def are_taken(client: Client, order: Order) -> bool:
    now = held(client, order)
    return not any(apps.is_held(row, now) for row in _remembered(order))


def give_again(client: Client, order: Order) -> StepResult:
    now = held(client, order)
    for row in _remembered(order):
        apps.give_again(client, row, now)
    return {}


def are_given(client: Client, order: Order) -> bool:
    now = held(client, order)
    return all(apps.is_held(row, now) for row in _remembered(order))


def refuse(client: Client, order: Order) -> str:
    row, rows = apps.app_now(client, order.target.id, order.target.name)
    if not rows:
        return "This app holds no grant."
    if len(rows) > MOST:
        return "So many people granted it something that it cannot be taken back here: ban the app."
    return apps.refuse(client, row)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    rows = held(client, order)
    found = [app_rows.grant(client, row) for row in rows]
    people = [row for row in rows if is_delegated(row)]
    scopes = ", ".join(dict.fromkeys(scope for grant in found for scope in grant.scopes))
    return (
        f"{order.target.name} loses {len(people)} grants of people and admins, and {len(rows) - len(people)} "
        "permissions of its own.",
        f"With them it could: {scopes}." if scopes else "None of them holds a permission.",
        "Tokens that it has go on for up to an hour. Who may consent can let it in again: ban the app to prevent that.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    before = {text(row["id"]): row for row in _remembered(order)}
    yield from apps.read_back(client, order.target.id, before)


def _remembered(order: Order) -> list[dict[str, Any]]:
    return list(order.results.get("remember", {}).get("grants", ()))


revoke_app = steps_action(
    ActionKind.REVOKE_GRANT,
    OAuthApp,
    name="revoke_app",
    label="Revoke all grants",
    effect="{name} loses all that people and admins of {tenant} granted it.",
    undo_effect="Undo grants {name} the same permissions again.",
    steps=(
        Step("remember", "Remember the grants", remember),
        Step("take", "Take all back", take, are_taken, give_again, undo_is_done=are_given, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*apps.PERMISSIONS, GRANTS_WRITE, APP_ROLES_WRITE),
    component=APPS,
)
