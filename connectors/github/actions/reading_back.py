"""What GitHub says of a repository and its sharing after an action: only that becomes rows."""

from collections.abc import Iterable, Iterator

from connectors.base import (
    Client,
    File,
    Gone,
    Record,
    TargetGone,
    link_pages,
)
from connectors.github import repository_rows
from connectors.github.actions.repositories import Repository, repository
from connectors.github.actions.sharing import Share, Way
from connectors.github.feeds.sharing import PARTS
from connectors.github.reading import PER_PAGE


def repository_now(client: Client, number: str, known: Iterable[tuple[Way, Share]] = ()) -> Iterator[Record]:
    """The repository and who can reach it; of those `known` from before who cannot any more."""
    try:
        found = repository(client, number)
    except TargetGone:
        yield Gone(File, number)
        yield from (Gone(*row) for way, share in known for row in way.rows({"id": number, "full_name": ""}, share))
        return
    yield repository_rows.repository(found)
    listed = list(_sharing_now(client, found))
    yield from listed
    there = {(type(record), record.id) for record in listed}
    for way, share in known:
        yield from (Gone(*row) for row in way.rows(found, share) if row not in there)


def _sharing_now(client: Client, found: Repository) -> Iterator[Record]:
    """As the feed lists it."""
    note = [str(found["id"]), str(found["full_name"])]
    for part in PARTS:
        for answer in link_pages(client, part.path(note), {**PER_PAGE, **part.params}):
            for row in part.rows(answer):
                yield from part.records(note, row)
