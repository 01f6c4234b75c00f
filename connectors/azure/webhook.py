"""What Azure pushes, where it is wanted: Event Grid, one event subscription in each subscription.

An event says that something was written, deleted or done, before the activity log has it in full, and without the id
it has there. So a push is only the sign to read the log now. Event Grid signs nothing: each delivery carries a header
that we chose, with our secret, beside the address that nobody else knows.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from connectors.azure import api_versions, ids
from connectors.azure.mapping.values import part, properties, text
from connectors.azure.reading import Row, document
from connectors.azure.scopes import PUSH
from connectors.azure.tree import subscriptions
from connectors.base import (
    ChallengeAnswer,
    Client,
    Delivery,
    ReadNow,
    Record,
    Registration,
    RenewNow,
    TargetGone,
    Unavailable,
    Webhook,
)

NAME = "gatehouse"
RESULTS = ("Success", "Failure", "Cancel")
EVENTS = [f"Microsoft.Resources.Resource{verb}{result}" for verb in ("Write", "Delete", "Action") for result in RESULTS]
VALIDATION = "SubscriptionValidation"
LOOKED_AT_EVERY = timedelta(days=1)
BROKEN = ("Failed", "Canceled", "AwaitingManualAction")
VERSION = {"api-version": api_versions.EVENT_GRID}


def challenge(delivery: Delivery, secrets: tuple[str, ...]) -> ChallengeAnswer | None:
    """The handshake: the code that was sent is sent back. It gives nothing away, so it needs no secret; whether Event
    Grid sends our header along with it is not said."""
    if delivery.headers.get("aeg-event-type") != VALIDATION:
        return None
    codes = (text(part(event, "data").get("validationCode")) for event in _readable(delivery))
    code = next((each for each in codes if each), "")
    return ChallengeAnswer(json.dumps({"validationResponse": code}), "application/json") if code else None


def verify(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    given = delivery.headers.get("authorization", "").encode()
    return any([hmac.compare_digest(given, _header(secret).encode()) for secret in secrets])


def delivery_id(delivery: Delivery) -> str:
    """Of the first event: by default there is one in a delivery. The same event may be delivered several times."""
    return next((text(each.get("id")) for each in _readable(delivery)), "")


def hints(delivery: Delivery) -> Iterator[Record | ReadNow | RenewNow]:
    """The log of each subscription that an event is of; and where roles were given or taken, who holds which."""
    told: dict[ReadNow, None] = {}
    for event in _events(delivery):
        said = part(event, "data")
        subscription = text(said.get("subscriptionId")).lower() or ids.subscription_of(text(event.get("subject")))
        if not subscription:
            continue
        told[ReadNow("activity_log", subscription)] = None
        operation = text(said.get("operationName")).lower()
        if operation.startswith("microsoft.authorization/role"):
            told |= {ReadNow("role_assignments", subscription): None, ReadNow("principals"): None}
        if operation.startswith(("microsoft.storage/", "microsoft.resources/subscriptions/resourcegroups/")):
            told[ReadNow("storage", subscription)] = None
    yield from told


def topics(client: Client) -> Iterable[str]:
    """The subscriptions that take changes, if pushes are wanted."""
    if client.config.get("events") != PUSH:
        return ()
    return tuple(each.id for each in subscriptions(client) if each.can_change)


def subscribe(client: Client, topic: str, callback_url: str, secret: str) -> Registration:
    """`topic`: a subscription. Made again under the same name it is changed. Raises PermissionMissing, and
    Unavailable where the portal cannot be reached."""
    destination = {
        "endpointType": "WebHook",
        "properties": {
            "endpointUrl": callback_url,
            # unverified: that Event Grid takes a header of this name
            "deliveryAttributeMappings": [
                {
                    "name": "Authorization",
                    "type": "Static",
                    "properties": {"value": _header(secret), "isSecret": True},
                }
            ],
        },
    }
    body = {
        "destination": destination,
        "filter": {"includedEventTypes": EVENTS},
        "eventDeliverySchema": "EventGridSchema",
    }
    answer = client.put(_path(topic), params=VERSION, json={"properties": body}, expect=(400,))
    if answer.status == 400:
        raise Unavailable(
            "Event Grid does not take the portal's address for pushes.",
            why="It calls the address first, which has to be https, and got no answer that it understood.",
            remedy="See that the public address of the portal can be reached from the internet. Until then the log is "
            "read every five minutes.",
        )
    found = document(answer, "id")
    return _registration(client, topic, found)


def renew(client: Client, registration: Registration, callback_url: str) -> Registration:
    """It does not end by itself; whether it is there and works is looked at once a day. Raises TargetGone, also for one
    that Event Grid has given up: it is then made anew, which begins the handshake again."""
    found = document(client.get(_path(registration.topic), params=VERSION), "id")
    if text(properties(found).get("provisioningState")) in BROKEN:
        raise TargetGone("Event Grid has given up the event subscription of this portal.")
    return _registration(client, registration.topic, found)


def unsubscribe(client: Client, registration: Registration) -> None:
    client.delete(_path(registration.topic), params=VERSION, expect=(404,))


def _registration(client: Client, topic: str, found: Row) -> Registration:
    return Registration(text(found["id"]), topic, expires_at=client.now() + LOOKED_AT_EVERY)


def _path(subscription_id: str) -> str:
    return f"/subscriptions/{subscription_id}/providers/Microsoft.EventGrid/eventSubscriptions/{NAME}"


def _header(secret: str) -> str:
    return f"Bearer {secret}"


def _readable(delivery: Delivery) -> list[Mapping[str, Any]]:
    """None of a body that cannot be read: whoever knows the address may send anything."""
    try:
        return _events(delivery)
    except ValueError:
        return []


def _events(delivery: Delivery) -> list[Mapping[str, Any]]:
    """Raises ValueError for a body that is no list of objects."""
    try:
        found = json.loads(delivery.body)
    except RecursionError:
        raise ValueError("the body is nested too deep") from None
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise ValueError("the body is no list of events")
    return found


WEBHOOK = Webhook(
    verify=verify,
    hints=hints,
    delivery_id=delivery_id,
    renew=renew,
    unsubscribe=unsubscribe,
    challenge=challenge,
    topics=topics,
    subscribe_topic=subscribe,
)
