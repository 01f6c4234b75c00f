"""Taking the directory roles that an account holds by itself."""

from collections.abc import Iterator
from typing import Any

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Facts,
    Field,
    Gone,
    HolderKind,
    Order,
    Privilege,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.base.entra_sign_in import GLOBAL_ADMINISTRATOR
from connectors.office365 import roles
from connectors.office365.actions import accounts, last_admin
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.mapping import roles as mapping
from connectors.office365.mapping.values import text
from connectors.office365.reading import Listing, Row
from connectors.office365.scopes import ROLES_WRITE

PATH = "/roleManagement/directory/roleAssignments"
KEPT = ("id", "roleDefinitionId", "directoryScopeId")
ONLY = Field("role", "Only this role", "Its name. Left empty, the account loses all of its roles.", is_required=False)


def is_admin(facts: Facts) -> bool:
    return bool(facts["is_admin"]) and accounts.is_person(facts)


def held(client: Client, order: Order) -> list[Row]:
    """The assignments of the account itself: not those of its groups, nor what it could take and has not."""
    own = {"$filter": f"principalId eq '{order.target.id}'"}
    return list(Listing(PATH, own, roles.ASSIGNMENT_MEMBERS).rows(client))


def taken(client: Client, order: Order) -> list[Row]:
    only = order.params.get("role", "").strip().lower()
    return [row for row in held(client, order) if not only or name_of(client, row).lower() == only]


def name_of(client: Client, row: Row) -> str:
    return _privilege(client, row).name


def remember(client: Client, order: Order) -> StepResult:
    """{roles: [{id, roleDefinitionId, directoryScopeId, name}]}."""
    rows = taken(client, order)
    if not rows:
        raise TargetGone(f"{order.target.name} holds no such role any more.")
    return {"roles": [{**{name: row.get(name) for name in KEPT}, "name": name_of(client, row)} for row in rows]}


def take(client: Client, order: Order) -> StepResult:
    """What was remembered and nothing else: that alone can be given again."""
    for row in _remembered(order):
        client.delete(f"{PATH}/{row['id']}", expect=(404,))
    return {}


def are_taken(client: Client, order: Order) -> bool:
    now = {text(row["id"]) for row in held(client, order)}
    return not any(row["id"] in now for row in _remembered(order))


def give_again(client: Client, order: Order) -> StepResult:
    """Those of them that the account does not hold by now."""
    now = {_place(row) for row in held(client, order)}
    for row in _remembered(order):
        if _place(row) not in now:
            client.post(PATH, json={**_values(row), "principalId": order.target.id})
    return {}


def are_given(client: Client, order: Order) -> bool:
    now = {_place(row) for row in held(client, order)}
    return all(_place(row) in now for row in _remembered(order))


def refuse(client: Client, order: Order) -> str:
    rows = taken(client, order)
    if not rows:
        return "This account holds no such role by itself. What a group brings ends when it leaves the group."
    is_global = any(_place(row) == (GLOBAL_ADMINISTRATOR, mapping.TENANT) for row in rows)
    return last_admin.refuse(client, order.target.id) if is_global else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    found = [_privilege(client, row) for row in taken(client, order)]
    names = ", ".join(f"{each.name} ({each.scope})" if each.scope else each.name for each in found)
    return (
        f"The account loses: {names}.",
        "Roles that a group brings stay, and so do those that the account may take at any time (eligible ones).",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """Beside the account the roles that it lost or got again: others may come from a group, which is not looked at."""
    yield from accounts.read_back(client, order)
    now = {each.id: each for row in held(client, order) if (each := _privilege(client, row))}
    before = [_privilege(client, {**row, "principalId": order.target.id}) for row in _remembered(order)]
    yield from now.values()
    through = {each.id for each in _through_groups(client, order)} if before else set()
    yield from (Gone(Privilege, each.id) for each in before if each.id not in now and each.id not in through)


def _through_groups(client: Client, order: Order) -> Iterator[Privilege]:
    for row in roles.ASSIGNMENTS.rows(client):
        if any(text(member["id"]) == order.target.id for member in roles.held_through(client, row)):
            yield mapping.privilege(row, roles.definitions(client), order.target.id, HolderKind.ACCOUNT)


def _privilege(client: Client, row: Row) -> Privilege:
    return mapping.privilege(row, roles.definitions(client), text(row["principalId"]), HolderKind.ACCOUNT)


def _remembered(order: Order) -> list[dict[str, Any]]:
    return list(order.results.get("remember", {}).get("roles", ()))


def _place(row: Row) -> tuple[str, str]:
    return text(row["roleDefinitionId"]), text(row.get("directoryScopeId")) or mapping.TENANT


def _values(row: Row) -> dict[str, str]:
    role_id, scope = _place(row)
    return {"roleDefinitionId": role_id, "directoryScopeId": scope}


revoke_admin = steps_action(
    ActionKind.REVOKE_ADMIN,
    Account,
    name="revoke_admin",
    label="Remove directory roles",
    effect="{name} loses directory roles of {tenant} and stays a user.",
    undo_effect="Undo gives {name} the same roles again.",
    steps=(
        Step("remember", "Remember the roles", remember),
        Step(
            "take", "Remove the roles", take, are_taken, give_again,
            undo_is_done=are_given, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*accounts.PERMISSIONS, ROLES_WRITE),
    component=USERS_AND_GROUPS,
    applies=is_admin,
    fields=(ONLY,),
)  # fmt: skip
