"""Having somebody choose a new password, and taking away the one that somebody else may know."""

import secrets
from typing import Any

from connectors.base import Account, ActionKind, Client, Order, Step, StepResult, action, steps_action
from connectors.office365.actions import accounts
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.mapping.accounts import is_external, is_synced
from connectors.office365.mapping.values import moment, text
from connectors.office365.scopes import PASSWORDS

CHANGED = "lastPasswordChangeDateTime"
PERMISSIONS = (*accounts.PERMISSIONS, PASSWORDS)
ELSEWHERE = "This account signs in at another organisation, which keeps its password."
SYNCED = "The password of this account is kept in an Active Directory: change it there."


def profile(**values: Any) -> dict[str, Any]:
    return {"passwordProfile": {**values, "forceChangePasswordNextSignIn": True}}


def refuse(client: Client, order: Order) -> str:
    row = accounts.user_now(client, order)
    if is_external(row):
        return ELSEWHERE
    return SYNCED if is_synced(row) else ""


def remember(client: Client, order: Order) -> StepResult:
    """{login, changed_at: when the password was changed last}."""
    row = accounts.user_now(client, order)
    return {"login": accounts.login_of(row), "changed_at": text(row.get(CHANGED))}


def replace(client: Client, order: Order) -> StepResult:
    """By one that nobody knows, and that is kept nowhere. Replacing it once more does no harm."""
    accounts.change(client, order, profile(password=_unknown_password()))
    return {}


def is_replaced(client: Client, order: Order) -> bool:
    before = moment(order.results.get("remember", {}).get("changed_at"))
    now = moment(accounts.user_now(client, order).get(CHANGED))
    return now is not None and "remember" in order.results and (before is None or now > before)


def _unknown_password() -> str:
    """Four kinds of signs, as Microsoft's rules want three of them."""
    return f"Aa1!{secrets.token_urlsafe(32)}"


def preview_expiring(client: Client, order: Order) -> tuple[str, ...]:
    row = accounts.user_now(client, order)
    return (
        f"{accounts.login_of(row)} has to choose a new password at the next sign-in.",
        "Who knows the present password can do that, too: reset it where it may be known to others.",
        "Sessions that are open go on: end them as well.",
        *accounts.warnings(client, row),
    )


def preview_resetting(client: Client, order: Order) -> tuple[str, ...]:
    row = accounts.user_now(client, order)
    return (
        f"{accounts.login_of(row)} gets a password that nobody knows, and cannot sign in with the present one.",
        "To come back the person resets it by self-service, where that is set up, or asks the help desk.",
        *accounts.warnings(client, row),
    )


@action(
    ActionKind.EXPIRE_PASSWORD,
    Account,
    label="Require a new password",
    effect="{name} has to choose a new password at the next sign-in to {tenant}. Sessions that are open go on.",
    undo_effect="This cannot be undone here: it ends when {name} has chosen a new password.",
    read_back=accounts.read_back,
    refuse=refuse,
    preview=preview_expiring,
    permissions=PERMISSIONS,
    component=USERS_AND_GROUPS,
    applies=accounts.is_person,
)
def expire_password(client: Client, order: Order) -> StepResult:
    """Without a new password in it (unverified: the documents show both together)."""
    accounts.change(client, order, profile())
    return {}


reset_password = steps_action(
    ActionKind.RESET_PASSWORD,
    Account,
    name="reset_password",
    label="Reset password",
    effect="The password of {name} in {tenant} is replaced by one that nobody knows.",
    undo_effect="This cannot be undone: {name} resets the password by self-service, or the help desk does.",
    steps=(
        Step("remember", "Remember when the password was changed last", remember),
        Step("replace", "Replace the password", replace, is_replaced),
    ),
    read_back=accounts.read_back,
    refuse=refuse,
    preview=preview_resetting,
    permissions=PERMISSIONS,
    component=USERS_AND_GROUPS,
    applies=accounts.is_person,
)
