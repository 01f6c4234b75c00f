"""Into the trash, out of it again, and gone for good."""

from tests.sandbox.box import naming, placing, sources
from tests.sandbox.box.access import EDIT, OWN, SEE
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import ORDER, entry_shape, in_order, item_shape
from tests.sandbox.box.items import File, Folder, Item
from tests.sandbox.box.pages import by_either
from tests.sandbox.box.refusal import forbidden, not_found, not_trashed
from tests.sandbox.box.router import route
from tests.sandbox.exchange import Answer, Json

MOST = 1000
UNCOUNTED = 1
"""By how much the trash's total_count is larger than what it lists."""
RESTORED = (
    "sequence_id",
    "name",
    "description",
    "size",
    "path_collection",
    "created_at",
    "modified_at",
    "content_created_at",
    "content_modified_at",
    "created_by",
    "modified_by",
    "owned_by",
    "parent",
    "item_status",
    "trashed_at",
    "purged_at",
)


def trash(call: Call, item: Item) -> None:
    """Where the enterprise keeps no trash, it is gone."""
    state = call.state
    call.record("DELETE", sources.item(state, item), {"type": "trash" if state.has_trash else "permanent"})
    if state.has_trash:
        state.tree.trash(item, state.now(), call.user.id)
        item.etag += 1
    else:
        state.purge(item)


def listed(call: Call) -> Answer:
    """The user's own, by the very item that was trashed: what lay in a trashed folder is not listed."""
    access, fields = call.access, call.fields()
    rows = in_order(call.state.tree.trash_of(call.user.id))
    return by_either(call, rows, lambda each: entry_shape(access, each, fields), MOST, ORDER, UNCOUNTED)


def shown(call: Call) -> Answer:
    item = _trashed(call)
    return Answer.of_json(_shape(call, item, call.fields()))


def purged(call: Call) -> Answer:
    item = _trashed(call)
    call.need_on(item, OWN)
    call.record("DELETE", sources.item(call.state, item), {"type": "permanent"})
    call.state.purge(item)
    return Answer(204)


def restored(call: Call) -> Answer:
    """Name and parent serve only where the old ones cannot: the old folder is gone, or the name is taken.

    Link and collaborators live again, without the dates on which they would have ended; the answer shows no link.
    """
    item, body, state = _trashed(call), call.body(), call.state
    call.need_on(item, EDIT)
    folder = _old_folder(call, item) or _fallback(call, body)
    name = item.name
    if state.tree.named(folder, name) is not None:
        name = naming.checked(body.get("name", name))
        naming.check_free(state, folder, name)
    state.tree.restore(item, folder, name)
    item.touch(state.now(), call.user.id)
    _forget_ends(call, item)
    call.record("UNDELETE", sources.item(state, item))
    return Answer.of_json(_shape(call, item, call.fields()), 201)


def _old_folder(call: Call, item: Item) -> Folder | None:
    found = call.state.tree.items.get(item.parent_id)
    if isinstance(found, Folder) and not call.state.tree.is_in_trash(found):
        return found
    return None


def _fallback(call: Call, body: dict[str, Json]) -> Folder:
    if "parent" not in body:
        raise forbidden("The folder in which the item was is gone; name another one")
    return placing.destination(call, body["parent"])


def _forget_ends(call: Call, item: Item) -> None:
    """Of the item and of everything that comes back with it."""
    inside = list(call.state.tree.below(item)) if isinstance(item, Folder) else []
    for each in (item, *inside):
        if each.link is not None:
            each.link.unshared_at = None
        for collaboration in call.state.collaborations.values():
            if collaboration.item_id == each.id:
                collaboration.expires_at = None


def _shape(call: Call, item: Item, asked: list[str] | None) -> dict[str, Json]:
    shape = item_shape(call.access, item, list(RESTORED) if asked is None else asked)
    if isinstance(item, File) and asked is None:
        shape |= item_shape(call.access, item, ["sha1", "file_version"])
    if isinstance(item, Folder) and asked is None:
        shape["folder_upload_email"] = None
    if asked is None or "shared_link" in asked:
        shape["shared_link"] = None
    return shape


def _trashed(call: Call) -> Item:
    name, kind = ("file_id", File) if "file_id" in call.parameters else ("folder_id", Folder)
    item = call.state.tree.items.get(call.parameters[name])
    if not isinstance(item, kind) or not call.access.may(SEE, item):
        raise not_found()
    if item.trashed_at is None:
        raise not_trashed()
    return item


READ = ("root_readonly",)
WRITE = ("root_readwrite",)
ROUTES = [
    route("GET", "/folders/trash/items", listed, *READ),
    route("GET", "/files/{file_id}/trash", shown, *READ),
    route("GET", "/folders/{folder_id}/trash", shown, *READ),
    route("DELETE", "/files/{file_id}/trash", purged, *WRITE),
    route("DELETE", "/folders/{folder_id}/trash", purged, *WRITE),
    route("POST", "/files/{file_id}", restored, *WRITE),
    route("POST", "/folders/{folder_id}", restored, *WRITE),
]
