"""Reading single items: what Box says of one now, who gets to it, and what lies above it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from connectors.base import Answer, Client, Collaborator, File, Gone, Record, TargetGone
from connectors.box import ids, mapping, people
from connectors.box.mapping import NOBODY_ELSE, Reach
from connectors.box.reading import LIMIT, Row, document, marked_rows

COLLABORATION_FIELDS = ",".join((
    "id", "type", "role", "status", "accessible_by", "invite_email", "item", "expires_at", "is_access_only",
    "created_by", "created_at", "modified_at", "acknowledged_at",
))  # fmt: skip


def collaborations(owner: Client, item: Row) -> list[Row]:
    """Those on an item; with it may come those of folders above it. In trash they sleep, and Box does not list them."""
    if item.get("has_collaborations") is not True or is_trashed(item):
        return []
    path = ids.path(ids.item(str(item["type"]), item["id"]), "/collaborations")
    try:
        return list(marked_rows(owner, path, {"limit": LIMIT, "fields": COLLABORATION_FIELDS}, "id"))
    except TargetGone:
        return []  # it went since it was listed


def is_trashed(item: Row) -> bool:
    return mapping.item(item, NOBODY_ELSE).is_trashed


def reach_of(owner: Client, item: Row, above: Reach) -> Reach:
    return above.with_item(item, collaborations(owner, item))


def records_of(owner: Client, item: Row, reach: Reach) -> Iterator[Record]:
    """The item and who gets to it; that nobody gets to it by an open link any more."""
    yield mapping.item(item, reach)
    listed = [judged(owner, item, each) for each in mapping.collaborators(item, reach)]
    yield from listed
    file_id = ids.item(str(item["type"]), item["id"])
    link = Collaborator(file_id=file_id, vendor_id=ids.LINK)
    if link.id not in {each.id for each in listed}:
        yield Gone(Collaborator, link.id)


def judged(owner: Client, item: Row, found: Collaborator) -> Collaborator:
    """With Box's word on whether somebody is from outside. Whose address is of the same domain as the owner's is not
    asked about: those are colleagues nearly always, and else the account or the organisation's domains tell. An
    invitation to an address elsewhere that has no account at Box is one to the outside."""
    home = mapping.text(mapping.part(item, "owned_by").get("login")).rpartition("@")[2].lower()
    domain = found.email.rpartition("@")[2].lower()
    if found.is_public or found.group_id or domain in ("", home):
        return found
    is_outside = not found.account_id or people.is_outside(owner, found.account_id, found.email)
    return replace(found, is_external=is_outside)


def find(owner: Client, file_id: str) -> Row | None:
    """The item where its owner has it, else as it is in trash; None where it is neither, nor shows to the owner."""
    for path in (ids.path(file_id), ids.path(file_id, "/trash")):
        answer: Answer = owner.get(path, params={"fields": mapping.ITEM_FIELDS}, expect=(404,))
        if answer.status != 404:
            return document(answer, "id", "type")
    return None


def item_now(owner: Client, file_id: str) -> Iterable[Record]:
    """The item with who gets to it, or that it is gone."""
    item = find(owner, file_id)
    if item is None:
        return (Gone(File, file_id),)
    return tuple(records_of(owner, item, reach_of(owner, item, reach_above(owner, item))))


def reach_above(owner: Client, item: Row) -> Reach:
    """Who gets to an item by the folders above it. One that is gone meanwhile lets nobody in."""
    above = mapping.part(item, "path_collection").get("entries") or []
    reach = NOBODY_ELSE
    if is_trashed(item):
        return reach
    for folder in above:
        reach = folder_reach(owner, mapping.id_of(folder.get("id")), reach)
    return reach


def folder_reach(owner: Client, folder_id: str, above: Reach) -> Reach:
    if folder_id == ids.ROOT:
        return above
    answer = owner.get(f"/folders/{folder_id}", params={"fields": mapping.FOLDER_FIELDS}, expect=(404,))
    return above if answer.status == 404 else reach_of(owner, document(answer, "id", "type"), above)
