"""Accounts that may be compromised; of the premium licence."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import target
from tests.sandbox.microsoft.directory.objects import USER, DirectoryObject
from tests.sandbox.microsoft.directory.risk import Risk
from tests.sandbox.microsoft.graph.bodies import body_of
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.refusals import GraphRefusal, bad, missing
from tests.sandbox.microsoft.moments import precise
from tests.sandbox.microsoft.router import route

MOST_AT_ONCE = 60
SERVICE = "Identity Protection"
CONTEXT = "identityProtection/riskyUsers"
FILTERS = {"riskLevel": "eq", "riskState": "eq", "riskDetail": "eq", "userPrincipalName": "eq startswith", "id": "eq"}


def listed(call: Call) -> Answer:
    _check_licence(call)
    wanted = condition(call.request.parameter("$filter"), FILTERS)
    rows = [_shape(call, user_id, risk) for user_id, risk in call.state.risks.items()]
    return collection(call, CONTEXT, [each for each in rows if wanted(each)], default=20, most=500)


def shown(call: Call) -> Answer:
    _check_licence(call)
    user_id = call.parameters["user_id"]
    if user_id not in call.state.risks:
        raise missing(user_id)
    return entity(call, CONTEXT, _shape(call, user_id, call.state.risks[user_id]))


def confirmed(call: Call) -> Answer:
    _mark(call, Risk("high", "confirmedCompromised", "adminConfirmedUserCompromised", call.state.now()))
    return Answer(204)


def dismissed(call: Call) -> Answer:
    _mark(call, Risk("none", "dismissed", "adminDismissedAllRiskForUser", call.state.now()))
    return Answer(204)


def _mark(call: Call, risk: Risk) -> None:
    _check_licence(call)
    found = _users(call)
    for each in found:
        call.state.risks[each.id] = risk
        activity = "ConfirmAccountCompromised" if risk.state == "confirmedCompromised" else "DismissUser"
        call.record(activity, "Other", "Update", target(each), service=SERVICE)


def _users(call: Call) -> list[DirectoryObject]:
    ids = body_of(call).get("userIds")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_AT_ONCE:
        raise bad("The property 'userIds' must name between 1 and 60 users.", "BadRequest")
    found = [call.state.directory.find(USER, str(each)) for each in ids]
    if None in found:
        raise missing(str(ids[found.index(None)]))
    return [each for each in found if each is not None]


def _check_licence(call: Call) -> None:
    if not call.state.has_premium:
        raise GraphRefusal(403, "Forbidden", "Your tenant is not licensed for this feature.")


def _shape(call: Call, user_id: str, risk: Risk) -> dict[str, Json]:
    directory = call.state.directory
    user = directory.objects.get(user_id) or directory.deleted.get(user_id)
    return {
        "id": user_id,
        "isDeleted": user_id not in directory.objects,
        "isProcessing": False,
        "riskLevel": risk.level,
        "riskState": risk.state,
        "riskDetail": risk.detail,
        "riskLastUpdatedDateTime": precise(risk.at),
        "userDisplayName": user.name if user else None,
        "userPrincipalName": user.properties["userPrincipalName"] if user else None,
    }


READERS = ("IdentityRiskyUser.Read.All", "IdentityRiskyUser.ReadWrite.All")
WRITER = "IdentityRiskyUser.ReadWrite.All"
LIMIT = "identity protection"
USERS = "/identityProtection/riskyUsers"
ROUTES = [
    route("GET", USERS, listed, *READERS, limit=LIMIT),
    route("GET", f"{USERS}/{{user_id}}", shown, *READERS, limit=LIMIT),
    route("POST", f"{USERS}/confirmCompromised", confirmed, WRITER, limit=LIMIT),
    route("POST", f"{USERS}/dismiss", dismissed, WRITER, limit=LIMIT),
]
