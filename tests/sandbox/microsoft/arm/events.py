"""What happened, as the activity log keeps it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.people import Caller
from tests.sandbox.microsoft.moments import precise

NAMESPACE = uuid.UUID("1b3f8e52-1d0f-4c36-8d4e-5f7f3f2b6c10")
TICKS_AT_EPOCH = 621_355_968_000_000_000
SUB_STATUS = {"Succeeded": "OK", "Accepted": "Accepted", "Failed": "Forbidden"}
LONG = "http://schemas.microsoft.com/identity/claims/"
PERSON = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"


@dataclass(frozen=True, slots=True)
class Event:
    """`at`: when it happened; `submitted_at`: when it shows. `subscription_id` is "" for what happened at tenant level.
    `address`: "" where the record names none. `is_bare`: a record of the platform, without claims and rights."""

    number: int
    at: float
    submitted_at: float
    subscription_id: str
    operation: str
    resource_id: str
    caller: Caller
    status: str
    correlation: int
    category: str = "Administrative"
    level: str = "Informational"
    address: str = ""
    is_bare: bool = False
    properties: tuple[tuple[str, str], ...] = field(default=())

    @property
    def id(self) -> str:
        return str(uuid.uuid5(NAMESPACE, str(self.number)))

    @property
    def correlation_id(self) -> str:
        return str(uuid.uuid5(NAMESPACE, f"correlation {self.correlation}"))

    @property
    def provider(self) -> str:
        return self.operation.partition("/")[0]

    @property
    def group(self) -> str:
        """The resource group's name, "" where there is none."""
        steps = self.resource_id.split("/")
        lower = [each.lower() for each in steps]
        return steps[lower.index("resourcegroups") + 1] if "resourcegroups" in lower else ""


def shape(event: Event, tenant_id: str) -> dict[str, Json]:
    ticks = TICKS_AT_EPOCH + int(event.at * 10_000_000)
    begins = event.status in ("Started", "Accepted")
    sub_status = SUB_STATUS.get(event.status, "")
    told: dict[str, Json] = {
        "caller": event.caller.login,
        "channels": "Operation",
        "claims": {} if event.is_bare else _claims(event.caller, tenant_id),
        "correlationId": event.correlation_id,
        "description": "",
        "eventDataId": event.id,
        "eventName": _named("BeginRequest" if begins else "EndRequest", "Begin request" if begins else "End request"),
        "category": _named(event.category, event.category),
        "eventTimestamp": precise(event.at),
        "id": f"{event.resource_id}/events/{event.id}/ticks/{ticks}",
        "level": event.level,
        "operationId": event.correlation_id,
        "operationName": _named(event.operation, ""),
        "resourceGroupName": event.group,
        "resourceProviderName": _named(event.provider, event.provider),
        "resourceType": _named(event.operation.rpartition("/")[0], ""),
        "resourceId": event.resource_id,
        "status": _named(event.status, event.status),
        "subStatus": _named(sub_status, f"{sub_status} (HTTP Status Code)" if sub_status else ""),
        "submissionTimestamp": precise(event.submitted_at),
        "subscriptionId": event.subscription_id,
        "tenantId": tenant_id,
        "properties": {"statusCode": sub_status, "message": event.operation, **dict(event.properties)},
        "relatedEvents": [],
    }
    if not event.is_bare:
        told["authorization"] = {"action": event.operation, "scope": event.resource_id, "evidence": {"role": "Owner"}}
    if event.address:
        told["httpRequest"] = {"clientIpAddress": event.address, "method": "PUT", "clientRequestId": event.id}
    return told


def _named(value: str, localized: str) -> dict[str, Json]:
    return {"value": value, "localizedValue": localized}


def _claims(caller: Caller, tenant_id: str) -> dict[str, Json]:
    claims: dict[str, Json] = {
        "aud": "https://management.azure.com/",
        "iss": f"https://sts.windows.net/{tenant_id}/",
        "iat": "1764331200",
        "nbf": "1764331200",
        "exp": "1764335100",
        "ver": "1.0",
        "appid": caller.app_id or "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        f"{LONG}tenantid": tenant_id,
        f"{LONG}objectidentifier": caller.object_id,
    }
    if not caller.is_person:
        return {**claims, "idtyp": "app", "appidacr": "2"}
    return {
        **claims,
        "appidacr": "0",
        "name": caller.name,
        "ipaddr": caller.address,
        f"{LONG}scope": "user_impersonation",
        f"{PERSON}upn": caller.login,
        f"{PERSON}name": caller.login,
        "http://schemas.microsoft.com/claims/authnmethodsreferences": "rsa,mfa",
        "_claim_names": '{"groups":"src1"}',
    }


def is_about(event: Event, scope: str) -> bool:
    return scopes.key(event.resource_id) == scopes.key(scope) or scopes.is_below(event.resource_id, scope)
