"""Groups, who is in them, and who administers them."""

from collections.abc import Iterator
from typing import Any

from connectors.base import Capability, Client, Cursor, Group, Membership, Page, Privilege, Record, snapshot
from connectors.box import mapping
from connectors.box.reading import END, offset_page
from connectors.box.scopes import GROUPS

Place = dict[str, Any]


@snapshot(
    Group,
    Membership,
    Privilege,
    title="Groups",
    serves=(Capability.GROUPS, Capability.PRIVILEGES),
    permissions=(GROUPS,),
)
def groups(client: Client, cursor: Cursor) -> Iterator[Page]:
    """A page of groups, then the people of each of them.

    Cursor: {"offset": of the page of groups, END after the last, "group": whose people come next, '' for the page
    itself, "members": their offset}. The page is asked for again on resuming; if the group is gone by then, the people
    of that page are read anew.
    """
    at: Place = cursor or _place(0)
    while at["offset"] != END:
        found = offset_page(client, "/groups", at["offset"], {"fields": mapping.GROUP_FIELDS}, "id")
        following = _place(END if found.next is None else found.next)
        places = [_place(at["offset"], str(row["id"])) for row in found.rows]
        start = next((number for number, each in enumerate(places) if each["group"] == at["group"]), 0)
        if not at["group"]:
            yield Page([mapping.group(row) for row in found.rows], (*places, following)[0])
        elif places and places[start]["group"] == at["group"]:
            places[start] = at
        for number, here in enumerate(places[start:], start):
            yield from _people(client, here, (*places, following)[number + 1])
        at = following


def _people(client: Client, here: Place, following: Place) -> Iterator[Page]:
    offset = here["members"]
    while offset is not None:
        page = offset_page(client, f"/groups/{here['group']}/memberships", offset, {}, "id", "user")
        records: list[Record] = [mapping.membership(here["group"], row) for row in page.rows]
        records += [held for row in page.rows if (held := mapping.group_privilege(here["group"], row))]
        offset = page.next
        yield Page(records, following if offset is None else {**here, "members": offset})


def _place(offset: int | str, group: str = "") -> Place:
    return {"offset": offset, "group": group, "members": 0}
