"""Directory roles, and who holds them: now, or as soon as they want to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base import HolderKind, Privilege
from connectors.office365.mapping.values import Row, rows, text

TENANT = "/"
UNIT = "/administrativeUnits/"
ELIGIBLE = " (eligible)"
READING = re.compile(r".*/read$")


@dataclass(frozen=True, slots=True)
class Role:
    """`is_admin`: it allows more than to read. So roles of the organisation's own are judged as well as Microsoft's, by
    what they allow and not by their names."""

    name: str
    is_admin: bool


Roles = Mapping[str, Role]
"""By the id of the definition."""


def role(definition: Row) -> Role:
    """Of {id, displayName, isEnabled, rolePermissions: [{allowedResourceActions}]}. A role that is switched off allows
    nothing."""
    name = text(definition.get("displayName")) or text(definition["id"])
    allowed = [action for each in rows(definition, "rolePermissions") for action in _actions(each)]
    is_admin = any(not READING.match(action) for action in allowed)
    return Role(name, is_admin and definition.get("isEnabled") is not False)


def privilege(
    assignment: Row, roles: Roles, holder_id: str, holder_kind: HolderKind, *, is_eligible: bool = False
) -> Privilege:
    """Of {id, principalId, roleDefinitionId, directoryScopeId}; the holder is the principal, or is in it. Who is only
    eligible may take the role at any time, so it counts as an admin right all the same."""
    known = roles.get(text(assignment.get("roleDefinitionId")), Role(text(assignment.get("roleDefinitionId")), True))
    return Privilege(
        holder_id=holder_id,
        holder_kind=holder_kind,
        name=known.name + (ELIGIBLE if is_eligible else ""),
        scope=scope(assignment),
        is_admin=known.is_admin,
        raw={name: value for name, value in assignment.items() if name != "principal"},
    )


def is_for_tenant(assignment: Row) -> bool:
    return _where(assignment) in ("", TENANT)


def scope(assignment: Row) -> str:
    """'' for the whole tenant; else an administrative unit or a single object."""
    where = _where(assignment)
    if is_for_tenant(assignment):
        return ""
    if where.startswith(UNIT):
        return f"administrative unit {where.removeprefix(UNIT)}"
    return f"object {where.removeprefix(TENANT)}"


def _where(assignment: Row) -> str:
    return text(assignment.get("directoryScopeId")) or text(assignment.get("appScopeId"))


def _actions(permission: Row) -> list[str]:
    actions = permission.get("allowedResourceActions")
    return [each for each in actions if isinstance(each, str)] if isinstance(actions, list) else []
