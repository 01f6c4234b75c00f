"""Removing a secret of an app that is registered in the tenant: an expired one, or one that somebody else knows.

The address for it is Graph's own and not in the schema that the connector is held against (unverified).
"""

from collections.abc import Iterator

from connectors.base import (
    ActionKind,
    Client,
    Credential,
    Facts,
    Gone,
    Order,
    Record,
    StepResult,
    TargetGone,
    action,
)
from connectors.office365.actions import apps
from connectors.office365.components import APPS
from connectors.office365.mapping import apps as mapping
from connectors.office365.mapping.values import moment, text
from connectors.office365.reading import Row, found
from connectors.office365.scopes import APPLICATIONS_WRITE

FIELDS = "id,appId,displayName,passwordCredentials,keyCredentials"
OWN = "This may be the secret that Gatehouse signs in with: make a new one and reconnect first."


def is_secret(facts: Facts) -> bool:
    """A certificate can be taken away only by who holds its key, or in the Entra admin center."""
    return bool(facts["kind"] == mapping.SECRET)


def key_id(order: Order) -> str:
    return order.target.id.partition("/")[2]


def application_now(client: Client, order: Order) -> Row | None:
    return found(client, _path(order), FIELDS)


def credential_now(client: Client, order: Order) -> Credential | None:
    row = application_now(client, order)
    known = mapping.credentials(row) if row else []
    return next((each for each in known if each.id == order.target.id), None)


def is_removed(client: Client, order: Order) -> bool:
    return credential_now(client, order) is None


def refuse(client: Client, order: Order) -> str:
    row = application_now(client, order)
    credential = credential_now(client, order)
    if row is None or credential is None:
        return "This secret is not there any more."
    is_own = text(row.get("appId")).lower() == client.config["client_id"].lower()
    return OWN if is_own and not _is_over(client, credential) else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    credential = credential_now(client, order)
    if credential is None:
        raise TargetGone("This secret is not there any more.")
    if _is_over(client, credential):
        return (f"{credential.name} has expired and opens nothing any more: nothing stops working.",)
    return (
        f"Whoever signs in with {credential.name} is refused from now on.",
        "Make sure that the app has another secret or certificate, or it stops working.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    credential = credential_now(client, order)
    yield Gone(Credential, order.target.id) if credential is None else credential


def _is_over(client: Client, credential: Credential) -> bool:
    ends_at = moment(credential.raw.get("endDateTime"))
    return ends_at is not None and ends_at <= client.now()


def _path(order: Order) -> str:
    return f"/applications/{order.target.id.partition('/')[0]}"


@action(
    ActionKind.REVOKE_CREDENTIAL,
    Credential,
    label="Remove secret",
    effect="{name} is removed from its app in {tenant}, and nobody can sign in with it any more.",
    undo_effect="It cannot be undone: make a new secret, and put it where the app is used.",
    read_back=read_back,
    is_done=is_removed,
    refuse=refuse,
    preview=preview,
    permissions=(*apps.PERMISSIONS, APPLICATIONS_WRITE),
    component=APPS,
    applies=is_secret,
)
def remove_secret(client: Client, order: Order) -> StepResult:
    """What is gone already is as good."""
    if credential_now(client, order) is None:
        return {"was_there": False}
    client.post(f"{_path(order)}/removePassword", json={"keyId": key_id(order)})
    return {"was_there": True}
