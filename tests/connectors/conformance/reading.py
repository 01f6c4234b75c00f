"""Reading feeds as the portal does: page by page, from cursors that have been through JSON."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from connectors.base import Client, Cursor, Feed, Gone, Page, PagesInMemory, Record

Key = tuple[str, str]
MOST_RUNS = 500


def partitions_of(feed: Feed, client: Client) -> list[str]:
    return [each.id for each in feed.partitions(client)] if feed.partitions else [""]


def pages_of(feed: Feed, client: Client) -> list[Page]:
    """A whole pass over all partitions."""
    return [page for part in partitions_of(feed, client) for page in feed.pages(client, None, part)]


def records_of(feeds: Iterable[Feed], client: Client) -> Iterator[Record]:
    """What these feeds list, each read once."""
    for feed in feeds:
        for page in pages_of(feed, client):
            yield from page.records


def key_of(record: Record) -> Key:
    if isinstance(record, Gone):
        return f"gone {record.kind.__name__}", record.id
    return type(record).__name__, record.id


def rows_of(pages: list[Page]) -> dict[Key, Record]:
    """What the inventory would hold after these pages."""
    return {key_of(record): record for page in pages for record in page.records}


def kept(cursor: Cursor) -> Cursor:
    """The cursor as the database gives it back."""
    back: Cursor = json.loads(json.dumps(cursor, allow_nan=False))
    return back


def read_again(feed: Feed, make_client: Callable[..., Client], partition: str) -> tuple[list[Page], ...]:
    """A whole pass; one more that knows its pages; and one that is interrupted after every page and knows them, too."""
    memory = PagesInMemory()
    whole = list(feed.pages(make_client(), None, partition))
    for page in whole:
        memory.keep(page)
    again = list(feed.pages(make_client(pages=memory), None, partition))
    pieces = killed_after_each_page(feed, lambda: make_client(pages=memory), partition)
    return whole, _filled(again, whole), _filled(pieces, whole)


def _filled(pages: list[Page], before: list[Page]) -> list[Page]:
    """The pages with what those that have not changed since `before` held then."""
    held = {page.known.key: page.records for page in before if page.known}
    return [replace(page, records=held[page.known.key]) if page.is_unchanged and page.known else page for page in pages]


def killed_after_each_page(feed: Feed, make_client: Callable[[], Client], partition: str) -> list[Page]:
    """The pages that are read when the worker dies after every single one, and the next goes on from its cursor."""
    pages: list[Page] = []
    cursor: Cursor = None
    for _ in range(MOST_RUNS):
        page = next(iter(feed.pages(make_client(), cursor, partition)), None)
        if page is None:
            return pages
        pages.append(page)
        if kept(page.cursor) == cursor:
            return pages
        cursor = kept(page.cursor)
    raise AssertionError(f"{feed.name} does not come to an end: {cursor}")
