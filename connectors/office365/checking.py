"""Who are we connected to, and what may we do there? Asked at connecting, at Test now and before scans."""

from collections.abc import Iterator
from typing import Any

from connectors.base import (
    Action,
    ActionKind,
    Capability,
    Client,
    CredentialsRejected,
    Feed,
    MissingPermission,
    Tenant,
)
from connectors.office365 import mapping
from connectors.office365.reading import listed
from connectors.office365.refusals import GRANT


def check(client: Client) -> Tenant:
    """Raises CredentialsRejected where the app belongs to another tenant than the one that was typed."""
    organization = _organization(client)
    tenant_id = mapping.text(organization["id"])
    if tenant_id.lower() != client.config["tenant_id"].lower():
        raise CredentialsRejected(
            f"This app belongs to the tenant {mapping.text(organization.get('displayName'))}, and not to the one that "
            "was typed.",
            remedy="Compare the tenant id with the page Overview of the app registration, and connect again.",
        )
    granted = client.granted_scopes
    return Tenant(
        id=tenant_id.lower(),
        name=mapping.text(organization.get("displayName")) or tenant_id,
        url="https://entra.microsoft.com/",
        connected_as=client.config["client_id"],
        granted=granted,
        missing=tuple(_missing(client, granted)),
    )


def _organization(client: Client) -> dict[str, Any]:
    answer = client.get("/organization", params={"$select": "id,displayName,verifiedDomains"})
    found = listed(answer, "id").rows
    if not found:
        raise CredentialsRejected(
            "Office 365 shows no organization to this connection.", remedy="Check the details and connect again."
        )
    return dict(found[0])


def _missing(client: Client, granted: tuple[str, ...]) -> Iterator[MissingPermission]:
    for permission in client.setup.scopes():
        if permission not in granted:
            yield MissingPermission(permission, _closed_by(client, permission), GRANT)


def _closed_by(client: Client, permission: str) -> tuple[Capability | ActionKind, ...]:
    """What cannot be done without it, by what feeds and actions say that they need."""
    found: dict[Capability | ActionKind, None] = {}
    offers: tuple[Feed | Action, ...] = (*client.connector.feeds, *client.connector.actions)
    for each in offers:
        if permission in each.permissions:
            found |= dict.fromkeys(each.serves if isinstance(each, Feed) else (each.kind,))
    return tuple(found)
