"""Files, folders and web links of every user, those in trash, too; who gets to them."""

from collections.abc import Iterable, Iterator

from connectors.base import (
    Capability,
    Client,
    Collaborator,
    Cursor,
    File,
    Page,
    Partition,
    Record,
    snapshot,
)
from connectors.box import mapping, people
from connectors.box.items import item_now
from connectors.box.mapping import NOBODY_ELSE
from connectors.box.reading import END, marked_page
from connectors.box.scopes import READ, USERS
from connectors.box.tree import Tree

TRASH = "/folders/trash/items"


def owners(client: Client) -> Iterable[Partition]:
    """All users in whose name Box lets us read."""
    for user in people.managed(client, "id,type,name,login,role"):
        if people.can_act_as(client, user):
            number = mapping.id_of(user["id"])
            yield Partition(number, mapping.text(user.get("login")) or mapping.text(user.get("name")) or number)


def one_item(client: Client, partition: str, record_id: str) -> Iterable[Record]:
    return item_now(people.as_user(client, partition), record_id)


@snapshot(
    File,
    Collaborator,
    title="Files",
    serves=(Capability.DATA_SCAN,),
    permissions=(READ, USERS),
    partitions=owners,
    one=one_item,
)
def files(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """What the user owns, then what lies in the user's trash. What is shared with the user is read where its owner is.

    Cursor: that of a Tree, then {"trash": marker, END after the last}. Of a folder in trash Box shows the folder alone.
    """
    owner = people.as_user(client, partition)
    if not cursor or "trash" not in cursor:
        for page in Tree(owner, partition, cursor).pages():
            yield page if page.cursor and page.cursor["path"] else Page(page.records, {"trash": ""})
    marker = cursor["trash"] if cursor and "trash" in cursor else ""
    while marker != END:
        listed = marked_page(owner, TRASH, marker, {"fields": mapping.ITEM_FIELDS}, "id", "type")
        marker = listed.marker or END
        own = [row for row in listed.rows if mapping.owner_of(row) == partition]
        yield Page([mapping.item(row, NOBODY_ELSE) for row in own], {"trash": marker})
