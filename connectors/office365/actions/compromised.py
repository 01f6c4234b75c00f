"""Telling Microsoft that an account is in the wrong hands, so that its policies for high risk take hold."""

from connectors.base import Account, ActionKind, Client, Order, StepResult, action
from connectors.office365.actions import accounts
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.reading import found
from connectors.office365.scopes import RISKY_USERS

RISKY = "/identityProtection/riskyUsers"
CONFIRMED = "confirmedCompromised"


def is_confirmed(client: Client, order: Order) -> bool:
    """Of somebody who was never at risk Microsoft knows nothing."""
    row = found(client, f"{RISKY}/{order.target.id}")
    return row is not None and row.get("riskState") == CONFIRMED


def is_dismissed(client: Client, order: Order) -> bool:
    return not is_confirmed(client, order)


def dismiss(client: Client, order: Order) -> StepResult:
    client.post(f"{RISKY}/dismiss", json={"userIds": [order.target.id]})
    return {}


def refuse(client: Client, order: Order) -> str:
    return "This account is confirmed as compromised already." if is_confirmed(client, order) else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    row = accounts.user_now(client, order)
    return (
        f"Microsoft takes {accounts.login_of(row)} for compromised, with a high risk.",
        "What follows from that your Conditional Access policies say: blocking, or a new password at the next sign-in. "
        "Without such a policy nothing happens.",
    )


@action(
    ActionKind.CONFIRM_COMPROMISED,
    Account,
    label="Confirm compromised",
    effect="The risk of {name} in {tenant} becomes high, and policies for such accounts take hold.",
    undo_effect="Undo dismisses the risk; what a policy did meanwhile stays done.",
    read_back=accounts.read_back,
    is_done=is_confirmed,
    undo=dismiss,
    undo_is_done=is_dismissed,
    undo_is_repeatable=True,
    refuse=refuse,
    preview=preview,
    permissions=(*accounts.PERMISSIONS, RISKY_USERS),
    component=USERS_AND_GROUPS,
    applies=accounts.is_person,
)
def confirm_compromised(client: Client, order: Order) -> StepResult:
    """Part of Entra ID P2."""
    client.post(f"{RISKY}/confirmCompromised", json={"userIds": [order.target.id]})
    return {}
