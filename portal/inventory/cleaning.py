"""Vendor data made fit for the database: what PostgreSQL cannot hold goes, what is too long is cut. Nothing raises.

Widths are characters, as the columns count them.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

KEY_WIDTH = 255
TEXT_WIDTH = 10_000
SEARCH_WIDTH = 2_000
MOST_TEXTS = 1_000
DEEPEST = 100
"""Levels of nesting kept of a vendor's record; databases and parsers have limits of their own."""
LARGEST_INTEGER_BITS = 1_000

_NUL = "\x00"
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"
_THREE_DIGITS = re.compile("[0-9]{3}")
_plain_json = json.JSONEncoder(allow_nan=False).encode


def text(value: Any, width: int = TEXT_WIDTH) -> str:
    """A string without NUL and lone surrogates, at most `width` characters; '' for None."""
    if value is None:
        return ""
    return _storable(value if isinstance(value, str) else str(value))[:width]


def texts(values: Iterable[Any]) -> list[str]:
    """A list of names, such as scopes: the first 1,000, each at most 500 characters, none empty."""
    return [cleaned for value in islice(values, MOST_TEXTS) if (cleaned := text(value, 500))]


def key(value: Any) -> str:
    """An id that fits its column and stays unique: where cleaning or cutting changes it, it ends in a hash of all."""
    original = value if isinstance(value, str) else str(value)
    cleaned = _storable(original)
    if cleaned == original and len(cleaned) <= KEY_WIDTH:
        return cleaned
    digest = hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{cleaned[: KEY_WIDTH - 33]}~{digest}"


def search_text(*parts: str) -> str:
    """Lower-case, in one text: what free-text search looks into."""
    return " ".join(part.lower() for part in parts if part)[:SEARCH_WIDTH]


def moment(value: datetime | None) -> datetime | None:
    """Aware UTC. A time outside the calendar of UTC is dropped."""
    if value is None:
        return None
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None


def flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


def number(value: int, largest: int = 2_147_483_647) -> int:
    return min(max(int(value), 0), largest)


def json_value(value: Any, depth: int = 0) -> Any:
    """What JSON columns of both databases take: no NUL, no lone surrogate, no NaN, no bottomless nesting."""
    if isinstance(value, str):
        return _storable(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= LARGEST_INTEGER_BITS else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth >= DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {_storable(str(name)): json_value(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(each, depth + 1) for each in value]
    return _storable(str(value))


def json_object(value: Mapping[str, Any] | None) -> dict[str, Any]:
    cleaned: dict[str, Any] = json_value(dict(value or {}))
    return cleaned


def json_text(value: Mapping[str, Any] | None) -> str:
    """`json_object` written as JSON. What needs no cleaning is told by its text, which is faster than to walk it."""
    try:
        written = _plain_json(value or {})
    except (TypeError, ValueError, RecursionError):
        return json.dumps(json_object(value))
    return written if _needs_no_cleaning(written) else json.dumps(json_object(value))


def _needs_no_cleaning(written: str) -> bool:
    """Surely so where True. A number of more than 1,000 bits has at least 302 digits, so that at least three of every
    hundredth character in a row are digits."""
    is_flat = written.count("{") + written.count("[") <= DEEPEST
    has_no_odd_character = "\\u0000" not in written and "\\ud" not in written
    return is_flat and has_no_odd_character and not _THREE_DIGITS.search(written[::100])


def _storable(value: str) -> str:
    if _NUL in value:
        value = value.replace(_NUL, "")
    return value if value.isascii() else _LONE_SURROGATES.sub(_REPLACEMENT, value)
