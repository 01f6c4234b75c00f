"""Listing blobs, and fetching what is in them."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.activity_feed import windows
from tests.sandbox.microsoft.activity_feed.asking import feed_of, subscription
from tests.sandbox.microsoft.activity_feed.feed import KEPT, Blob, Feed, Record, Subscription
from tests.sandbox.microsoft.activity_feed.refusals import bad_blob_id, bad_page, expired_blob, no_blob
from tests.sandbox.microsoft.activity_feed.windows import Window
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.router import route

PAGE = re.compile(r"(\d+)(e?)")
BLOB_ID = re.compile(r"[\w$.]+")


def listed(call: Call) -> Answer:
    """The blobs of a window in the order in which they came to show; where the next page is stands in a header."""
    found, feed = subscription(call), call.state.feed
    window = windows.asked(call)
    rows = [each for each in _blobs(feed, found, call.state.now()) if window.holds(each.created_at)]
    start, is_empty = _page(call)
    shown = [] if is_empty else rows[start : start + feed.blobs_per_page]
    following = start if is_empty else start + feed.blobs_per_page
    if following >= len(rows):
        return Answer.of_json([_shape(call, each) for each in shown])
    mark = "e" if feed.lists_empty_pages and start == 0 and not is_empty else ""
    headers = {"NextPageUri": _following(call, window, f"{following}{mark}")}
    return Answer.of_json([_shape(call, each) for each in shown], headers=headers)


def _blobs(feed: Feed, found: Subscription, now: float) -> list[Blob]:
    return feed.blobs(found.content_type, now) if now >= found.started_at + feed.first_wait else []


def _page(call: Call) -> tuple[int, bool]:
    """The number of the first blob, and whether the page is one without any."""
    text = call.request.parameter("nextPage") or "0"
    match = PAGE.fullmatch(text)
    if match is None:
        raise bad_page(text)
    return int(match[1]), bool(match[2])


def _following(call: Call, window: Window, page: str) -> str:
    """With the version written in two places, as the service does."""
    query = {"contentType": call.request.parameter("contentType"), **window.parameters, "nextPage": page}
    return call.request.url(f"/api/v1{call.address}?{urlencode(query)}")


def _shape(call: Call, blob: Blob) -> dict[str, Json]:
    address = f"/api/v1.0/{call.state.tenant.id}/activity/feed/audit/{blob.id}"
    return {
        "contentType": blob.content_type,
        "contentId": blob.id,
        "contentUri": call.request.url(address),
        "contentCreated": milliseconds(blob.created_at),
        "contentExpiration": milliseconds(blob.created_at + KEPT),
    }


def milliseconds(moment: float) -> str:
    """Seconds since the epoch -> 2017-10-13T18:00:51.748Z."""
    return f"{datetime.fromtimestamp(moment, UTC).strftime('%Y-%m-%dT%H:%M:%S.%f')[:-3]}Z"


def fetched(call: Call) -> Answer:
    """The records of a blob; those of data loss prevention without what was found, unless the token may read it."""
    feed, blob_id = feed_of(call), call.parameters["blob_id"]
    if not BLOB_ID.fullmatch(blob_id):
        raise bad_blob_id(blob_id)
    blob = feed.blob(blob_id)
    if blob is None:
        raise no_blob(blob_id)
    if blob.is_lost or call.state.now() >= blob.created_at + KEPT:
        raise expired_blob(blob_id)
    hides = blob.content_type == "DLP.All" and not call.may("ActivityFeed.ReadDlp")
    return Answer.of_json([_without_details(each) if hides else each for each in blob.records])


def _without_details(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "PolicyDetails"}


READ = ("ActivityFeed.Read",)
ROUTES = [
    route("GET", "/{tenant_id}/activity/feed/subscriptions/content", listed, *READ),
    route("GET", "/{tenant_id}/activity/feed/audit/{blob_id}", fetched, *READ),
]
