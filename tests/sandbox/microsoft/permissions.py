"""The application permissions of the services, by the vendor's names, and those the portal's application asks for."""

import uuid

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.tenant import ACTIVITY_FEED, GRAPH, SHAREPOINT

# What a portal with every capability is registered for.
ASKED = {
    GRAPH: (
        "Application.Read.All", "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "AuditLog.Read.All",
        "AuditLogsQuery.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All", "Domain.Read.All",
        "Files.Read.All", "Files.ReadWrite.All", "Group.Read.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All",
        "IdentityRiskyUser.Read.All", "IdentityRiskyUser.ReadWrite.All", "Organization.Read.All",
        "RoleAssignmentSchedule.Read.Directory", "RoleEligibilitySchedule.Read.Directory",
        "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "Sites.FullControl.All",
        "Sites.Read.All", "Sites.ReadWrite.All", "User-PasswordProfile.ReadWrite.All",
        "User.EnableDisableAccount.All", "User.Read.All", "User.ReadWrite.All", "User.RevokeSessions.All",
    ),
    ACTIVITY_FEED: ("ActivityFeed.Read", "ActivityFeed.ReadDlp"),
    SHAREPOINT: ("Sites.FullControl.All",),
}  # fmt: skip
# Exist beside them, for other applications.
OTHERS = {
    GRAPH: (
        "Application.ReadWrite.OwnedBy", "Directory.ReadWrite.All", "Domain.ReadWrite.All", "Group.ReadBasic.All",
        "Group.ReadWrite.All", "GroupMember.ReadBasic.All", "Mail.Read", "Mail.ReadWrite", "Organization.ReadWrite.All",
        "Sites.Selected", "User.ManageIdentities.All", "User.ReadBasic.All",
        "UserAuthenticationMethod.Read.All",
    ),
    ACTIVITY_FEED: ("ServiceHealth.Read",),
    SHAREPOINT: ("Sites.Read.All", "Sites.Selected", "User.Read.All"),
}  # fmt: skip
# Delegated permissions: of a user, through an application.
DELEGATED = {
    GRAPH: (
        "Calendars.ReadWrite", "Contacts.Read", "Directory.AccessAsUser.All", "Files.Read", "Files.ReadWrite.All",
        "Mail.Read", "Mail.ReadWrite", "Mail.Send", "Notes.Read", "Sites.Read.All", "Tasks.ReadWrite", "User.Read",
        "User.ReadBasic.All", "email", "offline_access", "openid", "profile",
    ),
    SHAREPOINT: ("AllSites.Read", "MyFiles.Read"),
}  # fmt: skip
# What users may agree to by themselves.
FOR_USERS = frozenset({"Contacts.Read", "Files.Read", "User.Read", "email", "offline_access", "openid", "profile"})
NAMESPACE = uuid.UUID("0d9a4a3e-4f0b-4a57-8b0f-2f6f0f0f7a11")


def role_id(resource_app_id: str, value: str) -> str:
    """Invented, and never another one."""
    return str(uuid.uuid5(NAMESPACE, f"{resource_app_id}/{value}"))


def app_roles(resource_app_id: str) -> list[Json]:
    """As a service principal lists what can be granted to applications."""
    values = (*ASKED.get(resource_app_id, ()), *OTHERS.get(resource_app_id, ()))
    return [
        {
            "allowedMemberTypes": ["Application"],
            "description": f"Allows the app to use {value} without a signed-in user.",
            "displayName": value,
            "id": role_id(resource_app_id, value),
            "isEnabled": True,
            "origin": "Application",
            "value": value,
        }
        for value in sorted(values)
    ]


def scopes(resource_app_id: str) -> list[Json]:
    """As a service principal lists what can be granted for users."""
    return [
        {
            "adminConsentDescription": f"Allows the app {value} on behalf of the signed-in user.",
            "adminConsentDisplayName": value,
            "id": role_id(resource_app_id, f"delegated {value}"),
            "isEnabled": True,
            "origin": "Application",
            "type": "User" if value in FOR_USERS else "Admin",
            "userConsentDescription": f"Allows the app {value} on your behalf.",
            "userConsentDisplayName": value,
            "value": value,
        }
        for value in DELEGATED.get(resource_app_id, ())
    ]


def asked_for() -> list[Json]:
    """The requiredResourceAccess of the portal's application."""
    return [
        {
            "resourceAppId": resource,
            "resourceAccess": [{"id": role_id(resource, value), "type": "Role"} for value in values],
        }
        for resource, values in ASKED.items()
    ]
