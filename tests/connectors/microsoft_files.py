"""What tests of the simulated OneDrive and SharePoint look things up with."""

from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.files.quick_xor import quick_xor


def at(sandbox: Sandbox, name: str) -> str:
    """The address of the item of this name."""
    found = sandbox.microsoft.state.files.named(name)
    return f"/drives/{found.drive_id}/items/{found.id}"


def delta(call: Caller, target: str, headers: dict[str, str] | None = None) -> tuple[list[Json], str]:
    """All that has changed, and the link for next time."""
    found: list[Json] = []
    while True:
        page = call.get(target, headers).json()
        found += page["value"]
        if "@odata.deltaLink" in page:
            return found, str(page["@odata.deltaLink"])
        target = page["@odata.nextLink"]


def fetched(sandbox: Sandbox, reply: Reply) -> bytes:
    """What the address of a download leads to, without a token."""
    assert reply.status == 302
    address = reply.headers["location"]
    host = address.split("/")[2]
    assert host.endswith(".sharepoint.com")
    return Caller(sandbox, host).get(address).body


def put(call: Caller, target: str, data: bytes) -> Reply:
    return call("PUT", target, data, {"Content-Type": "application/octet-stream"})


def places(sandbox: Sandbox, text: bytes) -> list[str]:
    return [each.how for each in sandbox.microsoft.state.places_of(quick_xor(text))]


def newest(sandbox: Sandbox) -> Json:
    """The last record of what calls did to files."""
    sandbox.clock.advance(60)
    held = sandbox.microsoft.state.feed.blobs("Audit.SharePoint", sandbox.clock.now())
    return held[-1].records[-1]
