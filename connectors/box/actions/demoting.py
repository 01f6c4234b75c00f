"""Taking the rights of a co-admin."""

from connectors.base import Account, ActionKind, Client, Facts, Order, Step, StepResult, TargetGone, steps_action
from connectors.box import mapping
from connectors.box.actions import accounts

USER = "user"


def is_admin(facts: Facts) -> bool:
    return bool(facts["is_admin"]) and accounts.is_no_service(facts)


def remember(client: Client, order: Order) -> StepResult:
    known = accounts.remember(client, order)
    if known["role"] != mapping.CO_ADMIN:
        raise TargetGone(f"{order.target.name} is not a co-admin any more.")
    return known


def demote(client: Client, order: Order) -> StepResult:
    return {"role": accounts.change(client, order, role=USER)["role"]}


def is_demoted(client: Client, order: Order) -> bool:
    return bool(accounts.user_now(client, order)["role"] == USER)


def promote_again(client: Client, order: Order) -> StepResult:
    return {"role": accounts.change(client, order, role=mapping.CO_ADMIN)["role"]}


def is_co_admin_again(client: Client, order: Order) -> bool:
    return not is_demoted(client, order)


def preview(client: Client, order: Order) -> tuple[str, ...]:
    return (
        f"{remember(client, order)['login']} stays a user of the enterprise and is no co-admin any more.",
        "What exactly the co-admin was allowed Box does not tell: note it in the Admin Console first.",
    )


revoke_admin = steps_action(
    ActionKind.REVOKE_ADMIN,
    Account,
    name="revoke_admin",
    label="Make a user instead of a co-admin",
    effect="{name} is no longer a co-admin of the Box enterprise {tenant} but a user.",
    undo_effect="Undo makes {name} a co-admin again, with Box's usual rights and not with those from before.",
    steps=(
        Step("remember", "Remember the role", remember),
        Step(
            "demote", "Make a user", demote, is_demoted, promote_again,
            undo_is_done=is_co_admin_again, undo_is_repeatable=True,
        ),
    ),
    read_back=accounts.read_back,
    refuse=accounts.refuse,
    preview=preview,
    permissions=accounts.PERMISSIONS,
    applies=is_admin,
)  # fmt: skip
