"""Suspending an account of an Enterprise Server, and taking that back: for those who run the server.

github.com has no such call. Managed users of an enterprise are suspended by SCIM, which GitHub takes from the token of
the enterprise's identity provider alone.
"""

from collections.abc import Iterable

from connectors.base import (
    Account,
    AccountKind,
    AccountStatus,
    Action,
    ActionKind,
    Client,
    Facts,
    Order,
    PermissionMissing,
    Record,
    StepResult,
    action,
)
from connectors.github.actions import people
from connectors.github.reading import document
from connectors.github.scopes import SITE_ADMIN

REASON = {"reason": "Asked for in Gatehouse by the security team."}


def is_active(facts: Facts) -> bool:
    return bool(facts["status"] == AccountStatus.ACTIVE and facts["kind"] != AccountKind.BOT)


def is_marked_suspended(facts: Facts) -> bool:
    return bool(facts["status"] == AccountStatus.SUSPENDED)


def is_suspended(client: Client, order: Order) -> bool:
    """Raises PermissionMissing where the server does not tell: it does to site administrators."""
    user = document(client.get(f"/users/{people.login_of(client, order)}"), "id", "login")
    if "suspended_at" not in user:
        raise PermissionMissing(
            "GitHub Enterprise Server does not say whether an account is suspended.",
            why="Only site administrators are told.",
            remedy="Make the connected account a site administrator and choose Reconnect.",
            permission=SITE_ADMIN,
        )
    return user["suspended_at"] is not None


def is_not_suspended(client: Client, order: Order) -> bool:
    return not is_suspended(client, order)


def put_on(client: Client, order: Order) -> StepResult:
    client.put(_path(client, order), json=REASON)
    return {}


def take_off(client: Client, order: Order) -> StepResult:
    client.delete(_path(client, order), json=REASON)
    return {}


def refuse_suspending(client: Client, order: Order) -> str:
    sentence = people.refuse_self_and_last_owner(client, order)
    if not sentence and is_suspended(client, order):
        return "This account is suspended already."
    return sentence


def refuse_unsuspending(client: Client, order: Order) -> str:
    return "This account is not suspended." if is_not_suspended(client, order) else ""


def preview_suspending(client: Client, order: Order) -> tuple[str, ...]:
    return (
        f"{people.login_of(client, order)} can no longer sign in to the server, nor push or pull, in any organisation.",
        "Memberships, teams and rights stay for the day that it is unsuspended.",
        "Where the server takes its people from a directory (LDAP), it refuses this: suspend the account there.",
    )


def preview_unsuspending(client: Client, order: Order) -> tuple[str, ...]:
    login = people.login_of(client, order)
    return (f"{login} can sign in to the server again and has what it had before, in every organisation.",)


def read_back(client: Client, order: Order) -> Iterable[Record]:
    return people.account_now(client, order)


@action(
    ActionKind.SUSPEND_ACCOUNT,
    Account,
    label="Suspend on the server",
    effect="{name} is suspended on the whole GitHub Enterprise Server, not only in {tenant}.",
    undo_effect="Undo unsuspends {name}, with everything it had.",
    read_back=read_back,
    is_done=is_suspended,
    undo=take_off,
    undo_is_done=is_not_suspended,
    undo_is_repeatable=True,
    refuse=refuse_suspending,
    preview=preview_suspending,
    permissions=(SITE_ADMIN,),
    applies=is_active,
)
def suspend_account(client: Client, order: Order) -> StepResult:
    return put_on(client, order)


@action(
    ActionKind.UNSUSPEND_ACCOUNT,
    Account,
    label="Unsuspend on the server",
    effect="{name} is no longer suspended on the GitHub Enterprise Server, and has in {tenant} what it had before.",
    undo_effect="Undo suspends {name} again.",
    read_back=read_back,
    is_done=is_not_suspended,
    undo=put_on,
    undo_is_done=is_suspended,
    undo_is_repeatable=True,
    refuse=refuse_unsuspending,
    preview=preview_unsuspending,
    permissions=(SITE_ADMIN,),
    applies=is_marked_suspended,
)
def unsuspend_account(client: Client, order: Order) -> StepResult:
    return take_off(client, order)


SUSPENDING: tuple[Action, ...] = (suspend_account, unsuspend_account)


def _path(client: Client, order: Order) -> str:
    return f"/users/{people.login_of(client, order)}/suspended"
