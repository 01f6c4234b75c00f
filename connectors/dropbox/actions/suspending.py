"""Suspending a member, and taking that back."""

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    Field,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.dropbox import mapping
from connectors.dropbox.actions import accounts
from connectors.dropbox.reading import ask, done

KEEP, DELETE = "keep", "delete"
DEVICE_FILES = Field(
    "device_files",
    "Files on devices",
    "Deleting removes Dropbox's files from the member's own computers when they are online next. It cannot be undone.",
    choices=((KEEP, "Keep them"), (DELETE, "Delete them from linked devices")),
)


def is_active(facts: Facts) -> bool:
    return bool(facts["status"] == AccountStatus.ACTIVE)


def is_marked_suspended(facts: Facts) -> bool:
    return bool(facts["status"] == AccountStatus.SUSPENDED)


def is_suspended(client: Client, order: Order) -> bool:
    return mapping.is_status(accounts.member_now(client, order), mapping.SUSPENDED)


def is_not_suspended(client: Client, order: Order) -> bool:
    return not is_suspended(client, order)


def suspend(client: Client, order: Order) -> StepResult:
    """Dropbox deletes what is on devices unless it is told not to, so it is always told."""
    is_wiped = order.params.get("device_files") == DELETE
    if is_not_suspended(client, order):
        asked = {"user": accounts.selector(order), "wipe_data": is_wiped}
        done(ask(client, "team/members/suspend", asked))
    return {"device_files": DELETE if is_wiped else KEEP}


def suspend_again(client: Client, order: Order) -> StepResult:
    if is_not_suspended(client, order):
        done(ask(client, "team/members/suspend", {"user": accounts.selector(order), "wipe_data": False}))
    return {"device_files": KEEP}


def unsuspend(client: Client, order: Order) -> StepResult:
    if is_suspended(client, order):
        done(ask(client, "team/members/unsuspend", {"user": accounts.selector(order)}))
    return {}


def refuse_suspending(client: Client, order: Order) -> str:
    sentence = accounts.refuse(client, order)
    if not sentence and not mapping.is_status(accounts.member_now(client, order), mapping.ACTIVE):
        return "Dropbox suspends active members alone."
    return sentence


def refuse_unsuspending(client: Client, order: Order) -> str:
    return "This account is not suspended." if is_not_suspended(client, order) else ""


def preview_suspending(client: Client, order: Order) -> tuple[str, ...]:
    email = accounts.email_of(accounts.member_now(client, order))
    is_wiped = order.params.get("device_files") == DELETE
    return (
        f"{email} is signed out of Dropbox everywhere and can no longer sign in.",
        "Dropbox's files are deleted from the member's linked devices, which cannot be undone."
        if is_wiped
        else "Files that are on the member's devices stay there.",
        "Links and shared folders of the member go on working: remove those apart.",
    )


def preview_unsuspending(client: Client, order: Order) -> tuple[str, ...]:
    email = accounts.email_of(accounts.member_now(client, order))
    return (f"{email} can sign in to Dropbox again.", "It may take a licence of the team, if one is free.")


suspend_account = steps_action(
    ActionKind.SUSPEND_ACCOUNT,
    Account,
    name="suspend_account",
    label="Suspend",
    effect="{name} is signed out of the Dropbox team {tenant} and can no longer sign in. Links and shared folders go "
    "on working.",
    undo_effect="Undo lets {name} sign in again, if the team has a licence left. Files deleted from devices come back "
    "by syncing alone.",
    steps=(
        Step(
            "suspend", "Suspend", suspend, is_suspended, unsuspend,
            undo_is_done=is_not_suspended, undo_is_repeatable=True,
        ),
    ),
    read_back=accounts.read_back,
    refuse=refuse_suspending,
    preview=preview_suspending,
    permissions=accounts.PERMISSIONS,
    applies=is_active,
    fields=(DEVICE_FILES,),
)  # fmt: skip

unsuspend_account = steps_action(
    ActionKind.UNSUSPEND_ACCOUNT,
    Account,
    name="unsuspend_account",
    label="Unsuspend",
    effect="{name} can sign in to the Dropbox team {tenant} again.",
    undo_effect="Undo suspends {name} again; files on devices stay there.",
    steps=(
        Step(
            "unsuspend", "Unsuspend", unsuspend, is_not_suspended, suspend_again,
            undo_is_done=is_suspended, undo_is_repeatable=True,
        ),
    ),
    read_back=accounts.read_back,
    refuse=refuse_unsuspending,
    preview=preview_unsuspending,
    permissions=accounts.PERMISSIONS,
    applies=is_marked_suspended,
)  # fmt: skip
