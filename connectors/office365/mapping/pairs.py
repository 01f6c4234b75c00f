"""Lists of names and values, which Microsoft uses for whatever has no member of its own; and values before and after.

Values are texts that often hold JSON, may be cut off in the middle of it, and are plain words elsewhere.
"""

import json
from collections.abc import Iterator
from typing import Any

from connectors.office365.mapping.values import Row, rows, text

MOST_CHANGES = 5
"""Properties of which a description tells."""
LONGEST = 80
"""Letters of a value in a description."""


def named(row: Row, member: str, wanted: str, name: str = "Name", value: str = "Value") -> str:
    """The value of that name in a list of pairs, '' where there is none."""
    for each in rows(row, member):
        if text(each.get(name)).lower() == wanted.lower():
            return text(each.get(value))
    return ""


def within(json_text: str, name: str) -> str:
    """A member of an object that is written as text."""
    found = _parsed(json_text)
    return text(found.get(name)) if isinstance(found, dict) else ""


def changes(row: Row, member: str, name: str, old: str, new: str) -> str:
    """Which properties changed, from what to what, in words; '' where none did."""
    told = [found for each in rows(row, member) if (found := _change(each, name, old, new))]
    more = f" and {len(told) - MOST_CHANGES} more" if len(told) > MOST_CHANGES else ""
    return "; ".join(told[:MOST_CHANGES]) + more


def _change(each: Row, name: str, old: str, new: str) -> str:
    called, before, after = text(each.get(name)), readable(each.get(old)), readable(each.get(new))
    if not called or before == after:
        return ""
    return f"{called}: {before or 'nothing'} → {after or 'nothing'}"


def readable(value: Any) -> str:
    """A value out of the text it is packed into: `"\\"x\\""` and `["x"]` are x."""
    found = _parsed(value) if isinstance(value, str) else value
    told = ", ".join(_words(found)).strip()
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from [text(each)] if isinstance(each, list) else _words(each)
    elif value not in (None, ""):
        yield text(value)
