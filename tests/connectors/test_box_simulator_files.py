"""The simulated Box keeps files as Box does: trees, names, trash, versions, and never loses bytes by accident."""

import pytest

from tests.connectors.box_callers import acting, admin, caller, newest, pages, upload
from tests.sandbox import Sandbox
from tests.sandbox.box.items import File
from tests.sandbox.caller import Caller, Reply


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def finance(sandbox: Sandbox) -> Caller:
    """The primary admin, acting for the owner of the finance folders."""
    return acting(admin(sandbox), sandbox.box.state.person("ipetrova"))


@pytest.fixture
def sales(sandbox: Sandbox) -> Caller:
    return acting(admin(sandbox), sandbox.box.state.person("eandersson"))


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["code"]


def places(sandbox: Sandbox, file: File) -> list[str]:
    return [place.how for place in sandbox.box.state.tree.places(file.current.sha1)]


def walk(call: Caller, folder_id: str = "0") -> list[dict[str, object]]:
    fields = "fields=id,type,name,owned_by,is_externally_owned,path_collection"
    found = pages(call, f"/folders/{folder_id}/items?limit=3&{fields}")
    return [*found, *(each for folder in found if folder["type"] == "folder" for each in walk(call, folder["id"]))]


def test_the_seed_is_a_small_company(sandbox: Sandbox) -> None:
    state = sandbox.box.state
    assert len(state.tree.files()) > 90
    assert sum(each.kind == "folder" and not each.id.startswith("root:") for each in state.tree.items.values()) > 22
    assert any(len(each.name) == 255 for each in state.tree.files())
    assert any(each.current.size > 4 * 1024**3 for each in state.tree.files())


def test_a_tree_holds_what_others_share_too(sandbox: Sandbox, sales: Caller) -> None:
    rows = walk(sales)
    mine = sandbox.box.state.person("eandersson").id
    external = [each for each in rows if each["is_externally_owned"]]
    assert {each["owned_by"]["id"] for each in rows} > {mine}  # type: ignore[index]
    assert {each["name"] for each in external} == {"Fabrikam joint project", "Joint plan.docx", "Fabrikam prices.xlsx"}
    path = next(each["path_collection"] for each in rows if each["name"] == "NDA.pdf")
    assert [each["name"] for each in path["entries"]] == ["All Files", "Sales", "Customers", "Fabrikam"]  # type: ignore[index]
    lena = caller(sandbox, "fab-lena")
    row = next(each for each in walk(lena) if each["name"] == "NDA.pdf")
    assert [each["name"] for each in row["path_collection"]["entries"]] == ["All Files", "Fabrikam"]  # type: ignore[index]


def test_nobody_sees_what_is_not_shared_not_even_the_admin(sandbox: Sandbox) -> None:
    file = sandbox.box.state.file("Gehälter.xlsx").id
    assert [caller(sandbox, each).get(f"/files/{file}").status for each in ("asingh", "kchen")] == [404, 200]
    assert admin(sandbox).get(f"/files/{file}").status == 404


def test_offset_and_marker_list_the_same(sales: Caller) -> None:
    by_offset = sales.get("/folders/0/items?limit=1000").json()
    assert [each["id"] for each in by_offset["entries"]] == [each["id"] for each in pages(sales, "/folders/0/items")]
    assert by_offset["total_count"] == len(by_offset["entries"])


def test_names_are_taken_without_regard_to_case(sandbox: Sandbox, sales: Caller) -> None:
    refused = sales("POST", "/folders", {"name": "SALES", "parent": {"id": "0"}})
    assert code(refused) == (409, "item_name_in_use")
    folder, file = sandbox.box.state.folder("Sales").id, sandbox.box.state.file("Pipeline.xlsx").id
    assert [each["id"] for each in refused.json()["context_info"]["conflicts"]] == [folder]
    again = upload(sales, "/files/content", {"name": "pipeline.XLSX", "parent": {"id": folder}}, b"x")
    assert (again.status, again.json()["context_info"]["conflicts"]["id"]) == (409, file)
    for name in ("", "a/b", " padded", ".."):
        assert code(sales("POST", "/folders", {"name": name, "parent": {"id": "0"}})) == (400, "item_name_invalid")
    assert sales("POST", "/folders", {"name": "x" * 256, "parent": {"id": "0"}}).status == 400


def test_a_stale_etag_is_refused_and_a_fresh_one_serves(sandbox: Sandbox, sales: Caller) -> None:
    file = sandbox.box.state.file("Pipeline.xlsx")
    target, etag = f"/files/{file.id}", str(file.etag)
    assert sales("PUT", target, {"description": "x"}, {"If-Match": etag}).status == 200
    assert code(sales("PUT", target, {"description": "y"}, {"If-Match": etag})) == (412, "precondition_failed")
    assert sales("DELETE", target, headers={"If-Match": etag}).status == 412
    assert sales.get(target, {"If-None-Match": str(file.etag)}).status == 304


def test_a_trashed_file_comes_back_with_its_link_and_collaborators_without_end(
    sandbox: Sandbox,
) -> None:
    call = acting(admin(sandbox), sandbox.box.state.person("contoso-backup-svc"))
    file = sandbox.box.state.file("backup-23.tar.gz")
    external = caller(sandbox, "wide-world")
    assert external.get(f"/files/{file.id}").json()["code"] == "trashed"
    assert call.get(f"/files/{file.id}/trash").json()["shared_link"] is None
    restored = call("POST", f"/files/{file.id}", {"name": "other", "parent": {"id": "0"}})
    assert (restored.status, restored.json()["shared_link"], restored.json()["name"]) == (201, None, file.name)
    assert restored.json()["parent"]["name"] == "Backups"
    link = call.get(f"/files/{file.id}").json()["shared_link"]
    assert (link["access"], link["unshared_at"]) == ("open", None)
    assert external.get(f"/files/{file.id}").status == 200
    assert code(call("POST", f"/files/{file.id}", {})) == (404, "not_trashed")


def test_only_what_was_trashed_itself_is_listed(sandbox: Sandbox, finance: Caller) -> None:
    page = finance.get("/folders/trash/items?usemarker=true&fields=name,trashed_at,item_status,shared_link").json()
    assert [each["name"] for each in page["entries"]] == ["Quartal 1", "Belege.zip"]
    counted = finance.get("/folders/trash/items").json()
    assert counted["total_count"] > len(counted["entries"])
    inside = sandbox.box.state.file("Notizen.txt")
    assert code(finance.get(f"/files/{inside.id}")) == (404, "trashed")
    assert code(finance("POST", f"/files/{inside.id}", {})) == (404, "not_trashed")
    assert places(sandbox, inside) == ["trash"]
    assert code(finance.get("/folders/trash/items?usemarker=true&sort=name")) == (400, "bad_request")
    folder = sandbox.box.state.folder("Quartal 1")
    assert finance("POST", f"/folders/{folder.id}", {}).status == 201
    assert places(sandbox, inside) == ["live"]


def test_name_and_parent_serve_only_when_the_old_ones_cannot(sandbox: Sandbox, finance: Caller) -> None:
    state = sandbox.box.state
    folder = state.folder("Finanzen 2026")
    budget = state.file("Budget.xlsx")
    finance("DELETE", f"/files/{budget.id}")
    upload(finance, "/files/content", {"name": "budget.xlsx", "parent": {"id": folder.id}}, b"another")
    assert finance("POST", f"/files/{budget.id}", {}).status == 409
    assert finance("POST", f"/files/{budget.id}", {"name": "Budget (old).xlsx"}).json()["name"] == "Budget (old).xlsx"
    finance("DELETE", f"/files/{budget.id}")
    finance("DELETE", f"/folders/{folder.id}?recursive=true")
    assert finance("POST", f"/files/{budget.id}", {}).status == 403
    assert finance("POST", f"/files/{budget.id}", {"parent": {"id": "0"}}).json()["parent"]["id"] == "0"


def test_deleting_for_good_needs_the_trash_first_and_loses_the_bytes(sandbox: Sandbox, finance: Caller) -> None:
    file = sandbox.box.state.file("Rechnungen.pdf")
    assert code(finance("DELETE", f"/files/{file.id}/trash")) == (404, "not_trashed")
    assert [finance("DELETE", f"/files/{file.id}").status for _ in range(2)] == [204, 404]
    assert places(sandbox, file) == ["trash"]
    assert newest(sandbox, "DELETE")["source"]["item_name"] == file.name
    assert finance("DELETE", f"/files/{file.id}/trash").status == 204
    assert places(sandbox, file) == []
    folder = sandbox.box.state.folder("Quartal 2")
    assert code(finance("DELETE", f"/folders/{folder.id}")) == (400, "folder_not_empty")
    sandbox.box.state.has_trash = False
    assert finance("DELETE", f"/folders/{folder.id}?recursive=true").status == 204
    assert finance.get(f"/folders/{folder.id}/trash").status == 404


def test_a_new_version_keeps_the_old_bytes_and_any_version_comes_back(sandbox: Sandbox, finance: Caller) -> None:
    file = sandbox.box.state.file("Rechnungen.pdf")
    old, target = file.current, f"/files/{file.id}"
    before = places(sandbox, file)
    reply = upload(finance, f"{target}/content", {"name": file.name}, b"overwritten", If_Match=str(file.etag))
    assert (reply.status, reply.json()["entries"][0]["sha1"]) == (200, file.current.sha1)
    assert (before, [place.how for place in sandbox.box.state.tree.places(old.sha1)]) == (["live"], ["version"])
    assert [each["id"] for each in finance.get(f"{target}/versions").json()["entries"]] == [old.id]
    assert [finance("DELETE", f"{target}/versions/{old.id}").status for _ in range(2)] == [204, 404]
    assert [place.how for place in sandbox.box.state.tree.places(old.sha1)] == ["trashed version"]
    promote = {"type": "file_version", "id": old.id}
    assert finance("POST", f"{target}/versions/current", promote).status == 404
    assert finance("PUT", f"{target}/versions/{old.id}", {"trashed_at": None}).json()["trashed_at"] is None
    assert finance("POST", f"{target}/versions/current", promote).status == 201
    assert (file.current.sha1, len(file.past), file.version_number) == (old.sha1, 2, 3)
    assert finance("DELETE", f"{target}/versions/{file.current.id}").status == 403


def test_moving_keeps_id_and_versions_and_may_give_the_file_away(sandbox: Sandbox, finance: Caller) -> None:
    state = sandbox.box.state
    budget, boss = state.file("Budget.xlsx"), state.primary_admin
    made = finance("POST", "/folders", {"name": "Quarantine", "parent": {"id": "0"}}).json()["id"]
    moved = finance("PUT", f"/files/{budget.id}?fields=parent,version_number", {"parent": {"id": made}}).json()
    assert (moved["id"], moved["parent"]["id"], moved["version_number"]) == (budget.id, made, "3")
    assert code(finance("PUT", f"/folders/{made}", {"parent": {"id": made}})) == (400, "cyclical_folder_structure")
    given = {"parent": {"id": made, "user_id": boss.id}}
    assert finance("PUT", f"/files/{budget.id}", given).status == 400
    given["parent"]["id"] = "0"
    assert finance("PUT", f"/files/{budget.id}", given).json()["owned_by"]["id"] == boss.id
    assert finance.get(f"/files/{budget.id}").status == 404
    assert len(admin(sandbox).get(f"/files/{budget.id}/versions").json()["entries"]) == 2
    assert places(sandbox, budget) == ["live"]


def test_a_change_that_is_refused_changes_nothing(sandbox: Sandbox, sales: Caller) -> None:
    state = sandbox.box.state
    file, marketing = state.file("Pipeline.xlsx"), state.folder("Marketing")
    before = (file.name, file.parent_id, file.etag)
    for body in (
        {"parent": {"id": marketing.id}, "name": "logo.ai"},
        {"parent": {"id": marketing.id}, "shared_link": {"access": "everybody"}},
        {"name": "a/b", "shared_link": {}},
    ):
        assert sales("PUT", f"/files/{file.id}", body).status in (400, 409)
    assert (file.name, file.parent_id, file.etag, file.link) == (*before, None)
    both = sales("PUT", f"/files/{file.id}", {"parent": {"id": marketing.id}, "name": "Pipeline 2.xlsx"}).json()
    assert (both["name"], both["parent"]["id"]) == ("Pipeline 2.xlsx", marketing.id)


def test_what_box_still_works_on_is_changed_later(sandbox: Sandbox, sales: Caller) -> None:
    folder, file = sandbox.box.state.folder("Marketing"), sandbox.box.state.file("Pipeline.xlsx")
    folder.busy = file.busy = 1
    for target in (f"/folders/{folder.id}", f"/files/{file.id}"):
        assert code(sales("PUT", target, {"description": "x"})) == (409, "operation_blocked_temporary")
        assert sales("PUT", target, {"description": "x"}).status == 200


def test_a_lock_keeps_others_from_changing_and_downloading(sandbox: Sandbox, finance: Caller) -> None:
    file = sandbox.box.state.file("Отчёт.docx")
    colleague = caller(sandbox, "kchen")
    lock = {"type": "lock", "access": "lock", "is_download_prevented": True}
    told = finance("PUT", f"/files/{file.id}?fields=lock", {"lock": lock}).json()["lock"]
    assert (told["is_download_prevented"], told["expired_at"]) == (True, None)
    for reply in (
        colleague("PUT", f"/files/{file.id}", {"description": "x"}),
        colleague("DELETE", f"/files/{file.id}"),
        colleague.get(f"/files/{file.id}/content"),
    ):
        assert code(reply) == (403, "access_denied_item_locked")
    assert finance("PUT", f"/files/{file.id}?fields=lock", {"lock": None}).json()["lock"] is None
    assert colleague.get(f"/files/{file.id}/content").status == 302
