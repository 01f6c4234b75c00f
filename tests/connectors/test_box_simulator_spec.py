"""Every answer of the simulated Box is as Box's own description says."""

import hashlib
from base64 import b64encode
from dataclasses import replace

import pytest

from tests.connectors import specification
from tests.connectors.box_callers import acting, admin, ask_token, caller, credentials_form, upload, uploading
from tests.connectors.specification import Specification, Violation
from tests.sandbox import Sandbox
from tests.sandbox.box import seed
from tests.sandbox.box.labels import KEY, TEMPLATE
from tests.sandbox.box.router import Route
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Exchange, Json

pytestmark = [
    pytest.mark.skipif(
        specification.folder("box") is None, reason="GATEHOUSE_SPECS does not name a folder with box/box-2024.0.json"
    ),
    # Whether a call may be made is for the simulator to say.
    pytest.mark.filterwarnings("ignore:Unsupported scheme type"),
    pytest.mark.filterwarnings("ignore:Use of allowEmptyValue"),
]

NEWER = {"box-version": "2025.0"}
NEWER_PATHS = ("/2.0/enterprise_configurations/", "/2.0/external_users/")
USER_FIELDS = "id,name,login,role,status,enterprise,created_at,modified_at,space_used,is_platform_access_only,phone"
ITEM_FIELDS = (
    "id,type,name,etag,sequence_id,sha1,size,extension,created_at,modified_at,content_created_at,content_modified_at,"
    "created_by,modified_by,owned_by,parent,path_collection,item_status,trashed_at,shared_link,has_collaborations,"
    "is_externally_owned,is_accessible_via_shared_link,version_number,classification,lock,permissions,url"
)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture(scope="module")
def described() -> tuple[Specification, Specification]:
    return Specification.load("box", "box-2024.0.json"), Specification.load("box", "box-2025.0.json")


def validate(described: tuple[Specification, Specification], exchange: Exchange) -> None:
    """Against the version that has the endpoint. What was refused for its form was wrong on purpose."""
    current, newer = described
    found = newer if exchange.path.startswith(NEWER_PATHS) else current
    if not found.describes(exchange):
        return
    if exchange.status not in (400, 413, 416):
        found.validate_request(exchange)
    found.validate_response(exchange)


def test_every_endpoint_answers_as_described(
    sandbox: Sandbox, described: tuple[Specification, Specification]
) -> None:
    call = admin(sandbox)
    walk_people(sandbox, call)
    walk_events(call)
    walk_folders(sandbox, acting(call, sandbox.box.state.person("eandersson")))
    walk_files(sandbox, acting(call, sandbox.box.state.person("ipetrova")))
    walk_trash(sandbox, acting(call, sandbox.box.state.person("ipetrova")))
    walk_uploads(sandbox, call)
    walk_collaborations(sandbox, acting(call, sandbox.box.state.person("eandersson")))
    walk_labels(sandbox, acting(call, sandbox.box.state.person("hkim")))
    walk_hooks(sandbox, acting(call, sandbox.box.state.person("eandersson")))
    walk_enterprise(sandbox, call)
    walk_oauth(sandbox)
    for exchange in sandbox.requests:
        validate(described, exchange)
    done = [exchange for exchange in sandbox.requests if exchange.status < 400]
    missing = [f"{each.method} {each.pattern.pattern}" for each in sandbox.box.routes if not has_answered(each, done)]
    assert missing == []


def has_answered(route: Route, done: list[Exchange]) -> bool:
    return any(
        each.method == route.method and route.pattern.match(each.path.removeprefix("/api").removeprefix("/2.0"))
        for each in done
    )


@pytest.mark.parametrize("kind", ["unauthorized", "rate-limit", "secondary-rate-limit"])
def test_refusals_on_demand_answer_as_described(
    sandbox: Sandbox, described: tuple[Specification, Specification], kind: str
) -> None:
    sandbox.faults.add(kind, times=None)
    call = admin(sandbox)
    reply = call.get("/users")
    assert (reply.status, "retry-after" in reply.headers) == ((401, False) if kind == "unauthorized" else (429, True))
    call.get("/folders/0/items")
    for exchange in sandbox.requests:
        validate(described, exchange)


def test_an_answer_that_lacks_its_shape_is_found(
    sandbox: Sandbox, described: tuple[Specification, Specification]
) -> None:
    admin(sandbox).get("/folders/0")
    broken = replace(sandbox.requests[0], response_body=b'{"id": 1}')
    with pytest.raises(Violation, match="folders"):
        validate(described, broken)


def good(*replies: Reply) -> Json:
    """The last one's body."""
    for reply in replies:
        assert reply.status < 300, (reply.status, reply.body)
    return replies[-1].json() if replies[-1].body else None


def walk_people(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    good(call.get("/users/me"), call.get("/users/me?fields=id,name,login,role,status,enterprise"))
    good(call.get("/users?limit=1000"), call.get(f"/users?usemarker=true&user_type=managed&fields={USER_FIELDS}"))
    external = state.person("fab-lena").login
    good(call.get(f"/users?user_type=external&filter_term={external}"))
    user = state.person("asingh").id
    good(call.get(f"/users/{user}"), call("PUT", f"/users/{user}", {"status": "inactive", "role": "user"}))
    assert call("PUT", f"/users/{user}", {"status": "suspended"}).status == 400
    assert call.get("/users/1").status == 404
    good(call.get(f"/users/{user}/memberships"))
    other = state.person("hgreen").id
    good(call("PUT", f"/users/{other}/folders/0", {"owned_by": {"id": state.person("eandersson").id}}))
    good(call("DELETE", f"/users/{other}?force=true&notify=false"))
    good(call.get("/groups"), call.get("/groups?fields=name,provenance,description,external_sync_identifier"))
    group = next(each for each in state.groups.values() if each.name == "Engineering").id
    good(call.get(f"/groups/{group}"), call.get(f"/groups/{group}/memberships"))
    good(call.get(f"/groups/{group}/collaborations"))
    member = {"user": {"id": state.person("rpatel").id}, "group": {"id": group}}
    made = good(call("POST", "/group_memberships", member))["id"]
    good(call.get(f"/group_memberships/{made}"), call("PUT", f"/group_memberships/{made}", {"role": "admin"}))
    good(call("DELETE", f"/group_memberships/{made}"))
    good(call("POST", "/users/terminate_sessions", {"user_ids": [user], "user_logins": []}))
    good(call("POST", "/groups/terminate_sessions", {"group_ids": [group]}))
    assert call("POST", "/users/terminate_sessions", {"user_ids": [], "user_logins": []}).status == 400


def walk_events(call: Caller) -> None:
    position, seen = "0", 0
    while entries := (page := good(call.get(f"/events?stream_type=admin_logs&stream_position={position}")))["entries"]:
        position, seen = page["next_stream_position"], seen + len(entries)
    assert seen > 100
    good(call.get("/events?stream_type=admin_logs_streaming&stream_position=now"))
    good(call.get("/events?stream_type=admin_logs_streaming&limit=500"))
    window = "created_after=2026-01-01T00:00:00Z&created_before=2026-01-02T00:00:00Z"
    assert good(call.get(f"/events?stream_type=admin_logs&{window}"))["next_stream_position"] == "0"
    assert call.get("/events?stream_type=admin_logs&stream_position=x").status == 400


def walk_folders(sandbox: Sandbox, call: Caller) -> None:
    folder = sandbox.box.state.folder("Sales").id
    for target in ("/folders/0", "/folders/0/items", f"/folders/0?fields={ITEM_FIELDS}", f"/folders/{folder}"):
        good(call.get(target))
    good(call.get(f"/folders/{folder}/items?usemarker=true&fields={ITEM_FIELDS}"))
    made = good(call("POST", "/folders", {"name": "Quarantine", "parent": {"id": "0"}}))
    assert call("POST", "/folders", {"name": "Quarantine", "parent": {"id": "0"}}).status == 409
    good(call("PUT", f"/folders/{made['id']}", {"name": "Quarantine 2", "tags": ["a"]}))
    restricted = {"is_collaboration_restricted_to_enterprise": True, "can_non_owners_invite": False}
    good(call("PUT", f"/folders/{folder}", restricted), call("PUT", f"/folders/{folder}", {"shared_link": {}}))
    good(call("POST", f"/folders/{folder}/copy", {"name": "Copy", "parent": {"id": made["id"]}}))
    assert call("DELETE", f"/folders/{made['id']}").status == 400
    good(call("DELETE", f"/folders/{made['id']}?recursive=true"))
    good(call.get(f"/folders/{made['id']}/trash"), call("POST", f"/folders/{made['id']}", {}))
    good(call("DELETE", f"/folders/{made['id']}?recursive=true"), call("DELETE", f"/folders/{made['id']}/trash"))
    assert call("DELETE", f"/folders/{made['id']}/trash").status == 404
    call.get(f"/folders/{sandbox.box.state.folder('Fabrikam joint project').id}/items?fields={ITEM_FIELDS}")


def walk_files(sandbox: Sandbox, call: Caller) -> None:
    file = sandbox.box.state.file("Budget.xlsx")
    target = f"/files/{file.id}"
    good(call.get(target), call.get(f"{target}?fields={ITEM_FIELDS}"))
    assert call.get(target, {"If-None-Match": str(file.etag)}).status == 304
    lock = {"type": "lock", "access": "lock", "is_download_prevented": True, "expires_at": "2099-01-01T00:00:00Z"}
    good(call("PUT", target, {"lock": lock, "description": "x"}), call.get(f"{target}?fields=lock"))
    good(call("PUT", target, {"lock": None}))
    for link in ({"access": "open", "password": "Secret-2026"}, {"unshared_at": "2099-01-01T00:00:00Z"}, None):
        good(call("PUT", f"{target}?fields=shared_link", {"shared_link": link}))
    assert call("PUT", target, {"name": "other.xlsx"}, {"If-Match": "99"}).status == 412
    versions = good(call.get(f"{target}/versions"))["entries"]
    old = versions[0]["id"]
    good(call.get(f"{target}/versions/{old}"), call("DELETE", f"{target}/versions/{old}"))
    good(call("PUT", f"{target}/versions/{old}", {"trashed_at": None}))
    good(call("POST", f"{target}/versions/current", {"type": "file_version", "id": old}))
    good(call("POST", f"{target}/copy", {"parent": {"id": "0"}}))
    assert call.get(f"{target}/content").status == 302
    file.not_ready = 1
    assert call.get(f"{target}/content").status == 202
    assert caller(sandbox, "asingh").get(target).status == 401


def walk_trash(sandbox: Sandbox, call: Caller) -> None:
    file = sandbox.box.state.file("Rechnungen.pdf")
    good(call("DELETE", f"/files/{file.id}"))
    assert call.get(f"/files/{file.id}").status == 404
    good(call.get("/folders/trash/items"), call.get(f"/folders/trash/items?usemarker=true&fields={ITEM_FIELDS}"))
    good(call.get(f"/files/{file.id}/trash"), call("POST", f"/files/{file.id}", {"name": "x", "parent": {"id": "0"}}))
    good(call("DELETE", f"/files/{file.id}"), call("DELETE", f"/files/{file.id}/trash"))
    assert call.get("/folders/trash/items?usemarker=true&sort=name").status == 400


def walk_uploads(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    file = good(upload(call, "/files/content", {"name": "a.txt", "parent": {"id": "0"}}, b"one"))["entries"][0]
    assert upload(call, "/files/content", {"name": "a.txt", "parent": {"id": "0"}}, b"one").status == 409
    good(upload(call, f"/files/{file['id']}/content", {"name": "a.txt"}, b"two"))
    state.session_minimum, state.part_size = 3, 4
    send = uploading(call)
    for target, body in (
        ("/files/upload_sessions", {"folder_id": "0", "file_size": 6, "file_name": "big.bin"}),
        (f"/files/{file['id']}/upload_sessions", {"file_size": 6}),
    ):
        walk_session(send, good(send("POST", target, body)))
    session = good(send("POST", "/files/upload_sessions", {"folder_id": "0", "file_size": 6, "file_name": "other"}))
    good(send("DELETE", f"/files/upload_sessions/{session['id']}"))


def walk_session(send: Caller, session: Json) -> None:
    data, target = b"sixbit", f"/files/upload_sessions/{session['id']}"
    parts = []
    for first in (0, 4):
        piece = data[first : first + 4]
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {first}-{first + len(piece) - 1}/6",
            "Digest": digest(piece),
        }
        parts.append(good(send("PUT", target, piece, headers))["part"])
    good(send.get(target), send.get(f"{target}/parts"))
    good(send("POST", f"{target}/commit", {"parts": parts}, {"Digest": digest(data)}))


def digest(data: bytes) -> str:
    return f"sha={b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def walk_collaborations(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    folder, file = state.folder("Marketing").id, state.file("brochure.pdf").id
    people: list[Json] = [
        {"type": "user", "id": state.person("rpatel").id},
        {"type": "user", "login": "someone@proseware.example"},
        {"type": "user", "login": state.person("fab-lena").login},
        {"type": "group", "id": next(iter(state.groups))},
    ]
    made = [
        good(call("POST", "/collaborations", {"item": item(folder), "accessible_by": each, "role": "viewer"}))["id"]
        for each in people
    ]
    good(call.get(f"/folders/{folder}/collaborations"), call.get(f"/files/{file}/collaborations?limit=1000"))
    external = caller(sandbox, "fab-lena")
    good(external.get("/collaborations?status=pending"))
    good(external("PUT", f"/collaborations/{made[2]}", {"status": "accepted"}))
    good(call.get(f"/collaborations/{made[0]}"), call("PUT", f"/collaborations/{made[0]}", {"role": "editor"}))
    assert [call("DELETE", f"/collaborations/{made[0]}").status for _ in range(2)] == [204, 404]


def item(folder_id: str) -> Json:
    return {"type": "folder", "id": folder_id}


def walk_labels(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    good(call.get(f"/metadata_templates/enterprise/{TEMPLATE}/schema"))
    patch = {"Content-Type": "application/json-patch+json"}
    for target in (f"/files/{state.file('plan.xlsx').id}", f"/folders/{state.folder('Launch').id}"):
        label, mark = f"{target}/metadata/enterprise/{TEMPLATE}", f"{target}/watermark"
        good(call("POST", label, {KEY: "Confidential"}))
        assert call("POST", label, {KEY: "Confidential"}).status == 409
        good(call("PUT", label, [{"op": "replace", "path": f"/{KEY}", "value": "Public"}], patch), call.get(label))
        good(call("DELETE", label), call("PUT", mark, {"watermark": {"imprint": "default"}}), call.get(mark))
        good(call("DELETE", mark))
        assert call.get(label).status == 404


def walk_hooks(sandbox: Sandbox, call: Caller) -> None:
    target = item(sandbox.box.state.folder("Marketing").id)
    body = {"target": target, "address": "https://portal.contoso.example/hook", "triggers": ["FILE.UPLOADED"]}
    hook = good(call("POST", "/webhooks", body))["id"]
    assert call("POST", "/webhooks", body).status == 409
    good(call.get("/webhooks"), call.get(f"/webhooks/{hook}"))
    good(call("PUT", f"/webhooks/{hook}", {"triggers": ["FOLDER.CREATED"]}), call("DELETE", f"/webhooks/{hook}"))


def walk_enterprise(sandbox: Sandbox, call: Caller) -> None:
    state = sandbox.box.state
    target = f"/enterprises/{seed.ENTERPRISE.id}/device_pinners"
    pin = good(call.get(f"{target}?limit=1"))["entries"][0]["id"]
    good(call.get(f"{target}?marker=2"), call.get(f"/device_pinners/{pin}"), call("DELETE", f"/device_pinners/{pin}"))
    settings = f"/enterprise_configurations/{seed.ENTERPRISE.id}?categories=security,content_and_sharing,shield"
    good(call.get(settings, NEWER))
    assert call.get(settings).status == 400
    people = {"external_users": [{"type": "user", "id": state.person("wide-world").id}, {"type": "user", "id": "1"}]}
    good(call("POST", "/external_users/submit_delete_job", people, NEWER))


def walk_oauth(sandbox: Sandbox) -> None:
    token = good(ask_token(sandbox, **credentials_form()))["access_token"]
    app = {"client_id": seed.SERVER_CLIENT_ID, "client_secret": seed.SERVER_CLIENT_SECRET}
    good(ask_token(sandbox, "/oauth2/revoke", token=token, **app))
    assert ask_token(sandbox, grant_type="refresh_token", refresh_token="x", **app).status == 400
