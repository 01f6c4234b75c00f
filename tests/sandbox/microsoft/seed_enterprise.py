"""Enterprise applications beside those that hold tokens: about 150 of Microsoft's own, the tenant's, other makers'; and
what they were granted."""

import uuid

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import APPLICATION, GROUP, SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.login.consenting import assign, enterprise_application
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.permissions import role_id
from tests.sandbox.microsoft.seed_apps import plant_first_party, secret_row, service_principal
from tests.sandbox.microsoft.seed_groups import AUTOMATION
from tests.sandbox.microsoft.seed_people import DAY, user_id
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.tenant import GRAPH, SHAREPOINT

FIRST_PARTY = 146
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
BASIC = " openid profile email offline_access User.Read"
# Other makers' applications -> whether the publisher is verified.
THIRD_PARTY = {
    "Mail Merge Assistant": False,
    "Calendar Companion": True,
    "Diagram Studio": True,
    "Signature Desk": True,
    "PDF Toolbox Free": False,
    "Survey Garden": True,
    "Expense Pilot": True,
    "Video Notes": False,
    "Travel Planner": True,
    "Password Health": False,
    "Contract Room": True,
    "Learning Path": True,
    "Whiteboard Share": False,
    "Ticket Bridge": True,
    "Chart Maker": False,
    "Org Chart Viewer": True,
    "Backup for Microsoft 365": True,
    "Phishing Simulator": True,
}
OWN = (AUTOMATION, "Contoso HR Sync", "Contoso Intranet", "Contoso Build Agent", "Contoso Time Tracking")
FOR_ALL = {
    "Calendar Companion": " Calendars.ReadWrite openid profile offline_access User.Read",
    "Signature Desk": " Files.Read User.Read openid profile",
    "Contoso Intranet": " Sites.Read.All User.Read openid",
    "Org Chart Viewer": " User.ReadBasic.All User.Read openid",
}
FOR_ONE = {
    "Mail Merge Assistant": (
        " Mail.ReadWrite Mail.Send Contacts.Read offline_access",
        ("fmartin", "lmoreau", "psmith2"),
    ),
    "PDF Toolbox Free": (" Files.ReadWrite.All offline_access User.Read", ("kchen", "ipetrova", "dwilson")),
    "Diagram Studio": (f"{BASIC} Files.Read", ("lvantongeren", "jmueller", "hkim")),
    "Survey Garden": (BASIC, ("abrown", "msuarez")),
    "Video Notes": (f"{BASIC} Notes.Read", ("eandersson", "cho-s")),
    "Travel Planner": (BASIC, ("rpatel", "eandersson", "wjones")),
    "Chart Maker": (f"{BASIC} Files.Read", ("kchen",)),
    "Whiteboard Share": (BASIC, ("hkim", "fab-omar")),
    "Password Health": (" Directory.AccessAsUser.All User.Read", ("psmith",)),
    "Calendar Companion": (" Mail.Read", ("wjones",)),
}


def plant(state: State) -> None:
    for number in range(FIRST_PARTY):
        plant_first_party(state, _app_id(f"first party {number}"), f"Microsoft Internal Service {number + 1:03}", [])
    for name, is_verified in THIRD_PARTY.items():
        _third_party(state, name, is_verified)
    for name in OWN:
        _own(state, name)
    identity = service_principal(_app_id("managed identity"), "contoso-backup-vm", state.tenant.id, [])
    state.directory.add(SERVICE_PRINCIPAL, {**identity, "servicePrincipalType": "ManagedIdentity"})
    _credentials(state)


def _app_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"application {name}"))


def _third_party(state: State, name: str, is_verified: bool) -> None:
    publisher: dict[str, str | None] = {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None}
    if is_verified:
        since = iso(state.now() - 500 * DAY)
        publisher = {"displayName": f"{name} Ltd", "verifiedPublisherId": "5012345", "addedDateTime": since}
    address = f"https://{name.lower().replace(' ', '-')}.example"
    properties = service_principal(
        _app_id(name),
        name,
        _app_id(f"maker of {name}"),
        [],
        verifiedPublisher=publisher,
        tags=["WindowsAzureActiveDirectoryIntegratedApp"],
        homepage=address,
        replyUrls=[f"{address}/callback"],
        createdDateTime=iso(state.now() - 200 * DAY),
    )
    state.directory.add(SERVICE_PRINCIPAL, properties, user_id(f"service principal {name}"))


def _own(state: State, name: str) -> None:
    """Registered here: there is an application, too."""
    application = state.directory.add(
        APPLICATION,
        {
            "appId": _app_id(name),
            "displayName": name,
            "createdDateTime": iso(state.now() - 700 * DAY),
            "signInAudience": "AzureADMyOrg",
            "web": {"redirectUris": [], "homePageUrl": None, "logoutUrl": None},
            "requiredResourceAccess": [],
            "passwordCredentials": [],
            "keyCredentials": [],
        },
        user_id(f"application {name}"),
    )
    properties = enterprise_application(state, application)
    principal = state.directory.add(SERVICE_PRINCIPAL, properties, user_id(f"service principal {name}"))
    owner = state.directory.user("asingh").id
    state.directory.owners[application.id] = state.directory.owners[principal.id] = {owner: None}


def _credentials(state: State) -> None:
    """One secret ran out, one is about to, a key ran out."""
    now = state.now()
    application = state.directory.named(APPLICATION, "Contoso HR Sync")
    application.properties["passwordCredentials"] = [
        secret_row(user_id("secret 1"), "2024", "Abc", now - 800 * DAY, now - 70 * DAY),
        secret_row(user_id("secret 2"), "2026", "xY8", now - 353 * DAY, now + 12 * DAY),
    ]
    application.properties["keyCredentials"] = [
        {
            "customKeyIdentifier": "4C1FA3B09D",
            "displayName": "CN=hr-sync",
            "endDateTime": iso(now - 3 * DAY),
            "key": None,
            "keyId": user_id("key 1"),
            "startDateTime": iso(now - 733 * DAY),
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
        }
    ]


# -- what they were granted


def plant_grants(state: State) -> None:
    graph = _principal_of(state, GRAPH)
    for name, scope in FOR_ALL.items():
        _grant(state, state.directory.named(SERVICE_PRINCIPAL, name), graph, scope, None)
    for name, (scope, handles) in FOR_ONE.items():
        client = state.directory.named(SERVICE_PRINCIPAL, name)
        for handle in handles:
            _grant(state, client, graph, scope, state.directory.user(handle).id)
    state.directory.changes.all.clear()
    for name, resource, values in (
        (AUTOMATION, GRAPH, ("Directory.ReadWrite.All", "User.ReadWrite.All", "RoleManagement.ReadWrite.Directory")),
        ("Contoso HR Sync", GRAPH, ("User.ReadWrite.All",)),
        ("Backup for Microsoft 365", GRAPH, ("Mail.Read", "Files.Read.All")),
        ("Backup for Microsoft 365", SHAREPOINT, ("Sites.FullControl.All",)),
        ("Phishing Simulator", GRAPH, ("User.Read.All",)),
    ):
        principal = state.directory.named(SERVICE_PRINCIPAL, name)
        for value in values:
            assign(state, principal, _principal_of(state, resource), role_id(resource, value))
    _assign_people(state)


def _principal_of(state: State, app_id: str) -> DirectoryObject:
    found = state.directory.service_principal_of(app_id)
    if found is None:
        raise KeyError(app_id)
    return found


def _grant(
    state: State, client: DirectoryObject, resource: DirectoryObject, scope: str, principal_id: str | None
) -> None:
    grant: dict[str, Json] = {
        "id": state.login.text(43),
        "clientId": client.id,
        "consentType": "Principal" if principal_id else "AllPrincipals",
        "principalId": principal_id,
        "resourceId": resource.id,
        "scope": scope,
    }
    state.directory.add_grant(grant)


def _assign_people(state: State) -> None:
    """Users and a group who may sign in to an application."""
    intranet = state.directory.named(SERVICE_PRINCIPAL, "Contoso Intranet")
    assign(state, state.directory.named(GROUP, "All members"), intranet, DEFAULT_ACCESS)
    assign(state, state.directory.user("fab-omar"), intranet, DEFAULT_ACCESS)
