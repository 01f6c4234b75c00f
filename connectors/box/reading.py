"""How Box's answers and lists are read.

A list goes on by a marker or by an offset. Markers are good for a while: one that Box no longer knows (400) begins the
list anew, which only repeats rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.base import Answer, BadResponse, Client, NotAvailable

LIMIT = 1000
END = "end"
"""In the place of a marker or an offset, when there are no more."""
OFFSET_END = 9999
"""The highest offset that Box's guide names."""

Row = Mapping[str, Any]


def document(answer: Answer, *needed: str) -> dict[str, Any]:
    """An object that has the members `needed`. Raises BadResponse for anything else."""
    found = answer.json()
    if not _has(found, needed):
        raise _unexpected(answer, "an object")
    return dict(found)


def entries(answer: Answer, *needed: str) -> list[Row]:
    """The `entries` of a list, objects that all have the members `needed`. Raises BadResponse for anything else."""
    found = document(answer, "entries")["entries"]
    if not isinstance(found, list) or not all(_has(row, needed) for row in found):
        raise _unexpected(answer, "a list")
    return found


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """`marker` of the page after it, '' at the end."""

    rows: list[Row]
    marker: str


def marked_page(
    client: Client, path: str, marker: str, params: Mapping[str, Any], *needed: str, names_markers: bool = True
) -> MarkedPage:
    """The page at `marker`, '' for the first. `names_markers`: the list has offsets as well and must be told."""
    asked = {"limit": LIMIT, **({"usemarker": "true"} if names_markers else {}), **params}
    answer = client.get(path, params={**asked, "marker": marker}, expect=(400,)) if marker else None
    if answer is None or answer.status == 400:
        answer = client.get(path, params=asked)
    return MarkedPage(entries(answer, *needed), str(document(answer).get("next_marker") or ""))


def marked_rows(
    client: Client, path: str, params: Mapping[str, Any], *needed: str, names_markers: bool = False
) -> Iterator[Row]:
    """All rows of a list."""
    marker = ""
    while True:
        page = marked_page(client, path, marker, params, *needed, names_markers=names_markers)
        yield from page.rows
        if not page.marker or page.marker == marker:
            return
        marker = page.marker


@dataclass(frozen=True, slots=True)
class OffsetPage:
    """`next`: the offset of the page after it, None at the end."""

    rows: list[Row]
    next: int | None


def offset_page(client: Client, path: str, offset: int, params: Mapping[str, Any], *needed: str) -> OffsetPage:
    """The page at `offset`. Raises NotAvailable where Box does not let a list go on."""
    answer = client.get(path, params={"limit": LIMIT, **params, "offset": offset})
    found, rows = document(answer), entries(answer, *needed)
    following = offset + (found.get("limit") or LIMIT)
    total = found.get("total_count")
    # A page may be shorter than its limit in the middle of a list, and not every list is counted.
    if not rows or (total is not None and following >= total):
        return OffsetPage(rows, None)
    if following > OFFSET_END:
        raise NotAvailable(
            "Box lists no more than 10,000 groups, or members of one group.",
            remedy="Nothing needs doing: what was read so far is kept.",
        )
    return OffsetPage(rows, following)


def _has(found: Any, needed: Sequence[str]) -> bool:
    return isinstance(found, Mapping) and all(found.get(name) is not None for name in needed)


def _unexpected(answer: Answer, wanted: str) -> BadResponse:
    return BadResponse(
        f"Box answered something else than {wanted} as it describes it ({answer.where}).",
        remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
    )
