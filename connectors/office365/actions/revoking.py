"""Taking back one grant: what somebody, or an admin for everybody, allowed an app; or what an app may do by itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import ActionKind, Client, Facts, Grant, Order, Record, Step, StepResult, TargetGone, steps_action
from connectors.office365 import app_rows
from connectors.office365.actions import apps
from connectors.office365.components import APPS
from connectors.office365.mapping.apps import ALL, is_delegated
from connectors.office365.mapping.values import text
from connectors.office365.reading import Row
from connectors.office365.scope_words import APPLICATION
from connectors.office365.scopes import APP_ROLES_WRITE, GRANTS_WRITE

GONE = "This grant is not there any more."


def is_of_people(facts: Facts) -> bool:
    return not is_of_app(facts)


def is_of_app(facts: Facts) -> bool:
    """What an app may do by itself is marked so; without any permission it is one of those, too."""
    return all(str(scope).endswith(APPLICATION) for scope in facts["scopes"])


def app_of(order: Order) -> str:
    raw = order.target.raw
    return text(raw.get("clientId") if is_delegated(raw) else raw.get("principalId"))


def grant_now(client: Client, order: Order) -> Row | None:
    """Under its id, or after an undo under another one."""
    held = apps.still_held(client, order.target.raw)
    exact = (row for row in held if text(row["id"]) == order.target.id)
    alike = (row for row in held if apps.is_held(order.target.raw, [row]))
    return next(exact, None) or next(alike, None)


def expect(client: Client, order: Order) -> Row:
    """Raises TargetGone."""
    row = grant_now(client, order)
    if row is None:
        raise TargetGone(GONE)
    return row


def remember(client: Client, order: Order) -> StepResult:
    return apps.kept(expect(client, order))


def take(client: Client, order: Order) -> StepResult:
    apps.take(client, order.results["remember"])
    return {}


def is_taken(client: Client, order: Order) -> bool:
    return grant_now(client, order) is None


def give_again(client: Client, order: Order) -> StepResult:
    before = order.results["remember"]
    apps.give_again(client, before, apps.still_held(client, before))
    return {}


def is_given(client: Client, order: Order) -> bool:
    return not is_taken(client, order)


def refuse(client: Client, order: Order) -> str:
    if grant_now(client, order) is None:
        return GONE
    return apps.refuse(client, apps.app_now(client, app_of(order), order.target.name)[0])


def preview_of_people(client: Client, order: Order) -> tuple[str, ...]:
    row = expect(client, order)
    scopes = ", ".join(app_rows.grant(client, row).scopes) or "nothing more than to be signed in to"
    if row.get("consentType") == ALL:
        whose = "The app loses for everybody: " + scopes + "."
    else:
        whose = "The app loses for this person: " + scopes + "."
    return (
        whose,
        "Tokens that it has go on for up to an hour. Who may consent can let it in again: ban the app to prevent that.",
        *_granted_for_all(client, row),
    )


def preview_of_app(client: Client, order: Order) -> tuple[str, ...]:
    scopes = ", ".join(app_rows.grant(client, expect(client, order)).scopes) or "nothing"
    return (
        f"The app loses for everybody, where it acts by itself: {scopes}.",
        "What it does in people's names goes on, and tokens that it has go on for up to an hour.",
    )


def _granted_for_all(client: Client, row: Row) -> tuple[str, ...]:
    """Where one person's grant is taken, an admin's for everybody may let the app in all the same."""
    others = [
        each
        for each in apps.still_held(client, row)
        if each.get("consentType") == ALL and row.get("consentType") != ALL and each["resourceId"] == row["resourceId"]
    ]
    if not others:
        return ()
    scopes = ", ".join(app_rows.grant(client, others[0]).scopes)
    return (f"An admin granted the app for everybody: {scopes}. For this person, too, that stays: revoke it as well.",)


def read_back(client: Client, order: Order) -> Iterator[Record]:
    before: Mapping[str, Any] = order.results.get("remember") or order.target.raw
    yield from apps.read_back(client, app_of(order), {order.target.id: before})


STEPS = (
    Step("remember", "Remember the grant", remember),
    Step("take", "Take it back", take, is_taken, give_again, undo_is_done=is_given, undo_is_repeatable=True),
)

revoke_grant = steps_action(
    ActionKind.REVOKE_GRANT,
    Grant,
    name="revoke_grant",
    label="Revoke grant",
    effect="The app may no longer do in people's names what this grant allowed it in {tenant}.",
    undo_effect="Undo grants the same permissions again.",
    steps=STEPS,
    read_back=read_back,
    refuse=refuse,
    preview=preview_of_people,
    permissions=(*apps.PERMISSIONS, GRANTS_WRITE),
    component=APPS,
    applies=is_of_people,
)

remove_app_permission = steps_action(
    ActionKind.REVOKE_GRANT,
    Grant,
    name="remove_app_permission",
    label="Remove app permission",
    effect="The app may no longer do by itself what this permission allowed it in {tenant}.",
    undo_effect="Undo gives the app the permission again.",
    steps=STEPS,
    read_back=read_back,
    refuse=refuse,
    preview=preview_of_app,
    permissions=(*apps.PERMISSIONS, APP_ROLES_WRITE),
    component=APPS,
    applies=is_of_app,
)
