"""How Dropbox's answers and lists are read. Every call is a POST, also one that only reads.

A list goes on by a cursor. One that Dropbox no longer knows raises CursorExpired: the pass begins anew.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Answer, BadResponse, Client
from connectors.base.answers import judge
from connectors.dropbox.errors import tags_of

END = "end"
"""In the place of a cursor, when there is no more."""

Row = Mapping[str, Any]


def ask(client: Client, route: str, argument: Any = None, expect: tuple[int, ...] = (), root: str = "") -> Answer:
    """`argument` None: the route takes none, which is sent as null. `root`: the namespace in which paths begin."""
    headers = {"Content-Type": "application/json", **path_root(root)}
    return client.post(f"/{route}", headers=headers, data=json.dumps(argument), expect=expect)


def ask_unless(
    client: Client, route: str, argument: Any, refusals: frozenset[str], root: str = ""
) -> Answer | None:
    """None where Dropbox refuses with one of these tags; any other refusal raises as ever."""
    answer = ask(client, route, argument, expect=(409,), root=root)
    if answer.status != 409:
        return answer
    if refusals.isdisjoint(tags_of(answer)):
        judge(client.connector, answer, (), client.now())
    return None


def path_root(namespace_id: str) -> Mapping[str, str]:
    if not namespace_id:
        return {}
    return {"Dropbox-API-Path-Root": json.dumps({".tag": "namespace_id", "namespace_id": namespace_id})}


def document(answer: Answer, *needed: str) -> dict[str, Any]:
    """An object that has the members `needed`. Raises BadResponse for anything else."""
    return having(answer, answer.json(), *needed)


def having(answer: Answer, found: Any, *needed: str) -> dict[str, Any]:
    """The same of a part of an answer."""
    if not _has(found, needed):
        raise _unexpected(answer, "an object")
    return dict(found)


def list_of(answer: Answer, *needed: str) -> list[Row]:
    """An answer that is a list, of objects that all have the members `needed`. Raises BadResponse otherwise."""
    found = answer.json()
    if not isinstance(found, list) or not all(_has(row, needed) for row in found):
        raise _unexpected(answer, "a list")
    return found


def rows_of(answer: Answer, name: str, *needed: str) -> list[Row]:
    """The list `name` of an object, of objects that all have the members `needed`. Raises BadResponse otherwise."""
    found = document(answer, name)[name]
    if not isinstance(found, list) or not all(_has(row, needed) for row in found):
        raise _unexpected(answer, "a list")
    return found


def done(answer: Answer) -> None:
    """Of a call that answers nothing, which is null. Raises BadResponse for anything else."""
    if answer.json() is not None:
        raise _unexpected(answer, "nothing")


@dataclass(frozen=True, slots=True)
class Listed:
    """`cursor` of the page after it, END at the end."""

    rows: list[Row]
    cursor: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: where it begins, where it goes on, the member that holds its rows, and what each of them has."""

    route: str
    following: str
    name: str
    needed: tuple[str, ...] = ()

    def rows(self, client: Client, argument: Row) -> Iterator[Row]:
        """All of them."""
        at = ""
        while at != END:
            listed = self.page(client, at, argument)
            at = listed.cursor
            yield from listed.rows

    def page(self, client: Client, cursor: str, argument: Row) -> Listed:
        """The page at `cursor`; '' is the first one, of what the argument says."""
        asked = (self.following, {"cursor": cursor}) if cursor else (self.route, argument)
        answer = ask(client, *asked)
        found = document(answer, "has_more")
        return Listed(rows_of(answer, self.name, *self.needed), str(found["cursor"]) if found["has_more"] else END)


def _has(found: Any, needed: tuple[str, ...]) -> bool:
    return isinstance(found, dict) and all(name in found for name in needed)


def _unexpected(answer: Answer, wanted: str) -> BadResponse:
    return BadResponse(
        f"Dropbox answered something other than {wanted} ({answer.where}).",
        remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
    )
