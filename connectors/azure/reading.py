"""How ARM's and Graph's lists are read.

A list is an object with `value`, and with the address of the next page as long as there is one: `nextLink` with ARM,
`@odata.nextLink` with Graph. It is followed as it came; a page may be empty and still have one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Answer, BadResponse, Client

NEXT_LINKS = ("nextLink", "@odata.nextLink")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """`next`: address of the page after it, '' at the end."""

    rows: list[Row]
    next: str


def page(client: Client, path: str, version: str, link: str = "", query_filter: str = "") -> Listed:
    """A page of a list of ARM: the one at `link`, '' for the first. Its rows all have an id."""
    if link:
        return listed(client.get(link), "id")
    asked = {"api-version": version, **({"$filter": query_filter} if query_filter else {})}
    return listed(client.get(path, params=asked), "id")


def rows(client: Client, path: str, version: str, query_filter: str = "") -> Iterator[Row]:
    """All rows of a list of ARM."""
    found = page(client, path, version, query_filter=query_filter)
    yield from found.rows
    while found.next:
        found = page(client, path, version, found.next)
        yield from found.rows


def listed(answer: Answer, *needed: str) -> Listed:
    """Rows that all have the members `needed`. Raises BadResponse for anything else."""
    found = document(answer, "value")
    values = found["value"]
    if not isinstance(values, list) or not all(_has(row, needed) for row in values):
        raise unexpected(answer, "a list")
    return Listed(values, next((str(found[name]) for name in NEXT_LINKS if found.get(name)), ""))


def document(answer: Answer, *needed: str) -> dict[str, Any]:
    """An object that has the members `needed`. Raises BadResponse for anything else."""
    found = answer.json()
    if not _has(found, needed):
        raise unexpected(answer, "an object")
    return dict(found)


def unexpected(answer: Answer, wanted: str) -> BadResponse:
    return BadResponse(
        f"Azure answered something other than {wanted} as it describes it ({answer.where}).",
        remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
    )


def _has(found: Any, needed: tuple[str, ...]) -> bool:
    return isinstance(found, Mapping) and all(found.get(name) is not None for name in needed)
