"""What an administrator's consent does: the application gets what it is registered for."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft import recording
from tests.sandbox.microsoft.directory import audit_log
from tests.sandbox.microsoft.directory.objects import SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.state import State

CATEGORY = "ApplicationManagement"
PRINCIPAL_TYPES = {"servicePrincipal": "ServicePrincipal", "user": "User", "group": "Group"}


def consent(state: State, person: DirectoryObject | None = None) -> list[Json]:
    """Of this administrator. What comes back are the assignments that are new; a service principal that was removed is
    made again."""
    application = state.directory.application_of(state.client_id)
    if application is None:
        raise KeyError(state.client_id)
    principal = state.directory.service_principal_of(state.client_id) or _enterprise_application(state, application)
    made: list[Json] = []
    told = [audit_log.target(principal)]
    for asked in application.properties["requiredResourceAccess"]:
        resource = state.directory.service_principal_of(asked["resourceAppId"])
        if resource is None:
            continue
        held = {each["appRoleId"] for each in state.directory.app_roles_of(principal.id)}
        wanted = [each["id"] for each in asked["resourceAccess"] if each["id"] not in held]
        made += [assign(state, principal, resource, role_id) for role_id in wanted]
    if person is not None:
        by = audit_log.by_user(person)
        for _ in made:
            recording.record(state, "Add app role assignment to service principal", CATEGORY, "Assign", by, told)
        recording.record(state, "Consent to application", CATEGORY, "Assign", by, told)
    return made


def assign(state: State, principal: DirectoryObject, resource: DirectoryObject, role_id: str) -> Json:
    """The row of an app-role assignment."""
    row: dict[str, Json] = {
        "id": state.login.text(43),
        "deletedDateTime": None,
        "appRoleId": role_id,
        "createdDateTime": iso(state.now()),
        "principalDisplayName": principal.name,
        "principalId": principal.id,
        "principalType": PRINCIPAL_TYPES[principal.kind],
        "resourceDisplayName": resource.name,
        "resourceId": resource.id,
    }
    state.directory.app_roles[row["id"]] = row
    return row


def _enterprise_application(state: State, application: DirectoryObject) -> DirectoryObject:
    return state.directory.create(SERVICE_PRINCIPAL, enterprise_application(state, application))


def enterprise_application(state: State, application: DirectoryObject) -> dict[str, Json]:
    """The properties of the service principal of an application of the tenant's own."""
    return {
        "appId": application.properties["appId"],
        "displayName": application.name,
        "appDisplayName": application.name,
        "appOwnerOrganizationId": state.tenant.id,
        "accountEnabled": True,
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "appRoleAssignmentRequired": False,
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "replyUrls": list(application.properties["web"]["redirectUris"]),
        "homepage": None,
        "servicePrincipalNames": [application.properties["appId"]],
        "appRoles": [],
        "oauth2PermissionScopes": [],
        "verifiedPublisher": {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None},
        "passwordCredentials": [],
        "keyCredentials": [],
        "disabledByMicrosoftStatus": None,
    }
