"""Where sign-ins come from: Graph's report, or, without Entra ID P1, the activity feed. Never both of one time.

The place says which times Graph covers, and the activity feed is listened to outside of them alone. A tenant without
P1 is asked daily whether it has it by now. Once Graph shows a sign-in, it covers all from that moment on; records from
before it, which the activity feed may give a day late, are still taken from there. A tenant that loses P1 is read from
the activity feed from where Graph's report ended.

Place: {"graph": place in the report, null while the tenant has none, "feed": place in the activity feed, null where it
is not read, "covered": [[from, to]] that Graph tells of, '' for no end, "looked": when P1 was last asked for}.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Client
from connectors.office365 import activity_content, report_windows
from connectors.office365.activity_content import Batch, Lost
from connectors.office365.mapping import moment, number
from connectors.office365.reading import Listing, Row
from connectors.office365.refusals import NotPremium
from connectors.office365.report_windows import Report

REPORT = Report("/auditLogs/signIns", "createdDateTime", 500)
CONTENT_TYPE = "Audit.AzureActiveDirectory"
SIGN_INS = (9, 15)
"""Numbers of records that tell of sign-ins. Those of what admins do are Graph's directory audits."""
LOOK_EVERY = timedelta(days=1)
LATE = timedelta(days=1)
"""By how much the activity feed may be behind."""

Place = dict[str, Any]


def begin() -> Place:
    return {"graph": report_windows.begin(), "feed": None, "covered": [["", ""]], "looked": ""}


def pages(client: Client, at: Place) -> Iterator[tuple[list[Row], list[Row], Lost | None, Place]]:
    """Rows of the report, records of the activity feed, what was lost of them, and the place after."""
    if at["graph"] is None:
        at = _looked_for_premium(client, at)
    if at["graph"] is not None:
        try:
            for rows, place in report_windows.batches(client, REPORT, at["graph"], at["covered"][-1][0]):
                at = {**at, "graph": place}
                yield rows, [], None, at
        except NotPremium:
            at = _without_graph(client, at)
    if at["feed"] is not None:
        for batch in activity_content.batches(client, CONTENT_TYPE, at["feed"]):
            at = {**at, "feed": batch.place}
            yield [], _wanted(batch, at), batch.lost, at
        yield [], [], None, _drained(client, at)


def _looked_for_premium(client: Client, at: Place) -> Place:
    """Microsoft may need days until a new licence shows anything, so it counts once there is a sign-in."""
    now, looked = client.now(), moment(at["looked"])
    if looked and now - looked < LOOK_EVERY:
        return at
    at = {**at, "looked": now.isoformat()}
    try:
        found = Listing(REPORT.path, {"$top": 1}, needed=()).page(client).rows
    except NotPremium:
        return at
    if not found:
        return at
    start = _text(now)
    return {**at, "graph": report_windows.begin(start), "covered": [*at["covered"], [start, ""]]}


def _without_graph(client: Client, at: Place) -> Place:
    until = max(at["graph"]["from"], at["graph"]["until"])
    covered = [each for each in at["covered"][:-1] if _is_near(client, each[1])]
    if until:
        covered.append([at["covered"][-1][0], until])
    feed = at["feed"] or activity_content.begin(_content_time(until))
    return {"graph": None, "feed": feed, "covered": covered, "looked": client.now().isoformat()}


def _wanted(batch: Batch, at: Place) -> list[Row]:
    return [
        each
        for each in batch.rows
        if number(each.get("RecordType")) in SIGN_INS and not _is_covered(each, at["covered"])
    ]


def _is_covered(row: Row, covered: list[list[str]]) -> bool:
    found = moment(row.get("CreationTime"))
    when = _text(found) if found else ""
    return any(start <= when and (not end or when < end) for start, end in covered)


def _drained(client: Client, at: Place) -> Place:
    """The activity feed is left once Graph has covered everything for a day."""
    if at["graph"] is None or client.now() - datetime.fromisoformat(at["covered"][-1][0]) < LATE:
        return at
    return {**at, "feed": None, "covered": [["", ""]]}


def _is_near(client: Client, end: str) -> bool:
    return datetime.fromisoformat(end) > client.now() - activity_content.KEPT - LATE


def _content_time(until: str) -> str:
    return datetime.fromisoformat(until).isoformat() if until else ""


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
