"""What was sent through a webhook, whosever it is: listed, shown, to be sent again."""

from tests.sandbox.exchange import Answer
from tests.sandbox.github.call import Call
from tests.sandbox.github.hook import REDELIVERY_WINDOW, Delivery, Hook
from tests.sandbox.github.hook_shapes import delivery_item
from tests.sandbox.github.refusal import Refusal, not_found


def listed(call: Call, hook: Hook) -> Answer:
    """Newest first; `cursor` comes from the Link header."""
    wanted = call.chosen("status", ("", "success", "failure"), "", "HookDelivery")
    rows = [
        each
        for each in reversed(hook.deliveries)
        if wanted == "" or (each.is_sent and each.is_success == (wanted == "success"))
    ]
    size, start = call.per_page(), _start(call, rows)
    following = rows[start + size : start + size + 1]
    links = [call.link({"cursor": f"v1_{following[0].id}"}, "next")] if following else []
    headers = {"Link": links[0]} if links else {}
    return Answer.of_json([delivery_item(each) for each in rows[start : start + size]], headers=headers)


def shown(call: Call, hook: Hook) -> Answer:
    delivery = _named(call, hook)
    shape = delivery_item(delivery) | {
        "url": hook.url,
        "request": {"headers": delivery.headers, "payload": delivery.payload},
        "response": {"headers": {}, "payload": ""},
    }
    return Answer.of_json(shape)


def to_repeat(call: Call, hook: Hook) -> Delivery:
    """The delivery that is to be sent again under its GUID, up to three days later."""
    delivery = _named(call, hook)
    if call.state.clock.now() - delivery.at > REDELIVERY_WINDOW:
        raise Refusal(422, "Delivery is too old to be redelivered.", errors=[])
    return delivery


def _named(call: Call, hook: Hook) -> Delivery:
    number = call.parameters["delivery_id"]
    found = next((each for each in hook.deliveries if str(each.id) == number), None)
    if found is None:
        raise not_found()
    return found


def _start(call: Call, rows: list[Delivery]) -> int:
    text = call.request.parameter("cursor")
    if not text:
        return 0
    place = next((number for number, each in enumerate(rows) if f"v1_{each.id}" == text), None)
    if place is None:
        raise Refusal(400, "Invalid cursor")
    return place
