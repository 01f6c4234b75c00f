"""Taking single sign-on from one token or key: it no longer reaches the organisation, and goes on working elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import ActionKind, Client, Credential, Facts, Gone, Order, Record, StepResult, action
from connectors.github import ids, mapping
from connectors.github.actions.single_sign_on import SINGLE_SIGN_ON, authorizations
from connectors.github.graphql import numbers_of
from connectors.github.own_token import last_eight
from connectors.github.reading import organisation_path


def is_authorised(facts: Facts) -> bool:
    return ids.is_authorization(facts["id"])


def is_gone(client: Client, order: Order) -> bool:
    return _row_now(client, order) is None


def refuse(client: Client, order: Order) -> str:
    if order.target.raw.get("token_last_eight") in last_eight(client):
        return "This is the token that Gatehouse is connected with. Use Disconnect to end the connection."
    return ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    known = order.target.raw
    return (f"The {known.get('credential_type', 'credential')} of {known.get('login', 'its owner')} loses access.",)


def read_back(client: Client, order: Order) -> Iterator[Record]:
    row = _row_now(client, order)
    if row is None:
        yield Gone(Credential, order.target.id)
    else:
        login = str(row["login"])
        yield mapping.authorization(row, numbers_of(client, {login}).get(login, ""))


@action(
    ActionKind.REVOKE_CREDENTIAL,
    Credential,
    label="Revoke single sign-on",
    effect="{name} loses access to the GitHub organisation {tenant} until its owner authorises it again by single "
    "sign-on. Elsewhere it goes on working.",
    undo_effect="It cannot be undone from here: only its owner can authorise it again.",
    read_back=read_back,
    is_done=is_gone,
    refuse=refuse,
    preview=preview,
    permissions=SINGLE_SIGN_ON,
    applies=is_authorised,
)
def revoke_credential(client: Client, order: Order) -> StepResult:
    (number,) = ids.numbers(order.target.id)
    answer = client.delete(organisation_path(client, f"/credential-authorizations/{number}"), expect=(404,))
    return {"was_there": answer.status != 404}


def _row_now(client: Client, order: Order) -> Mapping[str, Any] | None:
    (number,) = ids.numbers(order.target.id)
    login = str(order.target.raw.get("login") or "")
    return next((row for row in authorizations(client, login) if str(row["credential_id"]) == number), None)
