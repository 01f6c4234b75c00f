"""What was deleted and can be restored for thirty days."""

from collections.abc import Callable

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.audit_log import TYPES, target
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.refusals import denied, missing
from tests.sandbox.microsoft.graph.shapes import KINDS, READERS, brief, shape
from tests.sandbox.microsoft.router import Route, route

KEPT = 30 * 86_400
WRITERS = {
    "user": ("User.ReadWrite.All", "Directory.ReadWrite.All"),
    "group": ("Group.ReadWrite.All", "Directory.ReadWrite.All"),
    "servicePrincipal": ("Application.ReadWrite.All", "Directory.ReadWrite.All"),
    "application": ("Application.ReadWrite.All", "Directory.ReadWrite.All"),
}
EVERY = tuple(sorted({name for names in WRITERS.values() for name in names}))


def listed(kind: str) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        rows = [each for each in kept(call) if each.kind == kind]
        return collection(call, f"{kind}s", rows, shape, KINDS[kind])

    return answer


def kept(call: Call) -> list[DirectoryObject]:
    """What is older than thirty days is gone for good, as soon as anybody looks."""
    since = call.state.now() - KEPT
    for each in list(call.state.directory.deleted.values()):
        if (each.deleted_at or 0.0) < since:
            call.state.directory.purge(each)
    return list(call.state.directory.deleted.values())


def shown(call: Call) -> Answer:
    return entity(call, "directoryObjects", brief(call, _named(call)))


def restored(call: Call) -> Answer:
    found = _to_change(call)
    call.state.directory.restore(found)
    call.record(f"Restore {TYPES[found.kind].lower()}", f"{TYPES[found.kind]}Management", "Update", target(found))
    return entity(call, "directoryObjects", brief(call, found))


def purged(call: Call) -> Answer:
    found = _to_change(call)
    call.state.directory.purge(found)
    call.record(f"Hard Delete {TYPES[found.kind].lower()}", f"{TYPES[found.kind]}Management", "Delete", target(found))
    return Answer(204)


def _named(call: Call) -> DirectoryObject:
    found = next((each for each in kept(call) if each.id == call.parameters["object_id"]), None)
    if found is None:
        raise missing(call.parameters["object_id"])
    return found


def _to_change(call: Call) -> DirectoryObject:
    found = _named(call)
    if not call.may(*WRITERS[found.kind]):
        raise denied()
    return found


ITEM = "/directory/deletedItems/{object_id}"
ROUTES: list[Route] = [
    *(route("GET", f"/directory/deletedItems/microsoft.graph.{kind}", listed(kind), *READERS[kind]) for kind in KINDS),
    route("GET", ITEM, shown, *sorted({name for names in READERS.values() for name in names})),
    route("POST", f"{ITEM}/restore", restored, *EVERY),
    route("DELETE", ITEM, purged, *EVERY),
]
