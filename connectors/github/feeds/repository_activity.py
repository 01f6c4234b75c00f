"""Pushes and branches of each repository: what a plan without audit log still tells. It names no address."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from connectors.base import Activity, Capability, Client, Cursor, Page, Partition, changes, link_pages, next_page
from connectors.github import mapping, repository_rows
from connectors.github.budget import CORE
from connectors.github.reading import PER_PAGE, document, organisation_path, rows
from connectors.github.scopes import READ_CONTENTS, REPO

HOURLY = timedelta(hours=1)
PUSHED_WITHIN = timedelta(days=30)
"""Repositories that nobody pushed to for so long are not asked."""
PERIODS = ((timedelta(days=1), "day"), (timedelta(days=7), "week"))
LONGEST_PERIOD = "month"


def repositories_with_pushes(client: Client) -> Iterable[Partition]:
    """Those pushed to within a month: the latest come first, so that the list is not read to its end."""
    params = {**PER_PAGE, "type": "all", "sort": "pushed", "direction": "desc"}
    for answer in link_pages(client, organisation_path(client, "/repos"), params):
        for row in rows(answer, "id", "full_name"):
            pushed_at = mapping.moment(row.get("pushed_at"))
            if pushed_at is None or client.now() - pushed_at > PUSHED_WITHIN:
                return
            yield Partition(str(row["id"]), str(row["full_name"]))


@changes(
    Activity,
    title="Pushes and branches",
    every=HOURLY,
    serves=(Capability.USER_ACTIVITY,),
    permissions=(REPO, READ_CONTENTS),
    partitions=repositories_with_pushes,
    limits=(CORE,),
)
def repository_activity(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """Oldest first, from the newest seen on; the first time a month back.

    Cursor: {"newest": ISO moment of the newest seen, "next": address of the next page}. What is read twice is stored
    once.
    """
    repository = document(client.get(f"/repositories/{partition}"), "id", "full_name")
    newest = mapping.moment((cursor or {}).get("newest"))
    url = (cursor or {}).get("next", "")
    while True:
        if url:
            answer = client.get(url)
        else:
            age = client.now() - newest if newest else PUSHED_WITHIN
            period = next((word for longest, word in PERIODS if age < longest), LONGEST_PERIOD)
            params = {**PER_PAGE, "direction": "asc", "time_period": period}
            answer = client.get(f"/repos/{repository['full_name']}/activity", params=params)
        found = [repository_rows.pushed(repository, row) for row in rows(answer, "id", "activity_type")]
        times = [each.occurred_at for each in found if each.occurred_at <= client.now()]
        newest = max([*times, *([newest] if newest else [])], default=None)
        url = next_page(answer)
        yield Page(found, {"newest": newest.isoformat() if newest else "", "next": url})
        if not url:
            return
