"""Routes: one file's metadata, bytes and revisions; searching."""

from collections.abc import Callable

from tests.sandbox.clock import iso
from tests.sandbox.dropbox import access, file_shapes
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import read, write
from tests.sandbox.dropbox.entries import File, Past, Revision
from tests.sandbox.dropbox.events import asset
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.places import PATH, PATH_OR_REV, Place, existing, find
from tests.sandbox.dropbox.refusal import Refusal, refused, under
from tests.sandbox.dropbox.routes import Download, Route, user_route
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json


def saved(call: Call, rev: str) -> tuple[Place, str, Revision]:
    """A revision that can still be read, wherever the caller may read: place, path as it was, and the revision."""
    since = call.state.restorable_since()
    for namespace in call.state.namespaces.values():
        if access.may_read(call, namespace):
            for key, revision in namespace.revisions(since):
                if revision.rev == rev:
                    return Place(namespace, key), namespace.past[key][-1].display, revision
    raise refused("not_found")


def _get_metadata(call: Call) -> Json:
    text = call.arguments.text("path", None, PATH_OR_REV)
    with_members = call.arguments.flag("include_has_explicit_shared_members", False)
    try:
        place, entry = existing(call, text)
    except Refusal as refusal:
        gone = _deleted(call, text)
        if gone is None:
            raise _of_path(refusal) from None
        return gone
    return file_shapes.metadata(call, place, entry, with_members)


def _deleted(call: Call, text: str) -> Json:
    if not call.arguments.flag("include_deleted", False) or not text.startswith(("/", "ns:")):
        return None
    place = find(call, text)
    return file_shapes.deleted(place, place.path) if place.path.lower() in place.namespace.past else None


def _of_path(refusal: Refusal) -> Refusal:
    return under("path", refusal) if refusal.status == 409 else refusal


def _download(call: Call) -> Download:
    text = call.arguments.text("path", None, PATH_OR_REV)
    try:
        if text.startswith("rev:"):
            place, path, revision = saved(call, text[4:])
            return Download(file_shapes.revision(place, path, revision), revision.content)
        place, entry = existing(call, text)
        if not isinstance(entry, File):
            raise refused("not_file")
    except Refusal as refusal:
        raise _of_path(refusal) from None
    if entry.export_as:
        raise refused("unsupported_file")
    call.record("file_download", assets=[asset(place.namespace, entry)])
    return Download(file_shapes.file(call, place, entry), entry.revision.content)


def _export(call: Call) -> Download:
    text = call.arguments.text("path", None, PATH)
    try:
        place, entry = existing(call, text)
    except Refusal as refusal:
        raise _of_path(refusal) from None
    if not isinstance(entry, File) or not entry.export_as:
        raise refused("non_exportable")
    content = entry.revision.content
    name = f"{entry.path.rpartition('/')[2].rpartition('.')[0]}.{entry.export_as}"
    export = {"name": name, "size": len(content), "export_hash": entry.revision.content_hash}
    return Download({"export_metadata": export, "file_metadata": file_shapes.file(call, place, entry)}, content)


# -- revisions


def _list_revisions(call: Call) -> Json:
    arguments = call.arguments
    text, mode = arguments.text("path", None, PATH), arguments.tag("mode", ("path", "id"), "path")
    limit, before = arguments.number("limit", 10, 1, 100), arguments.text("before_rev", "")
    if before and mode == "id":
        raise refused("before_rev_not_supported")
    try:
        place = find(call, text)
        history = _history(place, mode)
    except Refusal as refusal:
        raise _of_path(refusal) from None
    revisions = [each.revision for each in reversed(history) if each.revision]
    if before:
        revs = [each.rev for each in revisions]
        revisions = revisions[revs.index(before) + 1 :] if before in revs else []
    with_restorable = arguments.flag("include_restorable_info", False)
    is_deleted = place.entry is None
    answer: dict[str, Json] = {
        "is_deleted": is_deleted,
        "entries": [_revision(call, place, each, with_restorable) for each in revisions[:limit]],
        "has_more": len(revisions) > limit,
    }
    return {**answer, "server_deleted": iso(history[-1].at)} if is_deleted else answer


def _history(place: Place, mode: str) -> list[Past]:
    """What was at the path, or what the file was that is there or was there last. A folder has none."""
    history = place.namespace.past.get(place.path.lower(), [])
    if not any(each.revision for each in history):
        raise refused("not_file" if place.entry else "not_found")
    if mode == "path":
        return history
    file_id = next(each.revision.file_id for each in reversed(history) if each.revision)
    everywhere = [each for past in place.namespace.past.values() for each in past]
    same = [each for each in everywhere if each.revision and each.revision.file_id == file_id]
    unique = {each.revision.rev: each for each in same if each.revision}
    return sorted(unique.values(), key=lambda each: each.revision.rev if each.revision else "")


def _revision(call: Call, place: Place, revision: Revision, with_restorable: bool) -> Json:
    shape = file_shapes.revision(place, place.path, revision)
    if with_restorable:
        since = call.state.restorable_since()
        shape["is_restorable"] = any(each is revision for _, each in place.namespace.revisions(since))
    return shape


# -- searching


def _search(call: Call) -> Json:
    query = call.arguments.text("query").lower()
    options = call.arguments.optional("options", ("path", "max_results", "file_status", "filename_only", "order_by"))
    status = options.tag("file_status", ("active", "deleted"), "active")
    return _found(call, query, status, options.number("max_results", 100, 1, 1000), 0)


def _search_continue(call: Call) -> Json:
    values = read("search", call.arguments.text("cursor"))
    if values is None:
        raise call.arguments.bad("invalid cursor", "cursor")
    return _found(call, values["query"], values["status"], values["limit"], values["start"])


def _found(call: Call, query: str, status: str, limit: int, start: int) -> Json:
    matches = _matches(call, query, _deleted_matches if status == "deleted" else _live_matches)
    end = start + limit
    answer: dict[str, Json] = {"matches": matches[start:end], "has_more": end < len(matches)}
    if end < len(matches):
        answer["cursor"] = write("search", query=query, status=status, limit=limit, start=end)
    return answer


def _matches(call: Call, query: str, rows: Callable[[Call, Place], list[Json]]) -> list[Json]:
    mine = [each for each in call.state.namespaces.values() if access.may_read(call, each)]
    found = [shape for each in mine for shape in rows(call, _seen(call, each)) if query in shape["name"].lower()]
    return [{"metadata": nested("metadata", shape), "match_type": tagged("filename")} for shape in found]


def _seen(call: Call, namespace: Namespace) -> Place:
    return Place(namespace, "", "" if namespace.id == call.root_id else None)


def _live_matches(call: Call, place: Place) -> list[Json]:
    return [file_shapes.metadata(call, place, each) for each in place.namespace.entries.values()]


def _deleted_matches(call: Call, place: Place) -> list[Json]:
    return [file_shapes.deleted(place, path) for path in place.namespace.gone()]


METADATA = "path include_media_info include_deleted include_has_explicit_shared_members include_property_groups"

ROUTES: list[Route] = [
    user_route("files/get_metadata", _get_metadata, "files.metadata.read", METADATA, admin="whole_team"),
    user_route("files/download", _download, "files.content.read", "path rev", admin="whole_team", style="download"),
    user_route(
        "files/export", _export, "files.content.read", "path export_format", admin="whole_team", style="download"
    ),
    user_route(
        "files/list_revisions",
        _list_revisions,
        "files.metadata.read",
        "path mode limit before_rev include_restorable_info",
        admin="whole_team",
    ),
    user_route("files/search_v2", _search, "files.metadata.read", "query options match_field_options"),
    user_route("files/search/continue_v2", _search_continue, "files.metadata.read", "cursor"),
]
