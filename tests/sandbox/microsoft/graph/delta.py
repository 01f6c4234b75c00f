"""Changes since a caller looked last: all there is in a first round, then what has changed; tokens live a week."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.changes import Change, What
from tests.sandbox.microsoft.graph import query
from tests.sandbox.microsoft.graph.collections import ROOT
from tests.sandbox.microsoft.graph.filtering import condition
from tests.sandbox.microsoft.graph.kinds import Kind
from tests.sandbox.microsoft.graph.refusals import GraphRefusal, bad

LIFETIME = 7 * 86_400
DELTA = "$deltatoken"
OPTIONS = frozenset({"$select", "$filter", query.SKIP, DELTA})
STANDING = {What.CREATED, What.UPDATED}


@dataclass(frozen=True, slots=True)
class Tracked:
    """A collection with changes. `rows`: those that are there now. `get`: one of them, None when it is gone.
    `members`: the ids of a row's members, where they are followed. `kind`: of the changes."""

    context: str
    kind: str
    properties: Kind | None
    rows: Callable[[Call], Sequence[Any]]
    get: Callable[[Call, str], Any]
    shape: Callable[[Any], dict[str, Json]]
    removed: Callable[[Call], Sequence[str]] = lambda call: ()
    members: Callable[[Call, str], Sequence[Json]] | None = None


def answer(call: Call, tracked: Tracked) -> Answer:
    """The token is the caller's only argument in all rounds but the first."""
    query.check_names(call.request, OPTIONS)
    token = call.request.parameter(DELTA)
    if token == "latest":
        return _page(call, tracked, _state(call, since=call.state.directory.changes.last), [], is_last=True)
    held = query.unpacked(token or call.request.parameter(query.SKIP)) if _is_continued(call) else _state(call)
    _check_life(call, held)
    if held["upto"] is None:
        held["upto"] = call.state.directory.changes.last
    is_first = held["since"] is None
    rows = _first_round(call, tracked, held) if is_first else _changed(call, tracked, held)
    size = call.state.delta_page
    at = query.place(rows, int(held["at"]), held["first"]) if held["at"] else 0
    page = [_shape(call, tracked, held, each) if is_first else each for each in rows[at : at + size]]
    is_last = at + size >= len(rows)
    first = "" if is_last else query.id_of(rows[at + size])
    return _page(call, tracked, {**held, "at": at + size, "first": first}, page, is_last=is_last)


def _is_continued(call: Call) -> bool:
    return bool(call.request.parameter(DELTA) or call.request.parameter(query.SKIP))


def _state(call: Call, since: int | None = None) -> dict[str, Json]:
    """What a round goes by. `since`: None in the first one; `upto`: what the round after begins with."""
    last = call.state.directory.changes.last
    return {
        "since": since,
        "upto": last,
        "at": 0,
        "first": "",
        "select": call.request.parameter("$select"),
        "filter": call.request.parameter("$filter"),
        "born": call.state.now(),
        "era": call.state.delta_era,
    }


def _check_life(call: Call, held: dict[str, Json]) -> None:
    is_alive = held["era"] == call.state.delta_era and held["born"] > call.state.now() - LIFETIME
    if is_alive:
        return
    kept = [(name, str(held[part])) for name, part in (("$select", "select"), ("$filter", "filter")) if held[part]]
    if call.state.forgets_with == 410:
        start = {"Location": query.link(call.request, [*kept, (DELTA, "")])}
        raise GraphRefusal(410, "resyncRequired", "Resync required. Start over from the Location.", headers=start)
    raise bad("The sync state generation is not found; initiate a full synchronization.", "syncStateNotFound")


def _first_round(call: Call, tracked: Tracked, held: dict[str, Json]) -> Sequence[Any]:
    """Not in their shape yet: only a page of them is shown."""
    rows = tracked.rows(call)
    if held["filter"]:
        wanted = condition(str(held["filter"]), {"id": "eq"})
        rows = [each for each in rows if wanted({"id": tracked.shape(each)["id"]})]
    gone = tracked.removed(call) if call.state.has_odd_deltas else []
    return [*(_removed(each, What.DELETED) for each in gone), *rows]


def _changed(call: Call, tracked: Tracked, held: dict[str, Json]) -> list[Json]:
    """Each object once, as it is now. Those whose changes concern no property that was asked for are left out."""
    by_id: dict[str, list[Change]] = {}
    for each in call.state.directory.changes.all[held["since"] : held["upto"]]:
        if each.kind == tracked.kind:
            by_id.setdefault(each.id, []).append(each)
    wanted = condition(str(held["filter"]), {"id": "eq"})
    rows = [_row(call, tracked, held, each, changes) for each, changes in by_id.items() if wanted({"id": each})]
    told = [each for each in rows if each is not None]
    return [*told, *told[-1:]] if call.state.has_odd_deltas else told


def _row(call: Call, tracked: Tracked, held: dict[str, Json], object_id: str, changes: list[Change]) -> Json:
    found = tracked.get(call, object_id)
    if found is None:
        return _removed(object_id, changes[-1].what)
    names = _names(held)
    shape = _shape(call, tracked, held, found)
    if any(each.what is What.CREATED for each in changes):
        return shape
    changed = {name for each in changes if each.what is What.UPDATED for name in each.names}
    members = _members(call, tracked, changes) if "members" in names else {}
    if names and not changed & set(names) and not members:
        return None
    if call.prefers("return=minimal"):
        shape = {name: value for name, value in shape.items() if name in changed or name == "id"}
    return {**{name: value for name, value in shape.items() if name != "members@delta"}, **members}


def _removed(object_id: str, what: What) -> Json:
    return {"id": object_id, "@removed": {"reason": "deleted" if what is What.PURGED else "changed"}}


def _shape(call: Call, tracked: Tracked, held: dict[str, Json], found: Any) -> dict[str, Json]:
    """With the properties that were selected; what has no value is left out."""
    if isinstance(found, dict) and "@removed" in found:
        return found
    names, shape = _names(held), tracked.shape(found)
    kind = tracked.properties
    wanted = names or (kind.default if kind else tuple(shape))
    kept = {name: shape[name] for name in wanted if shape.get(name) is not None and name != "members"}
    if "members" in names and tracked.members:
        kept["members@delta"] = list(tracked.members(call, shape["id"]))
    return {"id": shape["id"], **kept}


def _members(call: Call, tracked: Tracked, changes: list[Change]) -> dict[str, Json]:
    moved = {name: each.what for each in changes if each.what not in STANDING for name in each.names}
    if not moved or tracked.members is None:
        return {}
    rows = []
    for object_id, what in moved.items():
        found = call.state.directory.objects.get(object_id) or call.state.directory.deleted.get(object_id)
        row: Json = {"@odata.type": f"#microsoft.graph.{found.kind if found else 'directoryObject'}", "id": object_id}
        rows.append({**row, "@removed": {"reason": "deleted"}} if what is What.MEMBER_REMOVED else row)
    return {"members@delta": rows}


def _names(held: dict[str, Json]) -> list[str]:
    return [each.strip() for each in str(held["select"]).split(",") if each.strip()]


def _page(call: Call, tracked: Tracked, held: dict[str, Json], rows: list[Json], *, is_last: bool) -> Answer:
    names = _names(held)
    for name in names:
        if tracked.properties and not tracked.properties.knows(name):
            raise bad(f"Could not find a property named '{name}'.", "BadRequest")
        if name == "signInActivity":
            raise bad("'signInActivity' cannot be followed by delta.", query.UNANSWERABLE)
    columns = f"({','.join(names)})" if names else ""
    body: dict[str, Json] = {"@odata.context": f"{ROOT}{tracked.context}{columns}"}
    if is_last:
        following = {**held, "since": held["upto"], "at": 0, "first": "", "born": call.state.now()}
        body["@odata.deltaLink"] = query.link(call.request, [(DELTA, query.packed({**following, "upto": None}))])
    else:
        body["@odata.nextLink"] = query.link(call.request, [(query.SKIP, query.packed(held))])
    return Answer.of_json({**body, "value": rows})
