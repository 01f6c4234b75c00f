"""The simulated Box shares as Box does: links, collaborators, invitations; and tells webhooks."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.connectors.box_callers import acting, admin, caller, newest, upload
from tests.sandbox import Sandbox
from tests.sandbox.box.labels import KEY, TEMPLATE
from tests.sandbox.box.webhook import signature
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json

ADDRESS = "https://portal.contoso.example/webhooks/box"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def sales(sandbox: Sandbox) -> Caller:
    return acting(admin(sandbox), sandbox.box.state.person("eandersson"))


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["code"]


def link(sandbox: Sandbox, call: Caller, name: str, wanted: Json) -> Reply:
    target = f"/files/{sandbox.box.state.file(name).id}?fields=shared_link"
    return call("PUT", target, {"shared_link": wanted})


def ahead(sandbox: Sandbox, days: int) -> str:
    return (datetime.fromtimestamp(sandbox.clock.now(), UTC) + timedelta(days=days)).isoformat()


# -- links


def test_a_link_is_removed_and_a_new_one_has_another_address(sandbox: Sandbox, sales: Caller) -> None:
    old = link(sandbox, sales, "brochure.pdf", {"access": "open"}).json()["shared_link"]
    narrowed = link(sandbox, sales, "brochure.pdf", {"access": "company"}).json()["shared_link"]
    assert (narrowed["url"], narrowed["effective_access"]) == (old["url"], "company")
    assert link(sandbox, sales, "brochure.pdf", None).json()["shared_link"] is None
    assert newest(sandbox, "UNSHARE")["source"]["item_name"] == "brochure.pdf"
    assert link(sandbox, sales, "brochure.pdf", {}).json()["shared_link"]["url"] != old["url"]


def test_links_refuse_what_does_not_go_together(sandbox: Sandbox, sales: Caller) -> None:
    name = "Offer Fabrikam.docx"
    assert sandbox.box.state.file(name).link is not None
    for wanted in (
        {"access": "company", "password": "Secret-2026"},
        {"access": "open", "password": "weakword"},
        {"access": "open", "password": "Sh0rt"},
        {"access": "open", "unshared_at": "2020-01-01T00:00:00Z"},
        {"access": "collaborators", "permissions": {"can_download": False}},
        {"access": "everybody"},
    ):
        assert link(sandbox, sales, name, wanted).status == 400, wanted
    assert link(sandbox, sales, name, {"access": "open"}).json()["shared_link"]["is_password_enabled"]
    assert not link(sandbox, sales, name, {"access": "company"}).json()["shared_link"]["is_password_enabled"]


def test_an_expired_link_is_gone_and_policy_narrows_open_ones(sandbox: Sandbox, sales: Caller) -> None:
    wanted = {"access": "open", "unshared_at": ahead(sandbox, 1)}
    assert link(sandbox, sales, "Price list.pdf", wanted).json()["shared_link"]["unshared_at"] is not None
    file = sandbox.box.state.file("Price list.pdf")
    sandbox.box.state.allows_open_links = False
    told = sales.get(f"/files/{file.id}").json()["shared_link"]
    assert (told["access"], told["effective_access"]) == ("open", "company")
    assert link(sandbox, sales, "Price list.pdf", {"access": "open"}).status == 403
    sandbox.clock.advance(2 * 86_400)
    again = acting(admin(sandbox), sandbox.box.state.person("eandersson"))
    assert again.get(f"/files/{file.id}").json()["shared_link"] is None


def test_a_link_of_a_folder_reaches_what_is_in_it(sandbox: Sandbox, sales: Caller) -> None:
    target = f"/files/{sandbox.box.state.file('brochure.pdf').id}?fields=shared_link,is_accessible_via_shared_link"
    link(sandbox, sales, "brochure.pdf", None)
    assert sales.get(target).json()["is_accessible_via_shared_link"]
    sales("PUT", f"/folders/{sandbox.box.state.folder('Marketing').id}", {"shared_link": None})
    assert not sales.get(target).json()["is_accessible_via_shared_link"]


# -- collaborators


def invite(call: Caller, folder_id: str, accessible_by: Json, role: str = "viewer") -> Reply:
    body = {"item": {"type": "folder", "id": folder_id}, "accessible_by": accessible_by, "role": role}
    return call("POST", "/collaborations", body)


def test_colleagues_are_in_at_once_and_others_after_they_accept(sandbox: Sandbox, sales: Caller) -> None:
    state = sandbox.box.state
    folder = state.folder("Marketing").id
    inside = invite(sales, folder, {"type": "user", "id": state.person("rpatel").id}).json()
    assert (inside["status"], inside["item"]["id"]) == ("accepted", folder)
    assert caller(sandbox, "rpatel").get(f"/folders/{folder}").status == 200
    outside = invite(sales, folder, {"type": "user", "login": state.person("fab-lena").login}).json()
    assert (outside["status"], outside["item"], outside["accessible_by"]["name"]) == ("pending", None, "")
    lena = caller(sandbox, "fab-lena")
    assert lena.get(f"/folders/{folder}").status == 404
    assert [each["id"] for each in lena.get("/collaborations?status=pending").json()["entries"]] == [outside["id"]]
    assert sales("PUT", f"/collaborations/{outside['id']}", {"status": "accepted"}).status == 403
    assert lena("PUT", f"/collaborations/{outside['id']}", {"status": "accepted"}).json()["status"] == "accepted"
    assert lena.get(f"/folders/{folder}").status == 200
    assert lena("POST", "/folders", {"name": "x", "parent": {"id": folder}}).status == 403
    unknown = invite(sales, folder, {"type": "user", "login": "new@proseware.example"}).json()
    assert (unknown["invite_email"], unknown["accessible_by"]) == ("new@proseware.example", None)
    again = invite(sales, folder, {"type": "user", "login": "new@proseware.example"})
    assert code(again) == (400, "user_already_collaborator")


def test_removing_a_collaborator_shuts_the_door_and_is_told(sandbox: Sandbox, sales: Caller) -> None:
    state = sandbox.box.state
    folder, lena = state.folder("Fabrikam").id, caller(sandbox, "fab-lena")
    rows = sales.get(f"/folders/{folder}/collaborations").json()["entries"]
    held = {(each["accessible_by"] or {}).get("login", each["invite_email"]): each for each in rows}
    found = held[state.person("fab-lena").login]
    inherited = next(each for each in rows if each["item"] and each["item"]["id"] != folder)
    assert inherited["item"]["name"] in ("Sales", "Customers")
    assert lena.get(f"/folders/{folder}").status == 200
    assert [sales("DELETE", f"/collaborations/{found['id']}").status for _ in range(2)] == [204, 404]
    assert lena.get(f"/folders/{folder}").status == 404
    event = newest(sandbox, "COLLABORATION_REMOVE")
    assert (event["source"]["folder_id"], event["accessible_by"]["login"]) == (folder, state.person("fab-lena").login)
    assert event["additional_details"]["is_performed_by_admin"]
    assert "item_id" not in event["source"]


def test_groups_open_folders_and_roles_limit(sandbox: Sandbox) -> None:
    state = sandbox.box.state
    folder = state.folder("Platform")
    viewer = caller(sandbox, "jmueller")
    assert viewer.get(f"/folders/{folder.id}").status == 200
    assert viewer("DELETE", f"/folders/{folder.id}?recursive=true").status == 403
    editor = caller(sandbox, "asingh")
    assert editor("POST", "/folders", {"name": "more", "parent": {"id": folder.id}}).status == 201
    group = next(each.id for each in state.groups.values() if each.name == "Engineering")
    rows = admin(sandbox).get(f"/groups/{group}/collaborations").json()["entries"]
    assert [each["item"]["name"] for each in rows] == ["Platform"]


def test_a_folder_closed_to_the_outside_takes_no_more_invitations(sandbox: Sandbox, sales: Caller) -> None:
    state = sandbox.box.state
    folder = state.folder("Sales")
    sales("PUT", f"/folders/{folder.id}", {"is_collaboration_restricted_to_enterprise": True})
    inner = state.folder("Customers").id
    refused = invite(sales, inner, {"type": "user", "login": "new@proseware.example"})
    assert code(refused) == (403, "forbidden_by_policy")
    assert caller(sandbox, "fab-lena").get(f"/folders/{state.folder('Fabrikam').id}").status == 200


def test_classification_takes_known_labels_where_there_is_a_template(sandbox: Sandbox, sales: Caller) -> None:
    file = sandbox.box.state.file("Pipeline.xlsx")
    target = f"/files/{file.id}/metadata/enterprise/{TEMPLATE}"
    assert code(sales("POST", target, {KEY: "Unheard of"})) == (400, "schema_validation_failed")
    assert sales("POST", target, {KEY: "Confidential"}).status == 201
    assert sales.get(f"/files/{file.id}?fields=classification").json()["classification"]["name"] == "Confidential"
    assert code(sales("POST", target, {KEY: "Public"})) == (409, "tuple_already_exists")
    sandbox.box.state.has_classification = False
    assert sales.get(f"/metadata_templates/enterprise/{TEMPLATE}/schema").status == 404
    assert code(sales("POST", target, {KEY: "Public"})) == (404, "instance_tuple_not_found")


# -- webhooks


def hook(call: Caller, target: Json, triggers: list[str], address: str = ADDRESS) -> Reply:
    return call("POST", "/webhooks", {"target": target, "address": address, "triggers": triggers})


def test_webhooks_refuse_the_root_doubles_and_unreachable_addresses(sandbox: Sandbox, sales: Caller) -> None:
    folder = {"type": "folder", "id": sandbox.box.state.folder("Sales").id}
    file = {"type": "file", "id": sandbox.box.state.file("Pipeline.xlsx").id}
    assert hook(sales, {"type": "folder", "id": "0"}, ["FILE.TRASHED"]).status == 400
    for address in ("http://portal.contoso.example/x", "https://portal.contoso.example:8443/x", "https://localhost/x"):
        assert hook(sales, folder, ["FILE.TRASHED"], address).status == 400
    assert hook(sales, folder, ["FILE.NOTHING"]).status == 400
    assert hook(sales, file, ["FILE.UPLOADED"]).status == 400
    made = hook(sales, folder, ["FILE.UPLOADED"]).json()["id"]
    assert hook(sales, folder, ["FILE.TRASHED"]).status == 409
    assert admin(sandbox).get("/webhooks").json()["entries"] == []
    assert [each["id"] for each in sales.get("/webhooks").json()["entries"]] == [made]
    assert [sales("DELETE", f"/webhooks/{made}").status for _ in range(2)] == [204, 404]


def test_deliveries_are_signed_and_tried_again_under_the_same_id(sandbox: Sandbox, sales: Caller) -> None:
    state = sandbox.box.state
    answers, sent = [500, 200], []

    def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
        sent.append((url, headers, body))
        return answers[len(sent) - 1]

    sandbox.box.deliver = deliver
    folder = {"type": "folder", "id": state.folder("Sales").id}
    hook(sales, folder, ["FILE.UPLOADED", "SHARED_LINK.DELETED"])
    upload(sales, "/files/content", {"name": "deep.txt", "parent": {"id": state.folder("Fabrikam").id}}, b"x")
    assert len(sent) == 1
    sandbox.clock.advance(601)
    sandbox.box.send()
    (url, first, body), (_, second, again) = sent
    told = json.loads(body)
    assert (url, again, told["trigger"], told["source"]["name"]) == (ADDRESS, body, "FILE.UPLOADED", "deep.txt")
    assert first["BOX-DELIVERY-ID"] != second["BOX-DELIVERY-ID"]
    timestamp = first["BOX-DELIVERY-TIMESTAMP"]
    assert first["BOX-SIGNATURE-PRIMARY"] == signature("a-primary-signature-key", body, timestamp)
    assert first["BOX-SIGNATURE-SECONDARY"] == signature("a-secondary-signature-key", body, timestamp)
