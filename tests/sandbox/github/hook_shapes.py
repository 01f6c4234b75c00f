"""Webhooks -> the JSON objects that GitHub's schema describes."""

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json, Request
from tests.sandbox.github.hook import Delivery, Hook

HIDDEN = "********"


def hook_shape(request: Request, hook: Hook, base: str) -> dict[str, Json]:
    """The secret is never said again."""
    config = {"url": hook.url, "content_type": hook.content_type, "insecure_ssl": hook.insecure_ssl}
    return {
        "type": "Organization",
        "id": hook.id,
        "name": "web",
        "active": hook.is_active,
        "events": list(hook.events),
        "config": config | ({"secret": HIDDEN} if hook.secret else {}),
        "created_at": iso(hook.created_at),
        "updated_at": iso(hook.updated_at),
        "url": request.url(f"{base}/{hook.id}"),
        "ping_url": request.url(f"{base}/{hook.id}/pings"),
        "deliveries_url": request.url(f"{base}/{hook.id}/deliveries"),
    }


def delivery_item(delivery: Delivery) -> dict[str, Json]:
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": iso(delivery.at),
        "redelivery": delivery.is_redelivery,
        "duration": delivery.duration,
        "status": delivery.status,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }
