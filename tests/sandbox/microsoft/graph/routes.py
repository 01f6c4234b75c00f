"""Everything that Microsoft Graph answers here."""

from tests.sandbox.microsoft.graph import (
    app_roles,
    applications,
    audits,
    deleted,
    directory_objects,
    directory_roles,
    grants,
    groups,
    members,
    organization,
    risky_users,
    role_assignments,
    service_principals,
    subscriptions,
    user_actions,
    users,
)
from tests.sandbox.microsoft.router import Route

ROUTES: list[Route] = [
    *organization.ROUTES,
    *users.ROUTES,
    *user_actions.ROUTES,
    *deleted.ROUTES,
    *groups.ROUTES,
    *members.ROUTES,
    *role_assignments.ROUTES,
    *directory_roles.ROUTES,
    *directory_objects.ROUTES,
    *service_principals.ROUTES,
    *grants.ROUTES,
    *app_roles.ROUTES,
    *applications.ROUTES,
    *audits.ROUTES,
    *risky_users.ROUTES,
    *subscriptions.ROUTES,
]
