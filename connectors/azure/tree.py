"""What stands above the resources: management groups, and the subscriptions below them."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.azure import api_versions, ids
from connectors.azure.mapping.values import text
from connectors.azure.reading import rows
from connectors.azure.scopes import READER
from connectors.base import Client, Partition, PermissionMissing

ABOVE = "above"
"""The partition of what is assigned above all subscriptions: at the root and at management groups."""
DELETED = "Deleted"
DISABLED = "Disabled"


@dataclass(frozen=True, slots=True)
class Subscription:
    """`state`: Enabled, Warned, PastDue, Disabled (it can be read, not changed) or Deleted."""

    id: str
    name: str
    state: str

    @property
    def scope(self) -> str:
        return ids.subscription(self.id)

    @property
    def can_change(self) -> bool:
        return self.state not in (DISABLED, DELETED)


def subscriptions(client: Client) -> list[Subscription]:
    """Those that the connection sees, deleted ones apart. Raises PermissionMissing where it sees none: a token is given
    also to an app without any role, so an empty list is no connection."""
    found = [
        Subscription(
            (text(row.get("subscriptionId")) or ids.last(row["id"])).lower(),
            text(row.get("displayName")) or ids.last(row["id"]),
            text(row.get("state")),
        )
        for row in rows(client, "/subscriptions", api_versions.SUBSCRIPTIONS)
    ]
    if not found:
        raise no_role()
    return [each for each in found if each.state != DELETED]


def partitions(client: Client) -> Iterator[Partition]:
    """One for each subscription, so that one that is closed to us stops none of the others."""
    for each in subscriptions(client):
        yield Partition(each.id, each.name)


def with_above(client: Client) -> Iterator[Partition]:
    yield Partition(ABOVE, "Root and management groups")
    yield from partitions(client)


def management_groups(client: Client) -> list[str]:
    """Their scopes. The uppermost has the tenant's id as its name."""
    found = rows(client, "/providers/Microsoft.Management/managementGroups", api_versions.MANAGEMENT_GROUPS)
    return [ids.management_group(text(row.get("name")) or ids.last(row["id"])) for row in found]


def no_role() -> PermissionMissing:
    return PermissionMissing(
        "Azure shows no subscription to this connection.",
        why="The app has no role in Azure. Roles of Entra ID, Global Administrator included, give no right there.",
        remedy="Assign the role Reader to the app at the Tenant Root Group (Management groups > Tenant Root Group > "
        "Access control (IAM)), wait up to ten minutes, then choose Test now.",
        permission=READER,
    )
