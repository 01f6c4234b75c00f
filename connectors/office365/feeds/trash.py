"""What lies in the recycle bins of the sites, everybody's OneDrive among them."""

from collections.abc import Iterator

from connectors.base import Capability, Client, Cursor, File, Page, snapshot
from connectors.office365 import components, recycle_bin
from connectors.office365.drives import LOCKED, check_open, sites
from connectors.office365.limits import FILES as FILES_LIMIT
from connectors.office365.mapping.trash import binned
from connectors.office365.mapping.values import text
from connectors.office365.reading import document
from connectors.office365.scopes import SHAREPOINT, SITES


@snapshot(
    File,
    title="Recycle bins",
    serves=(Capability.DATA_SCAN,),
    component=components.FILES,
    permissions=(SITES, SHAREPOINT),
    partitions=sites,
    limits=(FILES_LIMIT,),
)
def trash(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """Cursor: {"url": of the site, "stages": those that were read}. Nothing of a site that is gone."""
    place = cursor or {"url": site_url(client, partition), "stages": []}
    for stage in (recycle_bin.FIRST_STAGE, recycle_bin.SECOND_STAGE):
        if place["url"] and stage not in place["stages"]:
            rows = recycle_bin.deleted(client, place["url"], stage)
            place = {**place, "stages": [*place["stages"], stage]}
            yield Page([binned(row, {"id": partition, "url": place["url"]}) for row in rows], place)


def site_url(client: Client, site_id: str) -> str:
    answer = client.get(f"/sites/{site_id}", params={"$select": "id,webUrl"}, expect=(404, LOCKED))
    return "" if answer.status == 404 else text(document(check_open(answer), "webUrl")["webUrl"])
