"""The report of who registered which second factors; of the premium licence."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory import roles
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.graph.collections import collection
from tests.sandbox.microsoft.graph.refusals import not_premium
from tests.sandbox.microsoft.moments import precise
from tests.sandbox.microsoft.router import route

CONTEXT = "reports/authenticationMethods/userRegistrationDetails"
PASSWORDLESS = frozenset({"fido2SecurityKey", "windowsHelloForBusiness", "microsoftAuthenticatorPasswordless"})
SELF_SERVICE = frozenset({"email", "mobilePhone", "microsoftAuthenticatorPush"})


def listed(call: Call) -> Answer:
    if not call.state.has_premium:
        raise not_premium()
    return collection(call, CONTEXT, call.state.directory.users(), lambda each: _shape(call, each))


def _shape(call: Call, user: DirectoryObject) -> dict[str, Json]:
    methods = call.state.second_factors.get(user.id, [])
    has_mfa = bool(set(methods) - {"email"})
    can_reset = bool(SELF_SERVICE & set(methods))
    return {
        "id": user.id,
        "userPrincipalName": user.properties["userPrincipalName"],
        "userDisplayName": user.name,
        "userType": "guest" if user.properties["userType"] == "Guest" else "member",
        "isAdmin": bool(roles.roles_of(call.state.directory, user.id)),
        "isMfaRegistered": has_mfa,
        "isMfaCapable": has_mfa,
        "isPasswordlessCapable": bool(PASSWORDLESS & set(methods)),
        "isSsprRegistered": can_reset,
        "isSsprEnabled": True,
        "isSsprCapable": can_reset,
        "isSystemPreferredAuthenticationMethodEnabled": True,
        "methodsRegistered": methods,
        "lastUpdatedDateTime": precise(call.state.now() - 3_600),
    }


ROUTES = [route("GET", f"/{CONTEXT}", listed, "AuditLog.Read.All", limit="reports")]
