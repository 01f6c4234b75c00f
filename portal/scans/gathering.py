"""Pages gathered until they are stored: a transaction costs as much as the rows of a page, so several pages share one.

What is gathered is in memory alone. It is handed out before anything else is done with the feed: before an error leaves
it, before its slice ends, and before a page whose rows are told apart from others by the moment they were stored.
"""

import time
from collections.abc import Callable, Iterator, Sequence

from django.db import connection

from connectors.base import Gone, Page

MOST_RECORDS = {"postgresql": 1_000, "sqlite": 200}
"""By the kind of database. After the page that reaches it, pages are stored: what is held in memory stays flat, and on
SQLite nobody else can write meanwhile."""
LONGEST_SECONDS = 1.0
"""After the last time pages were stored, the next one is stored at once: a slow feed waits for nothing, and of a first
scan the first page shows."""


def in_batches(pages: Iterator[Page], is_slice_over: Callable[[], bool]) -> Iterator[Sequence[Page]]:
    """All pages, several at a time; whoever takes a batch stores it before asking for the next.

    When reading raises, what was read before is handed out first, and then it is raised.
    """
    batch: list[Page] = []
    most = MOST_RECORDS[connection.vendor]
    records, stored_at = 0, float("-inf")
    try:
        for page in pages:
            is_alone = _stands_alone(page)
            if is_alone and batch:
                yield batch
                batch, records = [], 0
            batch.append(page)
            records += len(page.records)
            is_late = time.monotonic() - stored_at >= LONGEST_SECONDS
            if is_alone or is_late or records >= most or is_slice_over():
                yield batch
                batch, records, stored_at = [], 0, time.monotonic()
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _stands_alone(page: Page) -> bool:
    """A page that is asked for by ETag is only taken for unchanged while its rows are of the moment it was stored. And
    what came and went is kept as gone, which it would not be if one batch held both."""
    return page.known is not None or any(isinstance(record, Gone) for record in page.records)
