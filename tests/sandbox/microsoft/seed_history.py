"""A month of sign-ins, and of what was done in the directory."""

import random
import uuid

from tests.sandbox.company import BY_HANDLE
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft import recording
from tests.sandbox.microsoft.directory import audit_log
from tests.sandbox.microsoft.directory.objects import GROUP, SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.seed_people import DAY, LEFT
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.tenant import GRAPH

SIGN_INS = 600
DAYS = 29
OFFICE = ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000")
APPS = {
    "Microsoft Teams": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    "OfficeHome": "4765445b-32c6-49b0-83e6-1d93765276ca",
    "Azure Portal": "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
}
CLIENTS = ("Browser", "Browser", "Mobile Apps and Desktop clients", "IMAP4", "Exchange ActiveSync")
PLACES = {"DE": ("Munich", "Bayern"), "GB": ("London", "England"), "US": ("Denver", "Colorado"), "IN": ("Pune", "")}
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
# One in ten fails, in this way by turns.
FAILURES = (
    (50126, "Error validating credentials due to invalid username or password."),
    (50074, "Strong Authentication is required."),
    (53003, "Access has been blocked by Conditional Access policies."),
    (50057, "The user account is disabled."),
)


def plant(state: State) -> None:
    chance = random.Random("20261204/history")
    people = [each for each in state.directory.users() if each.properties["signInActivity"]]
    moments = sorted(state.now() - chance.random() * DAYS * DAY for _ in range(SIGN_INS))
    for number, moment in enumerate(moments):
        state.audits.add_sign_in(moment, sign_in(state, chance, chance.choice(people), moment, number))
    _deeds(state)


def sign_in(state: State, chance: random.Random, user: DirectoryObject, moment: float, number: int) -> Json:
    """An interactive one; `number` decides whether it failed."""
    code, reason = FAILURES[number // 10 % len(FAILURES)] if number % 10 == 7 else (0, "Other.")
    app = chance.choice(list(APPS))
    client = chance.choice(CLIENTS)
    is_guest = user.properties["userType"] == "Guest"
    return {
        "id": str(uuid.UUID(bytes=chance.randbytes(16), version=4)),
        "createdDateTime": iso(moment),
        "userDisplayName": user.name,
        "userPrincipalName": user.properties["userPrincipalName"].lower(),
        "userId": user.id,
        "appId": APPS[app],
        "appDisplayName": app,
        "ipAddress": _address(user),
        "clientAppUsed": client,
        "userAgent": BROWSER if client == "Browser" else "",
        "correlationId": str(uuid.UUID(bytes=chance.randbytes(16), version=4)),
        "conditionalAccessStatus": {0: "success", 53003: "failure"}.get(code, "notApplied"),
        "isInteractive": True,
        "riskDetail": "none",
        "riskLevelAggregated": "none" if state.has_premium else "hidden",
        "riskLevelDuringSignIn": "none" if state.has_premium else "hidden",
        "riskState": "none",
        "riskEventTypes": [],
        "riskEventTypes_v2": [],
        "resourceDisplayName": OFFICE[0],
        "resourceId": OFFICE[1],
        "homeTenantId": str(uuid.uuid5(uuid.NAMESPACE_OID, "fabrikam")) if is_guest else state.tenant.id,
        "resourceTenantId": state.tenant.id,
        "status": {"errorCode": code, "failureReason": reason, "additionalDetails": None},
        "deviceDetail": _device(client, number),
        "location": _location(user),
        "appliedConditionalAccessPolicies": [],
    }


def _person(user: DirectoryObject) -> str:
    name = str(user.properties["userPrincipalName"])
    return name.partition("@")[0].partition("_")[0]


def _address(user: DirectoryObject) -> str:
    found = BY_HANDLE.get(_person(user))
    return found.address if found else "192.0.2.45"


def _location(user: DirectoryObject) -> Json:
    """Not always known."""
    found = BY_HANDLE.get(_person(user))
    place = PLACES.get(found.country) if found else None
    if found is None or place is None:
        return {"city": "", "state": "", "countryOrRegion": "", "geoCoordinates": None}
    coordinates = {"altitude": None, "latitude": 48.1, "longitude": 11.6}
    return {"city": place[0], "state": place[1], "countryOrRegion": found.country, "geoCoordinates": coordinates}


def _device(client: str, number: int) -> Json:
    is_managed = number % 3 == 0
    return {
        "deviceId": str(uuid.uuid5(uuid.NAMESPACE_OID, f"device {number % 40}")) if is_managed else "",
        "displayName": f"PC-{number % 40:03}" if is_managed else "",
        "operatingSystem": "Windows10" if client == "Browser" else "Ios",
        "browser": "Chrome 131.0.0" if client == "Browser" else "",
        "isCompliant": is_managed,
        "isManaged": is_managed,
        "trustType": "Azure AD joined" if is_managed else "",
    }


def _deeds(state: State) -> None:
    """What administrators and the service itself did, oldest first."""
    directory, now = state.directory, state.now()
    admin = audit_log.by_user(directory.user("mhartmann"), "198.51.100.14")
    helper = audit_log.by_user(directory.user("psmith"), "203.0.113.20")
    sync = audit_log.by_app(directory.named(SERVICE_PRINCIPAL, "Contoso HR Sync"))
    for number, user in enumerate(directory.users()):
        at = now - (28 - number * 0.6) * DAY
        changed = {"JobTitle": ("", user.properties["jobTitle"] or "")}
        targets = [audit_log.target(user, changed)]
        recording.record(state, "Update user", "UserManagement", "Update", sync, targets, at=at)
    guest, inviting = audit_log.target(directory.user("fab-newhire")), "Invited Users"
    recording.record(
        state, "Invite external user", "UserManagement", "Add", helper, [guest], service=inviting, at=now - 40_000
    )
    team = audit_log.target(directory.named(GROUP, "Sales"))
    seller = audit_log.target(directory.user("lmoreau"))
    recording.record(
        state, "Add member to group", "GroupManagement", "Assign", helper, [seller, team], at=now - 36_000
    )
    role = [{"displayName": "Role.DisplayName", "oldValue": None, "newValue": '"Security Administrator"'}]
    holder = audit_log.target(directory.user("rferreira"), more=role)
    recording.record(state, "Add member to role", "RoleManagement", "Assign", admin, [holder], at=now - 30_000)
    _consents(state, now)
    left = audit_log.target(directory.user(LEFT))
    recording.record(state, "Delete user", "UserManagement", "Delete", helper, [left], at=now - 6 * DAY)
    refused = audit_log.target(directory.user("rpatel"))
    recording.record(
        state, "Reset user password", "UserManagement", "Update", helper, [refused], at=now - 20_000, result="failure"
    )
    plain = [{"displayName": "Action Client Name", "oldValue": None, "newValue": "DirectorySync"}]
    synced = audit_log.target(directory.named(GROUP, "VPN users"), more=plain)
    recording.record(state, "Update group", "GroupManagement", "Update", sync, [synced], at=now - 15_000)


def _consents(state: State, now: float) -> None:
    """A user agrees to what an application wants of the mailbox."""
    graph = state.directory.service_principal_of(GRAPH)
    assert graph is not None
    client = state.directory.named(SERVICE_PRINCIPAL, "Mail Merge Assistant")
    by = audit_log.by_user(state.directory.user("fmartin"), "192.0.2.45")
    scope = {"DelegatedPermissionGrant.Scope": (None, " Mail.ReadWrite Mail.Send Contacts.Read offline_access")}
    targets = [audit_log.target(graph, scope), audit_log.target(client)]
    category = "ApplicationManagement"
    recording.record(state, "Add service principal", category, "Add", by, [audit_log.target(client)], at=now - 90_000)
    recording.record(state, "Add delegated permission grant", category, "Assign", by, targets, at=now - 89_999)
    recording.record(
        state, "Consent to application", category, "Assign", by, [audit_log.target(client)], at=now - 89_998
    )
