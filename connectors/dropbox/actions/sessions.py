"""Signing a member out everywhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Conflict,
    Device,
    Gone,
    Order,
    Record,
    Session,
    StepResult,
    action,
)
from connectors.dropbox import mapping
from connectors.dropbox.actions import accounts
from connectors.dropbox.feeds.devices import DEVICE_LIST
from connectors.dropbox.reading import END, Row, ask, rows_of
from connectors.dropbox.scopes import SESSIONS, SESSIONS_WRITE

AT_ONCE = 100
OVER = "device_session_not_found"


def sessions_now(client: Client, order: Order) -> list[tuple[str, Row]]:
    """Kind and session; Dropbox lists those of the whole team alone."""
    found, at = list[tuple[str, Row]](), ""
    while at != END:
        listed = DEVICE_LIST.page(client, at, {})
        at = listed.cursor
        own = (row for row in listed.rows if row["team_member_id"] == order.target.id)
        found += [each for row in own for each in mapping.sessions_of(row)]
    return found


def are_ended(client: Client, order: Order) -> bool:
    return not sessions_now(client, order)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    count = len(sessions_now(client, order))
    return (
        f"{count} sessions in browsers, on computers and phones end; files on the devices stay there.",
        "Who knows the password can sign in again: suspend the account to prevent that.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    yield from accounts.read_back(client, order)
    for kind, row in _ended(order):
        yield Gone(Session if kind == mapping.WEB else Device, row)


def _ended(order: Order) -> list[tuple[str, str]]:
    told: list[Mapping[str, str]] = order.results.get("end_sessions", {}).get("ended", [])
    return [(each["kind"], each["id"]) for each in told]


@action(
    ActionKind.REQUIRE_SIGN_IN,
    Account,
    label="End all sessions",
    effect="{name} is signed out of the Dropbox team {tenant} in browsers, on computers and phones.",
    undo_effect="This cannot be undone, and need not be: {name} signs in again.",
    read_back=read_back,
    is_done=are_ended,
    refuse=accounts.refuse,
    preview=preview,
    permissions=(*accounts.PERMISSIONS, SESSIONS, SESSIONS_WRITE),
)
def end_sessions(client: Client, order: Order) -> StepResult:
    """{ended: [{kind, id}]}. Dropbox answers well also where it ended none: each answer is read."""
    sessions = sessions_now(client, order)
    for start in range(0, len(sessions), AT_ONCE):
        _end(client, order, sessions[start : start + AT_ONCE])
    return {"ended": [{"kind": kind, "id": row["session_id"]} for kind, row in sessions]}


def _end(client: Client, order: Order, sessions: list[tuple[str, Row]]) -> None:
    asked = [_named(order, kind, row) for kind, row in sessions]
    answer = ask(client, "team/devices/revoke_device_session_batch", {"revoke_devices": asked})
    told = rows_of(answer, "revoke_devices_status", "success")
    failed = [each for each in told if not each["success"] and mapping.tag(each.get("error_type")) != OVER]
    if failed or len(told) != len(asked):
        raise Conflict(
            f"Dropbox did not end all sessions of {order.target.name}.", remedy="Try again in a few minutes."
        )


def _named(order: Order, kind: str, row: Row) -> dict[str, Any]:
    named = {".tag": kind, "session_id": row["session_id"], "team_member_id": order.target.id}
    return {**named, "delete_on_unlink": False} if kind == mapping.DESKTOP else named
