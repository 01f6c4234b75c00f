"""The team's log: who signed in, and what members and admins did."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Activity, Answer, Capability, Client, Cursor, Page, changes
from connectors.dropbox import mapping
from connectors.dropbox.errors import error_of
from connectors.dropbox.reading import ask, document, rows_of
from connectors.dropbox.scopes import EVENTS

BACK_FILL = timedelta(days=30)
OVERLAP = timedelta(hours=24)
"""Dropbox lists an event within a day after it happened: who begins by a time has to look so far back."""
LIMIT = 1000

Place = dict[str, Any]


@changes(
    Activity,
    title="Activity log",
    every=timedelta(minutes=1),
    serves=(Capability.SIGN_IN_ACTIVITY, Capability.USER_ACTIVITY, Capability.ADMIN_ACTIVITY),
    permissions=(EVENTS,),
)
def team_log(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Cursor: {"cursor": Dropbox's, which later gives what is new, "newest": the time of the newest event seen}.

    Events come in no order, and a page without any may have others behind it.
    """
    at: Place = cursor or {"cursor": "", "newest": ""}
    has_more = True
    while has_more:
        answer = _read(client, at)
        found = document(answer, "cursor", "has_more")
        records = mapping.events(rows_of(answer, "events", "event_type"))
        newest = max((at["newest"], *(each.occurred_at.isoformat() for each in records)))
        at, has_more = {"cursor": found["cursor"], "newest": newest}, found["has_more"]
        yield Page(records, at)


def _read(client: Client, at: Place) -> Answer:
    """Goes on at the cursor. One that Dropbox no longer knows is given up for a time, which only repeats events."""
    if not at["cursor"]:
        return _since(client, client.now() - BACK_FILL)
    answer = ask(client, "team_log/get_events/continue", {"cursor": at["cursor"]}, expect=(409,))
    if answer.status != 409:
        return answer
    return _since(client, mapping.moment(error_of(answer).get("reset")) or _overlapping(client, at))


def _overlapping(client: Client, at: Place) -> datetime:
    newest = mapping.moment(at["newest"])
    return newest - OVERLAP if newest else client.now() - BACK_FILL


def _since(client: Client, moment: datetime) -> Answer:
    start = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ask(client, "team_log/get_events", {"limit": LIMIT, "time": {"start_time": start}})
