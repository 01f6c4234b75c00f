"""Taking role assignments from an account or a group, and giving them back as they were."""

from typing import Any

from connectors.azure import directory, mapping
from connectors.azure.actions import holders
from connectors.azure.actions.holders import VERSION
from connectors.azure.reading import Row, document
from connectors.azure.scopes import GIVE_ROLES, REMOVE_ROLES
from connectors.base import (
    Account,
    Action,
    ActionKind,
    Client,
    Conflict,
    Group,
    Order,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)

GIVEN_BACK = (
    "roleDefinitionId", "principalId", "principalType", "condition", "conditionVersion", "description",
    "delegatedManagedIdentityResourceId",
)  # fmt: skip
"""What an assignment consists of; the rest Azure writes itself. The first two it cannot do without."""
LAST_OWNER = (
    "This account is the only one that is Owner at {scope}, and Azure would let nobody in there give roles any more. "
    "Give that role to somebody else first."
)
OWN = (
    "This is the app that Gatehouse is connected with, or a group that it is in. Without its roles it could not give "
    "them back: remove them in the Azure portal."
)
NOTHING = "No role was given to it itself there. What comes through a group ends with the group."
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def remember(client: Client, order: Order) -> StepResult:
    """{assignments}: as Azure has them, conditions included."""
    found = _removable(client, order)
    if not found:
        raise TargetGone(
            f"{order.target.name} was given no role there.", why="What comes through a group ends with the group."
        )
    return {"assignments": [dict(row) for row in found]}


def remove(client: Client, order: Order) -> StepResult:
    """Each at its own scope; one that is gone already is as good as removed (204)."""
    for row in order.results["remember"]["assignments"]:
        client.delete(holders.path_of(row), params=VERSION, expect=(404,))
    return {"removed": len(order.results["remember"]["assignments"])}


def is_removed(client: Client, order: Order) -> bool:
    return not any(_is_there(client, row) for row in order.results["remember"]["assignments"])


def give_back(client: Client, order: Order) -> StepResult:
    """Under the same ids. Raises TargetGone where the account was deleted meanwhile."""
    for row in order.results["remember"]["assignments"]:
        body = {"properties": {name: value for name, value in _made_of(row).items() if value is not None}}
        try:
            document(client.put(holders.path_of(row), params=VERSION, json=body), "id")
        except Conflict:
            if not _is_there(client, row):
                raise
    return {"given_back": len(order.results["remember"]["assignments"])}


def is_given_back(client: Client, order: Order) -> bool:
    return all(_is_there(client, row) for row in order.results["remember"]["assignments"])


def refuse(client: Client, order: Order) -> str:
    """A sentence where nobody would be left who could put it right, or we would lock ourselves out."""
    found = _removable(client, order)
    if found and _is_own(client, order):
        return OWN
    for row in found:
        definition = mapping.text(mapping.properties(row).get("roleDefinitionId")).lower()
        if definition.endswith(OWNER) and not _other_owners(client, row, order):
            return LAST_OWNER.format(scope=mapping.scope_of(row))
    return "" if found else NOTHING


def preview(client: Client, order: Order) -> tuple[str, ...]:
    said = [f"{order.target.name} loses {each}." for each in holders.shown(client, _removable(client, order))]
    return (*said, "What comes through a group stays; a change of roles may take ten minutes to count.")


def _removable(client: Client, order: Order) -> list[Row]:
    """Activated roles have an assignment as well; they are ended in their own way."""
    running = {
        mapping.text(mapping.properties(row).get("originRoleAssignmentId")).lower()
        for row in holders.activated(client, order)
    }
    return [row for row in holders.assigned(client, order) if str(row["id"]).lower() not in running]


def _is_own(client: Client, order: Order) -> bool:
    own = directory.own_id(client)
    is_in = order.target.kind is Group and own and directory.is_in_group(client, own, order.target.id)
    return order.target.id == own or bool(is_in)


def _other_owners(client: Client, row: Row, order: Order) -> bool:
    return any(
        mapping.text(mapping.properties(each).get("roleDefinitionId")).lower().endswith(OWNER)
        and mapping.holder_of(each)[0] != order.target.id
        for each in holders.at_and_above(client, mapping.scope_of(row))
    )


def _made_of(row: Row) -> dict[str, Any]:
    return {name: mapping.properties(row).get(name) for name in GIVEN_BACK}


def _is_there(client: Client, row: Row) -> bool:
    return client.get(holders.path_of(row), params=VERSION, expect=(404,)).status != 404


def _action(target: type[Account] | type[Group], name: str) -> Action:
    return steps_action(
        ActionKind.REVOKE_ADMIN,
        target,
        name=name,
        label="Remove role assignments",
        effect="{name} loses the roles in Azure that it was given itself, everywhere or at one scope, in the tenant "
        "{tenant}.",
        undo_effect="Undo gives {name} the same roles at the same scopes again, with their conditions.",
        steps=(
            Step("remember", "Remember the role assignments", remember),
            Step(
                "remove", "Remove the role assignments", remove, is_removed, give_back,
                undo_is_done=is_given_back, undo_is_repeatable=True,
            ),
        ),
        read_back=holders.read_back,
        refuse=refuse,
        preview=preview,
        permissions=(REMOVE_ROLES, GIVE_ROLES),
        fields=(holders.SCOPE,),
    )  # fmt: skip


remove_roles = _action(Account, "remove_roles")
remove_group_roles = _action(Group, "remove_group_roles")
