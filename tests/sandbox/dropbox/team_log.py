"""Routes: the team's log."""

from itertools import chain

from tests.sandbox.clock import iso
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import read, write
from tests.sandbox.dropbox.refusal import Refusal, refused
from tests.sandbox.dropbox.routes import Route, team_route
from tests.sandbox.dropbox.unions import nested
from tests.sandbox.exchange import Json

LOOKED_AT = 100
"""How many entries of the log one call looks at: where a filter fits none, the page is empty and there is more."""


def _get(call: Call) -> Json:
    arguments = call.arguments
    time = arguments.optional("time", ("start_time", "end_time"))
    start, end = time.moment("start_time"), time.moment("end_time")
    filters = {
        "category": _tag(call, "category"),
        "event_type": _tag(call, "event_type"),
        "account_id": arguments.text("account_id", ""),
        "start": iso(start) if start is not None else "",
        "end": iso(end) if end is not None else "",
    }
    if filters["category"] and filters["event_type"]:
        raise refused("invalid_filters")
    if start is not None and end is not None and start >= end:
        raise refused("invalid_time_range")
    account_id = filters["account_id"]
    if account_id and call.state.member_of_account(account_id) is None:
        raise refused("account_id_not_found")
    return _page(call, 0, call.page_size(), filters)


def _continue(call: Call) -> Json:
    values = read("events", call.arguments.text("cursor"))
    if values is None:
        raise refused("bad_cursor")
    log = call.state.log
    if values["generation"] != log.generation:
        raise Refusal(nested("reset", iso(log.resume_at)))
    return _page(call, values["position"], values["limit"], values["filters"])


def _tag(call: Call, name: str) -> str:
    value = call.arguments.values.get(name)
    if value is None:
        return ""
    tag = value.get(".tag") if isinstance(value, dict) else value
    if not isinstance(tag, str):
        raise call.arguments.bad("expected a tag", name)
    return tag


def _page(call: Call, position: int, limit: int, filters: dict[str, str]) -> Json:
    """Neighbours change places: the order is not that of the times."""
    log = call.state.log
    end = min(position + min(limit, LOOKED_AT), log.arrived())
    found = [each.event for each in log.entries[position:end] if _fits(call, each.event, filters)]
    pairs = (found[number : number + 2][::-1] for number in range(0, len(found), 2))
    cursor = write("events", position=end, limit=limit, filters=filters, generation=log.generation)
    return {"events": list(chain.from_iterable(pairs)), "cursor": cursor, "has_more": end < log.arrived()}


def _fits(call: Call, event: Json, filters: dict[str, str]) -> bool:
    category = event["event_category"][".tag"]
    has_files = call.state.features["has_team_file_events"]
    account_id = filters["account_id"]
    return (
        (has_files or category != "file_operations")
        and filters["category"] in ("", category)
        and filters["event_type"] in ("", event["event_type"][".tag"])
        and (not filters["start"] or event["timestamp"] >= filters["start"])
        and (not filters["end"] or event["timestamp"] < filters["end"])
        and (not account_id or account_id in _accounts(event))
    )


def _accounts(event: Json) -> set[str]:
    """Of actor, context and participants."""
    actor = event.get("actor", {})
    users = [actor.get(actor.get(".tag"), {}), event.get("context", {})]
    users += [each.get("user", {}) for each in event.get("participants", [])]
    return {each["account_id"] for each in users if "account_id" in each}


ROUTES: list[Route] = [
    team_route("team_log/get_events", _get, "events.read", "limit account_id time category event_type"),
    team_route("team_log/get_events/continue", _continue, "events.read", "cursor"),
]
