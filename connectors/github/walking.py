"""A list page by page, and for each of its entries the lists that hang on it: teams and their members, repositories and
who can reach them.

Cursor: {"list": address of the page of entries, "entry": id of the entry whose lists come next, "part": which of them,
"next": address of that list's next page}. The page of entries is asked for again on resuming; if the entry is gone by
then, the lists of that page are read anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.base import Answer, Client, Cursor, Page, Record, TargetGone
from connectors.github.reading import is_full, list_page, organisation_path

END = "end"

Row = Mapping[str, Any]
Note = list[str]
"""What of an entry its lists need: its id, then parts of their addresses."""
Place = dict[str, str]


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of the organisation, or of what else `root` begins the path with. `records`: what an entry becomes."""

    path: str
    rows: Callable[[Answer], list[Row]]
    note: Callable[[Row], Note]
    records: Callable[[Row], Iterable[Record]]
    params: Mapping[str, Any] = field(default_factory=dict)
    root: Callable[[Client, str], str] = organisation_path


@dataclass(frozen=True, slots=True)
class Part:
    """A list of each entry, at an address made of what was noted of the entry."""

    name: str
    path: Callable[[Note], str]
    rows: Callable[[Answer], list[Row]]
    records: Callable[[Note, Row], Iterable[Record]]
    params: Mapping[str, Any] = field(default_factory=dict)


def nothing(row: Row) -> Iterable[Record]:
    """Of an entry that becomes no record itself."""
    return ()


def walk(client: Client, cursor: Cursor, entries: Entries, parts: Sequence[Part]) -> Iterator[Page]:
    """A page of entries, then each of their lists, then the next page of entries."""
    at: Place = dict(cursor or {"list": "", "entry": "", "part": "", "next": ""})
    while at["entry"] != END:
        found = list_page(client, at["list"], entries.root(client, entries.path), entries.params)
        listed = entries.rows(found.answer) if found.answer else []
        notes: list[Note] = [entries.note(row) for row in listed] if found.answer else found.note
        pairs = [(note, part) for note in notes for part in parts]
        places = [_place(at["list"], note[0], part.name) for note, part in pairs]
        places.append(_place(found.next, "" if found.next else END, ""))
        if not at["entry"]:
            records = [record for row in listed for record in entries.records(row)]
            yield found.page(records, places[0], is_full=is_full(listed), note=notes)
        begun = {**at, "next": ""}
        start = places.index(begun) if begun in places else 0
        for (note, part), here, following in zip(pairs[start:], places[start:], places[start + 1 :], strict=False):
            yield from _read(client, note, part, at["next"] if here == begun else "", here, following)
        at = places[-1]


def _place(page: str, entry: str, part: str) -> Place:
    return {"list": page, "entry": entry, "part": part, "next": ""}


def _read(client: Client, note: Note, part: Part, url: str, here: Place, following: Place) -> Iterator[Page]:
    while True:
        try:
            found = list_page(client, url, part.path(note), part.params)
        except TargetGone:
            # The entry was deleted or renamed since it was listed; the next pass sees it as it is then.
            yield Page([], following)
            return
        listed = part.rows(found.answer) if found.answer else []
        records = [record for row in listed for record in part.records(note, row)]
        url = found.next
        yield found.page(records, {**here, "next": url} if url else following, is_full=is_full(listed))
        if not url:
            return
