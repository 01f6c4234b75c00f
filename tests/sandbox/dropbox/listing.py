"""Routes: what is in a folder, and what has changed since."""

from dataclasses import asdict, dataclass

from tests.sandbox.dropbox import access, file_shapes
from tests.sandbox.dropbox.arguments import Arguments, bad
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import read, write
from tests.sandbox.dropbox.entries import File, Folder
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.places import PATH_OR_ROOT, Place, find
from tests.sandbox.dropbox.refusal import Refusal, refused, under
from tests.sandbox.dropbox.routes import Route, user_route
from tests.sandbox.exchange import Json

FIELDS = (
    "path recursive include_media_info include_deleted include_has_explicit_shared_members include_mounted_folders "
    "limit shared_link include_property_groups include_non_downloadable_files include_restorable_info"
)


@dataclass(slots=True)
class Position:
    """A list in progress. `after`: the last path that was listed, None when the list is through; `change`: the place in
    the namespace's journal where it began. Who asked is part of it."""

    namespace_id: str
    path: str
    prefix: str | None
    is_recursive: bool
    with_deleted: bool
    with_members: bool
    with_mounts: bool
    with_exports: bool
    with_restorable: bool
    limit: int
    generation: int
    change: int
    after: str | None


def _begin(call: Call, arguments: Arguments) -> tuple[Position, Place]:
    try:
        place = find(call, arguments.text("path", None, PATH_OR_ROOT))
        entry = place.entry
        if isinstance(entry, Folder) and entry.mounts:
            place = Place(call.state.namespaces[entry.mounts], "", place.shown(entry.path))
        elif isinstance(entry, File):
            raise refused("not_folder")
        elif place.path and entry is None:
            raise refused("not_found")
    except Refusal as refusal:
        raise (under("path", refusal) if refusal.status == 409 else refusal) from None
    position = Position(
        place.namespace.id,
        place.path.lower(),
        place.prefix,
        is_recursive=arguments.flag("recursive", False),
        with_deleted=arguments.flag("include_deleted", False),
        with_members=arguments.flag("include_has_explicit_shared_members", False),
        with_mounts=arguments.flag("include_mounted_folders", True),
        with_exports=arguments.flag("include_non_downloadable_files", True),
        with_restorable=arguments.flag("include_restorable_info", False),
        limit=min(arguments.number("limit", 500, 1, 2000), call.state.largest_page),
        generation=place.namespace.generation,
        change=len(place.namespace.journal),
        after="",
    )
    return position, place


def _list(call: Call) -> Json:
    position, place = _begin(call, call.arguments)
    return _page(call, position, place)


def _continue(call: Call) -> Json:
    position = _resumed(call)
    return _page(call, position, Place(call.state.namespaces[position.namespace_id], position.path, position.prefix))


def _resumed(call: Call) -> Position:
    values = read("list", call.arguments.text("cursor"))
    if values is None:
        raise bad(call.arguments.route, 'Invalid "cursor" parameter: ' + repr(call.arguments.text("cursor")[:20]))
    position = Position(**values)
    namespace = call.state.namespaces.get(position.namespace_id)
    if namespace is None or namespace.generation != position.generation:
        raise refused("reset")
    if call.member is not None and not access.may_read(call, namespace):
        raise refused("path/not_found")
    return position


def _latest(call: Call) -> Json:
    position, _ = _begin(call, call.arguments)
    position.after = None
    return {"cursor": write("list", **asdict(position))}


def _longpoll(call: Call) -> Json:
    """Answered at once: no change is waited for."""
    call.arguments.number("timeout", 30, 30, 480)
    position = _resumed(call)
    return {"changes": position.change < len(call.state.namespaces[position.namespace_id].journal)}


def _page(call: Call, position: Position, place: Place) -> Json:
    namespace = place.namespace
    entries: list[Json] = []
    if position.after is not None:
        entries = _next_listed(call, position, place)
    elif position.change < len(namespace.journal):
        entries = _next_changes(call, position, place)
    has_more = position.after is not None or position.change < len(namespace.journal)
    return {"entries": entries, "cursor": write("list", **asdict(position)), "has_more": has_more}


def _next_listed(call: Call, position: Position, place: Place) -> list[Json]:
    """What is there, by path; then the list is through."""
    keys = [key for key in _keys(position, place.namespace) if key > (position.after or "")]
    chosen = keys[: position.limit]
    position.after = chosen[-1] if len(keys) > position.limit else None
    return [shape for key in chosen if (shape := _shape(call, position, place, key)) is not None]


def _keys(position: Position, namespace: Namespace) -> list[str]:
    known = set(namespace.entries) | (set(namespace.past) if position.with_deleted else set())
    return sorted(key for key in known if _is_inside(position, key))


def _next_changes(call: Call, position: Position, place: Place) -> list[Json]:
    """Each path once, as it is now, in the order of the changes."""
    start, end = position.change, min(position.change + position.limit, len(place.namespace.journal))
    position.change = end
    keys = [key for key in place.namespace.journal[start:end] if _is_inside(position, key)]
    last = {key: number for number, key in enumerate(keys)}
    latest = [key for number, key in enumerate(keys) if last[key] == number]
    return [shape for key in latest if (shape := _shape(call, position, place, key, True)) is not None]


def _is_inside(position: Position, key: str) -> bool:
    below = key.removeprefix(f"{position.path}/") if key.startswith(f"{position.path}/") else ""
    return bool(below) and (position.is_recursive or "/" not in below)


def _shape(call: Call, position: Position, place: Place, key: str, is_change: bool = False) -> Json:
    """None for what is not asked for."""
    entry = place.namespace.get(key)
    if entry is None:
        return _gone(call, position, place, key) if is_change or position.with_deleted else None
    if isinstance(entry, Folder) and entry.mounts and not position.with_mounts:
        return None
    if isinstance(entry, File) and entry.export_as and not position.with_exports:
        return None
    return file_shapes.metadata(call, place, entry, position.with_members)


def _gone(call: Call, position: Position, place: Place, key: str) -> Json:
    past = place.namespace.past.get(key)
    display = past[-1].display if past else key
    if not position.with_restorable:
        return file_shapes.deleted(place, display)
    since = call.state.restorable_since()
    is_restorable = any(path == key for path, _ in place.namespace.revisions(since))
    return file_shapes.deleted(place, display, is_restorable)


ROUTES: list[Route] = [
    user_route("files/list_folder", _list, "files.metadata.read", FIELDS, admin="whole_team"),
    user_route("files/list_folder/continue", _continue, "files.metadata.read", "cursor", admin="whole_team"),
    user_route("files/list_folder/get_latest_cursor", _latest, "files.metadata.read", FIELDS, admin="whole_team"),
    Route("files/list_folder/longpoll", _longpoll, "", ("cursor", "timeout"), auth="none"),
]
