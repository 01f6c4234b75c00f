"""Cursors: opaque to callers, and each says all that is needed to go on."""

import base64
import json

from tests.sandbox.exchange import Json


def write(kind: str, **values: Json) -> str:
    text = json.dumps([kind, values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(b"\0\1" + text).decode().rstrip("=")


def read(kind: str, cursor: str) -> dict[str, Json] | None:
    """What was written; None when this is no cursor of that kind."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        written, values = json.loads(text.removeprefix(b"\0\1"))
    except ValueError:
        return None
    return dict(values) if written == kind else None


def page(kind: str, rows: list[Json], start: int, limit: int) -> tuple[list[Json], str, bool]:
    """Some rows of a list, the cursor to go on from, and whether there are more."""
    end = start + limit
    return rows[start:end], write(kind, start=end, limit=limit), end < len(rows)
