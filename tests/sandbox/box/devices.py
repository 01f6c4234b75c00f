"""Device pins: devices that people signed in from."""

from tests.sandbox.box.call import Call
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.people import SETTINGS, DevicePin
from tests.sandbox.box.refusal import forbidden, not_found
from tests.sandbox.box.router import route
from tests.sandbox.box.shapes import pin_shape
from tests.sandbox.exchange import Answer, Json

MOST = 10_000


def listed(call: Call) -> Answer:
    """Here the marker is a number, and missing at the end."""
    call.need(SETTINGS)
    if call.parameters["enterprise_id"] != call.state.enterprise.id:
        raise forbidden()
    rows = sorted(call.state.pins.values(), key=lambda each: int(each.id))
    if call.request.parameter("direction").lower() == "desc":
        rows.reverse()
    start, size = call.marker(), call.limit(100, MOST)
    shown = [pin_shape(call.state, each) for each in rows[start : start + size]]
    body: dict[str, Json] = {"entries": shown, "limit": size, "order": [{"by": "id", "direction": "asc"}]}
    if start + size < len(rows):
        body["next_marker"] = start + size
    return Answer.of_json(body)


def one(call: Call) -> Answer:
    return Answer.of_json(pin_shape(call.state, _named(call)))


def removed(call: Call) -> Answer:
    pin = _named(call)
    del call.state.pins[pin.id]
    user = call.state.users[pin.user_id]
    call.record("REMOVE_DEVICE_ASSOCIATION", mini_user(user))
    return Answer(204)


def _named(call: Call) -> DevicePin:
    call.need(SETTINGS)
    found = call.state.pins.get(call.parameters["pin_id"])
    if found is None:
        raise not_found()
    return found


SCOPE = "manage_enterprise_properties"
ROUTES = [
    route("GET", "/enterprises/{enterprise_id}/device_pinners", listed, SCOPE),
    route("GET", "/device_pinners/{pin_id}", one, SCOPE),
    route("DELETE", "/device_pinners/{pin_id}", removed, SCOPE),
]
