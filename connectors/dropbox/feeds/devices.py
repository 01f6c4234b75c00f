"""Where members are signed in: browsers, computers and phones."""

from collections.abc import Iterator

from connectors.base import Capability, Client, Cursor, Device, Page, Session, snapshot
from connectors.dropbox import mapping
from connectors.dropbox.reading import END, Listing
from connectors.dropbox.scopes import SESSIONS

ROUTE = "team/devices/list_members_devices"
DEVICE_LIST = Listing(ROUTE, ROUTE, "devices", ("team_member_id",))


@snapshot(
    Session,
    Device,
    title="Sessions and devices",
    serves=(Capability.ACCOUNTS,),
    permissions=(SESSIONS,),
)
def devices(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: {"cursor": of the next page, END after the last}."""
    at = cursor["cursor"] if cursor else ""
    while at != END:
        listed = DEVICE_LIST.page(client, at, {})
        at = listed.cursor
        yield Page([each for row in listed.rows for each in mapping.signed_in(row)], {"cursor": at})
