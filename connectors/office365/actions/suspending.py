"""Suspending an account, and taking that back."""

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    NotAvailable,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.office365.actions import accounts, last_admin, sessions
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.scopes import ENABLE_USERS, REVOKE_SESSIONS

ENABLED = "accountEnabled"


def is_on(facts: Facts) -> bool:
    return accounts.is_person(facts) and facts["status"] in (AccountStatus.ACTIVE, AccountStatus.PENDING)


def is_off(facts: Facts) -> bool:
    return accounts.is_person(facts) and facts["status"] == AccountStatus.SUSPENDED


def remember(client: Client, order: Order) -> StepResult:
    """{login, valid_from, enabled}."""
    return {**sessions.remember(client, order), "enabled": accounts.user_now(client, order).get(ENABLED) is True}


def is_suspended(client: Client, order: Order) -> bool:
    return accounts.user_now(client, order).get(ENABLED) is False


def is_not_suspended(client: Client, order: Order) -> bool:
    return not is_suspended(client, order)


def disable(client: Client, order: Order) -> StepResult:
    accounts.change(client, order, {ENABLED: False})
    return {}


def enable(client: Client, order: Order) -> StepResult:
    accounts.change(client, order, {ENABLED: True})
    return {}


def restore(client: Client, order: Order) -> StepResult:
    """As it was before. Raises NotAvailable where that is not known."""
    before = order.results.get("remember", {}).get("enabled")
    if before is None:
        raise NotAvailable(
            "Whether the account was switched on before this action is not known.",
            remedy="Change it in the Entra admin center.",
        )
    accounts.change(client, order, {ENABLED: before})
    return {}


def refuse_suspending(client: Client, order: Order) -> str:
    if is_suspended(client, order):
        return "This account is suspended already."
    return last_admin.refuse(client, order.target.id)


def refuse_unsuspending(client: Client, order: Order) -> str:
    return "" if is_suspended(client, order) else "This account is not suspended."


def preview_suspending(client: Client, order: Order) -> tuple[str, ...]:
    row = accounts.user_now(client, order)
    return (
        f"{accounts.login_of(row)} can no longer sign in to anything that uses this tenant.",
        "Open sessions are ended as well. What an app was let in for before may go on for up to an hour.",
        "Mailbox, files, groups and licences stay as they are.",
        *accounts.warnings(client, row),
    )


def preview_unsuspending(client: Client, order: Order) -> tuple[str, ...]:
    row = accounts.user_now(client, order)
    return (f"{accounts.login_of(row)} can sign in again.", *accounts.warnings(client, row))


suspend_account = steps_action(
    ActionKind.SUSPEND_ACCOUNT,
    Account,
    name="suspend_account",
    label="Suspend",
    effect="{name} can no longer sign in to {tenant}, and all sessions of {name} end. Mailbox, files and groups stay.",
    undo_effect="Undo lets {name} sign in again; the sessions do not come back.",
    steps=(
        Step("remember", "Remember the account", remember),
        Step(
            "disable", "Switch the account off", disable, is_suspended, restore,
            undo_is_done=is_not_suspended, undo_is_repeatable=True,
        ),
        Step("end_sessions", "End all sessions", sessions.end, sessions.have_ended),
    ),
    read_back=accounts.read_back,
    refuse=refuse_suspending,
    preview=preview_suspending,
    permissions=(*accounts.PERMISSIONS, ENABLE_USERS, REVOKE_SESSIONS),
    component=USERS_AND_GROUPS,
    applies=is_on,
)  # fmt: skip

unsuspend_account = steps_action(
    ActionKind.UNSUSPEND_ACCOUNT,
    Account,
    name="unsuspend_account",
    label="Unsuspend",
    effect="{name} can sign in to {tenant} again.",
    undo_effect="Undo suspends {name} again; sessions that began meanwhile may go on for up to an hour.",
    steps=(
        Step("remember", "Remember the account", remember),
        Step(
            "enable", "Switch the account on", enable, is_not_suspended, restore,
            undo_is_done=is_suspended, undo_is_repeatable=True,
        ),
    ),
    read_back=accounts.read_back,
    refuse=refuse_unsuspending,
    preview=preview_unsuspending,
    permissions=(*accounts.PERMISSIONS, ENABLE_USERS),
    component=USERS_AND_GROUPS,
    applies=is_off,
)  # fmt: skip
