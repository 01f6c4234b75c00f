"""Copying within and between drives: an answer without a body, and an address that tells how far it is."""

from dataclasses import replace

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.copying import CopyJob
from tests.sandbox.microsoft.files.items import FOLDER, Item
from tests.sandbox.microsoft.graph import drive_records
from tests.sandbox.microsoft.graph.drive_access import (
    LISTING,
    WRITE,
    body,
    caller,
    charged,
    check_free,
    conflict,
    folder,
    free_name,
    invalid,
    item,
)
from tests.sandbox.microsoft.graph.drive_items import ways
from tests.sandbox.microsoft.router import route

MONITORS = "/_api/v2.0/monitor"


def copied(call: Call) -> Answer:
    """Everything that can go wrong later is told by the job. Who may see the original is not copied."""
    source, sent, files = item(call), body(call), call.state.files
    if source.is_root:
        raise invalid("The root cannot be copied.")
    parent = folder(call, sent["parentReference"]) if "parentReference" in sent else files.items[source.parent_id]
    name, behaviour = str(sent.get("name") or source.name), conflict(call)
    job = CopyJob(files.guid(), files.copy_polls)
    files.jobs[job.id] = job
    held = files.child(parent, name)
    if files.copies_failing:
        files.copies_failing -= 1
        job.error = "generalException"
    elif held is not None and behaviour == "fail":
        job.error = "nameAlreadyExists"
    elif source is parent or source in files.ancestors(parent):
        job.error = "invalidRequest"
    else:
        made = _made(call, source, parent, name, held, behaviour, with_history=sent.get("includeAllVersionHistory"))
        job.item_id = made.id
    return Answer(202, b"", {"Location": call.request.url(f"{MONITORS}/{job.id}", files.site_of(source).host)})


def _made(
    call: Call, source: Item, parent: Item, name: str, held: Item | None, behaviour: str, *, with_history: Json
) -> Item:
    files = call.state.files
    if held is not None and behaviour == "rename":
        name = free_name(call, parent, name)
    elif held is not None:
        check_free(held)
        files.recycle(held, caller(call), call.state.now())
    made = _copy(call, source, parent, name, bool(with_history))
    drive_records.told(call, "FileCopied", source, drive_records.target(call, made))
    return made


def _copy(call: Call, source: Item, parent: Item, name: str, with_history: bool) -> Item:
    files, now = call.state.files, call.state.now()
    inside = files.children(source) if source.kind == FOLDER else []
    made = files.add(parent, name, source.kind, caller(call), now)
    kept = source.versions if with_history else source.versions[:1]
    made.versions = [replace(each) if with_history else replace(each, id="1.0") for each in kept]
    for each in inside:
        _copy(call, each, made, each.name, with_history)
    return made


ROUTES = [route("POST", way, charged(LISTING, copied), *WRITE) for way in ways("/copy")]
