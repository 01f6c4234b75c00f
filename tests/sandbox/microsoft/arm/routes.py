"""Everything that Azure Resource Manager answers here."""

from tests.sandbox.microsoft.arm import (
    activity_log,
    event_grid,
    locks,
    management_groups,
    role_assignments,
    role_definitions,
    schedules,
    storage,
    subscriptions,
)

HOST = event_grid.HOST
ROUTES = [
    *subscriptions.ROUTES,
    *management_groups.ROUTES,
    *role_assignments.ROUTES,
    *role_definitions.ROUTES,
    *schedules.ROUTES,
    *activity_log.ROUTES,
    *locks.ROUTES,
    *storage.ROUTES,
    *event_grid.ROUTES,
]
