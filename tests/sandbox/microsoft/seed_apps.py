"""Applications that hold tokens: Microsoft's own services, and the portal's registration."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import APPLICATION, SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.login.consenting import enterprise_application
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.permissions import app_roles, asked_for, scopes
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.tenant import ACTIVITY_FEED, GRAPH, MICROSOFT_TENANT, RESOURCE_MANAGER, SHAREPOINT

CLIENT_SECRET = "Sbx8Q~sandbox_secret.of-the-portal_0001"
REDIRECT_URI = "http://localhost:8800/connect/callback/"
SECRET_ID = "7c1f2e3d-90ab-4c5d-8e6f-a1b2c3d4e5f6"
DAY = 86_400

SERVICES = {
    GRAPH: ("Microsoft Graph", ["https://graph.microsoft.com"]),
    ACTIVITY_FEED: ("Office 365 Management APIs", ["https://manage.office.com"]),
    SHAREPOINT: ("Office 365 SharePoint Online", ["https://contoso.sharepoint.com"]),
    RESOURCE_MANAGER: ("Windows Azure Service Management API", ["https://management.azure.com"]),
}


def plant_services(state: State) -> None:
    for app_id, (name, addresses) in SERVICES.items():
        plant_first_party(state, app_id, name, addresses)


def plant_first_party(state: State, app_id: str, name: str, addresses: list[str]) -> DirectoryObject:
    """One of Microsoft's own applications."""
    properties = service_principal(app_id, name, MICROSOFT_TENANT, addresses)
    return state.directory.add(SERVICE_PRINCIPAL, {**properties, "oauth2PermissionScopes": scopes(app_id)})


def service_principal(app_id: str, name: str, owner: str, addresses: list[str], **values: Json) -> dict[str, Json]:
    """The properties of an enterprise application; `values` in place of the ordinary ones."""
    plain: dict[str, Json] = {
        "appId": app_id,
        "displayName": name,
        "appDisplayName": name,
        "appOwnerOrganizationId": owner,
        "accountEnabled": True,
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMultipleOrgs",
        "appRoleAssignmentRequired": False,
        "tags": [],
        "replyUrls": [],
        "homepage": None,
        "servicePrincipalNames": [app_id, *addresses],
        "appRoles": app_roles(app_id),
        "oauth2PermissionScopes": [],
        "verifiedPublisher": {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None},
        "passwordCredentials": [],
        "keyCredentials": [],
        "disabledByMicrosoftStatus": None,
    }
    return {**plain, **values}


def plant_portal(state: State) -> None:
    """Registered, and not yet consented to."""
    now = state.now()
    application = state.directory.add(
        APPLICATION,
        {
            "appId": state.client_id,
            "displayName": "Gatehouse",
            "createdDateTime": iso(now - 2 * DAY),
            "signInAudience": "AzureADMyOrg",
            "groupMembershipClaims": "DirectoryRole",
            "web": {"redirectUris": [REDIRECT_URI], "homePageUrl": None, "logoutUrl": None},
            "requiredResourceAccess": asked_for(),
            "passwordCredentials": [secret_row(SECRET_ID, "portal", CLIENT_SECRET, now - 2 * DAY, now + 180 * DAY)],
            "keyCredentials": [],
        },
    )
    state.login.secrets[SECRET_ID] = CLIENT_SECRET
    state.directory.add(SERVICE_PRINCIPAL, enterprise_application(state, application))


def secret_row(key_id: str, name: str, value: str, starts_at: float, ends_at: float) -> dict[str, Json]:
    """As an application lists a secret: its value is never told."""
    return {
        "customKeyIdentifier": None,
        "displayName": name,
        "endDateTime": iso(ends_at),
        "hint": value[:3],
        "keyId": key_id,
        "secretText": None,
        "startDateTime": iso(starts_at),
    }
