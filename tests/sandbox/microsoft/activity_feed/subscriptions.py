"""Starting, stopping and listing subscriptions: one for each content type."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.activity_feed import webhook
from tests.sandbox.microsoft.activity_feed.asking import content_type, feed_of
from tests.sandbox.microsoft.activity_feed.feed import Feed, Subscription
from tests.sandbox.microsoft.activity_feed.refusals import already_enabled, no_subscription, too_early, wrong_type
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.router import route

APART = 15 * 60
"""Seconds between two starts of one content type."""
SETTLING = 10 * 60
"""How long a subscription stays off that was started at once after it was stopped (figure unverified)."""
AT_ONCE = 60


def started(call: Call) -> Answer:
    """A second call with a webhook changes or renews it."""
    feed, wanted, now = feed_of(call), content_type(call), call.state.now()
    since = now - feed.starts.get(wanted, -float("inf"))
    if since < APART:
        raise too_early(APART - since)
    asked = _webhook(call)
    held = feed.subscriptions.get(wanted)
    if held is not None and held.is_enabled and asked is None:
        raise already_enabled()
    hook = webhook.validated(call, asked) if asked else None
    feed.starts[wanted] = now
    found = _switched_on(feed, wanted, now)
    found.webhook = hook
    found.told_until = now
    return Answer.of_json({**_shape(found, now), "status": "enabled"})


def _switched_on(feed: Feed, wanted: str, now: float) -> Subscription:
    held = feed.subscriptions.setdefault(wanted, Subscription(wanted, now))
    if held.stopped_at is not None and now - held.stopped_at < AT_ONCE:
        held.settles_at = now + SETTLING
    held.is_enabled, held.stopped_at = True, None
    return held


def _webhook(call: Call) -> dict[str, Json] | None:
    try:
        body = call.request.json()
    except ValueError:
        raise wrong_type("webhook") from None
    found = body.get("webhook") if isinstance(body, dict) else None
    if found is not None and not isinstance(found, dict):
        raise wrong_type("webhook")
    return found or None


def stopped(call: Call) -> Answer:
    """What happens until the next start is lost for good."""
    found = feed_of(call).subscriptions.get(content_type(call))
    if found is None:
        raise no_subscription()
    found.is_enabled, found.stopped_at, found.webhook = False, call.state.now(), None
    return Answer(200)


def listed(call: Call) -> Answer:
    now = call.state.now()
    return Answer.of_json([_shape(each, now) for each in feed_of(call).subscriptions.values()])


def _shape(found: Subscription, now: float) -> dict[str, Json]:
    is_on = found.is_enabled and found.settles_at <= now
    return {
        "contentType": found.content_type,
        "status": "enabled" if is_on else "disabled",
        "webhook": None if found.webhook is None else webhook.shape(found.webhook, now),
    }


READ = ("ActivityFeed.Read",)
BASE = "/{tenant_id}/activity/feed/subscriptions"
ROUTES = [
    route("POST", f"{BASE}/start", started, *READ),
    route("POST", f"{BASE}/stop", stopped, *READ),
    route("GET", f"{BASE}/list", listed, *READ),
]
