"""All that Azure Resource Manager holds for the tenant."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.events import Event
from tests.sandbox.microsoft.arm.people import Caller

Row = dict[str, Json]


@dataclass(slots=True)
class Subscription:
    """`group`: the name of the management group it stands in. `managers`: tenants that manage it (Lighthouse)."""

    id: str
    name: str
    group: str
    state: str = "Enabled"
    managers: tuple[str, ...] = ()


@dataclass(slots=True)
class ManagementGroup:
    """`parent`: the name of the group above, "" for the root."""

    name: str
    title: str
    parent: str


@dataclass(slots=True)
class Assignment:
    """Of a role to somebody at `scope`; `kind` is what the principal was when it was made. `is_foreign`: a service
    provider's, which nobody lists."""

    name: str
    scope: str
    role_id: str
    principal_id: str
    kind: str
    created_at: float
    created_by: str | None = None
    condition: str | None = None
    description: str | None = None
    is_foreign: bool = False


@dataclass(slots=True)
class Role:
    """A role definition; `scopes` are those it can be assigned at."""

    id: str
    name: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()
    is_builtin: bool = True
    scopes: tuple[str, ...] = ("/",)


@dataclass(slots=True)
class Scheduled:
    """What somebody may activate, or has activated for a time. `ends_at`: None for without end."""

    name: str
    scope: str
    role_id: str
    principal_id: str
    kind: str
    begins_at: float
    ends_at: float | None
    assignment_type: str = "Assigned"
    member_type: str = "Direct"


@dataclass(slots=True)
class GridSubscription:
    """Of Event Grid. `told`: how many of the events it has been told of."""

    id: str
    name: str
    topic: str
    url: str
    properties: Row
    state: str
    told: int


@dataclass
class Azure:
    """`closed`: ids of subscriptions that nobody is let into any more. `delay`: seconds from an event until it shows.
    `page_size`: rows of a page of the log; `list_size`: of other lists. `has_tenant_log`: off, the log of the tenant is
    refused. `needs_justification`: the policy for activations. `reads`, `writes`: calls in a full bucket."""

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    groups: dict[str, ManagementGroup] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    denials: list[Row] = field(default_factory=list)
    eligible: list[Scheduled] = field(default_factory=list)
    active: list[Scheduled] = field(default_factory=list)
    requests: dict[str, Row] = field(default_factory=dict)
    resource_groups: dict[str, Row] = field(default_factory=dict)
    storage: dict[str, Row] = field(default_factory=dict)
    containers: dict[str, Row] = field(default_factory=dict)
    locks: dict[str, Row] = field(default_factory=dict)
    grid: dict[str, GridSubscription] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    buckets: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)
    delay: float = 20.0
    page_size: int = 200
    list_size: int = 100
    has_tenant_log: bool = True
    needs_justification: bool = False
    reads: int = 250
    writes: int = 200
    _chance: random.Random = field(default_factory=lambda: random.Random("20261204/azure"))

    def guid(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    # -- the tree

    def above(self, scope: str) -> list[str]:
        """The scope itself and all it lies in, in lower case, the tenant's root last."""
        own = scopes.key(scope)
        found = [own]
        while "/providers/" in own.removeprefix("/providers/") and own.startswith("/subscriptions/"):
            own = own.rpartition("/providers/")[0]
            found.append(own)
        subscription = self.subscriptions.get(scopes.subscription_id(own))
        if subscription is not None:
            if own != f"/subscriptions/{subscription.id}":
                found.append(f"/subscriptions/{subscription.id}")
            group = self.groups.get(subscription.group)
        else:
            named = self.groups.get(scopes.group_name(own))
            group = self.groups.get(named.parent) if named else None
        while group is not None:
            found.append(scopes.key(f"{scopes.GROUPS}{group.name}"))
            group = self.groups.get(group.parent)
        return found if found[-1] == scopes.ROOT else [*found, scopes.ROOT]

    def is_at_or_above(self, scope: str, other: str) -> bool:
        return scopes.key(scope) in self.above(other)

    def children(self, name: str) -> list[ManagementGroup]:
        return [each for each in self.groups.values() if each.parent == name]

    # -- roles

    def assign(self, scope: str, role_id: str, principal_id: str, kind: str, at: float, **more: Json) -> Assignment:
        made = Assignment(self.guid(), scopes.normal(scope), role_id, principal_id, kind, at, **more)
        self.assignments[id_of(made)] = made
        return made

    def locks_on(self, scope: str) -> list[Row]:
        """Those that hold there: locks are handed down."""
        above = self.above(scope)
        return [each for each in self.locks.values() if scopes.key(scope_of_lock(each)) in above]

    # -- what happened

    def record(
        self,
        caller: Caller,
        operation: str,
        resource_id: str,
        now: float,
        *,
        status: str = "Succeeded",
        address: str = "",
        properties: tuple[tuple[str, str], ...] = (),
    ) -> None:
        number = len(self.events)
        subscription_id = scopes.subscription_id(resource_id)
        self.events.append(
            Event(
                number,
                now,
                now + self.delay,
                subscription_id,
                operation,
                resource_id,
                caller,
                status,
                number,
                level="Informational" if status != "Failed" else "Error",
                address=address,
                properties=properties,
            )
        )


def id_of(assignment: Assignment) -> str:
    """In lower case, as a key."""
    base = "" if assignment.scope == scopes.ROOT else assignment.scope
    return f"{base}/providers/Microsoft.Authorization/roleAssignments/{assignment.name}".lower()


def scope_of_lock(lock: Row) -> str:
    return scopes.normal(str(lock["id"]).rpartition("/providers/Microsoft.Authorization/locks/")[0])
