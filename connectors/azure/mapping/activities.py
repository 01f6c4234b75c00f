"""Events of the activity log, as its API and as its exports write them.

The exported form (diagnostic settings, Event Hub) is {time, operationName, resultType, callerIpAddress,
identity{claims, authorization}, ...}; some of it is capitalised, and a few members hold JSON as text.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from connectors.azure import ids, operation_words
from connectors.azure.mapping.values import moment, part, properties, text, word
from connectors.base import AccountKind, Activity, Target

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an event without any time: kept rather than dropped, at a moment that is the same at each read."""
XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
UPN = (f"{XMLSOAP}upn", f"{XMLSOAP}name", "upn")
GIVEN, SURNAME = f"{XMLSOAP}givenname", f"{XMLSOAP}surname"
BODIES = ("requestbody", "requestBody", "responseBody")
TENANT = Target(kind="organisation", name="the tenant")
"""Of an event that names nothing nearer."""

Row = Mapping[str, Any]


def activity(row: Row) -> Activity:
    """An event, or one that stands for an operation of several."""
    operation = operation_of(row)
    status = status_of(row)
    who = _Actor(row)
    targets = tuple(_targets(row, operation)) or (TENANT,)
    return Activity(
        id=text(row.get("eventDataId")) or made_id(row),
        occurred_at=time_of(row),
        action=operation,
        category=operation_words.category(operation, word(row, "category")),
        outcome=operation_words.outcome(status),
        description=operation_words.sentence(operation, who.name, targets[0].name, status),
        actor_id=who.id,
        actor_name=who.name,
        actor_email=who.email,
        actor_kind=who.kind,
        targets=targets,
        ip_address=_address(row),
        ocsf_class=operation_words.ocsf_class(operation),
        raw=dict(row),
    )


def time_of(row: Row) -> datetime:
    return moment(row.get("eventTimestamp")) or moment(row.get("time")) or NO_TIME


def operation_of(row: Row) -> str:
    return word(row, "operationName") or "unknown"


def status_of(row: Row) -> str:
    return word(row, "status") or text(row.get("resultType"))


def operation_key(row: Row) -> str:
    """The same for all events of one operation; '' where an event does not say which it belongs to."""
    correlation = text(row.get("correlationId"))
    return f"{correlation}/{operation_of(row)}/{resource_of(row)}".lower() if correlation else ""


def resource_of(row: Row) -> str:
    """The path of what it was done to; events of old leave it to their id and their authorization."""
    named = text(row.get("resourceId"))
    return named or text(row.get("id")).partition("/events/")[0] or text(_authorization(row).get("scope"))


def made_id(row: Row) -> str:
    """For an event without an id: a hash of all of it."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()[:40]


# --- who ------------------------------------------------------------------------------------------------------------


class _Actor:
    """By the claims of the token it was called with, else by `caller`: a user's name, or the object id of an app. The
    platform itself has neither."""

    def __init__(self, row: Row) -> None:
        claims, caller = _claims(row), text(row.get("caller"))
        login = next((text(claims.get(name)) for name in UPN if claims.get(name)), "")
        names = " ".join(text(claims.get(name)) for name in (GIVEN, SURNAME) if claims.get(name))
        is_person = bool(login or names or "@" in caller)
        self.id = text(claims.get(OBJECT_ID)).lower() or ("" if "@" in caller else caller.lower())
        self.name = text(claims.get("name")) or names or login or caller or text(claims.get("appid"))
        self.email = login if "@" in login else caller if "@" in caller else ""
        self.kind = AccountKind.USER if is_person else AccountKind.SERVICE if self.name or self.id else None


def _claims(row: Row) -> Row:
    return part(row, "claims") or part(_identity(row), "claims")


def _authorization(row: Row) -> Row:
    return part(row, "authorization") or part(_identity(row), "authorization")


def _identity(row: Row) -> Row:
    return part(row, "identity")


def _address(row: Row) -> str:
    """Missing where something is created; then that of the sign-in is told. Exports may add a port."""
    claims = _claims(row)
    found = text(part(row, "httpRequest").get("clientIpAddress")) or text(row.get("callerIpAddress"))
    given = found or text(claims.get("ipaddr"))
    for each in (given, given.rpartition(":")[0].strip("[]")):
        try:
            return str(ip_address(each))
        except ValueError:
            continue
    return given


# --- what -----------------------------------------------------------------------------------------------------------


def _targets(row: Row, operation: str) -> Iterator[Target]:
    """The resource, whom a role was given to or taken from, and the subscription."""
    resource = resource_of(row)
    if resource:
        yield Target(kind=_kind(row, resource), id=ids.key(resource), name=ids.last(resource) or ids.ROOT)
    if "roleassignments/" in operation.lower():
        yield from _principals(row)
    subscription = text(row.get("subscriptionId")) or ids.subscription_of(resource)
    if subscription and ids.key(resource) != ids.key(ids.subscription(subscription)):
        yield Target(kind="subscription", id=ids.key(ids.subscription(subscription)), name=subscription)


def _kind(row: Row, resource: str) -> str:
    named = word(row, "resourceType")
    if named:
        return named
    parts = ids.key(resource).strip("/").split("/")
    if "providers" in parts:
        namespace, *path = parts[len(parts) - parts[::-1].index("providers") :] or [""]
        return "/".join([namespace, *path[::2]]) or "resource"
    if "resourcegroups" in parts:
        return "resource group"
    return "subscription" if parts[0] == "subscriptions" else "resource"


def _principals(row: Row) -> Iterator[Target]:
    """A role assignment says in its request or answer for whom it is; those are cut off where they are long."""
    bodies = [part(properties(row), name) for name in BODIES]
    said = [part(body, name) or body for body in bodies for name in ("properties", "Properties")]
    found = (text(each.get(name)) for each in said for name in ("principalId", "PrincipalId"))
    principal = next((each for each in found if each), "")
    if principal:
        yield Target(kind="account", id=principal.lower(), name=principal.lower())
