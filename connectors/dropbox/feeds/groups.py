"""Groups and who is in them."""

from collections.abc import Iterator
from typing import Any

from connectors.base import Capability, Client, Cursor, Group, Membership, Page, TargetGone, snapshot
from connectors.dropbox import mapping
from connectors.dropbox.group_lists import GROUP_LIST, PEOPLE_LIST
from connectors.dropbox.reading import END, Listed
from connectors.dropbox.scopes import GROUPS

AT_ONCE = 100
"""Groups of a page: the cursor names those whose people are still to be read."""

Place = dict[str, Any]


@snapshot(
    Group,
    Membership,
    title="Groups",
    serves=(Capability.GROUPS,),
    permissions=(GROUPS,),
)
def groups(client: Client, cursor: Cursor) -> Iterator[Page]:
    """A page of groups, then the people of each of them.

    Cursor: {"cursor": of the next page of groups, END after the last, "left": ids of the groups whose people come
    next, "people": where the first of those goes on}.
    """
    at: Place = cursor or {"cursor": "", "left": [], "people": ""}
    while at["left"] or at["cursor"] != END:
        page, at = _people(client, at) if at["left"] else _groups(client, at)
        yield page


def _groups(client: Client, at: Place) -> tuple[Page, Place]:
    listed = GROUP_LIST.page(client, at["cursor"], {"limit": AT_ONCE})
    found = [mapping.group(row) for row in listed.rows]
    then = {"cursor": listed.cursor, "left": [each.id for each in found], "people": ""}
    return Page(found, then), then


def _people(client: Client, at: Place) -> tuple[Page, Place]:
    group_id = at["left"][0]
    listed = _listed(client, group_id, at["people"])
    found = [held for row in listed.rows if (held := mapping.membership(group_id, row))]
    is_last = listed.cursor == END
    then = {**at, "left": at["left"][1:], "people": ""} if is_last else {**at, "people": listed.cursor}
    return Page(found, then), then


def _listed(client: Client, group_id: str, cursor: str) -> Listed:
    """Nobody where the group was deleted meanwhile."""
    asked = {"group": {".tag": "group_id", "group_id": group_id}, "limit": 1000}
    try:
        return PEOPLE_LIST.page(client, cursor, asked)
    except TargetGone:
        return Listed([], END)
