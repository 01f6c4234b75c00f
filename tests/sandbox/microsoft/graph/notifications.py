"""Tells those who subscribed what has changed, and what becomes of their subscriptions."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.changes import Change, What
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.outbox import HEADERS, Deliver, body_of
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.subscription import Subscription

KINDS = {"users": "user", "groups": "group"}
GONE = {What.DELETED, What.PURGED}
REAUTHORIZATION = "reauthorizationRequired"
REMOVED = "subscriptionRemoved"
MISSED = "missed"


def send(state: State, deliver: Deliver) -> None:
    """All that is due now, of what was collected."""
    for delivery in state.outbox.due(state.now()):
        status = deliver(delivery.url, dict(HEADERS), body_of(delivery))
        state.outbox.came_back(delivery, status, state.now())


def collect(state: State) -> None:
    """Notifications for one address go together."""
    expire(state)
    by_url: dict[str, list[Json]] = {}
    for each in state.subscriptions.values():
        by_url.setdefault(each.notification_url, []).extend(_news(state, each))
    for url, rows in by_url.items():
        state.outbox.put(url, rows, state.now())
    _tell_missed(state)


def expire(state: State) -> None:
    """Nobody is told of a subscription that was not renewed in time."""
    for each in [each for each in state.subscriptions.values() if each.expires_at <= state.now()]:
        del state.subscriptions[each.id]


def _news(state: State, subscription: Subscription) -> list[Json]:
    if subscription.watches in KINDS:
        changes = state.directory.changes.since(subscription.seen, KINDS[subscription.watches])
        subscription.seen = state.directory.changes.last
        latest = {each.id: each for each in changes}
        rows = [_directory_row(state, subscription, each) for each in latest.values()]
        return [each for each in rows if subscription.wants(each["changeType"])]
    return [_drive_row(state, subscription)] if _has_changed(state, subscription) else []


def _has_changed(state: State, subscription: Subscription) -> bool:
    """A drive. Permissions alone are told only to who asked for that."""
    drive, seen = state.files.drives[subscription.watched_id], subscription.seen
    subscription.seen = drive.changes
    if drive.changes == seen or subscription.hears_sharing:
        return drive.changes > seen
    return any(each.changed != each.shared_changed for each in state.files.changed(drive, seen, drive.changes))


def _directory_row(state: State, subscription: Subscription, change: Change) -> Json:
    """What was created is told as updated."""
    name = f"{subscription.watches.capitalize()}/{change.id}"
    data = {
        "@odata.type": f"#Microsoft.Graph.{change.kind.capitalize()}",
        "@odata.id": name,
        "id": change.id,
        "organizationId": state.tenant.id,
    }
    change_type = "deleted" if change.what in GONE else "updated"
    return {**_about(state, subscription), "changeType": change_type, "resource": name, "resourceData": data}


def _drive_row(state: State, subscription: Subscription) -> Json:
    data = {"@odata.type": "#Microsoft.Graph.DriveItem"}
    about = _about(state, subscription)
    return {**about, "changeType": "updated", "resource": subscription.resource, "resourceData": data}


def _about(state: State, subscription: Subscription) -> dict[str, Json]:
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": iso(subscription.expires_at),
        "clientState": subscription.client_state,
        "tenantId": state.tenant.id,
    }


# -- the life of subscriptions


def tell_lifecycle(state: State, subscription: Subscription, event: str) -> None:
    """Only where an address for it was given."""
    if subscription.lifecycle_url:
        row = {**_about(state, subscription), "lifecycleEvent": event}
        state.outbox.put(subscription.lifecycle_url, [row], state.now())


def ask_for_reauthorization(state: State) -> None:
    for each in state.subscriptions.values():
        tell_lifecycle(state, each, REAUTHORIZATION)


def remove(state: State, subscription_id: str) -> None:
    """By the service, as when the application lost its rights."""
    found = state.subscriptions.pop(subscription_id)
    tell_lifecycle(state, found, REMOVED)


def _tell_missed(state: State) -> None:
    rows = [row for each in state.outbox.given_up for row in each.rows]
    names = {each["subscriptionId"] for each in rows if "lifecycleEvent" not in each}
    state.outbox.given_up.clear()
    for name in names:
        found = state.subscriptions.get(name)
        if found is not None:
            tell_lifecycle(state, found, MISSED)
