"""Role definitions: how a role is called, and whether its holder rules over others.

The same built-in role has an id under each subscription; what stays the same is its GUID at the end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.azure import api_versions, ids
from connectors.azure.mapping.values import properties, text, texts
from connectors.azure.reading import rows
from connectors.base import Client

HIGH = ("*", "microsoft.authorization/*", "microsoft.authorization/roleassignments/*")
HIGH_ENDINGS = ("/roleassignments/write", "/elevateaccess/action")


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    is_admin: bool


@dataclass
class Roles:
    """What is known of roles so far. Where a role is not known, the definitions at `home` are read: a scope that surely
    shows itself to the connection, as the root need not. They bring all built-in roles, and those of the tenant's own
    that can be assigned there; what is for one resource group alone is read there. Each scope is read once."""

    client: Client
    home: str
    known: dict[str, Role] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def of(self, definition_id: str, scope: str) -> Role:
        """`scope`: where it is assigned. A role that is no more has its GUID as its name."""
        guid = ids.last(definition_id).lower()
        for place in (self.home, *([scope] if ids.subscription_of(scope) else [])):
            if guid not in self.known and ids.key(place) not in self.read:
                self._read(place)
        return self.known.get(guid) or Role(guid or "an unknown role", is_admin=False)

    def _read(self, scope: str) -> None:
        self.read.add(ids.key(scope))
        path = ids.in_scope(scope, "/providers/Microsoft.Authorization/roleDefinitions")
        for row in rows(self.client, path, api_versions.ROLES):
            self.known[ids.last(row["id"]).lower()] = role(row)


def role(row: Mapping[str, Any]) -> Role:
    said = properties(row)
    permissions = said.get("permissions")
    granted = permissions if isinstance(permissions, list) else []
    return Role(
        text(said.get("roleName")) or ids.last(text(row.get("id"))),
        is_admin=any(is_high(texts(each, "actions")) for each in granted if isinstance(each, Mapping)),
    )


def is_high(actions: Iterable[str]) -> bool:
    """Everything, or giving roles to others and to oneself."""
    named = [each.lower() for each in actions]
    return any(each in HIGH or each.endswith(HIGH_ENDINGS) for each in named)
