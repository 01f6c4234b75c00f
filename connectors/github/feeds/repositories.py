"""Repositories: what holds the organisation's data, and how visible it is."""

from collections.abc import Iterable, Iterator

from connectors.base import Capability, Client, Cursor, File, Gone, Page, Record, snapshot
from connectors.github import ids, repository_rows
from connectors.github.budget import CORE
from connectors.github.reading import document, is_full, list_page, organisation_path, rows
from connectors.github.scopes import METADATA, REPO

PATH = "/repos"
EVERY_ONE = {"type": "all", "sort": "created", "direction": "asc"}
"""In an order that pushes do not change, so that pages stay as they are."""
END = "end"


def repository_now(client: Client, partition: str, record_id: str) -> Iterable[Record]:
    """One repository by its id, whatever it is called now."""
    answer = client.get(f"/repositories/{record_id}", expect=(404,))
    if answer.status == 404:
        return (Gone(File, ids.repository(record_id)),)
    return (repository_rows.repository(document(answer, "id", "full_name")),)


@snapshot(
    File,
    title="Repositories",
    serves=(Capability.DATA_SCAN,),
    permissions=(REPO, METADATA),
    one=repository_now,
    limits=(CORE,),
)
def repositories(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: {"next": address of the next page, END after the last}."""
    url = cursor["next"] if cursor else ""
    while url != END:
        found = list_page(client, url, organisation_path(client, PATH), EVERY_ONE)
        listed = rows(found.answer, "id", "full_name") if found.answer else []
        url = found.next or END
        yield found.page(
            [repository_rows.repository(row) for row in listed], {"next": url}, is_full=is_full(listed)
        )
