"""Ending what somebody is signed in to, and seeing that it ended."""

from connectors.base import Account, ActionKind, Client, Order, Step, StepResult, steps_action
from connectors.office365.actions import accounts
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.mapping.accounts import is_external
from connectors.office365.mapping.values import moment, text
from connectors.office365.scopes import REVOKE_SESSIONS

VALID_FROM = "signInSessionsValidFromDateTime"


def remember(client: Client, order: Order) -> StepResult:
    """{login, valid_from: since when its sessions count}."""
    row = accounts.user_now(client, order)
    return {"login": accounts.login_of(row), "valid_from": text(row.get(VALID_FROM))}


def end(client: Client, order: Order) -> StepResult:
    """Answered with true or with nothing. Ending sessions twice does no harm."""
    accounts.with_remedy(client, order, "POST", f"{accounts.path(order)}/revokeSignInSessions", None)
    return {}


def have_ended(client: Client, order: Order) -> bool:
    """Since then only later sign-ins count."""
    before = moment(order.results.get("remember", {}).get("valid_from"))
    now = moment(accounts.user_now(client, order).get(VALID_FROM))
    return now is not None and "remember" in order.results and (before is None or now > before)


def refuse(client: Client, order: Order) -> str:
    if is_external(accounts.user_now(client, order)):
        return "This account signs in at another organisation, whose sessions cannot be ended from here."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    row = accounts.user_now(client, order)
    return (
        f"{accounts.login_of(row)} is signed out of browsers and apps within some minutes.",
        "What an app was let in for before may go on for up to an hour, until its token ends.",
        "Who knows the password can sign in again: suspend the account to prevent that.",
        *accounts.warnings(client, row),
    )


require_sign_in = steps_action(
    ActionKind.REQUIRE_SIGN_IN,
    Account,
    name="require_sign_in",
    label="Require sign-in again",
    effect="All sessions of {name} in {tenant} end within minutes, and {name} has to sign in again.",
    undo_effect="This cannot be undone, and need not be: {name} signs in again.",
    steps=(
        Step("remember", "Remember since when sessions count", remember),
        Step("end_sessions", "End all sessions", end, have_ended),
    ),
    read_back=accounts.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*accounts.PERMISSIONS, REVOKE_SESSIONS),
    component=USERS_AND_GROUPS,
    applies=accounts.is_person,
)
