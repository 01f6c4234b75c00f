"""Members of the team, invited, suspended and removed ones among them, with their admin roles."""

from collections.abc import Iterator

from connectors.base import Account, Capability, Client, Cursor, Page, Privilege, Record, snapshot
from connectors.dropbox import mapping
from connectors.dropbox.reading import END, Listing
from connectors.dropbox.scopes import MEMBERS

MEMBER_LIST = Listing("team/members/list_v2", "team/members/list/continue_v2", "members", ("profile",))
EVERYBODY = {"limit": 1000, "include_removed": True}


@snapshot(
    Account,
    Privilege,
    title="Members",
    serves=(Capability.ACCOUNTS, Capability.PRIVILEGES),
    permissions=(MEMBERS,),
)
def members(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: {"cursor": of the next page, END after the last}."""
    at = cursor["cursor"] if cursor else ""
    while at != END:
        listed = MEMBER_LIST.page(client, at, EVERYBODY)
        at = listed.cursor
        records: list[Record] = [mapping.account(row) for row in listed.rows]
        records += [held for row in listed.rows for held in mapping.privileges(row)]
        yield Page(records, {"cursor": at})
