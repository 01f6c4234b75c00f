"""Taking a single scope out of a grant."""

from connectors.base import ActionKind, Client, Field, Grant, Order, Step, StepResult, steps_action
from connectors.office365.actions import apps, revoking
from connectors.office365.components import APPS
from connectors.office365.mapping.apps import delegated_scopes
from connectors.office365.scopes import GRANTS_WRITE

SCOPE = Field(
    "scope",
    "Scope",
    "The one that the app loses, as the list of scopes names it.",
    pattern=r"[^\s:]+|.+: [^\s:]+",
    problem="This is no name of a scope.",
    example="Mail.Read",
)


def name_of(order: Order) -> str:
    """Without the name of the API, which the grant itself does not hold."""
    return order.params["scope"].rpartition(": ")[2]


def remember(client: Client, order: Order) -> StepResult:
    """{id, scope: all as they were, in Microsoft's form, and so on}."""
    return apps.kept(revoking.expect(client, order))


def narrow(client: Client, order: Order) -> StepResult:
    row = revoking.expect(client, order)
    left = [scope for scope in delegated_scopes(row) if scope != name_of(order)]
    return _set(client, str(row["id"]), " ".join(left))


def is_narrowed(client: Client, order: Order) -> bool:
    return name_of(order) not in delegated_scopes(revoking.expect(client, order))


def widen(client: Client, order: Order) -> StepResult:
    return _set(client, str(revoking.expect(client, order)["id"]), str(order.results["remember"]["scope"] or ""))


def is_widened(client: Client, order: Order) -> bool:
    return not is_narrowed(client, order)


def _set(client: Client, grant_id: str, scope: str) -> StepResult:
    client.patch(f"{apps.GRANTS}/{grant_id}", json={"scope": scope})
    return {"scope": scope}


def refuse(client: Client, order: Order) -> str:
    sentence = revoking.refuse(client, order)
    if sentence:
        return sentence
    scopes = delegated_scopes(revoking.expect(client, order))
    if name_of(order) not in scopes:
        return "The grant does not have this scope."
    return "It is the only scope of the grant: revoke the grant." if len(scopes) == 1 else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    left = [scope for scope in delegated_scopes(revoking.expect(client, order)) if scope != name_of(order)]
    return (
        f"The app loses {name_of(order)} and keeps {', '.join(left)}.",
        "Tokens that it has go on for up to an hour. Who may consent can give the scope again.",
    )


drop_scope = steps_action(
    ActionKind.REVOKE_GRANT,
    Grant,
    name="drop_scope",
    label="Drop one scope",
    effect="The app loses one scope of this grant in {tenant}, and keeps the others.",
    undo_effect="Undo gives the grant all the scopes from before.",
    steps=(
        Step("remember", "Remember the scopes", remember),
        Step("narrow", "Drop the scope", narrow, is_narrowed, widen, undo_is_done=is_widened, undo_is_repeatable=True),
    ),
    read_back=revoking.read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*apps.PERMISSIONS, GRANTS_WRITE),
    component=APPS,
    applies=revoking.is_of_people,
    fields=(SCOPE,),
)
