"""The order in which history and live stream are read, and what each run asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Activity, Cursor, Grant, OAuthApp, Page
from connectors.box import connector
from tests.connectors.base.vendor import START, Seen
from tests.connectors.box.vendor import Talk
from tests.connectors.conformance.reading import kept

BEYOND_FLOATS = 1152922986252290887
DAY = timedelta(days=1)
Json = dict[str, Any]


class Stream:
    """Both streams of an enterprise: pages of two, positions that are numbers beyond what a float holds."""

    def __init__(self) -> None:
        self.events: list[Json] = []

    def happens(self, at: datetime, event_type: str = "LOGIN", **more: Any) -> str:
        event_id = f"e{len(self.events)}"
        login = {"type": "user", "id": "7", "name": "Ada", "login": "ada@contoso.example"}
        event = {"type": "event", "event_id": event_id, "event_type": event_type, "created_at": at.isoformat()}
        self.events.append({**event, "created_by": login, "source": login, **more})
        return event_id

    def __call__(self, seen: Seen) -> Json:
        return self._live(seen.query) if seen.query["stream_type"] == "admin_logs_streaming" else self._past(seen.query)

    def _live(self, query: dict[str, str]) -> Json:
        position = query["stream_position"]
        number = len(self.events) if position == "now" else int(position) - BEYOND_FLOATS
        found = self.events[number : number + 2]
        return {"entries": found, "next_stream_position": BEYOND_FLOATS + number + len(found)}

    def _past(self, query: dict[str, str]) -> Json:
        since, until = (datetime.fromisoformat(query[f"created_{side}"]) for side in ("after", "before"))
        found = sorted((e for e in self.events if since <= _time(e) <= until), key=_time)
        start = int(query.get("stream_position", "0"))
        page = found[start : start + 2]
        return {"entries": page, "next_stream_position": str(start + len(page)) if page else "0"}


def _time(event: Json) -> datetime:
    return datetime.fromisoformat(event["created_at"])


@pytest.fixture
def stream(talk: Talk) -> Stream:
    stream = Stream()
    talk.says = {("GET", "/events"): stream}
    return stream


def run(talk: Talk, cursor: Cursor = None) -> list[Page]:
    return list(connector.feed("enterprise_events").pages(talk.client(), kept(cursor)))


def ids(pages: list[Page]) -> list[str]:
    """Each once, as the inventory keeps them: windows of the history overlap."""
    found = (each.id for page in pages for each in page.records if isinstance(each, Activity))
    return list(dict.fromkeys(found))


def streams(talk: Talk) -> list[str]:
    return [seen.query["stream_type"].removeprefix("admin_logs") for seen in talk.vendor.seen]


def test_a_first_run_takes_its_place_reads_the_history_by_weeks_and_then_what_came_since(
    talk: Talk, stream: Stream
) -> None:
    old = [stream.happens(START - 29 * DAY + number * timedelta(hours=1)) for number in range(5)]
    too_old = stream.happens(START - 31 * DAY)
    pages = run(talk)
    assert ids(pages) == old
    assert too_old not in ids(pages)
    assert streams(talk)[0] == "_streaming"
    assert talk.vendor.seen[0].query["stream_position"] == "now"
    asked = [seen.query for seen in talk.vendor.seen if "created_after" in seen.query]
    windows = {(query["created_after"], query["created_before"]) for query in asked}
    assert len(windows) == 5
    assert all(datetime.fromisoformat(b) - datetime.fromisoformat(a) <= 7 * DAY for a, b in windows)
    assert streams(talk)[-1] == "_streaming"


def test_what_happens_while_the_history_is_read_is_read_after_it(talk: Talk, stream: Stream) -> None:
    before = stream.happens(START - DAY)
    feed = connector.feed("enterprise_events").pages(talk.client(), None)
    first = next(feed)
    after = stream.happens(START + timedelta(minutes=1))
    assert ids([first, *feed]) == [before, after]


def test_a_later_run_goes_on_at_the_same_place_which_is_kept_as_text(talk: Talk, stream: Stream) -> None:
    stream.happens(START - DAY)
    cursor = run(talk)[-1].cursor
    assert cursor is not None
    assert cursor["position"] == str(BEYOND_FLOATS + 1)
    new = [stream.happens(START) for _ in range(3)]
    talk.vendor.seen.clear()
    pages = run(talk, cursor)
    assert ids(pages) == new
    assert {seen.query["stream_type"] for seen in talk.vendor.seen} == {"admin_logs_streaming"}
    assert talk.vendor.seen[0].query["stream_position"] == str(BEYOND_FLOATS + 1)
    assert ids(run(talk, pages[-1].cursor)) == []


def test_once_a_day_the_last_two_days_are_read_again(talk: Talk, stream: Stream) -> None:
    cursor = run(talk)[-1].cursor
    left_out = stream.happens(START + timedelta(hours=3))
    assert cursor is not None
    cursor = {**cursor, "position": str(BEYOND_FLOATS + 1)}
    talk.clock.moment = START + timedelta(hours=23)
    cursor = run(talk, cursor)[-1].cursor
    talk.clock.moment = START + timedelta(hours=25)
    talk.vendor.seen.clear()
    pages = run(talk, cursor)
    assert ids(pages) == [left_out]
    since = min(seen.query["created_after"] for seen in talk.vendor.seen if "created_after" in seen.query)
    assert datetime.fromisoformat(since) == talk.clock.moment - timedelta(hours=48)
    talk.vendor.seen.clear()
    run(talk, pages[-1].cursor)
    assert streams(talk) == ["_streaming"]


def test_who_was_away_for_longer_than_the_stream_keeps_reads_the_history_since_then(talk: Talk, stream: Stream) -> None:
    cursor = run(talk)[-1].cursor
    missed = stream.happens(START + 2 * DAY)
    talk.clock.moment = START + 15 * DAY
    talk.vendor.seen.clear()
    pages = run(talk, cursor)
    assert ids(pages) == [missed]
    assert talk.vendor.seen[0].query["stream_position"] == "now"
    since = min(seen.query["created_after"] for seen in talk.vendor.seen if "created_after" in seen.query)
    assert START - timedelta(minutes=1) < datetime.fromisoformat(since) <= START


def test_apps_are_inferred_from_events_with_the_newest_use(talk: Talk, stream: Stream) -> None:
    app = {"service_id": 254429, "service_name": "Box Drive"}
    for hours in (30, 3, 10):
        stream.happens(START - timedelta(hours=hours), "DOWNLOAD", additional_details=app)
    last = {each.id: each for page in run(talk) for each in page.records if isinstance(each, OAuthApp | Grant)}
    newest = START - timedelta(hours=3)
    drive, use = last["254429"], last["254429:7"]
    assert isinstance(drive, OAuthApp)
    assert (drive.name, drive.last_used_at, drive.scopes) == ("Box Drive", newest, ())
    assert isinstance(use, Grant)
    assert (use.app_id, use.account_id, use.account_name, use.last_used_at) == ("254429", "7", "Ada", newest)


def test_times_are_utc_whatever_offset_box_writes(talk: Talk, stream: Stream) -> None:
    stream.happens(datetime.fromisoformat("2026-11-23T19:00:00-08:00"))
    (activity,) = (each for page in run(talk) for each in page.records if isinstance(each, Activity))
    assert activity.occurred_at == datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert activity.occurred_at.tzinfo is UTC
