"""Single values of Azure's JSON, whatever they turn out to be."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def moment(value: Any) -> datetime | None:
    """Aware UTC from RFC 3339 text; of Azure's seven fraction digits six are kept."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member that is an object, also where it is written as JSON text; an empty one for anything else."""
    value = row.get(name)
    if isinstance(value, str) and value[:1] == "{":
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def word(row: Mapping[str, Any], name: str) -> str:
    """A member that is {value, localizedValue}, or plain text."""
    value = row.get(name)
    return text(value.get("value") if isinstance(value, Mapping) else value)


def properties(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return part(row, "properties")


def texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A member that is a list of texts."""
    value = row.get(name)
    return tuple(text(each) for each in value) if isinstance(value, list) else ()
