"""The simulated webhooks: who sees them, what they tell, how it is signed, what can be sent again."""

import hashlib
import hmac
import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from tests.connectors import specification
from tests.connectors.github_callers import ORG, caller
from tests.connectors.specification import Deliveries
from tests.sandbox import Sandbox, postman
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.hook import Sent, signature
from tests.sandbox.github.seed_repositories import public_key

REPO = "/repos/contoso-dev"
URL = "https://portal.contoso.example/in"
SECRET = "shared"
PERSON_CHANGES: list[tuple[str, str, Json, list[str]]] = [
    ("DELETE", f"{ORG}/memberships/asingh", None, ["membership.removed"] * 3 + ["organization.member_removed"]),
    ("PUT", f"{ORG}/memberships/tvolkov", {"role": "member"}, ["organization.member_invited"]),
    ("PUT", f"{ORG}/blocks/tvolkov", None, ["org_block.blocked"]),
    ("DELETE", f"{ORG}/blocks/crypto-faucet-9000", None, ["org_block.unblocked"]),
    ("PUT", f"{ORG}/teams/platform/memberships/jmueller", {}, ["membership.added"]),
]
REPOSITORY_CHANGES: list[tuple[str, str, Json, list[str]]] = [
    ("PATCH", f"{REPO}/docs", {"visibility": "private"}, ["repository.privatized"]),
    ("PATCH", f"{REPO}/storefront", {"visibility": "public"}, ["repository.publicized", "public"]),
    ("PATCH", f"{REPO}/storefront", {"visibility": "internal"}, []),
    ("PATCH", f"{REPO}/storefront", {"archived": True}, ["repository.archived"]),
    ("PATCH", f"{REPO}/legacy-crm", {"archived": False}, ["repository.unarchived"]),
    ("PATCH", f"{REPO}/storefront", {"name": "shop"}, ["repository.renamed"]),
    ("DELETE", f"{REPO}/storefront", None, ["repository.deleted"]),
    ("PUT", f"{REPO}/docs/collaborators/jmueller", {"permission": "admin"}, ["member.added"]),
    ("PUT", f"{REPO}/docs/collaborators/fab-lena", {"permission": "push"}, ["member.edited"]),
    ("DELETE", f"{REPO}/docs/collaborators/fab-lena", None, ["member.removed"]),
    ("PUT", f"{ORG}/teams/platform/repos/contoso-dev/docs", {}, ["team_add", "team.added_to_repository"]),
    ("DELETE", f"{ORG}/teams/engineering/repos/contoso-dev/docs", None, ["team.removed_from_repository"]),
    ("POST", f"{REPO}/docs/keys", {"key": public_key("new")}, ["deploy_key.created"]),
    ("DELETE", f"{REPO}/infra-live/keys/90114001", None, ["deploy_key.deleted"]),
    ("PUT", f"{REPO}/docs/contents/x.md", {"message": "x", "content": "eA=="}, ["push"]),
]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return caller(sandbox, SERVICE_OWNER, "admin:org", "admin:org_hook", "repo", "delete_repo")


def make(call: Caller, *events: str, **config: Json) -> str:
    """The path of a new hook."""
    sent = {"url": URL, "content_type": "json", "secret": SECRET, "insecure_ssl": "0"} | config
    reply = call("POST", f"{ORG}/hooks", {"name": "web", "active": True, "events": list(events), "config": sent})
    assert reply.status == 201, reply.body
    return f"{ORG}/hooks/{reply.json()['id']}"


def told(sandbox: Sandbox) -> list[str]:
    """What our hooks heard; others hear things, too."""
    return [name_of(each) for each in sandbox.github.state.sent if each.url == URL]


def name_of(sent: Sent) -> str:
    action = json.loads(sent.body).get("action")
    return ".".join([sent.headers["X-GitHub-Event"], *([action] if action else [])])


# -- making and seeing


def test_a_new_hook_hears_a_ping_and_never_says_its_secret(sandbox: Sandbox, owner: Caller) -> None:
    hook = make(owner, "member")
    shape = owner.get(hook).json()
    assert (shape["config"]["secret"], shape["events"], shape["active"]) == ("********", ["member"], True)
    [ping] = sandbox.github.state.sent
    assert (ping.url, ping.headers["X-GitHub-Event"]) == (URL, "ping")
    assert json.loads(ping.body)["hook_id"] == shape["id"]
    assert SECRET.encode() not in ping.body


def test_an_oauth_app_sees_its_own_hooks_alone(sandbox: Sandbox, owner: Caller) -> None:
    assert len(sandbox.github.organisation().hooks) == 2
    assert owner.get(f"{ORG}/hooks").json() == []
    make(owner, "member")
    assert len(owner.get(f"{ORG}/hooks").json()) == 1
    assert owner.get(f"{ORG}/hooks/501113202").status == 404


def test_hooks_are_for_owners_with_their_scope(sandbox: Sandbox) -> None:
    assert caller(sandbox, SERVICE_OWNER, "admin:org").get(f"{ORG}/hooks").status == 403
    assert caller(sandbox, "asingh", "admin:org_hook").get(f"{ORG}/hooks").status == 404


def test_twenty_hooks_for_an_event_are_enough(owner: Caller) -> None:
    for _ in range(19):
        make(owner, "member")
    config = {"url": URL}
    full = owner("POST", f"{ORG}/hooks", {"name": "web", "config": config, "events": ["member"]})
    assert full.status == 201
    full = owner("POST", f"{ORG}/hooks", {"name": "web", "config": config, "events": ["member"]})
    assert (full.status, "more than 20 hooks" in full.json()["errors"][0]["message"]) == (422, True)
    make(owner, "team")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "email", "config": {"url": URL}},
        {"name": "web"},
        {"name": "web", "config": {"url": "portal.contoso.example"}},
        {"name": "web", "config": {"url": URL}, "events": ["something"]},
    ],
)
def test_a_hook_that_makes_no_sense_is_refused(sandbox: Sandbox, owner: Caller, body: Json) -> None:
    assert owner("POST", f"{ORG}/hooks", body).status == 422
    assert len(sandbox.github.organisation().hooks) == 2


def test_repository_hooks_show_where_things_go(owner: Caller) -> None:
    [hook] = owner.get(f"{REPO}/billing-api/hooks").json()
    assert hook["config"]["url"] == "https://mirror.fabrikam.example/in"


# -- what is told


@pytest.mark.parametrize(("method", "target", "body", "events"), [*PERSON_CHANGES, *REPOSITORY_CHANGES])
def test_each_change_is_told_as_described(
    sandbox: Sandbox, owner: Caller, method: str, target: str, body: Json, events: list[str]
) -> None:
    make(owner, "*")
    del sandbox.github.organisation().hooks[501_990_311]
    sandbox.github.state.sent.clear()
    assert owner(method, target, body).status < 300
    assert told(sandbox) == events
    for sent in (each for each in sandbox.github.state.sent if each.url == URL):
        payload = json.loads(sent.body)
        assert payload["sender"]["login"] == SERVICE_OWNER
        assert payload["organization"]["login"] == "contoso-dev"
        if specification.folder("github"):
            Deliveries.load("github", "ghec-webhooks.json").validate(sent.headers["X-GitHub-Event"], payload)


def test_what_happens_outside_the_api_is_told_too(sandbox: Sandbox, owner: Caller) -> None:
    make(owner, "organization")
    organisation, state = sandbox.github.organisation(), sandbox.github.state
    organisation.accept_invitation(state.person("tbaker"))
    sandbox.github.send()
    assert told(sandbox) == ["ping", "organization.member_added"]


def test_a_renamed_organisation_is_told_with_its_former_login(sandbox: Sandbox, owner: Caller) -> None:
    make(owner, "organization")
    sandbox.github.organisation().rename("contoso-labs", sandbox.github.state.actor(SERVICE_OWNER))
    sandbox.github.send()
    assert told(sandbox) == ["ping", "organization.renamed"]
    payload = json.loads([each for each in sandbox.github.state.sent if each.url == URL][-1].body)
    assert payload["changes"] == {"login": {"from": "contoso-dev"}}
    assert payload["organization"]["login"] == "contoso-labs"
    if specification.folder("github"):
        Deliveries.load("github", "ghec-webhooks.json").validate("organization", payload)


def test_a_hook_hears_what_it_asked_for_while_it_is_active(sandbox: Sandbox, owner: Caller) -> None:
    hook = make(owner, "org_block")
    owner("PUT", f"{ORG}/memberships/tvolkov", {"role": "member"})
    owner("PATCH", hook, {"active": False})
    owner("DELETE", f"{ORG}/blocks/crypto-faucet-9000")
    owner("PATCH", hook, {"active": True})
    owner("PUT", f"{ORG}/blocks/crypto-faucet-9000")
    assert told(sandbox) == ["ping", "org_block.blocked"]


def test_a_deleted_hook_hears_of_its_end(sandbox: Sandbox, owner: Caller) -> None:
    hook = make(owner, "member")
    assert owner("DELETE", hook).status == 204
    assert told(sandbox) == ["ping", "meta.deleted"]
    assert owner.get(hook).status == 404


# -- signatures


def test_the_vendors_test_vector() -> None:
    expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signature("It's a Secret to Everybody", b"Hello, World!") == expected


def test_the_body_is_signed_as_it_is_sent(sandbox: Sandbox, owner: Caller) -> None:
    make(owner, "member")
    make(owner, "member", content_type="form")
    make(owner, "member", secret=None)
    as_json, as_form, unsigned = sandbox.github.state.sent
    for sent in (as_json, as_form):
        digest = hmac.new(SECRET.encode(), sent.body, hashlib.sha256).hexdigest()
        assert sent.headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert "X-Hub-Signature-256" not in unsigned.headers
    assert as_json.headers["Content-Type"] == "application/json"
    assert json.loads(parse_qs(as_form.body.decode())["payload"][0])["zen"]
    assert as_json.headers["X-GitHub-Hook-Installation-Target-ID"] == "148205311"
    assert as_json.headers["User-Agent"].startswith("GitHub-Hookshot/")


# -- deliveries


def test_failed_deliveries_are_listed_and_sent_again_under_the_same_name(sandbox: Sandbox, owner: Caller) -> None:
    hook = make(owner, "member")
    sandbox.github.deliver = lambda url, headers, body: 503
    owner("PUT", f"{REPO}/docs/collaborators/jmueller", {"permission": "admin"})
    sandbox.github.deliver = lambda url, headers, body: 202
    [failed] = owner.get(f"{hook}/deliveries?status=failure").json()
    assert (failed["status_code"], failed["status"], failed["event"]) == (503, "Invalid HTTP Response", "member")
    assert owner("POST", f"{hook}/deliveries/{failed['id']}/attempts").status == 202
    newest = owner.get(f"{hook}/deliveries").json()[0]
    assert (newest["guid"], newest["redelivery"], newest["status"]) == (failed["guid"], True, "OK")
    assert newest["id"] != failed["id"]
    payload = owner.get(f"{hook}/deliveries/{failed['id']}").json()["request"]["payload"]
    assert payload["member"]["login"] == "jmueller"


def test_nobody_answering_is_a_failure_without_a_status(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.deliver = lambda url, headers, body: 0
    hook = make(owner, "member")
    [row] = owner.get(f"{hook}/deliveries?status=failure").json()
    assert (row["status_code"], row["status"]) == (0, "failed to connect to host")


def test_after_three_days_nothing_is_sent_again(sandbox: Sandbox, owner: Caller) -> None:
    hook = make(owner, "member")
    [ping] = owner.get(f"{hook}/deliveries").json()
    sandbox.clock.advance(3 * 86_400 + 1)
    assert owner("POST", f"{hook}/deliveries/{ping['id']}/attempts").status == 422


def test_deliveries_are_paged_by_cursor_newest_first(owner: Caller) -> None:
    hook = make(owner, "member")
    for _ in range(4):
        owner("POST", f"{hook}/pings")
    pages = [[row["id"] for row in reply.json()] for reply in owner.pages(f"{hook}/deliveries?per_page=2")]
    assert [len(page) for page in pages] == [2, 2, 1]
    ids = [number for page in pages for number in page]
    assert ids == sorted(ids, reverse=True)


# -- the demo's postman


@pytest.fixture
def receiver() -> Callable[[], tuple[str, list[bytes]]]:
    def start() -> tuple[str, list[bytes]]:
        bodies: list[bytes] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.handle_request, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/in", bodies

    return start


def test_the_postman_carries_to_this_machine_only(receiver: Callable[[], tuple[str, list[bytes]]]) -> None:
    url, bodies = receiver()
    assert postman.post(url, {"Content-Type": "application/json"}, b"{}") == 204
    assert bodies == [b"{}"]
    assert postman.post("http://203.0.113.99/in", {}, b"{}") == 0
    assert postman.post("https://127.0.0.1/in", {}, b"{}") == 0
    assert postman.post("http://127.0.0.1:9/in", {}, b"{}") == 0


@pytest.fixture
def babbler() -> Iterator[Callable[[bytes], str]]:
    """The address of a server that answers each call with these bytes and hangs up hard; what follows is lost."""
    servers: list[socketserver.TCPServer] = []

    def start(said: bytes) -> str:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.recv(65536)
                self.request.sendall(said)
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        server = socketserver.TCPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/in"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


NO_HTTP = [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 none of it\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, b""]


@pytest.mark.parametrize("said", NO_HTTP, ids=["another protocol", "no status", "endless header", "nothing"])
def test_an_answer_that_is_no_http_counts_as_none_and_the_postman_walks_on(
    babbler: Callable[[bytes], str], said: bytes
) -> None:
    url = babbler(said)
    told: list[int] = []
    walking = postman.Postman([lambda: told.append(postman.post(url, {}, b"{}"))])
    walking.start()
    ends_at = time.monotonic() + 10
    while len(told) < 2 and time.monotonic() < ends_at:
        time.sleep(0.05)
    walking.stop()
    assert told[:2] == [0, 0]


def test_the_postman_walks_until_he_is_stopped() -> None:
    called = threading.Event()
    walking = postman.Postman([called.set])
    walking.start()
    assert called.wait(5)
    walking.stop()
