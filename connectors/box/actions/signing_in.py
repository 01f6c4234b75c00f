"""Ending somebody's sessions, and having somebody choose a new password."""

from connectors.base import Account, ActionKind, Client, Order, StepResult, action
from connectors.box import mapping
from connectors.box.actions import accounts


def preview_sessions(client: Client, order: Order) -> tuple[str, ...]:
    login = accounts.remember(client, order)["login"]
    return (
        f"{login} is signed out of Box everywhere, on the web, in apps and on devices, within some minutes.",
        "Who knows the password can sign in again: suspend the account to prevent that.",
    )


@action(
    ActionKind.REQUIRE_SIGN_IN,
    Account,
    label="End all sessions",
    effect="All sessions of {name} in the Box enterprise {tenant} end, and {name} has to sign in again.",
    undo_effect="This cannot be undone, and need not be: {name} signs in again.",
    read_back=accounts.read_back,
    refuse=accounts.refuse,
    preview=preview_sessions,
    permissions=accounts.PERMISSIONS,
    applies=accounts.is_no_service,
)
def end_sessions(client: Client, order: Order) -> StepResult:
    """Box does it after it answered, and tells in its events whether it did. Ending sessions twice does no harm."""
    user = accounts.user_now(client, order)
    body = {"user_ids": [order.target.id], "user_logins": [mapping.text(user.get("login"))]}
    client.post("/users/terminate_sessions", json=body)
    return {"login": mapping.text(user.get("login"))}


def preview_password(client: Client, order: Order) -> tuple[str, ...]:
    login = accounts.remember(client, order)["login"]
    return (
        f"{login} has to choose a new password at the next sign-in to Box.",
        "It means nothing where people sign in by single sign-on.",
        "Sessions that are open go on: end them as well.",
    )


@action(
    ActionKind.EXPIRE_PASSWORD,
    Account,
    label="Require a new password",
    effect="{name} has to choose a new password at the next sign-in to the Box enterprise {tenant}. Sessions that are "
    "open go on.",
    undo_effect="This cannot be undone here: it ends when {name} has chosen a new password.",
    read_back=accounts.read_back,
    refuse=accounts.refuse,
    preview=preview_password,
    permissions=accounts.PERMISSIONS,
    applies=accounts.is_no_service,
)
def require_new_password(client: Client, order: Order) -> StepResult:
    """Box does not show whether it is required; requiring it twice is requiring it once."""
    accounts.change(client, order, is_password_reset_required=True)
    return {}
