"""What is in a drive, and what has changed since."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import Drive, Item
from tests.sandbox.microsoft.graph import drive_shapes, query
from tests.sandbox.microsoft.graph.collections import ROOT
from tests.sandbox.microsoft.graph.drive_access import LISTING, READ, SINGLE, charged, drive, invalid
from tests.sandbox.microsoft.graph.drive_sharing import effective
from tests.sandbox.microsoft.graph.refusals import GraphRefusal
from tests.sandbox.microsoft.router import route

BEGINNING = 0


def asked(call: Call) -> Answer:
    """Pages of what has changed after the token, in the order of the last changes; the last page has a token for next
    time. Without a token everything is listed. What changes meanwhile comes in the next round."""
    held = drive(call)
    text = call.request.parameter("token") or call.parameters.get("token", "")
    if text == "latest":
        return _answer(call, [], {"since": held.changes, "until": 0, "at": held.changes}, is_last=True)
    place = _place(held, text)
    if place["since"] < held.forgets and place["since"] != BEGINNING:
        raise _forgotten(call)
    until = place["until"] or held.changes
    size = min(query.top(call.request, call.state.files.largest_page, 1000), call.state.files.largest_page)
    rows = list(islice(_changed(call, held, place["since"], place["at"], until), size + 1))
    shown = rows[:size]
    if len(rows) > size:
        place = {"since": place["since"], "until": until, "at": shown[-1].changed}
        return _answer(call, shown, place, is_last=False)
    return _answer(call, shown, {"since": place["since"], "until": 0, "at": until}, is_last=True)


def _place(held: Drive, text: str) -> dict[str, int]:
    """`since`: the change that the round began with; `at`: the last one told; `until`: the last one of the round."""
    if not text:
        return {"since": BEGINNING, "until": 0, "at": BEGINNING}
    if "-" in text and ":" in text:
        since = _change_at(held, text)
        return {"since": since, "until": 0, "at": since}
    found = query.unpacked(text)
    if found.get("drive") != held.id:
        raise invalid("The token belongs to another drive.")
    return {name: int(found[name]) for name in ("since", "until", "at")}


def _change_at(held: Drive, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        raise invalid("The token is no time.") from None
    return max((each.number for each in held.log if each.at <= moment), default=BEGINNING)


def _changed(call: Call, held: Drive, since: int, at: int, until: int) -> Iterator[Item]:
    """A first round has nothing that is deleted."""
    files = call.state.files
    for each in files.changed(held, at, until):
        if since != BEGINNING or (each.id in files.items and files.is_live(each)):
            yield each


def _answer(call: Call, rows: list[Item], place: dict[str, int], *, is_last: bool) -> Answer:
    told = [_shape(call, each, place["since"]) for each in _with_parents(call, rows, place["since"])]
    if is_last:
        place = {"since": place["at"], "until": 0, "at": place["at"]}
    token = query.packed({**place, "drive": call.parameters["drive_id"]})
    kept = [(name, value) for name, value in call.request.query if name != "token"]
    path = call.request.path.partition("(token=")[0]
    link = query.link(replace(call.request, path=path), [*kept, ("token", token)])
    body: dict[str, Json] = {"@odata.context": f"{ROOT}Collection(driveItem)", "value": told}
    body["@odata.deltaLink" if is_last else "@odata.nextLink"] = link
    return Answer.of_json(body)


def _with_parents(call: Call, rows: list[Item], since: int) -> list[Item]:
    """Folders come before what lies in them, also those that have not changed, unless they are not wanted."""
    if since != BEGINNING and call.prefers("deltaExcludeParent"):
        return rows
    known: dict[str, Item] = {}
    for each in rows:
        for folder in call.state.files.ancestors(each):
            if since != BEGINNING or folder.changed > each.changed:
                known.setdefault(folder.id, folder)
        known.pop(each.id, None)
        known[each.id] = each
    return list(known.values())


def _shape(call: Call, found: Item, since: int) -> dict[str, Json]:
    files, select = call.state.files, call.request.parameter("$select")
    if found.id not in files.items or not files.is_live(found):
        return drive_shapes.narrowed(_gone(call, found), select)
    shape = drive_shapes.item(call.state, found, has_path=False)
    facet = _shared(call, found)
    if facet is not None:
        shape["shared"] = facet
    if call.prefers("deltashowsharingchanges") and since != BEGINNING and found.shared_changed > since:
        shape["@microsoft.graph.sharedChanged"] = "True"
    if "permissions" in call.request.parameter("$expand"):
        held = effective(files, found)
        shape["permissions"] = [drive_shapes.permission(files, each, holder, found) for holder, each in held]
    return drive_shapes.narrowed(shape, select)


def _shared(call: Call, found: Item) -> dict[str, Json] | None:
    """With hierarchicalsharing only where permissions begin; empty where some were taken away."""
    files = call.state.files
    if not call.prefers("hierarchicalsharing"):
        return drive_shapes.shared(files, [each for _, each in effective(files, found)])
    own = drive_shapes.shared(files, found.permissions)
    if own is None and (found.was_shared or found.is_unique):
        return {}
    return own


def _gone(call: Call, found: Item) -> dict[str, Json]:
    """Without its name."""
    kind: dict[str, Json] = {"folder": {}} if found.kind == "folder" else {"file": {}}
    reference = {"driveId": found.drive_id, **({"id": found.parent_id} if found.parent_id else {})}
    return {"id": found.id, "parentReference": reference, "deleted": {"state": "deleted"}, **kind}


def _forgotten(call: Call) -> GraphRefusal:
    kept = [(name, value) for name, value in call.request.query if name != "token"]
    link = query.link(call.request, kept)
    return GraphRefusal(
        410, "resyncChangesApplyDifferences", "Resync required.", headers={"Location": link.rstrip("?")}
    )


def _price(call: Call) -> int:
    return SINGLE if call.request.parameter("token") or "token" in call.parameters else LISTING


ROUTES = [
    route("GET", f"/drives/{{drive_id}}/{root}/{function}", charged(_price, asked), *READ)
    for root in ("root", "items/root")
    for function in ("delta()", "delta(token='{token}')")
]
