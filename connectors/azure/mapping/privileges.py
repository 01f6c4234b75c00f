"""What somebody may do where: role assignments, roles somebody is eligible for or has activated, deny assignments."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.azure import ids
from connectors.azure.mapping.principals import holder_kind
from connectors.azure.mapping.values import properties, text
from connectors.azure.roles import Role
from connectors.base import Privilege

ELIGIBLE, ACTIVATED = "eligible", "activated"
CONDITIONAL = "with a condition"
THROUGH_GROUP = "Group"

Row = Mapping[str, Any]


def scope_of(row: Row) -> str:
    return text(properties(row).get("scope")) or _scope_of_id(text(row.get("id")))


def holder_of(row: Row) -> tuple[str, str]:
    """The object id of who holds it, '' where it is not told, and the sort of principal as it was when it was given:
    older answers leave that out."""
    said = properties(row)
    return text(said.get("principalId")).lower(), text(said.get("principalType"))


def is_through_group(row: Row) -> bool:
    """A timed role that is shown for each member of a group; the group's own row says it as well."""
    return properties(row).get("memberType") == THROUGH_GROUP


def is_activated(row: Row) -> bool:
    return properties(row).get("assignmentType") == "Activated"


def held(row: Row, role: Role, way: str = "") -> Privilege:
    """`way`: eligible or activated, '' for a plain assignment."""
    holder, sort = holder_of(row)
    notes = [each for each in (way, CONDITIONAL if properties(row).get("condition") else "") if each]
    return Privilege(
        holder_id=holder,
        holder_kind=holder_kind(sort),
        name=f"{role.name} ({', '.join(notes)})" if notes else role.name,
        scope=ids.key(scope_of(row)),
        is_admin=role.is_admin,
        raw=dict(row),
    )


def denied(row: Row) -> Iterator[Privilege]:
    """A deny assignment, once for each of whom it is against: it takes rights away, whatever roles give."""
    said = properties(row)
    name = text(said.get("denyAssignmentName")) or text(row.get("name"))
    against = said.get("principals")
    for each in against if isinstance(against, list) else []:
        if isinstance(each, Mapping) and text(each.get("id")):
            yield Privilege(
                holder_id=text(each["id"]).lower(),
                holder_kind=holder_kind(text(each.get("type"))),
                name=f"Denied: {name}",
                scope=ids.key(scope_of(row)),
                raw=dict(row),
            )


def _scope_of_id(path: str) -> str:
    """An assignment's id begins with its scope."""
    return path.lower().rpartition("/providers/microsoft.authorization/")[0] or ids.ROOT
