"""Groups of every kind and who is in them, kept up by a delta that names each member who comes or goes."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.base import Capability, Client, Cursor, Gone, Group, Membership, Page, Record, changes
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.mapping import groups as mapping
from connectors.office365.mapping.values import text
from connectors.office365.reading import Listing, Row
from connectors.office365.scopes import MEMBERS

DELTA = Listing("/groups/delta", {"$select": f"{mapping.GROUP_FIELDS},members"})
NAMED = "displayName"


@changes(
    Group,
    Membership,
    title="Groups",
    serves=(Capability.GROUPS,),
    every=timedelta(minutes=15),
    component=USERS_AND_GROUPS,
    permissions=(MEMBERS,),
    starts_full=True,
)
def groups(client: Client, cursor: Cursor) -> Iterator[Page]:
    """A large group comes several times, each time with more of its members. Cursor: {"link": of the next page, or of
    what changes after the last}."""
    for page in DELTA.pages(client, cursor["link"] if cursor else ""):
        yield Page([record for row in page.rows for record in _records(row)], {"link": page.next or page.delta})


def _records(row: Row) -> Iterator[Record]:
    """A row without a name tells of members alone."""
    if mapping.REMOVED in row:
        yield Gone(Group, text(row["id"]))
        return
    if NAMED in row:
        yield mapping.group(row)
    yield from mapping.memberships(row)
