"""Lists in pages, and single things, with the properties that were asked for."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.graph import query
from tests.sandbox.microsoft.graph.kinds import Kind

Shape = Callable[[Any], dict[str, Json]]
ROOT = "https://graph.microsoft.com/v1.0/$metadata#"


def collection(
    call: Call,
    context: str,
    rows: Sequence[Any],
    shape: Shape = dict,
    kind: Kind | None = None,
    *,
    default: int = 100,
    most: int = 999,
    allowed: frozenset[str] = query.ORDINARY,
) -> Answer:
    """A page of them. Without `kind` everything comes that the shape has, and $select leaves out the rest.

    Now and then (`State.empty_pages`) a page is empty though others follow.
    """
    query.check_names(call.request, allowed)
    names = query.selected(call.request, kind, is_list=True) if kind else _named(call)
    size = min(query.top(call.request, default, most), call.state.largest_page)
    at, is_after_empty = query.start(call, rows)
    if call.state.empty_pages and at and not is_after_empty and at < len(rows):
        return _page(call, context, names, [], query.next_link(call, rows, at, after_empty=True))
    shown = [narrowed(shape(each), names, kind) for each in rows[at : at + size]]
    more = query.next_link(call, rows, at + size) if at + size < len(rows) else ""
    return _page(call, context, names, shown, more)


def entity(call: Call, context: str, shape: dict[str, Json], kind: Kind | None = None) -> Answer:
    names = query.selected(call.request, kind, is_list=False) if kind else _named(call)
    marked = f"{ROOT}{context}{_columns(names)}/$entity"
    return Answer.of_json({"@odata.context": marked, **narrowed(shape, names, kind)})


def narrowed(shape: dict[str, Json], names: list[str] | None, kind: Kind | None) -> dict[str, Json]:
    """What was selected, or else the default set; members that are no properties (@...) stay. Without `kind` what the
    shape lacks is left out and not null."""
    if names is None and kind is None:
        return shape
    wanted = names if names is not None else kind.default if kind else ()
    kept = {name: shape.get(name, kind.nothing(name) if kind else None) for name in wanted if kind or name in shape}
    return {**{name: value for name, value in shape.items() if name.startswith("@")}, **kept}


def _named(call: Call) -> list[str] | None:
    return [each.strip() for each in call.request.parameter("$select").split(",") if each.strip()] or None


def _page(call: Call, context: str, names: list[str] | None, rows: list[Json], following: str) -> Answer:
    body: dict[str, Json] = {"@odata.context": f"{ROOT}{context}{_columns(names)}"}
    if following:
        body["@odata.nextLink"] = following
    return Answer.of_json({**body, "value": rows})


def _columns(names: list[str] | None) -> str:
    return f"({','.join(names)})" if names else ""
