"""What is done to accounts: suspending, passwords, sessions."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.directory.roles import may_touch
from tests.sandbox.microsoft.graph.bodies import values_of
from tests.sandbox.microsoft.graph.kinds import USERS
from tests.sandbox.microsoft.graph.refusals import bad, denied
from tests.sandbox.microsoft.graph.users import named
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.router import route

MANAGES = ("User.ReadWrite.All", "Directory.ReadWrite.All")
ENABLES = "User.EnableDisableAccount.All"
READS = ("User.Read.All", *MANAGES)
PASSWORDS = "User-PasswordProfile.ReadWrite.All"
REVOKES = "User.RevokeSessions.All"
CATEGORY = "UserManagement"
SHORTEST = 8


def changed(call: Call) -> Answer:
    """What the body holds decides which permission is needed."""
    user, body = named(call), values_of(call)
    if not body:
        raise bad("Empty Payload. JSON content expected.")
    for name in body:
        if not USERS.knows(name):
            raise bad(f"Property '{name}' does not exist on type 'microsoft.graph.user'.")
    if "passwordProfile" in body:
        _reset_password(call, user, body["passwordProfile"])
    rest = {name: value for name, value in body.items() if name != "passwordProfile"}
    if rest:
        _update(call, user, rest)
    return Answer(204)


def _update(call: Call, user: DirectoryObject, values: dict[str, Json]) -> None:
    is_switch = set(values) == {"accountEnabled"}
    may_switch = is_switch and call.may(ENABLES) and call.may(*READS)
    if not may_switch and not call.may(*MANAGES):
        raise denied()
    if "accountEnabled" in values:
        check_reach(call, user)
        if not isinstance(values["accountEnabled"], bool):
            raise bad("Invalid value specified for property 'accountEnabled' of resource 'User'.")
    differences = call.state.directory.update(user, values)
    if "accountEnabled" in differences:
        activity = "Enable account" if values["accountEnabled"] else "Disable account"
        told = {"AccountEnabled": differences["accountEnabled"]}
        call.record(activity, CATEGORY, "Update", target(user, told))
    if differences:
        call.record("Update user", CATEGORY, "Update", target(user, differences))


def _reset_password(call: Call, user: DirectoryObject, profile: Json) -> None:
    """Neither for accounts that come from another directory nor for those of guests."""
    if not call.may(PASSWORDS, *MANAGES):
        raise denied()
    check_reach(call, user)
    password = profile.get("password") if isinstance(profile, dict) else None
    if user.properties.get("onPremisesSyncEnabled"):
        raise bad("Unable to update the specified properties for on-premises mastered Directory Sync objects.")
    if password is not None and (not isinstance(password, str) or len(password) < SHORTEST):
        raise bad("The specified password does not comply with password complexity requirements.")
    forced = bool(profile.get("forceChangePasswordNextSignIn")) if isinstance(profile, dict) else False
    now = call.state.now()
    values = {
        "passwordProfile": {"password": None, "forceChangePasswordNextSignIn": forced},
        **({"lastPasswordChangeDateTime": iso(now), "signInSessionsValidFromDateTime": iso(now)} if password else {}),
    }
    call.state.directory.update(user, values)
    call.record("Reset user password", CATEGORY, "Update", target(user))


def check_reach(call: Call, user: DirectoryObject) -> None:
    """Administrators are out of reach of an application that holds no role above theirs."""
    if not may_touch(call.state.directory, call.token.principal_id, user):
        raise denied()


def sessions_revoked(call: Call) -> Answer:
    user = named(call)
    moment = iso(call.state.now())
    values = {"signInSessionsValidFromDateTime": moment, "refreshTokensValidFromDateTime": moment}
    call.state.directory.update(user, values)
    call.record("Update StsRefreshTokenValidFrom Timestamp", CATEGORY, "Update", target(user))
    return Answer.of_json({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean", "value": True})


def deleted(call: Call) -> Answer:
    user = named(call)
    check_reach(call, user)
    remove(call, user)
    return Answer(204)


def remove(call: Call, user: DirectoryObject) -> None:
    """It can be restored for thirty days."""
    call.state.directory.delete(user, call.state.now())
    call.record("Delete user", CATEGORY, "Delete", target(user))


ROUTES = [
    route("PATCH", "/users/{user_id}", changed, ENABLES, PASSWORDS, *MANAGES),
    route("DELETE", "/users/{user_id}", deleted, *MANAGES),
    route("POST", "/users/{user_id}/revokeSignInSessions", sessions_revoked, REVOKES, *MANAGES),
]
