"""What was sent with a call."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.graph.refusals import bad


def body_of(call: Call) -> dict[str, Json]:
    """{} when nothing was sent."""
    try:
        body = call.request.json()
    except ValueError:
        raise bad("Unable to read JSON request payload.", "BadRequest") from None
    if not isinstance(body, dict):
        raise bad("Invalid request payload: a JSON object is expected.", "BadRequest")
    return body


def values_of(call: Call) -> dict[str, Json]:
    """The properties of the body, without annotations such as the type that the vendor's SDK sends along."""
    return {name: value for name, value in body_of(call).items() if "@odata." not in name}


def text_of(body: dict[str, Json], name: str) -> str:
    """A member that must be there."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise bad(f"A value is required for property '{name}' of resource.")
    return value
