"""Change notifications of the simulated Graph: the handshake, what is told of changes, and how a subscription ends."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.connectors.microsoft_callers import code, graph
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.seed import TENANT_ID
from tests.sandbox.microsoft.subscription import DIRECTORY_LIFE
from tests.sandbox.postman import Got

HOOK = "https://portal.example/hooks/office365/1"
LIFE = f"{HOOK}/life"


@dataclass
class Portal:
    """Answers handshakes, and takes what is delivered with `status`."""

    status: int = 202
    got: list[tuple[str, Json]] = field(default_factory=list)
    is_deaf: bool = False

    def ask(self, url: str, headers: dict[str, str], body: bytes) -> Got:
        token = parse_qs(urlsplit(url).query)["validationToken"][0]
        return Got(404) if self.is_deaf else Got(200, {"content-type": "text/plain"}, token.encode())

    def deliver(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.got.append((url, json.loads(body)["value"]))
        return self.status


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def portal(sandbox: Sandbox) -> Portal:
    found = Portal()
    sandbox.microsoft.ask, sandbox.microsoft.deliver = found.ask, found.deliver
    return found


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return graph(sandbox, "User.Read.All", "User.ReadWrite.All", "Group.Read.All", "Files.ReadWrite.All")


def asked(sandbox: Sandbox, **changes: Json) -> dict[str, Json]:
    return {
        "changeType": "updated,deleted",
        "notificationUrl": HOOK,
        "lifecycleNotificationUrl": LIFE,
        "resource": "/users",
        "expirationDateTime": iso(sandbox.clock.now() + 86_400),
        "clientState": "a-random-text",
        **changes,
    }


def test_a_subscription_is_made_after_a_handshake(sandbox: Sandbox, portal: Portal, call: Caller) -> None:
    made = call("POST", "/subscriptions", asked(sandbox))
    assert made.status == 201
    assert call.get(f"/subscriptions/{made.json()['id']}").json()["resource"] == "/users"
    portal.is_deaf = True
    assert code(call("POST", "/subscriptions", asked(sandbox))) == (400, "ValidationError")
    assert len(call.get("/subscriptions").json()["value"]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"notificationUrl": "http://portal.example/"},
        {"resource": "/me/messages"},
        {"resource": "/drives/b!x/items/1"},
        {"changeType": "created"},
        {"clientState": "x" * 129},
        {"expirationDateTime": "soon"},
        {"expirationDateTime": "2020-01-01T00:00:00Z"},
        {"resource": ""},
    ],
)
def test_subscriptions_that_are_refused(
    sandbox: Sandbox, portal: Portal, call: Caller, changes: dict[str, Json]
) -> None:
    assert code(call("POST", "/subscriptions", asked(sandbox, **changes)))[0] == 400


def test_permissions_quota_and_longest_life(sandbox: Sandbox, portal: Portal, call: Caller) -> None:
    late = iso(sandbox.clock.now() + DIRECTORY_LIFE + 600)
    assert code(call("POST", "/subscriptions", asked(sandbox, expirationDateTime=late)))[0] == 400
    assert code(graph(sandbox, "Group.Read.All")("POST", "/subscriptions", asked(sandbox)))[0] == 403
    sandbox.microsoft.state.subscription_quota = 1
    assert call("POST", "/subscriptions", asked(sandbox)).status == 201
    assert code(call("POST", "/subscriptions", asked(sandbox, resource="/groups")))[0] == 403


def test_changes_are_told_with_the_state_that_was_given(sandbox: Sandbox, portal: Portal, call: Caller) -> None:
    made = call("POST", "/subscriptions", asked(sandbox)).json()
    state = sandbox.microsoft.state
    user, left = state.directory.user("kchen"), state.directory.user("hkim")
    call("PATCH", f"/users/{user.id}", {"accountEnabled": False})
    call("DELETE", f"/users/{left.id}")
    assert [url for url, _ in portal.got] == [HOOK, HOOK]
    row = portal.got[0][1][0]
    assert (row["subscriptionId"], row["clientState"], row["tenantId"]) == (made["id"], "a-random-text", TENANT_ID)
    assert (row["changeType"], row["resourceData"]["id"]) == ("updated", user.id)
    assert (portal.got[1][1][0]["changeType"], portal.got[1][1][0]["resourceData"]["id"]) == ("deleted", left.id)


def test_subscriptions_of_one_address_are_told_in_one_delivery(
    sandbox: Sandbox, portal: Portal, call: Caller
) -> None:
    for resource in ("/users", "/groups"):
        call("POST", "/subscriptions", asked(sandbox, resource=resource))
    state = sandbox.microsoft.state
    state.directory.delete(state.directory.user("kchen"), state.now())
    sandbox.microsoft.send()
    assert {each["resource"].partition("/")[0] for each in portal.got[0][1]} == {"Users", "Groups"}
    assert len(portal.got) == 1


def test_what_nobody_takes_is_repeated_and_at_last_told_as_missed(
    sandbox: Sandbox, portal: Portal, call: Caller
) -> None:
    call("POST", "/subscriptions", asked(sandbox))
    state = sandbox.microsoft.state
    state.directory.update(state.directory.user("kchen"), {"jobTitle": "Controller"})
    portal.status = 503
    for _ in range(20):
        sandbox.microsoft.send()
        sandbox.clock.advance(1800)
    tries = [rows for url, rows in portal.got if url == HOOK]
    assert len(tries) > 3
    assert all(each == tries[0] for each in tries)
    assert [rows[0]["lifecycleEvent"] for url, rows in portal.got if url == LIFE][:1] == ["missed"]


def test_a_subscription_is_renewed_reauthorized_and_ended(sandbox: Sandbox, portal: Portal, call: Caller) -> None:
    target = f"/subscriptions/{call('POST', '/subscriptions', asked(sandbox)).json()['id']}"
    until = iso(sandbox.clock.now() + 3 * 86_400)
    assert call("PATCH", target, {"expirationDateTime": until}).json()["expirationDateTime"] == until
    assert call("PATCH", target, {"lifecycleNotificationUrl": LIFE}).status == 400
    next(each for each in sandbox.microsoft.switches() if each.id == "reauthorize").turn(True)
    assert call("POST", f"{target}/reauthorize").status == 204
    assert portal.got[-1][1][0]["lifecycleEvent"] == "reauthorizationRequired"
    assert call("DELETE", target).status == 204
    assert code(call("PATCH", target, {"expirationDateTime": until})) == (404, "ResourceNotFound")


def test_one_that_is_not_renewed_ends_silently_and_one_the_service_ends_is_told(
    sandbox: Sandbox, portal: Portal, call: Caller
) -> None:
    call("POST", "/subscriptions", asked(sandbox, expirationDateTime=iso(sandbox.clock.now() + 600)))
    sandbox.clock.advance(601)
    assert (call.get("/subscriptions").json()["value"], portal.got) == ([], [])
    call("POST", "/subscriptions", asked(sandbox))
    next(each for each in sandbox.microsoft.switches() if each.id == "unsubscribed").turn(True)
    sandbox.microsoft.send()
    assert portal.got[-1][1][0]["lifecycleEvent"] == "subscriptionRemoved"


def test_a_drive_is_told_as_a_whole_and_permissions_alone_only_on_request(
    sandbox: Sandbox, portal: Portal, call: Caller
) -> None:
    files, now = sandbox.microsoft.state.files, sandbox.clock.now()
    site = files.add_site("contoso.sharepoint.com", "/sites/x", "X", now)
    drive = files.add_drive(site, "Documents", "Shared Documents", now, [])
    body = asked(sandbox, resource=f"/drives/{drive.id}/root", changeType="updated")
    plain = call("POST", "/subscriptions", body).json()["id"]
    secured = call("POST", "/subscriptions", body, {"Prefer": "includesecuritywebhooks"}).json()["id"]
    root = files.items[drive.root_id]
    files.touch(root, sandbox.clock.now(), is_sharing=True)
    sandbox.microsoft.send()
    files.touch(root, sandbox.clock.now())
    sandbox.microsoft.send()
    told = [{each["subscriptionId"] for each in rows} for _, rows in portal.got]
    assert told == [{secured}, {plain, secured}]
    missing = asked(sandbox, resource="/drives/b!none/root", changeType="updated")
    assert code(call("POST", "/subscriptions", missing))[0] == 404
