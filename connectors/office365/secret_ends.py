"""When the client secret of this connection ends: Microsoft tells it to an app that may read app registrations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.base import Client, PermissionMissing, TargetGone, entra
from connectors.office365 import mapping, scopes
from connectors.office365.reading import document

HINT = 3
"""Characters of a secret by which it is told from others."""


def secret_warning(client: Client, granted: tuple[str, ...]) -> str:
    """A sentence from thirty days before it ends, '' before, and where it cannot be known."""
    secret = client.setup.optional_secret(entra.CLIENT_SECRET.name)
    if not secret or not scopes.is_granted(scopes.APPLICATIONS, granted):
        return ""
    ends = [end for row in _secrets(client) if row.get("hint") == secret[:HINT] and (end := _end(row))]
    return entra.ending_soon("client secret", max(ends), client.now()) if ends else ""


def _secrets(client: Client) -> list[mapping.Row]:
    """None where the registration is kept in another tenant, or is hidden from this app."""
    try:
        answer = client.get(
            f"/applications(appId='{client.config['client_id']}')", params={"$select": "passwordCredentials"}
        )
    except (PermissionMissing, TargetGone):
        return []
    return mapping.rows(document(answer), "passwordCredentials")


def _end(row: Mapping[str, Any]) -> datetime | None:
    return mapping.moment(row.get("endDateTime"))
