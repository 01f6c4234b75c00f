"""Pages that are asked for again and need not be read again: If-None-Match (RFC 9110 13.1.2).

    found = conditional_page(client, "/teams", params={"per_page": 100})
    listed = rows(found.answer) if found.answer else []
    yield found.page([mapping.team(row) for row in listed], {"next": found.next}, is_full=len(listed) == 100)

For snapshots of vendors that answer 304, and do not count it. What was on a page is remembered by whoever reads the
feed; a page that has not changed is yielded without records, and its rows count as listed.

Only for pages whose records come from this one answer: not from a second call, not from the time of day.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.base.answers import Answer
from connectors.base.client import Client, Params
from connectors.base.feeds import Cursor, KnownPage, Page
from connectors.base.paging import next_page
from connectors.base.records import Record

LONGEST_ETAG = 255


@dataclass(frozen=True, slots=True)
class ConditionalPage:
    """`answer` None: it is unchanged since it was read last, and `known` is what was kept then.

    `next`: address of the page after it, '' at the end.
    """

    answer: Answer | None
    known: KnownPage | None
    next: str

    @property
    def note(self) -> Any:
        """Of an unchanged page: what was given to `page` when it was read."""
        return self.known.note if self.known and self.answer is None else None

    def page(self, records: Sequence[Record], cursor: Cursor, *, is_full: bool, note: Any = None) -> Page:
        """What the feed yields; of an unchanged page without `records`.

        `is_full`: the vendor could put no more rows on it. A last page that is full is not remembered: another one may
        come after it without any change of its own. `note`: what the feed needs of it to go on, JSON-able and small.
        """
        if self.answer is None:
            return Page((), cursor, known=self.known, is_unchanged=True)
        if self.known is None or (is_full and not self.next):
            return Page(records, cursor)
        return Page(records, cursor, known=replace(self.known, note=note, size=len(records)))


def conditional_page(
    client: Client, path_or_url: str, params: Params | None = None, expect: tuple[int, ...] = ()
) -> ConditionalPage:
    """One page, unread where the vendor says that it has not changed. Its Link header tells what follows it."""
    address = client.address(path_or_url, params)
    key = hashlib.sha256(f"{client.subject}\n{address}".encode()).hexdigest()
    known = client.pages.recall(key)
    if known is None:
        return _read(key, client.get(address, expect=expect))
    answer = client.get(address, headers={"If-None-Match": known.etag}, expect=(304, *expect))
    # A 304 need not say again what follows.
    return ConditionalPage(None, known, known.next) if answer.status == 304 else _read(key, answer)


def _read(key: str, answer: Answer) -> ConditionalPage:
    following, etag = next_page(answer), answer.headers.get("etag", "")
    can_be_asked = answer.status == 200 and 0 < len(etag) <= LONGEST_ETAG
    return ConditionalPage(answer, KnownPage(key, etag, following, None, 0) if can_be_asked else None, following)
