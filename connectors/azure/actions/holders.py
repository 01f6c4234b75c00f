"""What an account or a group holds in Azure now, as the actions on it need to know it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from connectors.azure import api_versions, assignments, directory, ids, mapping
from connectors.azure.assignments import ACTIVE, ASSIGNED, ELIGIBLE, Place
from connectors.azure.reading import Row
from connectors.azure.roles import Roles
from connectors.azure.tree import management_groups, subscriptions
from connectors.base import Client, Field, Gone, Group, Order, PermissionMissing, Privilege, Record

SCOPE = Field(
    "scope",
    "Only at this scope",
    "The path of a subscription, resource group or resource, as it stands beside the role. Left empty: everywhere.",
    is_required=False,
    pattern=r"/.*",
    problem="A scope begins with a slash, such as /subscriptions/.",
    example="/subscriptions/8d0b4a7f-13e6-4f92-b6c5-0a97d2e4185b",
)


def assigned(client: Client, order: Order) -> list[Row]:
    """The assignments that it was given itself, each once, at the scope that was asked for or everywhere."""
    return _of(client, order, ASSIGNED)


def activated(client: Client, order: Order) -> list[Row]:
    """The roles that it has activated and that have not ended yet."""
    return [row for row in _of(client, order, ACTIVE) if mapping.is_activated(row)]


def _of(client: Client, order: Order, sort: str) -> list[Row]:
    only = f"principalId eq '{order.target.id}'"
    found: dict[str, Row] = {}
    for scope in _scopes(client):
        for row in assignments.holders(client, Place(scope, sort, only)):
            if mapping.holder_of(row)[0] == order.target.id and _is_meant(row, order):
                found[ids.key(row["id"])] = row
    return list(found.values())


def _scopes(client: Client) -> list[str]:
    """Subscriptions tell what is assigned above them as well, so management groups that are closed to us hide nothing
    of it."""
    scopes = [each.scope for each in subscriptions(client)]
    with suppress(PermissionMissing):
        scopes += management_groups(client)
    return scopes


def _is_meant(row: Row, order: Order) -> bool:
    scope = order.params.get("scope", "")
    if mapping.is_through_group(row):
        return False
    return not scope or ids.key(mapping.scope_of(row)) == ids.key(scope)


def shown(client: Client, rows: list[Row]) -> Iterator[str]:
    """The role and the scope of each, for people."""
    roles = _roles(client)
    for row in rows:
        scope = mapping.scope_of(row)
        definition = mapping.text(mapping.properties(row).get("roleDefinitionId"))
        yield f"{roles.of(definition, scope).name} at {scope}"


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """The account, what it holds, and what it held of that which was taken. Who holds nothing any more, not through a
    group either, is not listed any more."""
    if _is_holder(client, order):
        known = list(directory.look_up(client, [order.target.id]))
        yield from known or [mapping.unknown(order.target.id, _sort(order))]
    else:
        yield Gone(order.target.kind, order.target.id)
    yield from _held(client, order)


def _is_holder(client: Client, order: Order) -> bool:
    own, target = f"principalId eq '{order.target.id}'", order.target
    places = [
        Place(scope, sort, own if target.kind is Group else f"assignedTo('{target.id}')")
        for scope in _scopes(client)
        for sort in (ASSIGNED, ELIGIBLE, ACTIVE)
    ]
    return any(True for place in places for _ in assignments.holders(client, place))


def _held(client: Client, order: Order) -> Iterator[Record]:
    roles, told = _roles(client), set[str]()
    for sort, way in ((ASSIGNED, ""), (ACTIVE, mapping.ACTIVATED)):
        rows = _of(client, order, sort)
        for row in rows if sort == ASSIGNED else filter(mapping.is_activated, rows):
            record = _privilege(roles, row, way)
            told.add(record.id)
            yield record
    for row, way in _taken(order):
        record = _privilege(roles, row, way)
        if record.id not in told:
            yield Gone(Privilege, record.id)


def _privilege(roles: Roles, row: Row, way: str) -> Privilege:
    definition = mapping.text(mapping.properties(row).get("roleDefinitionId"))
    return mapping.held(row, roles.of(definition, mapping.scope_of(row)), way)


def _roles(client: Client) -> Roles:
    return Roles(client, subscriptions(client)[0].scope)


def _taken(order: Order) -> Iterator[tuple[Row, str]]:
    remembered: Mapping[str, Any] = order.results.get("remember", {})
    yield from ((row, "") for row in remembered.get("assignments", ()))
    yield from ((row, mapping.ACTIVATED) for row in remembered.get("activations", ()))


def _sort(order: Order) -> str:
    return mapping.text(order.target.raw.get("principalType")) or ("Group" if order.target.kind is Group else "User")


def path_of(row: Row) -> str:
    """Where an assignment is changed: at its own scope, also where it was seen as inherited."""
    return f"/{str(row['id']).lstrip('/')}"


VERSION = {"api-version": api_versions.ROLES}


def at_and_above(client: Client, scope: str) -> list[Row]:
    """Everybody's assignments that count at a scope."""
    return list(assignments.holders(client, Place(scope, ASSIGNED, assignments.AT_SCOPE)))
