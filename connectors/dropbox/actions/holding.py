"""The file or folder an action is about, and in whose name it is changed: its owner's, a team folder's in the admin's.

A shared or team folder as a whole is a File, too: its id names the namespace.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Client, Collaborator, Gone, NotAvailable, Order, Record, StepResult, TargetGone
from connectors.dropbox import admin, items, mapping, namespaces, reach
from connectors.dropbox.namespaces import TEAM, Namespace
from connectors.dropbox.reading import Row
from connectors.dropbox.scopes import CONTENT_WRITE, GROUPS, MEMBERS, METADATA, SHARING, SHARING_WRITE, TEAM_DATA
from connectors.dropbox.scopes import TEAM as TEAM_INFO

READING = (TEAM_INFO, TEAM_DATA, MEMBERS, GROUPS, METADATA, SHARING)
CHANGING = (*READING, CONTENT_WRITE)
SHARING_PERMISSIONS = (*READING, SHARING_WRITE)
FOREIGN = "It lies in a folder of another team, which alone can change it."


def file_id(order: Order) -> str:
    """Of the item itself, or of the one that a Collaborator gets to."""
    return order.target.id.partition("/")[0]


def is_folder_as_a_whole(order: Order) -> bool:
    return file_id(order).startswith(mapping.NAMESPACE)


def namespace(client: Client, order: Order) -> Namespace:
    """Where it lies."""
    return namespaces.of_row(client, mapping.part(order.target.raw, "namespace"))


def writer(client: Client, place: Namespace, order: Order) -> Client:
    """Raises NotAvailable where nobody can be acted for, and for what is another team's."""
    barrier = _barrier(place, order)
    if barrier:
        raise barrier
    return admin.reading(client) if place.kind == TEAM else client.acting_as(place.actor_id)


def obstacle(client: Client, order: Order) -> str:
    """A sentence why nobody can change the file, else ''. Asked before anything is copied."""
    barrier = _barrier(namespace(client, order), order)
    return str(barrier) if barrier else ""


def _barrier(place: Namespace, order: Order) -> NotAvailable | None:
    if place.is_foreign:
        return NotAvailable(f"{order.target.name} is another team's.", why=FOREIGN, remedy="Leave the folder instead.")
    if place.kind == TEAM or place.actor_id:
        return None
    return NotAvailable(
        f"The owner of {order.target.name} is not active in Dropbox, so nobody can act in their name.",
        remedy="Unsuspend the account for the moment, or do it in the admin console under Content.",
    )


def path(order: Order) -> str:
    """Where it lay in its namespace when the inventory saw it last."""
    return mapping.path_of(order.target.raw)


def address(place: Namespace, path: str) -> str:
    """As Dropbox takes a path, whoever asks."""
    return f"{mapping.NAMESPACE}{place.id}{path}"


def find(client: Client, order: Order) -> Row | None:
    """What Dropbox says of it now; None where it was deleted or moved to another folder of its own."""
    return items.metadata_of(client, namespace(client, order), file_id(order))


def present(client: Client, order: Order) -> Row:
    """Raises TargetGone."""
    found = find(client, order)
    if found is None:
        raise TargetGone(f"{order.target.name} is not there any more.", why="It was deleted, or moved elsewhere.")
    return found


def links_now(client: Client, order: Order) -> list[dict[str, Any]]:
    """The item's own."""
    return [mapping.link_summary(each) for each in reach.links_to(client, file_id(order), is_direct=True)]


def given_now(client: Client, order: Order) -> list[Row]:
    """Who beside the owner was given the item itself."""
    if is_folder_as_a_whole(order):
        return reach.folder_members(client, namespace(client, order))
    return reach.files_members(client, (file_id(order),)).get(file_id(order), [])


def sharing_now(client: Client, order: Order) -> StepResult:
    """{path, listed: ids of all who get to it, as collaborators}."""
    place = namespace(client, order)
    listed = items.now(client, place, file_id(order), path(order))
    return {"listed": [each.id for each in listed if isinstance(each, Collaborator)]}


def known(order: Order) -> StepResult:
    """What the first step remembered."""
    found: Mapping[str, Any] = order.results["remember"]
    return found


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """The item and who gets to it; of those from before, who does not any more."""
    before = order.results.get("remember", {})
    lay = str(before.get("path") or path(order))
    listed = list(items.now(client, namespace(client, order), file_id(order), lay))
    yield from listed
    there = {each.id for each in listed}
    yield from (Gone(Collaborator, each) for each in before.get("listed", ()) if each not in there)
