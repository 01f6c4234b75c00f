"""The kinds of data that data loss prevention looks for."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.activity_feed.asking import feed_of
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.router import route

TYPES = {
    "50842eb7-edc8-4019-85dd-5a5c1f2bb085": "Credit Card Number",
    "e7dc4711-11b7-4cb0-b88b-2c394a771f0e": "International Banking Account Number (IBAN)",
}


def listed(call: Call) -> Answer:
    feed_of(call)
    return Answer.of_json([{"id": each, "name": name} for each, name in TYPES.items()])


ROUTES = [route("GET", "/{tenant_id}/activity/feed/resources/dlpSensitiveTypes", listed, "ActivityFeed.ReadDlp")]
