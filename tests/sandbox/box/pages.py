"""Rows in pages: by marker or by offset."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.sandbox.box.call import Call, next_marker
from tests.sandbox.box.refusal import invalid
from tests.sandbox.exchange import Answer, Json

Row = TypeVar("Row")
NAME_ORDER = [{"by": "name", "direction": "ASC"}]


def by_marker(
    call: Call, rows: Sequence[Row], shape: Callable[[Row], Json], most: int, end: str | None = ""
) -> Answer:
    """`end`: what next_marker is on the last page; Box says "" in some places and null in others."""
    start, size = call.marker(), call.limit(100, most)
    shown = [shape(each) for each in rows[start : start + size]]
    following = next_marker(start, size, len(rows)) or end
    return Answer.of_json({"limit": size, "next_marker": following, "entries": shown})


def by_offset(
    call: Call,
    rows: Sequence[Row],
    shape: Callable[[Row], Json],
    most: int,
    order: Json = NAME_ORDER,
    uncounted: int = 0,
) -> Answer:
    """`uncounted`: by how much total_count is larger than what there is."""
    start, size = call.offset(), call.limit(100, most)
    shown = [shape(each) for each in rows[start : start + size]]
    body = {"total_count": len(rows) + uncounted, "entries": shown, "offset": start, "limit": size, "order": order}
    return Answer.of_json(body)


def by_either(
    call: Call,
    rows: Sequence[Row],
    shape: Callable[[Row], Json],
    most: int,
    order: Json = NAME_ORDER,
    uncounted: int = 0,
) -> Answer:
    """As the caller likes; sort, direction and offset do not go with markers."""
    if not call.uses_markers():
        return by_offset(call, rows, shape, most, order, uncounted)
    for name in ("sort", "direction", "offset"):
        if call.request.parameter(name):
            raise invalid(name, f"{name} cannot be used with usemarker.")
    return by_marker(call, rows, shape, most)
