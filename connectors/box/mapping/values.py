"""Single values of Box's JSON, whatever they turn out to be."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

NOBODY = "2"
"""The id under which Box writes who is not known."""


def moment(value: Any) -> datetime | None:
    """Aware UTC from RFC 3339 text, which Box writes with the account's own offset."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def id_of(value: Any) -> str:
    """Ids are text; some older answers write them as numbers."""
    return "" if value is None or isinstance(value, bool | dict | list) else str(value)


def part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member that is an object; an empty one where it is null or something else."""
    value = row.get(name)
    return value if isinstance(value, Mapping) else {}


def is_somebody(user: Mapping[str, Any]) -> bool:
    return id_of(user.get("id")) not in ("", NOBODY)
