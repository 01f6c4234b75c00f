"""Objects of any type, by their ids."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.objects import USER, DirectoryObject
from tests.sandbox.microsoft.graph.bodies import body_of
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.refusals import bad, denied, missing
from tests.sandbox.microsoft.graph.shapes import READERS, brief
from tests.sandbox.microsoft.graph.user_actions import MANAGES, check_reach, remove
from tests.sandbox.microsoft.router import route

MOST = 1000


def by_ids(call: Call) -> Answer:
    """Those that do not exist are left out."""
    body = body_of(call)
    ids, types = body.get("ids"), body.get("types")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST:
        raise bad("Invalid number of ids: between 1 and 1000 are taken.")
    found = [call.state.directory.objects.get(str(each)) for each in ids]
    rows = [each for each in found if each is not None and (not types or each.kind in types)]
    return collection(call, "directoryObjects", rows, lambda each: brief(call, each), default=MOST, most=MOST)


def shown(call: Call) -> Answer:
    return entity(call, "directoryObjects", brief(call, _named(call)))


def deleted(call: Call) -> Answer:
    found = _named(call)
    if found.kind != USER or not call.may(*MANAGES):
        raise denied()
    check_reach(call, found)
    remove(call, found)
    return Answer(204)


def _named(call: Call) -> DirectoryObject:
    found = call.state.directory.objects.get(call.parameters["object_id"])
    if found is None:
        raise missing(call.parameters["object_id"])
    return found


ANY = tuple(sorted({name for names in READERS.values() for name in names}))
ROUTES = [
    route("POST", "/directoryObjects/getByIds", by_ids, *ANY),
    route("GET", "/directoryObjects/{object_id}", shown, *ANY),
    route("DELETE", "/directoryObjects/{object_id}", deleted, *MANAGES),
]
