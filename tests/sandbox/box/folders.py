"""Folders: reading, listing, making, changing, copying, trashing them."""

from tests.sandbox.box import naming, placing, shared_links, sources, trashing
from tests.sandbox.box.access import DOWNLOAD, EDIT, OWN
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import ORDER, entry_shape, folder_entries, item_shape
from tests.sandbox.box.items import File, Folder, Item, Version
from tests.sandbox.box.pages import by_either
from tests.sandbox.box.refusal import Refusal, forbidden
from tests.sandbox.box.router import route
from tests.sandbox.box.tree import is_root
from tests.sandbox.exchange import Answer

MOST = 1000


def shown(call: Call) -> Answer:
    folder = call.folder()
    if call.request.headers.get("if-none-match", "").strip('"') == str(folder.etag) and not is_root(folder):
        return Answer(304)
    return Answer.of_json(item_shape(call.access, folder, call.fields()))


def items(call: Call) -> Answer:
    folder, access, fields = call.folder(), call.access, call.fields()
    rows = folder_entries(access, folder)
    return by_either(call, rows, lambda each: entry_shape(access, each, fields), MOST, ORDER)


def made(call: Call) -> Answer:
    body = call.body()
    name = naming.checked(body.get("name"))
    parent = placing.destination(call, body.get("parent"))
    naming_conflict = call.state.tree.named(parent, name)
    if naming_conflict is not None:
        raise naming.taken(naming_conflict, in_list=True)
    folder = call.state.add_folder(parent, name, call.user)
    call.record("UPLOAD", sources.item(call.state, folder), {"type": "folder"})
    return Answer.of_json(item_shape(call.access, folder, call.fields()), 201)


def changed(call: Call) -> Answer:
    folder, body, state = call.folder(), call.body(), call.state
    if is_root(folder):
        raise forbidden("The root folder cannot be changed")
    call.check_match(folder)
    call.check_lock(folder)
    call.need_on(folder, OWN if set(body) & {"is_collaboration_restricted_to_enterprise"} else EDIT)
    apply(call, folder, body)
    if "is_collaboration_restricted_to_enterprise" in body:
        folder.is_restricted_to_enterprise = bool(body["is_collaboration_restricted_to_enterprise"])
        call.record("CHANGE_FOLDER_PERMISSION", sources.item(state, folder))
    if "can_non_owners_invite" in body:
        folder.can_non_owners_invite = bool(body["can_non_owners_invite"])
    folder.touch(state.now(), call.user.id)
    return Answer.of_json(item_shape(call.access, folder, call.fields()))


def apply(call: Call, item: Item, body: dict[str, object]) -> None:
    """What a PUT changes on files and folders alike. All that may be refused comes before anything is changed."""
    state = call.state
    before = state.tree.folder(item.parent_id)
    folder = placing.destination(call, body["parent"]) if "parent" in body else before
    name = naming.checked(body["name"]) if "name" in body else item.name
    if folder is not before:
        placing.check_move(call, item, folder)
    naming.check_free(state, folder, name, besides=item)
    wanted = shared_links.planned(call, item, body["shared_link"]) if "shared_link" in body else item.link
    _place(call, item, folder, name)
    if "shared_link" in body:
        shared_links.change(call, item, wanted)
    if "description" in body:
        item.description = str(body["description"])
    tags = body.get("tags")
    if isinstance(tags, list):
        item.tags = [str(each) for each in tags]


def _place(call: Call, item: Item, folder: Folder, name: str) -> None:
    state, old = call.state, item.name
    is_moved = folder.id != item.parent_id
    state.tree.put(item, folder, name)
    if is_moved:
        call.record("MOVE", sources.item(state, item))
    if name != old:
        call.record("RENAME", sources.item(state, item), {"old_name": old})


def deleted(call: Call) -> Answer:
    folder, state = call.folder(), call.state
    if is_root(folder):
        raise forbidden("The root folder cannot be deleted")
    call.need_on(folder, EDIT)
    call.check_match(folder)
    if folder.children and call.request.parameter("recursive") != "true":
        raise Refusal(400, "folder_not_empty", "Cannot delete - folder not empty")
    for each in state.tree.below(folder):
        call.check_lock(each)
    trashing.trash(call, folder)
    return Answer(204)


def copied(call: Call) -> Answer:
    source, body = call.folder(DOWNLOAD), call.body()
    parent = placing.destination(call, body.get("parent"))
    name = naming.checked(body.get("name", source.name))
    if parent is source or source in call.state.tree.ancestors(parent):
        raise Refusal(400, "cyclical_folder_structure", "A folder cannot lie in itself")
    naming.check_free(call.state, parent, name)
    copy = _copy_folder(call, source, parent, name)
    call.record("COPY", sources.item(call.state, copy))
    return Answer.of_json(item_shape(call.access, copy, call.fields()), 201)


def _copy_folder(call: Call, source: Folder, parent: Folder, name: str) -> Folder:
    state = call.state
    copy = state.add_folder(parent, name, call.user)
    for each in state.tree.children(source):
        if isinstance(each, Folder):
            _copy_folder(call, each, copy, each.name)
        elif isinstance(each, File):
            copy_file(call, each, copy, each.name)
    return copy


def copy_file(call: Call, source: File, parent: Folder, name: str) -> File:
    """The newest version alone, without link and collaborators."""
    state, old = call.state, source.current
    copy = state.add_file(parent, name, old.data or b"", call.user)
    copy.current = Version(copy.current.id, old.sha1, old.size, old.data, name, state.now(), call.user.id)
    return copy


READ = ("root_readonly",)
WRITE = ("root_readwrite",)
ROUTES = [
    route("GET", "/folders/{folder_id}", shown, *READ),
    route("GET", "/folders/{folder_id}/items", items, *READ),
    route("POST", "/folders", made, *WRITE),
    route("PUT", "/folders/{folder_id}", changed, *WRITE),
    route("DELETE", "/folders/{folder_id}", deleted, *WRITE),
    route("POST", "/folders/{folder_id}/copy", copied, *WRITE),
]
