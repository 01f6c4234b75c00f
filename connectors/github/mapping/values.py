"""Single values of GitHub's JSON, whatever they turn out to be."""

import json
from datetime import UTC, datetime
from typing import Any

MILLISECONDS_FROM = 100_000_000_000
"""Numbers above are milliseconds since 1970, below seconds."""


def moment(value: Any) -> datetime | None:
    """Aware UTC from milliseconds or seconds since 1970, or from ISO-like text without zone taken as UTC."""
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, UTC)
        found = datetime.fromisoformat(str(value).replace(" UTC", "+00:00"))
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def texts(value: Any) -> list[str]:
    """Enterprise-wide events may name several repositories."""
    values = value if isinstance(value, list) else [value]
    return [text(each) for each in values if each]


def id_of(value: Any) -> str:
    """Ids as text; GitHub writes 0 where there is nobody."""
    first = value[0] if isinstance(value, list) and value else value
    return str(first) if first else ""
