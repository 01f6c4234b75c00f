"""What Box pushes: webhooks of single folders, signed with the two keys of the app's console.

They report what happens in a folder and below it. All else is seen in the event stream, within a minute.
"""

import base64
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from connectors.base import Client, Conflict, Delivery, ReadNow, Record, Registration, RenewNow, Webhook
from connectors.box import ids, mapping
from connectors.box.reading import document, marked_rows

TRIGGERS = (
    "FILE.UPLOADED", "FILE.TRASHED", "FILE.DELETED", "FILE.RESTORED", "FILE.COPIED", "FILE.MOVED", "FILE.LOCKED",
    "FILE.UNLOCKED", "FILE.RENAMED", "FOLDER.CREATED", "FOLDER.RENAMED", "FOLDER.RESTORED", "FOLDER.DELETED",
    "FOLDER.COPIED", "FOLDER.MOVED", "FOLDER.TRASHED", "COLLABORATION.CREATED", "COLLABORATION.ACCEPTED",
    "COLLABORATION.REJECTED", "COLLABORATION.REMOVED", "COLLABORATION.UPDATED", "SHARED_LINK.CREATED",
    "SHARED_LINK.UPDATED", "SHARED_LINK.DELETED",
)  # fmt: skip
ENDING = ("WEBHOOK.DELETED", "NO_ACTIVE_SESSION")
VERSION, ALGORITHM = "1", "HmacSHA256"
SIGNATURES = ("box-signature-primary", "box-signature-secondary")
OLDEST = timedelta(minutes=10)
LOOKED_AT_EVERY = timedelta(days=1)


def verify(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    """One of the keys signed the raw body and the time of sending, no more than ten minutes ago or ahead."""
    headers = delivery.headers
    if (headers.get("box-signature-version"), headers.get("box-signature-algorithm")) != (VERSION, ALGORITHM):
        return False
    sent_at = mapping.moment(headers.get("box-delivery-timestamp"))
    if sent_at is None or abs(delivery.received_at - sent_at) > OLDEST:
        return False
    signed = delivery.body + headers["box-delivery-timestamp"].encode()
    given = [headers[name].encode() for name in SIGNATURES if headers.get(name)]
    return any([hmac.compare_digest(each, signature(signed, key)) for key in secrets for each in given])


def signature(signed: bytes, key: str) -> bytes:
    return base64.b64encode(hmac.new(key.encode(), signed, sha256).digest())


def delivery_id(delivery: Delivery) -> str:
    """The one in the body: that of the headers changes when a delivery is sent again."""
    return mapping.id_of(_body(delivery).get("id"))


def hints(delivery: Delivery) -> Iterator[Record | ReadNow | RenewNow]:
    """The item to read again; and the stream, which tells who did it."""
    body = _body(delivery)
    if body.get("trigger") in ENDING:
        yield RenewNow(mapping.id_of(mapping.part(body, "webhook").get("id")))
        return
    source = mapping.part(body, "source")
    item = mapping.part(source, "item") if source.get("type") == "collaboration" else source
    kind, number = mapping.text(item.get("type")), mapping.id_of(item.get("id"))
    owner = mapping.id_of(mapping.part(item, "owned_by").get("id"))
    if kind in ids.KINDS and number and owner:
        yield ReadNow("files", owner, ids.item(kind, number))
    else:
        yield ReadNow("changed_files")
    yield ReadNow("enterprise_events")


def topics(client: Client) -> Iterable[str]:
    """The folders that the admin named, if there is a key to prove deliveries with."""
    if not client.setup.optional_secret("primary_signature_key"):
        return ()
    folders = (part.strip() for part in client.config.get("webhook_folders", "").split(","))
    return tuple(dict.fromkeys(folder for folder in folders if folder))


def subscribe(client: Client, topic: str, callback_url: str, secret: str) -> Registration:
    """`topic`: a folder. Raises TargetGone for one that is not there."""
    body = {"target": {"type": ids.FOLDER, "id": topic}, "address": callback_url, "triggers": list(TRIGGERS)}
    answer = client.post("/webhooks", json=body, expect=(409,))
    if answer.status != 409:
        return _registration(client, topic, document(answer, "id"))
    # The app may have one webhook for a folder, and has it: its answer was lost, or it is of an earlier connection.
    known = next((row for row in marked_rows(client, "/webhooks", {}, "id") if _watches(row, topic)), None)
    if known is None:
        raise Conflict("Box says that this folder has a webhook of this app, and does not show it.")
    return renew(client, _registration(client, topic, known), callback_url)


def renew(client: Client, registration: Registration, callback_url: str) -> Registration:
    """It does not end by itself, but Box gives up one that fails for long: looks whether it is there and complete.
    Raises TargetGone."""
    path = f"/webhooks/{registration.id}"
    found = document(client.get(path), "id", "address", "triggers")
    if found["address"] != callback_url or set(found["triggers"]) != set(TRIGGERS):
        body = {"address": callback_url, "triggers": list(TRIGGERS)}
        found = document(client.put(path, json=body), "id")
    return _registration(client, registration.topic, found)


def unsubscribe(client: Client, registration: Registration) -> None:
    """Raises TargetGone."""
    client.delete(f"/webhooks/{registration.id}")


def _watches(webhook: Mapping[str, Any], folder: str) -> bool:
    target = mapping.part(webhook, "target")
    return target.get("type") == ids.FOLDER and mapping.id_of(target.get("id")) == folder


def _registration(client: Client, topic: str, found: Mapping[str, Any]) -> Registration:
    return Registration(mapping.id_of(found["id"]), topic, expires_at=client.now() + LOOKED_AT_EVERY)


def _body(delivery: Delivery) -> Mapping[str, Any]:
    """Raises ValueError for a body that is no JSON object."""
    found = json.loads(delivery.body)
    if not isinstance(found, dict):
        raise ValueError("the body is no JSON object")
    return found


WEBHOOK = Webhook(
    verify=verify,
    hints=hints,
    delivery_id=delivery_id,
    renew=renew,
    unsubscribe=unsubscribe,
    topics=topics,
    subscribe_topic=subscribe,
    secret_fields=("primary_signature_key", "secondary_signature_key"),
)
