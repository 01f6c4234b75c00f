"""What GitHub pushes: a webhook of the organisation, signed with our secret.

The hook is made by Gatehouse, with an OAuth App and with a GitHub App alike. It never ends by itself, so it is looked
at once a day: whether it is still there, and whether deliveries failed, which GitHub does not send again by itself.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from connectors.base import (
    Client,
    Conflict,
    Delivery,
    PermissionMissing,
    ReadNow,
    Record,
    Registration,
    RenewNow,
    Webhook,
)
from connectors.github.pushed_activity import pushed_activity
from connectors.github.reading import document, organisation_path, rows

EVENTS = (
    "branch_protection_rule", "create", "delete", "deploy_key", "fork", "member", "membership", "meta", "org_block",
    "organization", "personal_access_token_request", "public", "push", "repository", "repository_ruleset",
    "secret_scanning_alert", "team", "team_add",
)  # fmt: skip
READS: Mapping[str, tuple[str, ...]] = {
    "organization": ("accounts", "teams"),
    "membership": ("teams",),
    "team": ("teams", "sharing"),
    "team_add": ("sharing",),
    "member": ("sharing", "accounts"),
    "repository": ("repositories", "sharing"),
    "public": ("repositories",),
    "fork": ("repositories",),
    "deploy_key": ("sharing",),
    "org_block": ("accounts", "blocked_people"),
    "personal_access_token_request": ("token_requests",),
    "installation": ("app_permissions",),
    "installation_repositories": ("app_permissions",),
}
"""Which feeds an event says to read. Whatever it is, the audit log is read, too."""
SIGNATURE, PREFIX = "x-hub-signature-256", "sha256="
LOOKED_AT_EVERY = timedelta(days=1)
MOST_SENT_AGAIN = 50
PER_PAGE = {"per_page": 100}


def verify(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    """The HMAC of the raw body, in constant time. GitHub signs no time: a delivery that is sent again has the same id
    and is kept once."""
    given = delivery.headers.get(SIGNATURE, "")
    return any([hmac.compare_digest(given.encode(), signature(delivery.body, secret)) for secret in secrets])


def signature(body: bytes, secret: str) -> bytes:
    return f"{PREFIX}{hmac.new(secret.encode(), body, sha256).hexdigest()}".encode()


def delivery_id(delivery: Delivery) -> str:
    return delivery.headers.get("x-github-delivery", "")


def hints(delivery: Delivery) -> Iterator[Record | ReadNow | RenewNow]:
    """The event as an activity, and the feeds it concerns. Raises ValueError for a body that is no JSON object."""
    event = delivery.headers.get("x-github-event", "")
    payload = json.loads(delivery.body)
    if not isinstance(payload, dict):
        raise ValueError("the body is no JSON object")
    if event == "ping":
        return
    if event == "meta":
        yield RenewNow(str(payload.get("hook_id", "")))
    yield pushed_activity(event, payload, delivery_id(delivery), delivery.received_at)
    yield from (ReadNow(feed) for feed in (*READS.get(event, ()), "audit_log"))


def subscribe(client: Client, callback_url: str, secret: str) -> Iterable[Registration]:
    """One hook for all events. Raises PermissionMissing, or Conflict where the organisation has too many hooks."""
    body = {"name": "web", "active": True, "events": list(EVENTS), "config": _config(callback_url, secret)}
    answer = client.post(organisation_path(client, "/hooks"), json=body, expect=(404, 422))
    if answer.status == 404:
        raise PermissionMissing(
            "GitHub does not let this connection make a webhook of the organisation.",
            why="The scope admin:org_hook (of a GitHub App: Organization webhooks, read and write) was not granted.",
            remedy="Choose Reconnect and grant it.",
            permission="admin:org_hook",
        )
    if answer.status == 422:
        raise Conflict(
            "GitHub does not take one more webhook of this organisation.",
            why="It allows 20 for each kind of event, or one for this address exists already.",
            remedy="Delete webhooks that nobody needs in GitHub: organisation Settings > Webhooks.",
        )
    yield _registration(client, document(answer, "id"))


def renew(client: Client, registration: Registration, callback_url: str) -> Registration:
    """Looks whether the hook is there, switched on and complete, and has failed deliveries sent again. Raises
    TargetGone."""
    path = organisation_path(client, f"/hooks/{registration.id}")
    hook = document(client.get(path), "id", "events")
    if not hook.get("active") or set(hook["events"]) != set(EVENTS):
        hook = document(client.patch(path, json={"active": True, "events": list(EVENTS)}), "id")
    _send_again(client, path)
    return _registration(client, hook)


def unsubscribe(client: Client, registration: Registration) -> None:
    """Raises TargetGone."""
    client.delete(organisation_path(client, f"/hooks/{registration.id}"))


def _send_again(client: Client, path: str) -> None:
    """What failed in the last three days and did not come through since."""
    listed = rows(client.get(f"{path}/deliveries", params=PER_PAGE), "id", "guid")
    come = {row["guid"] for row in listed if row.get("status") == "OK"}
    lost = {row["guid"]: row["id"] for row in listed if row["guid"] not in come}
    for number in list(lost.values())[:MOST_SENT_AGAIN]:
        # 404 and 422: it is older than GitHub keeps it.
        client.post(f"{path}/deliveries/{number}/attempts", expect=(404, 422))


def _config(callback_url: str, secret: str) -> dict[str, str]:
    return {"url": callback_url, "content_type": "json", "secret": secret, "insecure_ssl": "0"}


def _registration(client: Client, hook: Mapping[str, Any]) -> Registration:
    return Registration(str(hook["id"]), "", expires_at=client.now() + LOOKED_AT_EVERY)


WEBHOOK = Webhook(
    verify=verify,
    hints=hints,
    delivery_id=delivery_id,
    subscribe=subscribe,
    renew=renew,
    unsubscribe=unsubscribe,
    stands_in_for="audit_log",
)
