"""Webhooks, by which a repository or the organisation sends to somebody else: stopped, or deleted."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import (
    ActionKind,
    Answer,
    Client,
    Credential,
    Facts,
    Gone,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    action,
    steps_action,
)
from connectors.github import ids, mapping
from connectors.github.actions.repositories import path_of, repository
from connectors.github.ownership import is_app
from connectors.github.reading import document, organisation_path
from connectors.github.webhook import EVENTS

HOOKS = ("repo", "admin:org_hook", "repository_hooks:write", "organization_hooks:write")


def is_hook(facts: Facts) -> bool:
    return ids.is_webhook(facts["id"])


def is_sending_hook(facts: Facts) -> bool:
    return is_hook(facts) and bool(facts["is_active"])


def refuse(client: Client, order: Order) -> str:
    """Of an organisation's hooks an OAuth App is shown those that it made itself, and no others. A GitHub App is shown
    all of them: ours is told by its events."""
    place, _ = ids.numbers(order.target.id)
    if place != ids.ORGANISATION:
        return ""
    if not is_app(client) or set(order.target.raw.get("events", ())) == set(EVENTS):
        return "This is the webhook by which GitHub tells Gatehouse of changes. Disconnecting deletes it."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    found = _hook(client, order)
    events = ", ".join(str(event) for event in found["events"][:8])
    return (f"It sends to {_address(found)} on: {events}.", "What was sent already stays with the receiver.")


def read_back(client: Client, order: Order) -> Iterator[Record]:
    answer = _asked(client, order)
    if answer.status == 404:
        yield Gone(Credential, order.target.id)
        return
    row, place = document(answer, "id"), ids.numbers(order.target.id)[0]
    if place == ids.ORGANISATION:
        yield mapping.webhook(row)
    else:
        yield mapping.webhook(row, place, str(repository(client, place)["full_name"]))


# --- stopping -------------------------------------------------------------------------------------------------------


def stop(client: Client, order: Order) -> StepResult:
    return _set_active(client, order, False)


def is_stopped(client: Client, order: Order) -> bool:
    return not _hook(client, order)["active"]


def start_again(client: Client, order: Order) -> StepResult:
    return _set_active(client, order, True)


stop_webhook = steps_action(
    ActionKind.REVOKE_CREDENTIAL,
    Credential,
    name="stop_webhook",
    label="Stop the webhook",
    effect="The webhook {name} of the GitHub organisation {tenant} or its repository sends nothing any more.",
    undo_effect="Undo lets it send again, with the same address and secret. What happened meanwhile is not sent.",
    steps=(Step("stop", "Stop the webhook", stop, is_stopped, start_again, undo_is_repeatable=True),),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=HOOKS,
    applies=is_sending_hook,
)


# --- deleting -------------------------------------------------------------------------------------------------------


def is_deleted(client: Client, order: Order) -> bool:
    return _asked(client, order).status == 404


@action(
    ActionKind.REVOKE_CREDENTIAL,
    Credential,
    label="Delete the webhook",
    effect="The webhook {name} of the GitHub organisation {tenant} or its repository is deleted and sends nothing any "
    "more.",
    undo_effect="It cannot be undone: GitHub shows nobody the secret that the receiver expects. Stopping a webhook can "
    "be undone.",
    read_back=read_back,
    is_done=is_deleted,
    refuse=refuse,
    preview=preview,
    permissions=HOOKS,
    applies=is_hook,
)
def delete_webhook(client: Client, order: Order) -> StepResult:
    answer = client.delete(_path(client, order), expect=(404,))
    return {"was_there": answer.status != 404}


# --- what they share ------------------------------------------------------------------------------------------------


def _path(client: Client, order: Order) -> str:
    place, hook_id = ids.numbers(order.target.id)
    if place == ids.ORGANISATION:
        return organisation_path(client, f"/hooks/{hook_id}")
    return path_of(repository(client, place), f"/hooks/{hook_id}")


def _asked(client: Client, order: Order) -> Answer:
    return client.get(_path(client, order), expect=(404,))


def _hook(client: Client, order: Order) -> Mapping[str, Any]:
    answer = _asked(client, order)
    if answer.status == 404:
        raise TargetGone(f"The webhook {order.target.name} was deleted meanwhile.")
    return document(answer, "id", "active", "events", "config")


def _set_active(client: Client, order: Order, is_active: bool) -> StepResult:
    answer = client.patch(_path(client, order), json={"active": is_active})
    return {"is_active": bool(document(answer, "active")["active"])}


def _address(found: Mapping[str, Any]) -> str:
    """Without its query, which may hold a secret."""
    return str(found["config"].get("url") or "nowhere").partition("?")[0]
