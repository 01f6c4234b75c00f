"""Webhooks of version 2: making, reading, changing, deleting them. Each user sees those made as that user."""

from urllib.parse import urlsplit

from tests.sandbox.box.access import SEE
from tests.sandbox.box.call import Call
from tests.sandbox.box.items import ROOT, Item
from tests.sandbox.box.moments import told
from tests.sandbox.box.pages import by_marker
from tests.sandbox.box.refusal import Refusal, invalid, not_found
from tests.sandbox.box.router import route
from tests.sandbox.box.shapes import named_user
from tests.sandbox.box.webhook import FOR_FOLDERS_ONLY, MOST, TRIGGERS, Webhook
from tests.sandbox.exchange import Answer, Json

PORTS = (None, 443)


def listed(call: Call) -> Answer:
    rows = [each for each in call.state.webhooks.values() if _is_own(call, each)]
    return by_marker(call, rows, _mini, MOST)


def made(call: Call) -> Answer:
    body, state = call.body(), call.state
    item = _target(call, body.get("target"))
    held = [each for each in state.webhooks.values() if _is_own(call, each)]
    if any(each.item_id == item.id for each in held):
        raise Refusal(409, "conflict", "A webhook exists for this item, app and user already")
    if len(held) >= MOST:
        raise Refusal(400, "bad_request", f"An app has at most {MOST} webhooks for a user")
    client_id = call.token.application.client_id
    address, triggers = _address(body.get("address")), _triggers(body.get("triggers"), item.kind)
    hook = Webhook(state.next_id(), client_id, call.user.id, item.id, item.kind, address, triggers, state.now())
    state.webhooks[hook.id] = hook
    return Answer.of_json(_shape(call, hook), 201)


def shown(call: Call) -> Answer:
    return Answer.of_json(_shape(call, _named(call)))


def changed(call: Call) -> Answer:
    hook, body = _named(call), call.body()
    if "target" in body:
        item = _target(call, body["target"])
        hook.item_id, hook.item_type = item.id, item.kind
    if "address" in body:
        hook.address = _address(body["address"])
    if "triggers" in body:
        hook.triggers = _triggers(body["triggers"], hook.item_type)
    return Answer.of_json(_shape(call, hook))


def deleted(call: Call) -> Answer:
    del call.state.webhooks[_named(call).id]
    return Answer(204)


def _target(call: Call, target: Json) -> Item:
    """Any file or folder but the root."""
    if not isinstance(target, dict) or str(target.get("id", ROOT)) == ROOT:
        raise invalid("target", "The target must be a file or a folder, not the root")
    found = call.state.tree.items.get(str(target["id"]))
    if found is None or found.kind != target.get("type") or not call.access.may(SEE, found):
        raise not_found()
    return found


def _address(address: Json) -> str:
    parts = urlsplit(str(address))
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or parts.port not in PORTS:
        raise invalid("address", "The address must be https on port 443")
    return str(address)


def _triggers(triggers: Json, kind: str) -> tuple[str, ...]:
    if not isinstance(triggers, list) or not triggers or not set(triggers) <= TRIGGERS:
        raise invalid("triggers", "Unknown or missing triggers")
    if kind == "file" and set(triggers) & FOR_FOLDERS_ONLY:
        raise invalid("triggers", "Some of these triggers are for folders alone")
    return tuple(triggers)


def _is_own(call: Call, hook: Webhook) -> bool:
    return hook.client_id == call.token.application.client_id and hook.user_id == call.user.id


def _named(call: Call) -> Webhook:
    found = call.state.webhooks.get(call.parameters["webhook_id"])
    if found is None or not _is_own(call, found):
        raise not_found()
    return found


def _mini(hook: Webhook) -> dict[str, Json]:
    return {"type": "webhook", "id": hook.id, "target": {"type": hook.item_type, "id": hook.item_id}}


def _shape(call: Call, hook: Webhook) -> dict[str, Json]:
    return {
        **_mini(hook),
        "created_by": named_user(call.state, hook.user_id),
        "created_at": told(hook.created_at),
        "address": hook.address,
        "triggers": list(hook.triggers),
    }


SCOPE = "manage_webhook"
ROUTES = [
    route("GET", "/webhooks", listed, SCOPE),
    route("POST", "/webhooks", made, SCOPE),
    route("GET", "/webhooks/{webhook_id}", shown, SCOPE),
    route("PUT", "/webhooks/{webhook_id}", changed, SCOPE),
    route("DELETE", "/webhooks/{webhook_id}", deleted, SCOPE),
]
