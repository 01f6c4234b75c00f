"""Who holds which directory role, also through a group, as Microsoft tells it now."""

from collections.abc import Iterator

from connectors.base import Client, HolderKind
from connectors.office365.mapping import groups, roles
from connectors.office365.mapping.roles import Roles
from connectors.office365.mapping.values import part, text
from connectors.office365.reading import Listing, Row

ROLE_FIELDS = "id,displayName,isEnabled,rolePermissions"
DEFINITIONS = Listing("/roleManagement/directory/roleDefinitions", {"$select": ROLE_FIELDS})
ASSIGNMENT_MEMBERS = ("id", "principalId", "roleDefinitionId")
ASSIGNMENTS = Listing("/roleManagement/directory/roleAssignments", {"$expand": "principal"}, ASSIGNMENT_MEMBERS)
ELIGIBILITIES = Listing(
    "/roleManagement/directory/roleEligibilityScheduleInstances", {"$expand": "principal"}, ASSIGNMENT_MEMBERS
)
MEMBER_FIELDS = "id,displayName,accountEnabled"
DEFINED, IN_GROUP, ADMINS = "directory roles", "members of", "ids of admins"
"""What a client is asked for once."""


def definitions(client: Client) -> Roles:
    kept = client.setup.memory.values
    if DEFINED not in kept:
        kept[DEFINED] = {text(row["id"]): roles.role(row) for row in DEFINITIONS.rows(client)}
    found: Roles = kept[DEFINED]
    return found


def admin_ids(client: Client) -> frozenset[str]:
    """Of users and service principals that hold, directly or through a group, a role that allows more than to read.
    Who could take one and has not is not among them."""
    kept = client.setup.memory.values
    if ADMINS not in kept:
        kept[ADMINS] = frozenset(_admin_ids(client))
    found: frozenset[str] = kept[ADMINS]
    return found


def _admin_ids(client: Client) -> Iterator[str]:
    known = definitions(client)
    for row in ASSIGNMENTS.rows(client):
        role = known.get(text(row["roleDefinitionId"]))
        if role is None or role.is_admin:
            yield text(row["principalId"])
            yield from (text(member["id"]) for member in held_through(client, row))


def held_through(client: Client, assignment: Row) -> list[Row]:
    """Where the principal is a group, the users and service principals in it; else nobody."""
    if holder_kind(assignment) is not HolderKind.GROUP:
        return []
    kept, group_id = client.setup.memory.values, text(assignment["principalId"])
    name = f"{IN_GROUP} {group_id}"
    if name not in kept:
        members = Listing(f"/groups/{group_id}/transitiveMembers", {"$select": MEMBER_FIELDS}).rows(client)
        kept[name] = [row for row in members if row.get("@odata.type") in (groups.USER, groups.SERVICE_PRINCIPAL)]
    found: list[Row] = kept[name]
    return found


def holder_kind(assignment: Row) -> HolderKind:
    kind = part(assignment, "principal").get("@odata.type")
    return HolderKind.GROUP if kind == groups.GROUP else HolderKind.ACCOUNT
