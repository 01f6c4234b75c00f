"""The enterprise's events: first the history, week by week, then the live stream.

The live stream is where changes are seen at once, but it knows no dates, keeps two weeks and tells some events twice.
The history is in the order of time and complete, but late: events may arrive after their week was read. So the place in
the live stream is taken first, then the history is read up to that moment, then the stream from that place on; and once
a day the history of the last two days is read again, which heals what the stream left out. What is read twice is one
row, as both streams give an event the same id and time.

Cursor: {"position": place in the live stream, a text of digits that fits no number, "polled": when the stream had been
read to its end, "healed": when the last history was begun, "history": null, or {"from", "to": moments, "at": place in
the first week of it}}.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Client, Cursor
from connectors.box.mapping import moment
from connectors.box.reading import Row, document, entries

PATH = "/events"
HISTORY, LIVE = "admin_logs", "admin_logs_streaming"
NOWHERE = "0"
"""The beginning of everything: no place to go on from."""
WINDOW = timedelta(days=7)
SEAM = timedelta(seconds=1)
"""By how much windows overlap: whether their ends belong to them Box does not say."""
STREAM_KEEPS = timedelta(days=13)
"""Box says two weeks; who was away for longer reads the history."""

Place = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """`back_fill`: how much history a first run reads. `heals`: how often, and how much of it is read again."""

    back_fill: timedelta
    heals_every: timedelta | None = None
    heals: timedelta = timedelta()
    types: tuple[str, ...] = ()
    """Types of events to ask for; all where it is empty. Box can filter by some of its types alone."""
    limit: int = 500
    """Events in one batch; Box gives no more than 500."""


def batches(client: Client, cursor: Cursor, plan: Plan) -> Iterator[tuple[list[Row], Place]]:
    """Events, oldest first, each batch with the cursor after it."""
    at = _begun(client, cursor, plan)
    while at["history"]:
        rows, at = _of_history(client, at, plan)
        yield rows, at
    while True:
        answer = _ask(client, plan, LIVE, stream_position=at["position"])
        rows = entries(answer)
        if not rows:
            # What Box says now may be another position for the same place; the one that is known is good.
            yield [], {**at, "polled": client.now().isoformat()}
            return
        following = position_in(document(answer))
        if following in (NOWHERE, at["position"]):
            yield rows, at
            return
        at = {**at, "position": following}
        yield rows, at


def check_readable(client: Client) -> None:
    """Raises PermissionMissing where events are not shown to this connection."""
    _now(client)


def position_in(found: Mapping[str, Any]) -> str:
    """Text or a number beyond what fits a float; kept as text."""
    return str(found.get("next_stream_position") or NOWHERE)


def _begun(client: Client, cursor: Cursor, plan: Plan) -> Place:
    now = client.now()
    if cursor is None:
        return _anew(client, now - plan.back_fill)
    at = dict(cursor)
    if at["history"]:
        return at
    polled, healed = moment(at["polled"]), moment(at["healed"])
    if polled is None or now - polled > STREAM_KEEPS:
        return _anew(client, (polled or now - plan.back_fill) - SEAM)
    if plan.heals_every and (healed is None or now - healed >= plan.heals_every):
        return {**at, "healed": now.isoformat(), "history": _history(now - plan.heals, now)}
    return at


def _anew(client: Client, since: datetime) -> Place:
    position, now = _now(client), client.now()
    return {"position": position, "polled": now.isoformat(), "healed": now.isoformat(), "history": _history(since, now)}


def _history(since: datetime, until: datetime) -> Place:
    return {"from": since.isoformat(), "to": until.isoformat(), "at": ""}


def _of_history(client: Client, at: Place, plan: Plan) -> tuple[list[Row], Place]:
    """One page of the first week of what is still to be read."""
    history = at["history"]
    start, end = datetime.fromisoformat(history["from"]), datetime.fromisoformat(history["to"])
    until = min(start + WINDOW, end)
    asked = {"created_after": start.isoformat(), "created_before": until.isoformat()}
    if history["at"]:
        asked["stream_position"] = history["at"]
    answer = _ask(client, plan, HISTORY, **asked)
    rows, position = entries(answer), position_in(document(answer))
    # An empty page of the history says so.
    if rows and position not in (NOWHERE, history["at"]):
        return rows, {**at, "history": {**history, "at": position}}
    if until < end:
        return rows, {**at, "history": {**history, "from": (until - SEAM).isoformat(), "at": ""}}
    return rows, {**at, "history": None}


def _now(client: Client) -> str:
    answer = client.get(PATH, params={"stream_type": LIVE, "stream_position": "now", "limit": 1})
    return str(document(answer, "next_stream_position")["next_stream_position"])


def _ask(client: Client, plan: Plan, stream: str, **params: str) -> Any:
    asked = {"stream_type": stream, "limit": plan.limit, **params}
    if plan.types:
        asked["event_type"] = ",".join(plan.types)
    return client.get(PATH, params=asked)
