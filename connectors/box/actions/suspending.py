"""Suspending an account, and taking that back."""

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.box import mapping
from connectors.box.actions import accounts

ACTIVE = "active"


def is_active(facts: Facts) -> bool:
    return facts["status"] == AccountStatus.ACTIVE and accounts.is_no_service(facts)


def is_marked_suspended(facts: Facts) -> bool:
    return facts["status"] == AccountStatus.SUSPENDED and accounts.is_no_service(facts)


def is_suspended(client: Client, order: Order) -> bool:
    return bool(accounts.user_now(client, order)["status"] == mapping.INACTIVE)


def is_not_suspended(client: Client, order: Order) -> bool:
    return not is_suspended(client, order)


def suspend(client: Client, order: Order) -> StepResult:
    return {"status": accounts.change(client, order, status=mapping.INACTIVE)["status"]}


def restore(client: Client, order: Order) -> StepResult:
    """The status from before, which may be one that forbids deleting and editing."""
    return {"status": accounts.change(client, order, status=accounts.status_before(order))["status"]}


def activate(client: Client, order: Order) -> StepResult:
    return {"status": accounts.change(client, order, status=ACTIVE)["status"]}


def refuse_suspending(client: Client, order: Order) -> str:
    sentence = accounts.refuse(client, order)
    if not sentence and is_suspended(client, order):
        return "This account is suspended already."
    return sentence


def refuse_unsuspending(client: Client, order: Order) -> str:
    sentence = accounts.refuse(client, order)
    if not sentence and is_not_suspended(client, order):
        return "This account is not suspended."
    return sentence


def preview_suspending(client: Client, order: Order) -> tuple[str, ...]:
    known = accounts.remember(client, order)
    return (
        f"{known['login']} can no longer sign in to Box; the status is now {known['status']} and becomes inactive.",
        "Files, groups and what is shared with the account stay as they are.",
        "Where an identity provider manages the accounts, it may make this one active again.",
    )


def preview_unsuspending(client: Client, order: Order) -> tuple[str, ...]:
    known = accounts.remember(client, order)
    return (
        f"{known['login']} can sign in to Box again.",
        "If Box had forbidden the account to delete or edit before it was suspended, set that again there.",
    )


suspend_account = steps_action(
    ActionKind.SUSPEND_ACCOUNT,
    Account,
    name="suspend_account",
    label="Suspend",
    effect="{name} can no longer sign in to the Box enterprise {tenant}. Files and groups stay.",
    undo_effect="Undo gives {name} the status from before.",
    steps=(
        Step("remember", "Remember the status", accounts.remember),
        Step(
            "suspend", "Make inactive", suspend, is_suspended, restore,
            undo_is_done=is_not_suspended, undo_is_repeatable=True,
        ),
    ),
    read_back=accounts.read_back,
    refuse=refuse_suspending,
    preview=preview_suspending,
    permissions=accounts.PERMISSIONS,
    applies=is_active,
)  # fmt: skip

unsuspend_account = steps_action(
    ActionKind.UNSUSPEND_ACCOUNT,
    Account,
    name="unsuspend_account",
    label="Unsuspend",
    effect="{name} can sign in to the Box enterprise {tenant} again.",
    undo_effect="Undo suspends {name} again.",
    steps=(
        Step("remember", "Remember the status", accounts.remember),
        Step(
            "activate", "Make active", activate, is_not_suspended, restore,
            undo_is_done=is_suspended, undo_is_repeatable=True,
        ),
    ),
    read_back=accounts.read_back,
    refuse=refuse_unsuspending,
    preview=preview_unsuspending,
    permissions=accounts.PERMISSIONS,
    applies=is_marked_suspended,
)  # fmt: skip
