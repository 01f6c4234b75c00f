"""People, service accounts and app users of the enterprise, with its admins."""

from collections.abc import Iterator

from connectors.base import Account, Capability, Client, Cursor, Page, Privilege, Record, snapshot
from connectors.box import mapping
from connectors.box.reading import END, marked_page
from connectors.box.scopes import USERS

MANAGED = {"user_type": "managed", "fields": mapping.USER_FIELDS}


@snapshot(
    Account,
    Privilege,
    title="Accounts",
    serves=(Capability.ACCOUNTS, Capability.PRIVILEGES),
    permissions=(USERS,),
)
def accounts(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: {"marker": of the next page, END after the last}. External people Box does not list: they show where
    something is shared with them."""
    marker = cursor["marker"] if cursor else ""
    while marker != END:
        page = marked_page(client, "/users", marker, MANAGED, "id")
        records: list[Record] = [mapping.account(row) for row in page.rows]
        records += [held for row in page.rows if (held := mapping.admin_privilege(row))]
        marker = page.marker or END
        yield Page(records, {"marker": marker})
