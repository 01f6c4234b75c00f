"""Graph's reports (directory audits, sign-ins), read by time, one window after the other.

Their filters know `ge` and `le` alone, so windows share their border, and Graph lists an event up to hours late, so
each pass begins some hours before the end of the last one. What is read twice is one row, as its id and time are the
same. A window that Graph cannot answer in time is halved for the next try, down to an hour.

Place: {"until": to where all was read, '' before the first pass, "from": where the window begins, "to": where the pass
ends, both '' between passes, "link": address of the next page in the window, "again": whether the window was begun
anew, as that address was not known any more, "minutes": how long windows are}.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Client, CursorExpired, Unavailable
from connectors.office365.reading import Listed, Listing, Row

OVERLAP = timedelta(hours=3)
KEPT = timedelta(days=30)
"""With Entra ID P1; without it Graph has seven days of directory audits, and gives those."""
LONGEST, SHORTEST = 24 * 60, 60
"""Minutes of a window."""

Place = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """`time`: the member that windows are cut by. `size`: rows of a page, so that one is a few megabytes at most."""

    path: str
    time: str
    size: int


def begin(until: str = "") -> Place:
    return {"until": until, "from": "", "to": "", "link": "", "again": False, "minutes": LONGEST}


def batches(client: Client, report: Report, at: Place, floor: str = "") -> Iterator[tuple[list[Row], Place]]:
    """Each page with the place after it; an empty one at the end. `floor`: nothing before it is read."""
    if not at["to"] and at["until"] == _text(client.now()):
        yield [], at  # all was read to this very second
        return
    if not at["to"]:
        at = {**at, "from": _start(client, at, floor), "to": _text(client.now()), "link": ""}
    while at["from"] < at["to"]:
        end = min(_text(datetime.fromisoformat(at["from"]) + timedelta(minutes=at["minutes"])), at["to"])
        try:
            page = _page(client, report, at, end)
        except CursorExpired:
            if not at["link"] or at["again"]:
                raise
            at = {**at, "link": "", "again": True}
            continue
        except Unavailable:
            if at["minutes"] > SHORTEST:
                yield [], {**at, "link": "", "minutes": max(at["minutes"] // 2, SHORTEST)}
            raise
        if page.next:
            at = {**at, "link": page.next}
        else:
            at = {**at, "from": end, "link": "", "again": False, "minutes": min(at["minutes"] * 2, LONGEST)}
        yield page.rows, at
    yield [], {**at, "until": at["to"], "from": "", "to": ""}


def _page(client: Client, report: Report, at: Place, end: str) -> Listed:
    asked = {"$filter": f"{report.time} ge {at['from']} and {report.time} le {end}", "$top": report.size}
    return Listing(report.path, asked, needed=()).page(client, at["link"])


def _start(client: Client, at: Place, floor: str) -> str:
    oldest = client.now() - KEPT
    start = datetime.fromisoformat(at["until"]) - OVERLAP if at["until"] else oldest
    return max(_text(max(start, oldest)), floor)


def _text(moment: datetime) -> str:
    """As filters want it; such texts sort by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
