"""Writes into the audit log what calls and people do."""

import uuid
from collections.abc import Sequence

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed import twins
from tests.sandbox.microsoft.directory import audit_log
from tests.sandbox.microsoft.moments import precise
from tests.sandbox.microsoft.state import State

CODES = {
    "UserManagement": "5XP2K",
    "GroupManagement": "UEJLI",
    "RoleManagement": "JHN7T",
    "ApplicationManagement": "IFZQ4",
}
CORE = "Core Directory"


def record(
    state: State,
    activity: str,
    category: str,
    operation: str,
    by: Json,
    targets: Sequence[Json],
    *,
    service: str = CORE,
    at: float | None = None,
    result: str = "success",
    agent: str = "",
) -> Json:
    """An entry of the directory's audit log; `by` as audit_log makes it, `at` in the past where it is planted."""
    moment = state.now() if at is None else at
    entry = {
        "id": state.audits.next_id(CODES.get(category, "OTHER")),
        "category": category,
        "correlationId": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{activity} {moment}")),
        "result": result,
        "resultReason": "",
        "activityDisplayName": activity,
        "activityDateTime": precise(moment),
        "loggedByService": service,
        "operationType": operation,
        "initiatedBy": by,
        "targetResources": list(targets),
        "additionalDetails": [{"key": "User-Agent", "value": agent}] if agent else [],
    }
    state.audits.add_audit(moment, entry)
    if at is None:
        twins.tell(state, entry)
    return entry


def principal_of(state: State, principal_id: str) -> Json:
    """The application whose token a call came with."""
    found = state.directory.objects.get(principal_id) or state.directory.deleted[principal_id]
    return audit_log.by_app(found)

