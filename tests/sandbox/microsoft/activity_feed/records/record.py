"""What all records have."""

from datetime import UTC, datetime

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.records.actor import Actor

Record = dict[str, Json]


def creation_time(moment: float) -> str:
    """UTC without saying so: 2026-01-31T10:00:00."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def record(
    number: str, at: float, tenant_id: str, actor: Actor, record_type: int, workload: str, operation: str
) -> Record:
    """`number`: its GUID. What is not the same in every service comes on top."""
    return {
        "CreationTime": creation_time(at),
        "Id": number,
        "Operation": operation,
        "OrganizationId": tenant_id,
        "RecordType": record_type,
        "UserKey": actor.user_key,
        "UserType": actor.user_type,
        "Version": 1,
        "Workload": workload,
        "UserId": actor.user_id,
    }
