"""How Graph's lists are read.

The address of the next page is followed as it came, until there is none; a page may be empty and still have one. A
delta ends with an address that lists what changed since. One that Graph no longer knows raises CursorExpired.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Answer, BadResponse, Client

NEXT, DELTA = "@odata.nextLink", "@odata.deltaLink"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """`next`: address of the page after it, '' at the end. `delta`: address of what changes from now on, on the last
    page of a delta alone."""

    rows: list[Row]
    next: str
    delta: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of Graph: its path, what is asked of it, and the members that each row must have."""

    path: str
    params: Mapping[str, Any]
    needed: tuple[str, ...] = ("id",)
    headers: Mapping[str, str] | None = None

    def page(self, client: Client, link: str = "") -> Listed:
        """The page at `link`; '' is the first one."""
        if link:
            return listed(client.get(link, headers=self.headers), *self.needed)
        return listed(client.get(self.path, params=self.params, headers=self.headers), *self.needed)

    def pages(self, client: Client, link: str = "") -> Iterator[Listed]:
        """From the page at `link` on, until there is none after it."""
        page = self.page(client, link)
        yield page
        while page.next:
            page = self.page(client, page.next)
            yield page

    def rows(self, client: Client) -> Iterator[Row]:
        """All of them."""
        for page in self.pages(client):
            yield from page.rows

    def rows_after(self, client: Client, answer: Answer) -> Iterator[Row]:
        """All of them, where the first page is there."""
        first = listed(answer, *self.needed)
        yield from first.rows
        for page in self.pages(client, first.next) if first.next else ():
            yield from page.rows


def found(client: Client, path: str, fields: str = "") -> dict[str, Any] | None:
    """One object, with the members `fields`; None where there is none of that id."""
    answer = client.get(path, params={"$select": fields} if fields else None, expect=(404,))
    return None if answer.status == 404 else document(answer, "id")


def listed(answer: Answer, *needed: str) -> Listed:
    page = document(answer, "value")
    rows = page["value"]
    if not isinstance(rows, list) or not all(_has(row, needed) for row in rows):
        raise unexpected(answer, "a list")
    return Listed(rows, str(page.get(NEXT) or ""), str(page.get(DELTA) or ""))


def document(answer: Answer, *needed: str) -> dict[str, Any]:
    """An object that has the members `needed`. Raises BadResponse for anything else."""
    told = answer.json()
    if not _has(told, needed):
        raise unexpected(answer, "an object")
    return dict(told)


def unexpected(answer: Answer, wanted: str) -> BadResponse:
    return BadResponse(
        f"Office 365 answered something other than {wanted} ({answer.where}).",
        remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
    )


def _has(told: Any, needed: tuple[str, ...]) -> bool:
    return isinstance(told, dict) and all(name in told for name in needed)
