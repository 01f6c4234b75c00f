"""The content of the Management Activity API: lists of blobs by when they were made, and the records in each.

A blob may be listed long after it was made, so each pass lists the last day again and skips the blobs it knows. Of
these a digest each is kept, and of no more than some thousands: in a tenant that makes more in a day, the pass begins
where the known ones begin, though never less than an hour before the last one ended. A blob that is read twice changes
nothing.

Place: {"until": to where all was listed, '' before the first pass, "seen": blobs known of the time before it, "asked":
when the content type was started last, "from": where the window begins, "to": where the pass ends, both '' between
passes, "link": address of the next page of the window, "again": whether the window was begun anew, as that
address was not known any more, "done": blobs read of the page, "fresh": what "seen" will be}.
"""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Answer, Client, CursorExpired
from connectors.office365.activity_refusals import BlobGone, WindowRefused
from connectors.office365.activity_subscriptions import ensure_started, feed_url, publisher
from connectors.office365.mapping import moment, text
from connectors.office365.reading import Row, unexpected

OVERLAP, LONGEST_OVERLAP = timedelta(hours=1), timedelta(days=1)
KEPT = timedelta(days=7)
MARGIN = timedelta(minutes=10)
"""The clocks of both sides differ, and a call takes time."""
WINDOW = timedelta(hours=6)
"""Microsoft takes up to a day; a short one is gone through sooner, and less is read again where its pages are lost."""
MOST_KNOWN = 2_000
"""Blobs; each costs thirty letters of the cursor."""
NEXT_PAGE = ("NextPageUri", "NextPageUrl")

Place = dict[str, Any]

NO_PAGE: Place = {"link": "", "again": False, "done": []}
"""At the beginning of a window."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What Microsoft made available between two moments and no longer gives. `blob`: '' for all of it."""

    since: datetime
    until: datetime
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """The records of one blob, or what was lost, with the place after it."""

    rows: list[Row]
    place: Place
    lost: Lost | None = None


def begin(until: str = "") -> Place:
    return {"until": until, "seen": [], "asked": "", "from": "", "to": "", **NO_PAGE, "fresh": []}


def batches(client: Client, content_type: str, at: Place) -> Iterator[Batch]:
    """Each blob that is new; an empty one where a page of the list ends."""
    if not at["to"] and at["until"] == _now(client).isoformat():
        yield Batch([], at)  # all was listed to this very second
        return
    if not at["to"]:
        asked = ensure_started(client, content_type, moment(at["asked"]))
        at = {**at, **_pass(client, at), "asked": asked.isoformat() if asked else ""}
        yield Batch([], at)
    while at["from"] < at["to"]:
        if not at["link"]:
            at, lost = _still_kept(client, at)
            if lost:
                yield Batch([], at, lost)
        try:
            answer = _list(client, content_type, at)
        except (CursorExpired, WindowRefused):
            if not at["link"] or at["again"]:
                raise
            at = {**at, **NO_PAGE, "again": True}
            continue
        at = yield from _of_page(client, answer, at)
        at = _after_page(at, _next(answer))
        yield Batch([], at)
    yield Batch([], {**begin(at["to"]), "seen": at["fresh"], "asked": at["asked"]})


def _pass(client: Client, at: Place) -> Place:
    """From some hours before the last one ended; at first all that is kept."""
    now = _now(client)
    oldest = now - KEPT + MARGIN
    start = oldest
    if at["until"]:
        until = datetime.fromisoformat(at["until"])
        start = max(until - _overlap(at["seen"], until), min(until, oldest))
    return {"from": start.isoformat(), "to": now.isoformat(), **NO_PAGE, "fresh": []}


def _overlap(seen: list[str], until: datetime) -> timedelta:
    """A day, or as far back as all blobs are known."""
    if len(seen) < MOST_KNOWN:
        return LONGEST_OVERLAP
    first = min(int(each.partition("-")[0]) for each in seen)
    return max(min(until - datetime.fromtimestamp(first, UTC), LONGEST_OVERLAP), OVERLAP)


def _still_kept(client: Client, at: Place) -> tuple[Place, Lost | None]:
    """Where the reading rested for more than a week, what was made before is lost."""
    oldest, start = _now(client) - KEPT + MARGIN, datetime.fromisoformat(at["from"])
    if start >= oldest - MARGIN:
        return at, None
    return {**at, "from": oldest.isoformat()}, Lost(start, oldest)


def _list(client: Client, content_type: str, at: Place) -> Answer:
    if at["link"]:
        return client.get(at["link"], params=_publisher_at(client, at["link"]))
    window = {"startTime": _text(at["from"]), "endTime": _text(_end(at))}
    params = {"contentType": content_type, **window, **publisher(client)}
    return client.get(f"{feed_url(client)}/subscriptions/content", params=params)


def _of_page(client: Client, answer: Answer, at: Place) -> Generator[Batch, None, Place]:
    """Its new blobs; returns the place after the last of them."""
    known = {*at["seen"], *at["done"]}
    border = int((datetime.fromisoformat(at["to"]) - LONGEST_OVERLAP).timestamp())
    for entry in _objects(answer):
        mark = _mark(entry)
        if int(mark.partition("-")[0]) >= border and mark not in at["fresh"]:
            at = {**at, "fresh": [*at["fresh"], mark][-MOST_KNOWN:]}
        if mark in known:
            continue
        known.add(mark)
        at = {**at, "done": [*at["done"], mark]}
        yield _blob(client, entry, at)
    return at


def _blob(client: Client, entry: Row, at: Place) -> Batch:
    address = text(entry.get("contentUri"))
    try:
        return Batch(_objects(client.get(address, params=_publisher_at(client, address))), at)
    except BlobGone:
        made = moment(entry.get("contentCreated")) or datetime.fromisoformat(at["from"])
        return Batch([], at, Lost(made, made, text(entry.get("contentId"))))


def _after_page(at: Place, following: str) -> Place:
    if following:
        return {**at, "link": following, "done": []}
    return {**at, "from": _end(at), **NO_PAGE}


def _end(at: Place) -> str:
    return min(datetime.fromisoformat(at["from"]) + WINDOW, datetime.fromisoformat(at["to"])).isoformat()


def _next(answer: Answer) -> str:
    return next((found for each in NEXT_PAGE if (found := answer.headers.get(each, ""))), "")


def _publisher_at(client: Client, address: str) -> dict[str, str]:
    """Addresses of Microsoft's hold it where it was given, and not everywhere."""
    return {} if "publisheridentifier=" in address.lower() else publisher(client)


def _objects(answer: Answer) -> list[Row]:
    found = answer.json()
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise unexpected(answer, "a list of objects")
    return found


def _mark(entry: Row) -> str:
    """Seconds since the epoch when it was made, and a digest of its id."""
    made, name = moment(entry.get("contentCreated")), text(entry.get("contentId")) or text(entry.get("contentUri"))
    return f"{int(made.timestamp()) if made else 0}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _now(client: Client) -> datetime:
    """Of whole seconds, so that moments sort as texts."""
    return client.now().astimezone(UTC).replace(microsecond=0)


def _text(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
