"""Blocking somebody who is no member: no interaction with the organisation's repositories any more; lifting a block."""

from collections.abc import Iterable

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    NotAvailable,
    Order,
    Record,
    Step,
    StepResult,
    action,
    steps_action,
)
from connectors.github import mapping
from connectors.github.actions import people
from connectors.github.actions.removing import is_in
from connectors.github.reading import document, organisation_path

BLOCKING = ("admin:org", "organization_user_blocking:write")
"""What it takes: the scope of an OAuth App, the permission of a GitHub App."""


def is_outsider(facts: Facts) -> bool:
    return is_in(facts) and bool(facts["is_external"])


def remember(client: Client, order: Order) -> StepResult:
    return {"login": people.login_of(client, order), "is_blocked": is_blocked(client, order)}


def block(client: Client, order: Order) -> StepResult:
    answer = client.put(_path(client, order), expect=(422,))
    if answer.status == 422:
        raise NotAvailable(
            f"GitHub does not block {order.target.name}.",
            why="Members of the organisation cannot be blocked.",
            remedy="Remove the account from the organisation first.",
        )
    return {}


def is_blocked(client: Client, order: Order) -> bool:
    return client.get(_path(client, order), expect=(404,)).status != 404


def unblock(client: Client, order: Order) -> StepResult:
    """A block that was there before stays."""
    if not order.results["remember"]["is_blocked"]:
        client.delete(_path(client, order))
    return {}


def is_as_before(client: Client, order: Order) -> bool:
    return is_blocked(client, order) is bool(order.results["remember"]["is_blocked"])


def refuse(client: Client, order: Order) -> str:
    sentence = people.refuse_self(client, order)
    if not sentence and people.membership_of(client, people.login_of(client, order)) is not None:
        return "GitHub does not block members. Remove the account from the organisation first."
    if not sentence and is_blocked(client, order):
        return "This account is blocked already."
    return sentence


def preview(client: Client, order: Order) -> tuple[str, ...]:
    login = people.login_of(client, order)
    return (
        f"{login} loses access to every repository of the organisation, stars and watches included.",
        f"{login} can no longer open issues or pull requests, comment, or be invited.",
        "What is public can still be read and copied, as by anybody.",
    )


def read_back(client: Client, order: Order) -> Iterable[Record]:
    """A block ends the access, so whoever is blocked is there as that alone."""
    found = list(people.account_now(client, order))
    answer = client.get(f"/user/{order.target.id}", expect=(404,))
    if answer.status == 404 or not is_blocked(client, order):
        return found
    blocked = mapping.blocked_user(document(answer, "id", "login"))
    return [blocked, *(each for each in found if each.id != blocked.id)]


block_account = steps_action(
    ActionKind.BLOCK_ACCOUNT,
    Account,
    name="block_account",
    label="Block in the organisation",
    effect="{name} is blocked in the GitHub organisation {tenant}: access to its repositories ends, and nothing can be "
    "written in public ones.",
    undo_effect="Undo lifts the block. Access to repositories has to be given again in GitHub.",
    steps=(
        Step("remember", "Remember whether there is a block", remember),
        Step("block", "Block the account", block, is_blocked, unblock, undo_is_done=is_as_before),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=BLOCKING,
    applies=is_outsider,
)


# --- lifting it -----------------------------------------------------------------------------------------------------


def is_marked_blocked(facts: Facts) -> bool:
    return bool(facts["status"] == AccountStatus.BLOCKED)


def is_lifted(client: Client, order: Order) -> bool:
    return not is_blocked(client, order)


def refuse_lifting(client: Client, order: Order) -> str:
    return "This account is not blocked any more." if is_lifted(client, order) else ""


def preview_lifting(client: Client, order: Order) -> tuple[str, ...]:
    login = people.login_of(client, order)
    return (
        f"{login} can open issues and pull requests in public repositories again, comment, and be invited.",
        "No repository is given back: whoever needs access is invited again.",
    )


@action(
    ActionKind.UNBLOCK_ACCOUNT,
    Account,
    label="Lift the block",
    effect="{name} is no longer blocked in the GitHub organisation {tenant}. Access to repositories does not come "
    "back.",
    undo_effect="Undo blocks {name} again.",
    read_back=read_back,
    is_done=is_lifted,
    undo=block,
    undo_is_done=is_blocked,
    undo_is_repeatable=True,
    refuse=refuse_lifting,
    preview=preview_lifting,
    permissions=BLOCKING,
    applies=is_marked_blocked,
)
def unblock_account(client: Client, order: Order) -> StepResult:
    """GitHub answers 404 for who is not blocked, and that is as good."""
    answer = client.delete(_path(client, order), expect=(404,))
    return {"was_blocked": answer.status != 404}


def _path(client: Client, order: Order) -> str:
    return organisation_path(client, f"/blocks/{people.login_of(client, order)}")
