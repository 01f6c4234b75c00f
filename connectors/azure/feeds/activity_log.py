"""What is done in Azure: the activity log of each subscription, and that of the tenant above them.

An operation that takes a while writes several events: Started, Accepted, Succeeded. They are one activity here, under
the id and the time of the event that ended it, so that each read tells the same. Whether an operation is over is not
known for a while: an event that begins one is kept back while it is younger than SETTLED, and told as begun only if
none that ends it was seen by then. So an operation of more than half an hour shows twice, as begun and as ended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.azure import api_versions, mapping
from connectors.azure.budget import READS
from connectors.azure.operation_words import is_waiting
from connectors.azure.reading import Row, listed
from connectors.azure.scopes import LOG_READER, READER
from connectors.azure.tree import partitions
from connectors.base import Activity, Capability, Client, Cursor, Page, changes

LOG = "/providers/Microsoft.Insights/eventtypes/management/values"
BACK_FILL = timedelta(days=90) - timedelta(hours=1)
"""Azure keeps it for ninety days and refuses to be asked for more."""
WIDEST, NARROWEST = timedelta(hours=23), timedelta(minutes=15)
OVERLAP = SETTLED = timedelta(minutes=30)
"""Events come late and in no certain order. With the overlap a window has less than a day."""
LOOK_BACK = timedelta(hours=24)
"""Once a day it is looked for events that came later than that."""
MOST_PAGES = 10
"""Of 200 events: a window that holds more is made smaller. All of it is looked at in one go."""
POLL = timedelta(minutes=5)
TENANT_EVENTS = " and eventChannels eq 'Admin, Operation'"


@dataclass(frozen=True, slots=True)
class Log:
    """`path`, and what has to stand in the filter beside the time. Azure takes a few forms of filters and no others."""

    path: str
    more: str = ""


@changes(
    Activity,
    title="Activity log",
    every=POLL,
    serves=(Capability.USER_ACTIVITY, Capability.ADMIN_ACTIVITY),
    permissions=(READER,),
    partitions=partitions,
    limits=("", READS),
)
def activity_log(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    yield from read_log(client, cursor, Log(f"/subscriptions/{partition}{LOG}"))


@changes(
    Activity,
    title="Activity log above the subscriptions",
    every=POLL,
    serves=(Capability.ADMIN_ACTIVITY,),
    permissions=(LOG_READER,),
    limits=("", READS),
)
def tenant_log(client: Client, cursor: Cursor) -> Iterator[Page]:
    """What is done to the tenant as a whole, such as a Global Administrator taking all rights."""
    yield from read_log(client, cursor, Log(LOG, TENANT_EVENTS))


def read_log(client: Client, cursor: Cursor, log: Log) -> Iterator[Page]:
    """Window after window, oldest first.

    Cursor: {"until": up to when it was read, "minutes": how wide windows are, "looked_back": when the last day was read
    anew}.
    """
    now = client.now()
    oldest = now - BACK_FILL
    at = cursor or {}
    until = max(mapping.moment(at.get("until")) or oldest, oldest)
    width = timedelta(minutes=at.get("minutes") or WIDEST.total_seconds() / 60)
    looked_back = mapping.moment(at.get("looked_back")) or now
    while True:
        begin, end = max(until - OVERLAP, oldest), min(until + width, now)
        if end == now and now - looked_back >= LOOK_BACK:
            begin, looked_back = min(begin, now - LOOK_BACK), now
        rows = _window(client, log, begin, end, is_bounded=end - until > NARROWEST)
        if rows is None:
            width = max((end - until) / 2, NARROWEST)
            continue
        until = end
        place = {"until": until.isoformat(), "minutes": width.total_seconds() / 60,
                 "looked_back": looked_back.isoformat()}  # fmt: skip
        yield Page([mapping.activity(row) for row in folded(rows, end)], place)
        if until == now:
            return
        width = min(width * 2, WIDEST)


def folded(rows: list[Row], end: datetime) -> list[Row]:
    """One event for each operation: all that end one, and of those that go on and are settled the first."""
    ended = [row for row in rows if not _goes_on(row)]
    known = {mapping.operation_key(row) for row in ended}
    begun: dict[str, Row] = {}
    for row in rows:
        name = mapping.operation_key(row)
        if _goes_on(row) and name not in known and mapping.time_of(row) <= end - SETTLED:
            begun[name] = min(begun.get(name, row), row, key=mapping.time_of)
    return [*ended, *begun.values()]


def _goes_on(row: Row) -> bool:
    return is_waiting(mapping.status_of(row)) and bool(mapping.operation_key(row))


def _window(client: Client, log: Log, begin: datetime, end: datetime, *, is_bounded: bool) -> list[Row] | None:
    """All events of a time; None where they are too many."""
    time = f"eventTimestamp ge '{written(begin)}' and eventTimestamp le '{written(end)}'"
    asked: Mapping[str, str] = {"api-version": api_versions.ACTIVITY_LOG, "$filter": f"{time}{log.more}"}
    found = listed(client.get(log.path, params=asked))
    rows, pages = list(found.rows), 1
    while found.next:
        if is_bounded and pages == MOST_PAGES:
            return None
        found = listed(client.get(found.next))
        rows += found.rows
        pages += 1
    return rows


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
