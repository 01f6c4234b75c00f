"""The two feeds of what happened in the enterprise."""

import bisect
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.sandbox.box import moments
from tests.sandbox.box.call import Call
from tests.sandbox.box.event_log import STREAM_BASE, Entry
from tests.sandbox.box.people import REPORTS
from tests.sandbox.box.refusal import Refusal, invalid
from tests.sandbox.box.router import route
from tests.sandbox.exchange import Answer

DAY = 86_400
HISTORY_DAYS = 365
STREAM_DAYS = 14
MOST = 500


def listed(call: Call) -> Answer:
    kind = call.request.parameter("stream_type", "all")
    if kind not in ("admin_logs", "admin_logs_streaming"):
        raise Refusal(400, "bad_request", f"The sandbox has no feed of type {kind}")
    call.need(REPORTS)
    limit = call.limit(100, MOST)
    wanted = {each for each in call.request.parameter("event_type").split(",") if each}
    return _history(call, limit, wanted) if kind == "admin_logs" else _stream(call, limit, wanted)


def _answer(call: Call, entries: Sequence[Entry], position: int) -> Answer:
    """Positions lie above 2^53, so they are text; some answers of Box hold numbers nevertheless."""
    told = [each.event for each in entries]
    following = position if call.state.tells_positions_as_numbers else str(position)
    return Answer.of_json({"chunk_size": len(told), "next_stream_position": following, "entries": told})


def _history(call: Call, limit: int, wanted: set[str]) -> Answer:
    """By the event's time, in the window asked for. A page ends with the day, so it may hold fewer than `limit` with
    more to come; an empty one says position "0"."""
    now, log = call.state.now(), call.state.log.history
    text = call.request.parameter("stream_position") or "0"
    if text == "now":
        return _answer(call, [], int(now * 1000) * 1_000_000)
    since = max(now - HISTORY_DAYS * DAY, _moment(call, "created_after", 0.0))
    until = min(now - call.state.history_delay, _moment(call, "created_before", now))
    after = _position(text)
    begin = bisect.bisect_left(log, max(int(since * 1000) * 1_000_000, after + 1), key=lambda each: each.position)
    end = bisect.bisect_right(log, int(until * 1000) * 1_000_000 + 999_999, key=lambda each: each.position)
    found: list[Entry] = []
    for entry in log[begin:end]:
        if wanted and entry.event["event_type"] not in wanted:
            continue
        if len(found) == limit or (found and _day(entry) != _day(found[0])):
            break
        found.append(entry)
    return _answer(call, found, found[-1].position if found else 0)


def _day(entry: Entry) -> object:
    return datetime.fromtimestamp(entry.at, UTC).date()


def _stream(call: Call, limit: int, wanted: set[str]) -> Answer:
    """As they were written down, held back a little; what is older than two weeks is not there any more."""
    now, log = call.state.now(), call.state.log.stream
    visible = _visible(log, now - call.state.stream_delay)
    text = call.request.parameter("stream_position") or "0"
    if text == "now":
        return _answer(call, [], STREAM_BASE + visible)
    at = max(_position(text) - STREAM_BASE, _first_since(log, now - STREAM_DAYS * DAY))
    found: list[Entry] = []
    while at < visible and len(found) < limit:
        if not wanted or log[at].event["event_type"] in wanted:
            found.append(log[at])
        at += 1
    return _answer(call, found, STREAM_BASE + at)


def _visible(log: list[Entry], until: float) -> int:
    """How many entries from the beginning on were written down by then."""
    hidden = 0
    while hidden < len(log) and log[-1 - hidden].recorded_at > until:
        hidden += 1
    return len(log) - hidden


def _first_since(log: list[Entry], since: float) -> int:
    return next((number for number, each in enumerate(log) if each.recorded_at >= since), len(log))


def _position(text: str) -> int:
    if not text.isdigit():
        raise invalid("stream_position", f"Invalid value '{text}'.")
    return int(text)


def _moment(call: Call, name: str, default: float) -> float:
    text = call.request.parameter(name)
    if not text:
        return default
    try:
        return moments.read(text)
    except ValueError:
        raise invalid(name, f"Invalid value '{text}'.") from None


ROUTES = [route("GET", "/events", listed, "manage_enterprise_properties")]
