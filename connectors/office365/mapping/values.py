"""Single values of Microsoft's JSON, whatever they turn out to be."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]

NEVER = 1
"""The year that stands for no time at all."""


def moment(value: Any) -> datetime | None:
    """Aware UTC from ISO 8601 text, with up to seven digits of a second; some APIs write no zone, it is UTC."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year > NEVER else None


def text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def part(row: Row, name: str) -> Row:
    """A member that is an object; an empty one where it is null or something else."""
    value = row.get(name)
    return value if isinstance(value, Mapping) else {}


def rows(row: Row, name: str) -> list[Row]:
    """The objects of a member that is a list; none where it is absent or something else."""
    value = row.get(name)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def number(value: Any, otherwise: int = 0) -> int:
    """A whole number, which some APIs write as text; `otherwise` for what is none."""
    if isinstance(value, bool):
        return otherwise
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal() and len(value) < 20:
        return int(value)
    return otherwise
