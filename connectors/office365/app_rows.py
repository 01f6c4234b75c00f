"""Apps of the tenant as Microsoft tells them now: what they hold, and the APIs whose permissions they hold."""

from collections.abc import Iterator, Mapping

from connectors.base import Client, Grant, OAuthApp
from connectors.office365.mapping import apps
from connectors.office365.mapping.apps import Api
from connectors.office365.mapping.values import text
from connectors.office365.reading import Listing, Row, found

API_FIELDS = "id,appId,displayName,appRoles"
GRANT_MEMBERS = ("id", "clientId", "resourceId")
ROLE_MEMBERS = ("id", "appRoleId", "principalId", "resourceId")
API = "the API"
"""What a client is asked for once, with the id behind it."""


def api(client: Client, resource_id: str) -> Api:
    """One that is gone keeps its id as its name."""
    kept, name = client.setup.memory.values, f"{API} {resource_id}"
    if name not in kept:
        kept[name] = apps.api(found(client, f"/servicePrincipals/{resource_id}", API_FIELDS) or {"id": resource_id})
    known: Api = kept[name]
    return known


def app_now(client: Client, app_id: str) -> tuple[Row, list[Row]] | None:
    """A service principal and all that it holds; None where it is gone."""
    row = found(client, f"/servicePrincipals/{app_id}", apps.APP_FIELDS)
    return None if row is None else (row, held(client, row))


def held(client: Client, row: Row) -> list[Row]:
    """What people and admins granted an app. What Microsoft's own apps may do by themselves is Microsoft's affair."""
    rows = list(delegated(client, text(row["id"])))
    return rows if apps.is_microsofts(row) else [*rows, *app_roles(client, text(row["id"]))]


def delegated(client: Client, app_id: str) -> Iterator[Row]:
    return Listing(f"/servicePrincipals/{app_id}/oauth2PermissionGrants", {}, GRANT_MEMBERS).rows(client)


def app_roles(client: Client, app_id: str) -> Iterator[Row]:
    return Listing(f"/servicePrincipals/{app_id}/appRoleAssignments", {}, ROLE_MEMBERS).rows(client)


def is_listed(row: Row, grants: list[Row]) -> bool:
    """Microsoft's own apps, some hundreds in each tenant, are left out unless somebody granted them something."""
    return bool(grants) or not apps.is_microsofts(row)


def grant(client: Client, row: Row) -> Grant:
    resource = api(client, text(row["resourceId"]))
    return apps.delegated_grant(row, resource) if apps.is_delegated(row) else apps.app_grant(row, resource)


def app(client: Client, row: Mapping[str, object], grants: list[Row]) -> OAuthApp:
    return apps.app(row, [grant(client, each) for each in grants])
