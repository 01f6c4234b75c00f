"""Telling a webhook of new blobs."""

import json
import uuid
from urllib.parse import urlsplit

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.activity_feed import content, windows
from tests.sandbox.microsoft.activity_feed.asking import subscription
from tests.sandbox.microsoft.activity_feed.feed import KEPT, Blob, Notification, Subscription, Webhook
from tests.sandbox.microsoft.activity_feed.refusals import outdated_webhook, unreachable_webhook, wrong_type
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.moments import iso, seconds
from tests.sandbox.microsoft.outbox import Deliver
from tests.sandbox.microsoft.router import route
from tests.sandbox.microsoft.state import State

WAITS = (60, 300, 1800)
"""Seconds until each further try."""


def validated(call: Call, asked: dict[str, Json]) -> Webhook:
    """The webhook that a start names, once it has answered."""
    address, auth_id = str(asked.get("address", "")), asked.get("authId")
    if urlsplit(address).scheme != "https":
        raise unreachable_webhook(address, "The address must begin with https.")
    code = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{address}{call.state.now()}"))
    headers = {"Content-Type": "application/json; charset=utf-8", "Webhook-ValidationCode": code}
    if auth_id:
        headers["Webhook-AuthID"] = str(auth_id)
    status = call.post(address, headers, json.dumps({"validationCode": code}).encode())
    if status != 200:
        raise unreachable_webhook(address, f"It answered {status or 'nothing'}.")
    return Webhook(address, str(auth_id) if auth_id else None, _expiration(call, asked))


def _expiration(call: Call, asked: dict[str, Json]) -> float | None:
    text = str(asked.get("expiration") or "")
    if not text:
        return None
    try:
        moment = seconds(text)
    except ValueError:
        raise wrong_type("expiration") from None
    if moment <= call.state.now():
        raise outdated_webhook(text)
    return moment


def shape(hook: Webhook, now: float) -> dict[str, Json]:
    has_ended = hook.expires_at is not None and hook.expires_at <= now
    return {
        "status": "expired" if has_ended else hook.status,
        "address": hook.address,
        "authId": hook.auth_id,
        "expiration": None if hook.expires_at is None else iso(hook.expires_at),
    }


def tell(state: State, deliver: Deliver) -> None:
    """Every webhook hears of the blobs that came to show since the last time."""
    for found in state.feed.subscriptions.values():
        hook = found.webhook
        if hook is not None and hook.status == "enabled" and hook.due_at <= state.now():
            _tell(state, found, hook, deliver)


def _tell(state: State, found: Subscription, hook: Webhook, deliver: Deliver) -> None:
    now, feed = state.now(), state.feed
    fresh = [each for each in feed.blobs(found.content_type, now) if each.listed_at > found.told_until]
    if not fresh or (hook.expires_at is not None and hook.expires_at <= now):
        return
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if hook.auth_id:
        headers["Webhook-AuthID"] = hook.auth_id
    body = [{"tenantId": state.tenant.id, "clientId": state.client_id, **_about(state, each)} for each in fresh]
    status = deliver(hook.address, headers, json.dumps(body).encode())
    is_taken = status == 200
    feed.notifications += [Notification(each, now, "success" if is_taken else "failed") for each in fresh]
    if is_taken:
        found.told_until, hook.failures = now, 0
    elif hook.failures == len(WAITS):
        hook.status = "disabled"
    else:
        hook.due_at = now + WAITS[hook.failures]
        hook.failures += 1


def _about(state: State, blob: Blob) -> dict[str, Json]:
    return {
        "contentType": blob.content_type,
        "contentId": blob.id,
        "contentUri": f"https://{HOST}/api/v1.0/{state.tenant.id}/activity/feed/audit/{blob.id}",
        "contentCreated": content.milliseconds(blob.created_at),
        "contentExpiration": content.milliseconds(blob.created_at + KEPT),
    }


def attempts(call: Call) -> Answer:
    """What the webhook of a content type was told, and whether it listened."""
    found, window = subscription(call), windows.asked(call)
    rows = [
        {
            **_about(call.state, each.blob),
            "notificationSent": content.milliseconds(each.sent_at),
            "notificationStatus": each.status,
        }
        for each in call.state.feed.notifications
        if each.blob.content_type == found.content_type and window.holds(each.sent_at)
    ]
    return Answer.of_json(rows)


HOST = "manage.office.com"
ROUTES = [
    route("GET", "/{tenant_id}/activity/feed/subscriptions/notifications", attempts, "ActivityFeed.Read"),
]
