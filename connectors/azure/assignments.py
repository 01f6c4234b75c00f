"""Where role assignments are listed: at which scope, of which sort, and how much each list brings.

The list of a subscription brings all at, above and below it; with atScope() those below are left out. So what stands
above all subscriptions is brought by every one of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.azure import api_versions, ids
from connectors.azure.mapping.privileges import scope_of
from connectors.azure.reading import rows
from connectors.azure.tree import management_groups, subscriptions
from connectors.base import Client, NotAvailable

ASSIGNED, DENIED = "roleAssignments", "denyAssignments"
ELIGIBLE, ACTIVE = "roleEligibilityScheduleInstances", "roleAssignmentScheduleInstances"
TIMED = (ELIGIBLE, ACTIVE)
AT_SCOPE = "atScope()"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A list of one sort at one scope."""

    scope: str
    sort: str
    query_filter: str = ""

    @property
    def id(self) -> str:
        return f"{self.sort} {ids.key(self.scope)}"

    @property
    def path(self) -> str:
        return ids.in_scope(self.scope, f"/providers/Microsoft.Authorization/{self.sort}")

    @property
    def version(self) -> str:
        return api_versions.TIMED_ROLES if self.sort in TIMED else api_versions.ROLES


def within(subscription_id: str) -> list[Place]:
    """All that is assigned at a subscription and below it."""
    return [Place(ids.subscription(subscription_id), sort) for sort in (ASSIGNED, DENIED, *TIMED)]


def above(client: Client) -> list[Place]:
    """All that is assigned above the subscriptions. Each subscription tells it as well, also to who may not see the
    management groups."""
    told = [Place(each.scope, ASSIGNED, AT_SCOPE) for each in subscriptions(client)]
    groups = management_groups(client)
    return [*told, *(Place(scope, sort, AT_SCOPE) for scope in groups for sort in (ASSIGNED, DENIED, *TIMED))]


def is_within(row: Row, subscription_id: str) -> bool:
    """`subscription_id` '': above all of them."""
    return ids.subscription_of(scope_of(row)) == subscription_id


def holders(client: Client, place: Place) -> Iterator[Row]:
    """The rows of a list that name who holds a role; none where the tenant's plan has no such list."""
    try:
        yield from rows(client, place.path, place.version, place.query_filter)
    except NotAvailable:
        if place.sort not in TIMED:
            raise
