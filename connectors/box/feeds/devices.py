"""Devices that people signed in from with Box's own apps, where the enterprise counts them (device pinning)."""

from collections.abc import Iterator

from connectors.base import Capability, Client, Cursor, Device, Page, snapshot
from connectors.box import mapping, people
from connectors.box.reading import END, LIMIT, marked_page
from connectors.box.scopes import ENTERPRISE


@snapshot(
    Device,
    title="Devices",
    serves=(Capability.ACCOUNTS,),
    permissions=(ENTERPRISE,),
)
def devices(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: {"marker": of the next page, END after the last}. This list's markers are numbers."""
    marker = cursor["marker"] if cursor else ""
    path = f"/enterprises/{people.enterprise_id(client)}/device_pinners"
    while marker != END:
        page = marked_page(client, path, marker, {"limit": LIMIT}, "id", names_markers=False)
        marker = page.marker or END
        yield Page([mapping.device(row) for row in page.rows], {"marker": marker})
