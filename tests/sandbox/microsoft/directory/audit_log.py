"""What was done in the directory, and who signed in."""

import json
import uuid
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import DirectoryObject

TYPES = {"user": "User", "group": "Group", "servicePrincipal": "ServicePrincipal", "application": "Application"}
Changed = Mapping[str, tuple[Json, Json]]
DAY = 86_400
PREMIUM_DAYS = 30
FREE_DAYS = 7


@dataclass(slots=True)
class AuditLog:
    """Oldest first, each entry with its moment; the entries in the vendor's shape."""

    audits: list[tuple[float, Json]] = field(default_factory=list)
    sign_ins: list[tuple[float, Json]] = field(default_factory=list)

    def add_audit(self, moment: float, entry: Json) -> None:
        insort(self.audits, (moment, entry), key=moment_of)

    def add_sign_in(self, moment: float, entry: Json) -> None:
        insort(self.sign_ins, (moment, entry), key=moment_of)

    def next_id(self, code: str) -> str:
        """Not a plain GUID."""
        number = len(self.audits) + 1
        return f"Directory_{uuid.uuid5(uuid.NAMESPACE_OID, f'audit {number}')}_{code}_{88_000_000 + number}"


def moment_of(entry: tuple[float, Json]) -> float:
    return entry[0]


def between(entries: Sequence[tuple[float, Json]], start: float, end: float) -> list[Json]:
    """Those of these moments and of all that lie between."""
    first = bisect_left(entries, start, key=moment_of)
    return [entry for _, entry in entries[first : bisect_right(entries, end, key=moment_of)]]


def target(found: DirectoryObject, changed: Changed | None = None, *, more: Json = None) -> Json:
    """A target of an entry. Values are JSON in a text."""
    rows = [
        {"displayName": name, "oldValue": json.dumps([before]), "newValue": json.dumps([after])}
        for name, (before, after) in (changed or {}).items()
    ]
    kinds = found.properties.get("groupTypes") or []
    group_type = ("unifiedGroups" if "Unified" in kinds else "azureAD") if found.kind == "group" else None
    return {
        "id": found.id,
        "displayName": found.properties.get("displayName"),
        "type": TYPES.get(found.kind, "Other"),
        "userPrincipalName": found.properties.get("userPrincipalName"),
        "groupType": group_type,
        "modifiedProperties": [*rows, *(more or [])],
    }


def by_app(principal: DirectoryObject) -> Json:
    return {
        "user": None,
        "app": {
            "appId": None,
            "displayName": principal.name,
            "servicePrincipalId": principal.id,
            "servicePrincipalName": None,
        },
    }


def by_user(user: DirectoryObject, address: str = "") -> Json:
    return {
        "app": None,
        "user": {
            "id": user.id,
            "displayName": None,
            "userPrincipalName": user.properties["userPrincipalName"],
            "ipAddress": address or None,
        },
    }
