"""Taking the roles of an admin."""

from connectors.base import Account, ActionKind, Client, Facts, NotAvailable, Order, Step, StepResult, steps_action
from connectors.dropbox import mapping
from connectors.dropbox.actions import accounts
from connectors.dropbox.reading import Row, ask, rows_of


def is_admin(facts: Facts) -> bool:
    return bool(facts["is_admin"])


def remember(client: Client, order: Order) -> StepResult:
    """{role_id, name} of the role; Dropbox gives a member one at most."""
    (role, *_) = [*mapping.rows(accounts.member_now(client, order), "roles"), {}]
    return {"role_id": mapping.text(role.get("role_id")), "name": mapping.text(role.get("name"))}


def demote(client: Client, order: Order) -> StepResult:
    return {"roles": _set(client, order, [])}


def is_demoted(client: Client, order: Order) -> bool:
    return not mapping.rows(accounts.member_now(client, order), "roles")


def promote_again(client: Client, order: Order) -> StepResult:
    role_id = order.results.get("remember", {}).get("role_id")
    if not role_id:
        raise NotAvailable(
            "The role of the account before this action is not known.", remedy="Give it in the admin console."
        )
    return {"roles": _set(client, order, [str(role_id)])}


def is_admin_again(client: Client, order: Order) -> bool:
    return not is_demoted(client, order)


def refuse(client: Client, order: Order) -> str:
    sentence = accounts.refuse(client, order)
    if not sentence and is_demoted(client, order):
        return "This account is no admin any more."
    return sentence


def preview(client: Client, order: Order) -> tuple[str, ...]:
    email = accounts.email_of(accounts.member_now(client, order))
    role = remember(client, order)["name"] or "no role"
    return (f"{email} stays a member of the team and loses the role: {role}.",)


def _set(client: Client, order: Order, role_ids: list[str]) -> list[str]:
    """The names of the roles that Dropbox has then."""
    asked = {"user": accounts.selector(order), "new_roles": role_ids}
    roles: list[Row] = rows_of(ask(client, "team/members/set_admin_permissions_v2", asked), "roles")
    return [mapping.text(each.get("name")) for each in roles]


revoke_admin = steps_action(
    ActionKind.REVOKE_ADMIN,
    Account,
    name="revoke_admin",
    label="Take the admin role",
    effect="{name} is no longer an admin of the Dropbox team {tenant} but a member.",
    undo_effect="Undo gives {name} the same role again.",
    steps=(
        Step("remember", "Remember the role", remember),
        Step(
            "demote", "Take the role", demote, is_demoted, promote_again,
            undo_is_done=is_admin_again, undo_is_repeatable=True,
        ),
    ),
    read_back=accounts.read_back,
    refuse=refuse,
    preview=preview,
    permissions=accounts.PERMISSIONS,
    applies=is_admin,
)  # fmt: skip
