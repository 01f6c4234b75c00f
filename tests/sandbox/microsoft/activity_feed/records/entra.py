"""The directory's own records: sign-ins, and what administrators did."""

import json

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.records.record import Record

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
OFFICE_HOME = "4765445b-32c6-49b0-83e6-1d93765276ca"
UNTOLD = "Unknown"


def sign_in(
    base: Record,
    object_id: str,
    address: str | None,
    resource_id: str,
    *,
    error: str = "0",
    logon_error: str = "",
    is_told_failed: bool = False,
) -> Record:
    """A failed one mostly says Success; operation, ErrorNumber and LogonError tell the truth."""
    actor: list[Json] = [{"ID": object_id, "Type": 0}, {"ID": base["UserId"], "Type": 5}]
    return {
        **base,
        "UserKey": object_id,
        "ResultStatus": "Failed" if is_told_failed else "Success",
        "ClientIP": address,
        "ObjectId": resource_id,
        "AzureActiveDirectoryEventType": 1,
        "ExtendedProperties": [
            {"Name": "ResultStatusDetail", "Value": "Success" if error == "0" else "UserError"},
            {"Name": "UserAgent", "Value": AGENT},
            {"Name": "RequestType", "Value": "Login:login"},
        ],
        "ModifiedProperties": [],
        "Actor": actor,
        "ActorContextId": base["OrganizationId"],
        "ActorIpAddress": address,
        "InterSystemsId": base["Id"],
        "IntraSystemId": base["Id"],
        "SupportTicketId": "",
        "Target": [{"ID": resource_id, "Type": 0}],
        "TargetContextId": base["OrganizationId"],
        "ApplicationId": OFFICE_HOME,
        "DeviceProperties": [{"Name": "OS", "Value": "Windows 10"}, {"Name": "BrowserType", "Value": "Chrome"}],
        "ErrorNumber": error,
        **({"LogonError": logon_error} if logon_error else {}),
    }


def directory(
    base: Record,
    actor_id: str,
    target: tuple[str, str, str],
    changes: list[tuple[str, str, str]],
    *,
    result: str = "Success",
    address: str | None = None,
) -> Record:
    """`target`: kind, object id, name. `changes`: name, new and old value, each JSON within a text. Most of these
    records name no address."""
    kind, target_id, name = target
    word = "ServicePrincipal" if str(base["UserId"]).startswith("ServicePrincipal_") else "User"
    return {
        **base,
        "ResultStatus": result,
        "ObjectId": name or f"{kind}_{target_id}",
        "AzureActiveDirectoryEventType": 1,
        "ExtendedProperties": [
            {"Name": "additionalDetails", "Value": json.dumps({"User-Agent": AGENT})},
            {"Name": "extendedAuditEventCategory", "Value": kind},
        ],
        "ModifiedProperties": [{"Name": each[0], "NewValue": each[1], "OldValue": each[2]} for each in changes],
        "Actor": [
            {"ID": base["UserId"], "Type": 5},
            {"ID": f"{word}_{actor_id}", "Type": 2},
            {"ID": actor_id, "Type": 2},
            {"ID": word, "Type": 2},
        ],
        "ActorContextId": base["OrganizationId"],
        "InterSystemsId": base["Id"],
        "IntraSystemId": base["Id"],
        "Target": [
            {"ID": f"{kind}_{target_id}", "Type": 2},
            {"ID": target_id, "Type": 2},
            {"ID": kind, "Type": 2},
            {"ID": name, "Type": 5 if kind == "User" else 1},
        ],
        "TargetContextId": base["OrganizationId"],
        **({} if address is None else {"ClientIP": address, "ActorIpAddress": address}),
    }


def listed(*values: str) -> str:
    """As new and old values are written: JSON over several lines, within a text."""
    return json.dumps(list(values), indent=2).replace("\n", "\r\n")
