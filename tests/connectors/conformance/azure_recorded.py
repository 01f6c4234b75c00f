"""Azure's recorded answers, and what they must become.

They are single bodies: the lists that the connector reads are put together of them. Times lie back further than Azure's
log goes; they are told in the last window that is asked for.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors.base import (
    Activity,
    CursorExpired,
    Exposure,
    File,
    HolderKind,
    Outcome,
    Privilege,
)
from tests.connectors.corpus import NOW, Recording, Refused, Row, Said, lines

Json = dict[str, Any]

NOTHING: Json = {"value": []}
ROLES = "/providers/Microsoft.Authorization"
LOG = "/providers/Microsoft.Insights/eventtypes/management/values"
TOO_OLD = {"Code": "BadRequest", "Message": "The start time cannot be more than 90 days in the past."}
LAST_WINDOW = NOW - timedelta(hours=(90 * 24 - 1) % 23, minutes=30)
"""When the last of the windows of 23 hours begins that ninety days less one hour are read in."""


def recordings(folder: Path) -> Iterator[Recording]:
    answers = [each for each in lines(folder / "c7n_arm_cassettes.jsonl") if each["request"]["method"] == "GET"]
    bodies = {each["request"]["uri"].partition("?")[0]: each["response"]["body"] for each in answers}
    yield _roles(bodies)
    yield _storage(bodies)
    events = [*lines(folder / "activity_log_rest_example.jsonl")]
    events += [each["event"] for each in lines(folder / "sekoia_activity_log.jsonl")]
    yield _activities(events)


def refusals(folder: Path) -> Iterator[Refused]:
    yield Refused("older than ninety days", f"/subscriptions/x{LOG}", Said("GET", ".*", TOO_OLD, 400), CursorExpired)


def _subscription(bodies: dict[str, Json]) -> Json:
    return next(body for body in bodies.values() if body and "displayName" in body and "subscriptionId" in body)


def _roles(bodies: dict[str, Json]) -> Recording:
    """Those of one subscription, some of them inherited: each is one privilege."""
    at = _subscription(bodies)["id"]
    assignments = next(body for uri, body in bodies.items() if uri.endswith("/roleAssignments"))
    definitions = [body for uri, body in bodies.items() if "/roleDefinitions/" in uri]
    said = (
        Said("GET", "/subscriptions", {"value": [_subscription(bodies)]}),
        Said("GET", "/providers/Microsoft.Management/managementGroups", NOTHING),
        Said("GET", f"{at}{ROLES}/roleAssignments", assignments),
        Said("GET", f".*{ROLES}/roleDefinitions", {"value": definitions}),
        Said("GET", f".*{ROLES}/.*", NOTHING),
    )
    names = {each["name"]: each["properties"]["roleName"] for each in definitions}
    rows = []
    for each in assignments["value"]:
        held = each["properties"]
        guid = held["roleDefinitionId"].rpartition("/")[2]
        is_group = held["principalType"] == "Group"
        says = {
            "holder_id": held["principalId"],
            "holder_kind": HolderKind.GROUP if is_group else HolderKind.ACCOUNT,
            "name": names.get(guid, guid),
            "scope": held["scope"].lower(),
            "raw": each,
        }
        rows.append(Row(Privilege, says))
    return Recording("role assignments", "role_assignments", said, tuple(rows))


def _storage(bodies: dict[str, Json]) -> Recording:
    """Older than the setting by which a storage account lets containers be public, so none of them is."""
    at = _subscription(bodies)["id"]
    accounts = next(body for uri, body in bodies.items() if uri.endswith("/storageAccounts"))
    said = (
        Said("GET", "/subscriptions", {"value": [_subscription(bodies)]}),
        Said("GET", f"{at}/resourceGroups", NOTHING),
        Said("GET", f"{at}/providers/Microsoft.Storage/storageAccounts", accounts),
    )
    rows = (
        Row(File, {"name": each["name"], "kind": "storage account", "exposure": Exposure.INTERNAL, "raw": each})
        for each in accounts["value"]
    )
    return Recording("storage accounts", "storage", said, tuple(rows))


def _activities(events: list[Json]) -> Recording:
    subscription = {"id": "/subscriptions/s-1", "subscriptionId": "s-1", "displayName": "One", "state": "Enabled"}
    begin, end = (f"{each.strftime('%Y-%m-%dT%H:%M:%S.%f')}Z" for each in (LAST_WINDOW, NOW))
    query = {"$filter": f"eventTimestamp ge '{begin}' and eventTimestamp le '{end}'"}
    said = (
        Said("GET", "/subscriptions", {"value": [subscription]}),
        Said("GET", f"/subscriptions/s-1{LOG}", {"value": events}, query=query),
        Said("GET", f"/subscriptions/s-1{LOG}", NOTHING),
    )
    rows = (
        Row(
            Activity,
            {
                "id": event["eventDataId"],
                "action": event["operationName"]["value"],
                "outcome": Outcome.SUCCESS,
                "actor_id": event["claims"]["http://schemas.microsoft.com/identity/claims/objectidentifier"],
                "ip_address": event.get("httpRequest", {}).get("clientIpAddress") or event["claims"].get("ipaddr", ""),
                "raw": event,
            },
        )
        for event in events
    )
    return Recording("activity log", "activity_log", said, tuple(rows))
