"""What Microsoft says of an app now, as the actions on apps and their grants need to know it."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Client, Gone, Grant, OAuthApp, Record, TargetGone
from connectors.office365 import app_rows
from connectors.office365.mapping import apps
from connectors.office365.mapping.values import text
from connectors.office365.reading import Row
from connectors.office365.scopes import APPLICATIONS, DIRECTORY

PERMISSIONS = (APPLICATIONS, DIRECTORY)
GRANTS = "/oauth2PermissionGrants"
GIVEN = ("clientId", "consentType", "principalId", "resourceId", "scope")
ASSIGNED = ("principalId", "resourceId", "appRoleId")
SELF = "This is the app that Gatehouse is connected with."
MICROSOFTS = "This is an app of Microsoft's own, on which others build: change it in the Entra admin center."


def app_now(client: Client, app_id: str, name: str) -> tuple[Row, list[Row]]:
    """Its row, and what it holds. Raises TargetGone."""
    found = app_rows.app_now(client, app_id)
    if found is None:
        raise TargetGone(f"{name} is not in the tenant any more.")
    return found


def refuse(client: Client, row: Row) -> str:
    """A sentence where we would lock ourselves out."""
    return SELF if text(row.get("appId")).lower() == client.config["client_id"].lower() else ""


def kept(row: Row) -> dict[str, Any]:
    """What it takes to grant it again, with its id."""
    names = GIVEN if apps.is_delegated(row) else ASSIGNED
    return {"id": row["id"], **{name: row.get(name) for name in names}}


def take(client: Client, row: Mapping[str, Any]) -> None:
    """What is gone already is as good."""
    if apps.is_delegated(row):
        client.delete(f"{GRANTS}/{row['id']}", expect=(404,))
    else:
        client.delete(f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}", expect=(404,))


def give_again(client: Client, row: Mapping[str, Any], held: list[Row]) -> None:
    """Unless it is `held`, under whatever id."""
    if is_held(row, held):
        return
    values = {name: value for name, value in row.items() if name != "id"}
    if apps.is_delegated(row):
        client.post(GRANTS, json=values)
    else:
        client.post(f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo", json=values)


def is_held(row: Mapping[str, Any], held: list[Row]) -> bool:
    return any(_place(row) == _place(each) for each in held)


def still_held(client: Client, row: Mapping[str, Any]) -> list[Row]:
    """What the same app holds of the same sort now; nothing where the app is gone."""
    app_id = text(row["clientId"] if apps.is_delegated(row) else row["principalId"])
    found = app_rows.app_now(client, app_id)
    return [] if found is None else found[1]


def read_back(client: Client, app_id: str, before: Mapping[str, Mapping[str, Any]]) -> Iterator[Record]:
    """The app, and of `before`, by id, which grants are held still, or again under another id."""
    found = app_rows.app_now(client, app_id)
    row, held = found or ({}, [])
    now = {text(each["id"]): each for each in held}
    if found is not None and app_rows.is_listed(row, held):
        yield app_rows.app(client, row, held)
    else:
        yield Gone(OAuthApp, app_id)
    places = {_place(each) for each in before.values()}
    yield from (app_rows.grant(client, each) for key, each in now.items() if key in before or _place(each) in places)
    yield from (Gone(Grant, key) for key in before if key not in now)


def _place(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two grants the same one: Microsoft keeps one for each app, API and person, or app role."""
    if apps.is_delegated(row):
        return tuple(text(row.get(name)) for name in ("clientId", "consentType", "principalId", "resourceId"))
    return tuple(text(row.get(name)) for name in ASSIGNED)
