"""The audit log."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Activity, Answer, Capability, Client, Cursor, Page, changes, next_page
from connectors.github import mapping
from connectors.github.budget import AUDIT_LOG
from connectors.github.reading import PER_PAGE, organisation_path, rows
from connectors.github.scopes import READ_ADMINISTRATION, READ_AUDIT_LOG

BACK_FILL = timedelta(days=180)
"""How far GitHub keeps the audit log; git events are kept 7 days."""
OVERLAP = timedelta(minutes=10)
"""Events arrive late and out of order; what is read twice is stored once."""
PAGE_ADDRESS_LASTS = timedelta(hours=1)
"""How long the address of a next page is trusted; GitHub does not say how long it lives."""
POLL = timedelta(minutes=5)


@changes(
    Activity,
    title="Audit log",
    every=POLL,
    serves=(Capability.SIGN_IN_ACTIVITY, Capability.USER_ACTIVITY, Capability.ADMIN_ACTIVITY),
    permissions=(READ_AUDIT_LOG, READ_ADMINISTRATION),
    limits=(AUDIT_LOG,),
)
def audit_log(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Web and git events, oldest first, from a little before the newest one seen.

    Cursor: {"newest": newest event seen, "next": address of the next page while a run goes on, "at": when that was
    given, "repeats": counters of the last page's events without an id, as equal ones follow each other}. The clock of
    the cursor is never moved past the newest event seen, since an empty answer may be followed by late events, and
    never past the present, for an event with a wrong date.
    """
    at: dict[str, Any] = dict(cursor or {})
    newest = mapping.moment(at.get("newest")) or client.now() - BACK_FILL
    repeats: dict[str, int] = dict(at.get("repeats") or {}) if at.get("next") else {}
    answer = _resumed(client, at) if at.get("next") else None
    if answer is None:
        repeats = {}
        answer = _first_events(client, newest - OVERLAP if cursor else newest)
    while True:
        counts = dict(repeats)
        events = [mapping.event(row, counts) for row in rows(answer)]
        repeats = {key: count for key, count in counts.items() if repeats.get(key) != count}
        newest = max([newest, *(each.occurred_at for each in events if each.occurred_at <= client.now())])
        url = next_page(answer)
        place: dict[str, Any] = {"newest": newest.isoformat(), "next": url}
        if url:
            place |= {"at": client.now().isoformat(), "repeats": repeats}
        yield Page(events, place)
        if not url:
            return
        answer = client.get(url)


def _first_events(client: Client, since: datetime) -> Answer:
    phrase = f"created:>={since.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    params = {**PER_PAGE, "phrase": phrase, "include": "all", "order": "asc"}
    return client.get(organisation_path(client, "/audit-log"), params=params)


def _resumed(client: Client, at: Mapping[str, Any]) -> Answer | None:
    """The next page of an interrupted run; None when its address is too old or refused, and the run starts anew."""
    given = mapping.moment(at.get("at"))
    if given is None or client.now() - given > PAGE_ADDRESS_LASTS:
        return None
    answer = client.get(at["next"], expect=(422,))
    return None if answer.status == 422 else answer
