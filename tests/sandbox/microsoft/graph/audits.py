"""The directory's audit log, and who signed in."""

import re
from collections.abc import Mapping, Sequence

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import DAY, FREE_DAYS, PREMIUM_DAYS, between
from tests.sandbox.microsoft.graph import query
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.filtering import condition, moment
from tests.sandbox.microsoft.graph.refusals import missing, not_premium
from tests.sandbox.microsoft.router import route

MOST = 1000
TIMES = "eq ge le"
AUDIT_FILTERS = {
    "id": "eq",
    "activityDateTime": TIMES,
    "activityDisplayName": "eq startswith",
    "category": "eq",
    "loggedByService": "eq",
    "initiatedBy/user/id": "eq",
    "initiatedBy/user/displayName": "eq",
    "initiatedBy/user/userPrincipalName": "eq startswith",
    "initiatedBy/app/appId": "eq",
    "initiatedBy/app/displayName": "eq",
    "targetResources": "any",
}
SIGN_IN_FILTERS = {
    "id": "eq",
    "createdDateTime": TIMES,
    "userId": "eq",
    "userPrincipalName": "eq startswith",
    "appId": "eq",
    "appDisplayName": "eq startswith",
    "resourceId": "eq",
    "clientAppUsed": "eq",
    "ipAddress": "eq startswith",
    "status/errorCode": "eq",
    "conditionalAccessStatus": "eq",
    "correlationId": "eq",
    "riskState": "eq",
}
OPTIONS = query.ORDINARY | {"$orderby"}
Entries = Sequence[tuple[float, Json]]


def directory_audits(call: Call) -> Answer:
    return _listed(call, "auditLogs/directoryAudits", call.state.audits.audits, AUDIT_FILTERS, "activityDateTime")


def directory_audit(call: Call) -> Answer:
    return _shown(call, "auditLogs/directoryAudits", call.state.audits.audits)


def sign_ins(call: Call) -> Answer:
    _check_licence(call)
    return _listed(call, "auditLogs/signIns", call.state.audits.sign_ins, SIGN_IN_FILTERS, "createdDateTime")


def sign_in(call: Call) -> Answer:
    _check_licence(call)
    return _shown(call, "auditLogs/signIns", call.state.audits.sign_ins)


def _check_licence(call: Call) -> None:
    if not call.state.has_premium:
        raise not_premium()


def _listed(call: Call, context: str, entries: Entries, filters: Mapping[str, str], time: str) -> Answer:
    """Newest first, unless the order is asked for. A page holds a thousand even when none is asked for."""
    wanted = condition(call.request.parameter("$filter"), filters)
    rows = [each for each in _kept(call, entries, time) if wanted(each)]
    if call.request.parameter("$orderby").replace(" asc", "") != time:
        rows.reverse()
    return collection(call, context, rows, default=MOST, most=MOST, allowed=OPTIONS)


def _kept(call: Call, entries: Entries, time: str = "") -> list[Json]:
    """A month with the premium licence, a week without. What is dated ahead has not come in yet. Of all that only the
    window that the filter names is looked at, to the second: a log of load tests is long."""
    now = call.state.now()
    start, end = now - DAY * (PREMIUM_DAYS if call.state.has_premium else FREE_DAYS), now
    for operator, text in re.findall(rf"{time} (ge|le) (\S+)", call.request.parameter("$filter")) if time else ():
        if operator == "ge":
            start = max(start, moment(text) - 1)
        else:
            end = min(end, moment(text) + 1)
    return between(entries, start, end)


def _shown(call: Call, context: str, entries: Entries) -> Answer:
    name = call.parameters["entry_id"]
    found = next((each for each in _kept(call, entries) if each["id"] == name), None)
    if found is None:
        raise missing(name)
    return entity(call, context, found)


READER = "AuditLog.Read.All"
ROUTES = [
    route("GET", "/auditLogs/directoryAudits", directory_audits, READER, limit="reports"),
    route("GET", "/auditLogs/directoryAudits/{entry_id}", directory_audit, READER, limit="reports"),
    route("GET", "/auditLogs/signIns", sign_ins, READER, limit="reports"),
    route("GET", "/auditLogs/signIns/{entry_id}", sign_in, READER, limit="reports"),
]
