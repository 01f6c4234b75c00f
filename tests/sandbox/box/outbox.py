"""Tells webhooks what happens to the items they watch, and to what lies in them."""

import json
import uuid
from collections.abc import Callable

from tests.sandbox.box.event_log import Event
from tests.sandbox.box.items import File, Item
from tests.sandbox.box.minis import mini
from tests.sandbox.box.moments import told
from tests.sandbox.box.tokens import Application
from tests.sandbox.box.tree import Tree
from tests.sandbox.box.webhook import ATTEMPTS, ATTEMPTS_APART, Delivery, Webhook, signature

# URL, headers, body -> the status that came back, 0 when none did.
Deliver = Callable[[str, dict[str, str], bytes], int]

# An event of the admin feed -> what follows FILE. or FOLDER. in the trigger.
ITEM_VERBS = {
    "DOWNLOAD": "DOWNLOADED",
    "PREVIEW": "PREVIEWED",
    "UNDELETE": "RESTORED",
    "COPY": "COPIED",
    "MOVE": "MOVED",
    "RENAME": "RENAMED",
    "LOCK": "LOCKED",
    "UNLOCK": "UNLOCKED",
}
OTHERS = {
    "SHARE": "SHARED_LINK.CREATED",
    "ITEM_SHARED_UPDATE": "SHARED_LINK.UPDATED",
    "UNSHARE": "SHARED_LINK.DELETED",
    "COLLABORATION_INVITE": "COLLABORATION.CREATED",
    "COLLABORATION_ACCEPT": "COLLABORATION.ACCEPTED",
    "COLLABORATION_REMOVE": "COLLABORATION.REMOVED",
    "COLLABORATION_ROLE_CHANGE": "COLLABORATION.UPDATED",
}
DELETIONS = {"trash": "TRASHED", "permanent": "DELETED"}


class Outbox:
    """`waiting`: oldest first; what was not taken is tried again, under the same id in the body."""

    def __init__(self) -> None:
        self.webhooks: dict[str, Webhook] = {}
        self.waiting: list[Delivery] = []

    def offer(self, event: Event, tree: Tree, now: float) -> None:
        source = event["source"] or {}
        name = source.get("item_id") or source.get("file_id") or source.get("folder_id") or ""
        item = tree.items.get(name) if self.webhooks else None
        if item is None:
            return
        watched = {item.id, *(each.id for each in tree.ancestors(item))}
        for hook in self.webhooks.values():
            if hook.item_id in watched:
                for trigger in triggers_of(event, item):
                    if trigger in hook.triggers:
                        self.queue(hook, trigger, event, mini(item), now)

    def queue(self, hook: Webhook, trigger: str, event: Event, source: object, now: float) -> None:
        name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{hook.id}/{trigger}/{event['event_id']}"))
        body = {
            "type": "webhook_event",
            "id": name,
            "created_at": told(now),
            "trigger": trigger,
            "webhook": {"id": hook.id, "type": "webhook"},
            "created_by": event["created_by"],
            "source": source,
            "additional_info": [],
        }
        self.waiting.append(Delivery(name, hook, json.dumps(body, ensure_ascii=False).encode(), now))

    def send(self, deliver: Deliver, applications: dict[str, Application], now: float) -> None:
        """All that is due now."""
        due = [each for each in self.waiting if each.due_at <= now]
        self.waiting = [each for each in self.waiting if each.due_at > now]
        for delivery in due:
            number = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{delivery.id}/{len(delivery.attempts)}"))
            delivery.attempts.append(number)
            headers = _headers(delivery, applications[delivery.webhook.client_id], number, now)
            status = deliver(delivery.webhook.address, headers, delivery.body)
            if not 200 <= status < 300 and len(delivery.attempts) < ATTEMPTS:
                delivery.due_at = now + ATTEMPTS_APART
                self.waiting.append(delivery)


def triggers_of(event: Event, item: Item) -> list[str]:
    """A file that is moved in counts as uploaded, too; so does a new version (unverified)."""
    kind, name = item.kind.upper(), event["event_type"]
    if name in OTHERS:
        return [OTHERS[name]]
    if name == "UPLOAD":
        return ["FILE.UPLOADED"] if isinstance(item, File) else ["FOLDER.CREATED"]
    if name == "EDIT":
        return ["FILE.UPLOADED"]
    if name == "DELETE":
        verb = DELETIONS.get((event["additional_details"] or {}).get("type", ""))
        return [f"{kind}.{verb}"] if verb else []
    if name not in ITEM_VERBS:
        return []
    moved_in = ["FILE.UPLOADED"] if name == "MOVE" and isinstance(item, File) else []
    return [f"{kind}.{ITEM_VERBS[name]}", *moved_in]


def _headers(delivery: Delivery, application: Application, number: str, now: float) -> dict[str, str]:
    timestamp = told(now) or ""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Box-WH-Client",
        "BOX-DELIVERY-ID": number,
        "BOX-DELIVERY-TIMESTAMP": timestamp,
        "BOX-SIGNATURE-VERSION": "1",
        "BOX-SIGNATURE-ALGORITHM": "HmacSHA256",
        "BOX-SIGNATURE-PRIMARY": signature(application.primary_key, delivery.body, timestamp),
        "BOX-SIGNATURE-SECONDARY": signature(application.secondary_key, delivery.body, timestamp),
    }
