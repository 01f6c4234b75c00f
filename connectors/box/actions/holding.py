"""The item an action is about, in the hands of its owner: files are read and changed in their owner's name."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Client, Collaborator, Gone, NotAvailable, Order, Record, StepResult
from connectors.box import ids, mapping, people
from connectors.box.items import collaborations, find, is_trashed, item_now, reach_above, reach_of
from connectors.box.reading import Row, document
from connectors.box.refusals import gone
from connectors.box.scopes import READ, USERS, WRITE

PERMISSIONS = (READ, WRITE, USERS)


def owner_id(order: Order) -> str:
    """Raises NotAvailable where Box did not say who owns it."""
    found = mapping.id_of(mapping.part(order.target.raw, "owned_by").get("id"))
    if not found:
        raise NotAvailable(f"Box does not say who owns {order.target.name}.", remedy="Handle it in Box itself.")
    return found


def owner(client: Client, order: Order) -> Client:
    return people.as_user(client, owner_id(order))


def item(client: Client, order: Order) -> Row:
    """The item where its owner has it, or in trash. Raises TargetGone."""
    found = find(owner(client, order), file_id(order))
    if found is None:
        raise gone(order.target.name)
    return found


def present(client: Client, order: Order) -> Row:
    """The item outside of trash. Raises TargetGone."""
    found = item(client, order)
    if is_trashed(found):
        raise gone(order.target.name)
    return found


def file_id(order: Order) -> str:
    """Of the item itself, or of the one that a Collaborator gets to."""
    return order.target.id.partition("/")[0]


def own_collaborations(client: Client, order: Order, found: Row) -> list[Row]:
    """Those on the item itself, but the owner's; those of folders above it end there. Of an invitation that waits Box
    does not say on what it is, so those of the folders above are looked up."""
    as_owner = owner(client, order)
    listed = collaborations(as_owner, found)
    above = {mapping.id_of(row["id"]) for row in reach_above(as_owner, found).collaborations} if listed else set()
    own = (row for row in listed if mapping.id_of(row["id"]) not in above)
    return [row for row in own if mapping.lets_in(row, owner_id(order))]


def reach_now(client: Client, order: Order, found: Row) -> list[str]:
    """The numbers of all collaborations that let others in, those of folders above it included."""
    as_owner = owner(client, order)
    reach = reach_of(as_owner, found, reach_above(as_owner, found))
    return [mapping.id_of(row["id"]) for row in reach.collaborations]


def change(client: Client, order: Order, **values: Any) -> Row:
    """The item as Box has it after the change."""
    path, asked = ids.path(file_id(order)), {"fields": mapping.ITEM_FIELDS}
    return document(owner(client, order).put(path, json=values, params=asked), "id", "type")


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """The item and who gets to it; of those from before, who does not any more."""
    listed = list(item_now(owner(client, order), file_id(order)))
    yield from listed
    there, before = {each.id for each in listed}, order.results.get("remember", {})
    numbers = [*(each["id"] for each in before.get("collaborations", ())), *before.get("reach", ())]
    for number in dict.fromkeys(numbers):
        vanished = Collaborator(file_id=file_id(order), vendor_id=str(number))
        if vanished.id not in there:
            yield Gone(Collaborator, vanished.id)


def known(order: Order) -> StepResult:
    """What the first step remembered."""
    found: Mapping[str, Any] = order.results["remember"]
    return found
