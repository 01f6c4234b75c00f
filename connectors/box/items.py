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


def item_now(owner: Client, file_id: str, folders: "Folders | None" = None) -> Iterable[Record]:
    """The item with who gets to it, or that it is gone."""
    item = find(owner, file_id)
    if item is None:
        return (Gone(File, file_id),)
    return tuple(records_of(owner, item, reach_of(owner, item, reach_above(owner, item, folders))))


def reach_above(owner: Client, item: Row, folders: "Folders | None" = None) -> Reach:
    """Who gets to an item by the folders above it. One that is gone meanwhile lets nobody in."""
    above = mapping.part(item, "path_collection").get("entries") or []
    reach, known = NOBODY_ELSE, folders or Folders()
    if is_trashed(item):
        return reach
    for folder in above:
        reach = known.reach(owner, mapping.id_of(folder.get("id")), reach)
    return reach


def folder_reach(owner: Client, folder_id: str, above: Reach) -> Reach:
    return Folders().reach(owner, folder_id, above)


class Folders:
    """Folders as Box tells of them to one user and another, each asked for once. Whoever reads several items at once
    hands one to them all, and drops it with the page: who gets into a folder may change at any time."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], tuple[Row, list[Row]] | None] = {}

    def reach(self, owner: Client, folder_id: str, above: Reach) -> Reach:
        """Who gets into a folder that lies in one that `above` gets into."""
        if folder_id == ids.ROOT:
            return above
        asked = owner.subject, folder_id
        if asked not in self._told:
            self._told[asked] = _folder(owner, folder_id)
        told = self._told[asked]
        return above.with_item(*told) if told else above


def _folder(owner: Client, folder_id: str) -> tuple[Row, list[Row]] | None:
    """The folder and what was given on itself; None for one that is not there."""
    answer = owner.get(f"/folders/{folder_id}", params={"fields": mapping.FOLDER_FIELDS}, expect=(404,))
    if answer.status == 404:
        return None
    folder = document(answer, "id", "type")
    return folder, collaborations(owner, folder)
