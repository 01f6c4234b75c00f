"""Single values of Dropbox's JSON, whatever they turn out to be."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]


def moment(value: Any) -> datetime | None:
    """Aware UTC from ISO 8601 text; Dropbox writes UTC, in whole seconds."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


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


def tag(value: Any) -> str:
    """Of a union, which may be written as its tag alone."""
    return text(value.get(".tag")) if isinstance(value, Mapping) else text(value)
