"""Ending roles that somebody has activated in Privileged Identity Management before their time is over."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from connectors.azure import api_versions, ids, mapping
from connectors.azure.actions import holders
from connectors.azure.reading import Row, document
from connectors.azure.scopes import GIVE_ROLES
from connectors.base import (
    Account,
    ActionKind,
    Client,
    Order,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)

JUSTIFICATION = "Ended by an admin in Gatehouse."
NOTHING = "This account has no role activated there."


def remember(client: Client, order: Order) -> StepResult:
    """{activations}: as Azure has them."""
    found = holders.activated(client, order)
    if not found:
        raise TargetGone(f"{order.target.name} has no role activated there any more.")
    return {"activations": [dict(row) for row in found]}


def end(client: Client, order: Order) -> StepResult:
    """{requests}: {scope, status} of each. Azure works them off one after the other; an activation that has ended
    meanwhile is not asked for again."""
    running = {ids.key(row["id"]) for row in holders.activated(client, order)}
    asked = [row for row in order.results["remember"]["activations"] if ids.key(row["id"]) in running]
    return {"requests": [_asked(client, row) for row in asked]}


def is_ended(client: Client, order: Order) -> bool:
    running = {ids.key(row["id"]) for row in holders.activated(client, order)}
    return not any(ids.key(row["id"]) in running for row in order.results["remember"]["activations"])


def refuse(client: Client, order: Order) -> str:
    return "" if holders.activated(client, order) else NOTHING


def preview(client: Client, order: Order) -> tuple[str, ...]:
    running = holders.activated(client, order)
    said = [f"{order.target.name} loses {each} now." for each in holders.shown(client, running)]
    return (*said, "The account stays eligible and can activate the role again, as the role's settings allow.")


def _asked(client: Client, row: Row) -> dict[str, Any]:
    """The id of the request comes from the activation's, so that asking twice is one request."""
    said, scope = mapping.properties(row), mapping.scope_of(row)
    name = uuid5(NAMESPACE_URL, f"{ids.key(row['id'])} {mapping.text(said.get('startDateTime'))}")
    path = ids.in_scope(scope, f"/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/{name}")
    body = {
        "requestType": "AdminRemove",
        "principalId": said.get("principalId"),
        "roleDefinitionId": said.get("roleDefinitionId"),
        "justification": JUSTIFICATION,
    }
    answer = client.put(path, params={"api-version": api_versions.TIMED_ROLES}, json={"properties": body})
    status = mapping.text(mapping.properties(document(answer, "properties")).get("status"))
    return {"scope": scope, "status": status}


end_activations = steps_action(
    ActionKind.REVOKE_ADMIN,
    Account,
    name="end_activations",
    label="End activated roles",
    effect="Roles in Azure that {name} has activated end now, in the tenant {tenant}.",
    undo_effect="This cannot be undone. {name} stays eligible and can activate the role again.",
    steps=(
        Step("remember", "Remember the activations", remember),
        Step("end", "End the activations", end, is_ended),
    ),
    read_back=holders.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(GIVE_ROLES,),
    fields=(holders.SCOPE,),
)
