"""The simulated OneDrive and SharePoint keep files as Microsoft's do, and never lose bytes by accident."""

import pytest

from tests.connectors import specification
from tests.connectors.microsoft_callers import code, feed, files, graph, rows
from tests.connectors.specification import Specification
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.files.growth import grow
from tests.sandbox.microsoft.files.items import Drive
from tests.sandbox.microsoft.files.quick_xor import quick_xor
from tests.sandbox.microsoft.limits import Limit

SHARING = {"Prefer": "hierarchicalsharing, deltashowsharingchanges"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return files(sandbox)


@pytest.fixture
def sales(sandbox: Sandbox) -> Drive:
    return sandbox.microsoft.state.files.drive_named("Sales")


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


def test_the_hash_is_the_vendors() -> None:
    assert quick_xor(b"") == "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert quick_xor(b"J") == "SgAAAAAAAAAAAAAAAQAAAAAAAAA="
    assert quick_xor(b"hello world") == "aCgDG9jwBhDc4Q1yawMZAAAAAAA="


def test_sites_lead_to_drives_and_an_archived_one_is_locked(call: Caller) -> None:
    sites = rows(call, "/sites/getAllSites?$top=7")
    assert {each["isPersonalSite"] for each in sites} == {True, False}
    assert rows(call, "/sites/getAllSites()") == sites
    drives = [rows(call, f"/sites/{each['id']}/drives") for each in sites if each["displayName"] != "Archive"]
    assert all(len(each) == 1 for each in drives)
    archive = next(each["id"] for each in sites if each["displayName"] == "Archive")
    assert code(call.get(f"/sites/{archive}/drives")) == (423, "resourceLocked")


def test_users_without_a_drive_are_told_so_in_several_ways(sandbox: Sandbox, call: Caller) -> None:
    directory = sandbox.microsoft.state.directory
    owner, guest, newcomer, mailbox = (directory.user(each) for each in ("asingh", "fab-omar", "cho-s", "invoices"))
    drive = call.get(f"/users/{owner.id}/drive").json()
    assert (drive["driveType"], drive["owner"]["user"]["id"]) == ("business", owner.id)
    assert code(call.get(f"/users/{guest.id}/drive")) == (404, "itemNotFound")
    assert code(call.get(f"/users/{newcomer.id}/drive")) == (404, "ResourceNotFound")
    refused = call.get(f"/users/{mailbox.id}/drive")
    assert (code(refused), refused.json()["error"]["message"]) == ((403, "accessDenied"), "")


def test_a_first_delta_lists_all_that_is_there_and_the_next_what_has_changed(
    sandbox: Sandbox, call: Caller, sales: Drive
) -> None:
    sandbox.microsoft.state.files.largest_page = 4
    found, link = delta(call, f"/drives/{sales.id}/root/delta()?$select=id,name,parentReference,file,folder,deleted")
    names = [each["name"] for each in found]
    assert {"root", "Customers", "Brochure.pdf", "NDA.pdf"} < set(names)
    assert all("path" not in each["parentReference"] for each in found)
    seen: set[str] = set()
    for each in found:
        assert each["name"] == "root" or each["parentReference"]["id"] in seen
        seen.add(each["id"])
    assert delta(call, link)[0] == []
    call("PATCH", at(sandbox, "Brochure.pdf"), {"name": "Flyer.pdf"})
    gone = sandbox.microsoft.state.files.named("NDA.pdf").id
    call("DELETE", at(sandbox, "NDA.pdf"))
    changed, _ = delta(call, link)
    last = {each["id"]: each for each in changed}
    assert {each.get("name") for each in last.values()} == {"root", "Customers", "Fabrikam", "Flyer.pdf", None}
    assert ("name" in last[gone], last[gone]["deleted"]) == (False, {"state": "deleted"})
    bare, _ = delta(call, link, {"Prefer": "deltaExcludeParent"})
    assert len(bare) == 2


def test_what_changes_while_a_delta_is_read_comes_in_the_next_one(sandbox: Sandbox, call: Caller, sales: Drive) -> None:
    sandbox.microsoft.state.files.largest_page = 3
    first = call.get(f"/drives/{sales.id}/root/delta").json()
    call("PATCH", at(sandbox, "Pipeline.xlsx"), {"name": "Pipeline 2.xlsx"})
    rest, link = delta(call, first["@odata.nextLink"])
    changed, _ = delta(call, link)
    assert "Pipeline 2.xlsx" in {each["name"] for each in (*rest, *changed)}
    assert "Pipeline 2.xlsx" in {each["name"] for each in changed}


def test_deltas_begin_now_or_at_a_moment_and_old_tokens_are_forgotten(
    sandbox: Sandbox, call: Caller, sales: Drive
) -> None:
    target = f"/drives/{sales.id}/root/delta"
    found, link = delta(call, f"{target}?token=latest")
    assert found == []
    sandbox.clock.advance(60)
    call("PATCH", at(sandbox, "NDA.pdf"), {"name": "NDA 2.pdf"})
    moment = sandbox.clock.now() - 30
    since, _ = delta(call, f"{target}?token={iso(moment)}")
    assert {each["name"] for each in since} >= {"NDA 2.pdf"}
    sales.forgets = sales.changes
    refused = call.get(link)
    assert code(refused) == (410, "resyncChangesApplyDifferences")
    assert len(delta(call, refused.headers["location"])[0]) > 8


def test_sharing_shows_where_it_begins_and_empty_where_it_has_ended(
    sandbox: Sandbox, call: Caller, sales: Drive
) -> None:
    target = f"/drives/{sales.id}/root/delta"
    found, link = delta(call, target, SHARING)
    shared = {each["name"]: each["shared"] for each in found if "shared" in each}
    assert shared["Was shared.txt"] == {}
    assert shared["Brochure.pdf"] == {"scope": "anonymous"}
    assert shared["Fabrikam"] == {"scope": "users"}
    assert "NDA.pdf" not in shared
    everywhere = {each["name"]: each.get("shared") for each in delta(call, target)[0]}
    assert everywhere["NDA.pdf"] == {"scope": "users"}
    address = at(sandbox, "Brochure.pdf")
    [permission] = [each["id"] for each in call.get(f"{address}/permissions").json()["value"] if "link" in each]
    assert call("DELETE", f"{address}/permissions/{permission}").status == 204
    changed = {each["name"]: each for each in delta(call, link, SHARING)[0]}
    assert changed["Brochure.pdf"]["shared"] == {}
    assert changed["Brochure.pdf"]["@microsoft.graph.sharedChanged"] == "True"
    assert newest(sandbox)["Operation"] == "AnonymousLinkRemoved"


def test_permissions_name_links_people_guests_invitations_and_what_is_inherited(sandbox: Sandbox, call: Caller) -> None:
    def of(name: str) -> list[Json]:
        found: list[Json] = call.get(f"{at(sandbox, name)}/permissions").json()["value"]
        return found

    secret = next(each for each in of("Upload here.txt") if "link" in each)
    assert (secret["hasPassword"], secret["link"]["type"], secret["expirationDateTime"]) == (
        True,
        "edit",
        "0001-01-01T00:00:00Z",
    )
    named = next(each for each in of("Pipeline.xlsx") if "link" in each)
    assert (named["link"]["scope"], len(named["grantedToIdentitiesV2"])) == ("users", 2)
    assert "invitation" in of("Contract.docx")[0]
    inherited = [each for each in of("NDA.pdf") if each["roles"] == ["write"]]
    assert all(each["inheritedFrom"]["id"] for each in inherited)
    address = f"{at(sandbox, 'NDA.pdf')}/permissions/{inherited[0]['id']}"
    assert code(call("DELETE", address)) == (400, "invalidRequest")
    assert len(of("Gehälter.xlsx")) == 1
    assert [each["siteUser"]["displayName"] for each in (one["grantedToV2"] for one in of("Handbook")[:1])] == [
        "Everyone except external users"
    ]


def test_links_are_made_once_and_people_invited(sandbox: Sandbox, call: Caller) -> None:
    address = at(sandbox, "deploy.sh")
    made = call("POST", f"{address}/createLink", {"type": "view", "scope": "anonymous", "password": "x"})
    again = call("POST", f"{address}/createLink", {"type": "view", "scope": "anonymous"})
    assert (made.status, again.status, again.json()["id"]) == (201, 200, made.json()["id"])
    assert call.get(address).json()["shared"] == {"scope": "anonymous"}
    body = {"recipients": [{"email": "asingh@contoso.example"}, {"email": "x@proseware.example"}], "roles": ["read"]}
    [known, stranger] = call("POST", f"{address}/invite", body).json()["value"]
    assert (known["grantedToV2"]["user"]["displayName"], "invitation" in known) == ("Anjali Singh", False)
    assert stranger["invitation"]["email"] == "x@proseware.example"
    assert newest(sandbox)["Operation"] == "SharingInvitationCreated"
    changed = call("PATCH", f"{address}/permissions/{known['id']}", {"roles": ["write"]})
    assert changed.json()["roles"] == ["write"]
    assert code(call("POST", f"{address}/createLink", {"type": "all"})) == (400, "invalidRequest")
    assert call.get(f"{address}?$expand=permissions").json()["permissions"]


def test_items_are_moved_and_renamed_within_their_drive(sandbox: Sandbox, call: Caller) -> None:
    address = at(sandbox, "NDA.pdf")
    target = sandbox.microsoft.state.files.named("Customers")
    moved = call("PATCH", address, {"parentReference": {"id": target.id}, "name": "Moved.pdf"}).json()
    assert (moved["name"], moved["parentReference"]["id"]) == ("Moved.pdf", target.id)
    assert (newest(sandbox)["Operation"], newest(sandbox)["DestinationFileName"]) == ("FileMoved", "Moved.pdf")
    assert code(call("PATCH", address, {"name": "BROCHURE.pdf"})) == (409, "nameAlreadyExists")
    other = sandbox.microsoft.state.files.named("Budget").id
    assert code(call("PATCH", address, {"parentReference": {"id": other}})) == (400, "invalidRequest")
    assert code(call("PATCH", address, {"parentReference": {"id": "root"}})) == (404, "itemNotFound")
    assert code(call("PATCH", address, {"name": "a/b"})) == (400, "invalidRequest")
    etag = call.get(address).json()["eTag"]
    assert call("PATCH", address, {"name": "Once.pdf"}, {"If-Match": etag}).status == 200
    assert code(call("PATCH", address, {"name": "Twice.pdf"}, {"If-Match": etag})) == (412, "resourceModified")


def test_a_deleted_file_keeps_its_bytes_in_the_recycle_bin(sandbox: Sandbox, call: Caller) -> None:
    text = fetched(sandbox, call.get(f"{at(sandbox, 'deploy.sh')}/content"))
    address = at(sandbox, "deploy.sh")
    assert places(sandbox, text) == ["live"]
    assert call("DELETE", address).status == 204
    assert (places(sandbox, text), code(call.get(address))) == (["bin"], (404, "itemNotFound"))
    record = newest(sandbox)
    assert (record["Operation"], record["UserId"]) == ("FileRecycled", "app@sharepoint")
    assert code(call("POST", f"{address}/restore", {})) == (400, "invalidRequest")
    other = at(sandbox, "empty.bin")
    put(call, f"{other}/content", b"soon gone")
    assert call("POST", f"{other}/permanentDelete").status == 204
    assert places(sandbox, b"soon gone") == []


def test_new_content_is_a_new_version_and_old_ones_come_back(sandbox: Sandbox, call: Caller) -> None:
    address = at(sandbox, "Budget 2026.xlsx")
    before = call.get(f"{address}/versions").json()["value"]
    assert [each["id"] for each in before] == ["3.0", "2.0", "1.0"]
    replaced = put(call, f"{address}/content", b"tombstone").json()
    assert (replaced["file"]["hashes"]["quickXorHash"], replaced["size"]) == (quick_xor(b"tombstone"), 9)
    assert (places(sandbox, b"final\n"), places(sandbox, b"tombstone")) == (["version"], ["live"])
    assert fetched(sandbox, call.get(f"{address}/versions/1.0/content")) == b"first draft\n"
    assert call("POST", f"{address}/versions/3.0/restoreVersion").status == 204
    assert fetched(sandbox, call.get(f"{address}/content")) == b"final\n"
    assert (places(sandbox, b"tombstone"), places(sandbox, b"final\n")) == (["version"], ["live", "version"])
    assert call("DELETE", f"{address}/versions/4.0").status == 204
    assert places(sandbox, b"tombstone") == []
    assert code(call("DELETE", f"{address}/versions/5.0")) == (400, "invalidRequest")


def test_a_file_is_put_by_its_way(sandbox: Sandbox, call: Caller) -> None:
    folder = at(sandbox, "Budget")
    made = put(call, f"{folder}:/Hinweis%20%C3%BC.txt:/content", b"moved away")
    assert (made.status, made.json()["name"]) == (201, "Hinweis ü.txt")
    assert newest(sandbox)["Operation"] == "FileUploaded"
    root = folder.partition("/items/")[0]
    assert call.get(f"{root}/root:/Budget/Hinweis%20%C3%BC.txt").json()["id"] == made.json()["id"]
    assert put(call, f"{root}/root:/Budget/hinweis%20%C3%9C.txt:/content", b"again").status == 200
    fail = "?@microsoft.graph.conflictBehavior=fail"
    assert code(put(call, f"{root}/root:/Budget/Hinweis%20%C3%BC.txt:/content{fail}", b"x"))[0] == 409
    rename = fail.replace("fail", "rename")
    other = put(call, f"{root}/root:/Budget/Hinweis%20%C3%BC.txt:/content{rename}", b"x").json()
    assert other["name"] == "Hinweis ü 1.txt"


def test_downloads_end_and_files_with_malware_are_not_given_out(sandbox: Sandbox, call: Caller) -> None:
    address = call.get(f"{at(sandbox, 'deploy.sh')}/content").headers["location"]
    bare = Caller(sandbox, address.split("/")[2])
    assert bare.get(address, {"Range": "bytes=0-1"}).body == b"#!"
    sandbox.clock.advance(3601)
    assert bare.get(address).status == 401
    call = files(sandbox)
    assert code(call.get(f"{at(sandbox, 'invoice.zip')}/content")) == (403, "malwareDetected")
    assert code(call.get(f"{at(sandbox, 'Handbook')}/content")) == (400, "invalidRequest")


def test_a_copy_goes_on_behind_an_address_at_another_host(sandbox: Sandbox, call: Caller) -> None:
    target = sandbox.microsoft.state.files.drive_named("Finance")
    body = {"parentReference": {"driveId": target.id, "id": target.root_id}, "name": "kept.sh"}
    started = call("POST", f"{at(sandbox, 'deploy.sh')}/copy", body)
    assert (started.status, started.body) == (202, b"")
    address = started.headers["location"]
    monitor = Caller(sandbox, address.split("/")[2])
    assert [monitor.get(address).json()["status"] for _ in range(3)] == ["inProgress", "completed", "completed"]
    made = monitor.get(address).json()["resourceId"]
    copy = call.get(f"/drives/{target.id}/items/{made}?$expand=permissions").json()
    assert (copy["name"], "shared" in copy) == ("kept.sh", False)
    assert newest(sandbox)["Operation"] == "FileCopied"
    held = sandbox.microsoft.state.files
    held.monitor_status = 303
    assert monitor.get(address).status == 303
    again = call("POST", f"{at(sandbox, 'deploy.sh')}/copy", body).headers["location"]
    assert [monitor.get(again).json()["status"] for _ in range(2)] == ["inProgress", "failed"]
    held.copies_failing = 1
    failed = call("POST", f"{at(sandbox, 'empty.bin')}/copy", body).headers["location"]
    assert [monitor.get(failed).json()["status"] for _ in range(2)] == ["inProgress", "failed"]
    renamed = call("POST", f"{at(sandbox, 'deploy.sh')}/copy?@microsoft.graph.conflictBehavior=rename", body)
    assert renamed.status == 202
    assert held.named("kept 1.sh").versions[0].data == held.named("kept.sh").versions[0].data


def test_history_is_copied_when_asked_for(sandbox: Sandbox, call: Caller) -> None:
    source, held = at(sandbox, "Budget 2026.xlsx"), sandbox.microsoft.state.files
    call("POST", f"{source}/copy", {"name": "short.xlsx"})
    call("POST", f"{source}/copy", {"name": "long.xlsx", "includeAllVersionHistory": True})
    assert [len(held.named(each).versions) for each in ("short.xlsx", "long.xlsx")] == [1, 3]


def test_an_upload_session_takes_parts_in_order(sandbox: Sandbox, call: Caller) -> None:
    sandbox.microsoft.state.files.upload_step = 4
    folder = at(sandbox, "Budget")
    session = call("POST", f"{folder}:/big.bin:/createUploadSession", {"item": {}}).json()
    send = Caller(sandbox, session["uploadUrl"].split("/")[2])

    def part(data: bytes, said: str) -> Reply:
        return send("PUT", session["uploadUrl"], data, {"Content-Range": f"bytes {said}/6"})

    assert part(b"ab", "0-1").status == 400
    assert part(b"abcd", "0-3").json()["nextExpectedRanges"] == ["4-"]
    assert part(b"abcd", "0-3").status == 416
    assert send.get(session["uploadUrl"]).json()["nextExpectedRanges"] == ["4-"]
    assert part(b"ef", "4-5").status == 201
    assert places(sandbox, b"abcdef") == ["live"]
    assert send.get(session["uploadUrl"]).status == 404
    assert code(call("POST", f"{folder}:/big.bin:/createUploadSession", {})) == (409, "nameAlreadyExists")
    session = call("POST", f"{at(sandbox, 'big.bin')}/createUploadSession", {}).json()
    assert part(b"newest", "0-5").status == 200
    assert (places(sandbox, b"abcdef"), places(sandbox, b"newest")) == (["version"], ["live"])
    session = call("POST", f"{at(sandbox, 'big.bin')}/createUploadSession", {}).json()
    assert send("DELETE", session["uploadUrl"]).status == 204


def test_what_is_open_somewhere_cannot_be_changed(sandbox: Sandbox, call: Caller) -> None:
    address = at(sandbox, "open in Word.docx")
    assert {
        code(call("DELETE", address)),
        code(call("PATCH", address, {"name": "x.docx"})),
        code(put(call, f"{address}/content", b"x")),
        code(call("POST", f"{address}/createUploadSession", {})),
        code(call("POST", f"{address}/versions/1.0/restoreVersion")),
    } == {(423, "resourceLocked")}
    assert call.get(f"{address}/content").status == 302


def test_reading_needs_less_than_changing(sandbox: Sandbox) -> None:
    reader = files(sandbox, "Files.Read.All")
    address = at(sandbox, "deploy.sh")
    assert reader.get(address).status == 200
    assert code(reader("DELETE", address))[0] == 403
    assert graph(sandbox, "User.Read.All").get(address).status == 403


def test_calls_cost_units_and_the_last_fifth_is_told(sandbox: Sandbox, call: Caller) -> None:
    units = sandbox.microsoft.state.files.units
    units.a_minute = 10
    address = at(sandbox, "deploy.sh")
    assert "ratelimit-limit" not in call.get(f"{address}/permissions").headers
    close = call.get(f"{address}/permissions")
    assert (close.headers["ratelimit-limit"], close.headers["ratelimit-remaining"]) == ("10", "0")
    refused = call.get(address)
    assert (code(refused), int(refused.headers["retry-after"]) <= 60) == ((429, "activityLimitReached"), True)
    sandbox.clock.advance(61)
    assert call.get(address).status == 200


def test_a_delta_with_a_token_costs_less(sandbox: Sandbox, call: Caller, sales: Drive) -> None:
    units, target = sandbox.microsoft.state.files.units, f"/drives/{sales.id}/root/delta"
    link = call.get(target).json()["@odata.deltaLink"]
    [before] = units.spent.values()
    call.get(link)
    assert (before, list(units.spent.values())) == (2, [3])


def test_a_list_says_what_was_selected_and_makes_nothing_up(sandbox: Sandbox, call: Caller) -> None:
    found = rows(call, f"{at(sandbox, 'Budget')}/children?$select=id,name,malware,file&$top=3")
    assert {"malware" in each for each in found} == {False}
    assert {"file" in each for each in found} == {True, False}


def test_sharing_has_a_limit_of_its_own(sandbox: Sandbox, call: Caller) -> None:
    sandbox.microsoft.state.limits["sharing"] = Limit(1, 300.0)
    address = at(sandbox, "deploy.sh")
    replies = [call("POST", f"{address}/createLink", {"type": "view"}).status for _ in range(2)]
    assert replies == [201, 429]


def test_many_files_are_listed_page_by_page(sandbox: Sandbox, call: Caller, sales: Drive) -> None:
    grow(sandbox.microsoft.state.files, sales, 450, sandbox.clock.now(), per_folder=200)
    found, _ = delta(call, f"/drives/{sales.id}/root/delta?$select=id,name")
    assert sum(str(each["name"]).startswith("grown-") for each in found) == 450


def test_records_of_changes_come_with_the_feed(sandbox: Sandbox, call: Caller) -> None:
    call("DELETE", at(sandbox, "deploy.sh"))
    reader = feed(sandbox)
    reader("POST", "/subscriptions/start?contentType=Audit.SharePoint")
    sandbox.clock.advance(30)
    page = reader.get("/subscriptions/content?contentType=Audit.SharePoint")
    while "nextpageuri" in page.headers:
        page = reader.get(page.headers["nextpageuri"])
    [record] = reader.get(page.json()[-1]["contentUri"]).json()
    assert (record["Operation"], record["Workload"]) == ("FileRecycled", "SharePoint")
    assert record["ListItemUniqueId"] == sandbox.microsoft.state.files.named("deploy.sh").unique_id


@pytest.mark.skipif(specification.folder("office365") is None, reason="GATEHOUSE_SPECS has no folder office365")
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")
def test_answers_are_as_the_vendors_schema_says(sandbox: Sandbox, call: Caller, sales: Drive) -> None:
    test_sites_lead_to_drives_and_an_archived_one_is_locked(call)
    test_users_without_a_drive_are_told_so_in_several_ways(sandbox, call)
    test_sharing_shows_where_it_begins_and_empty_where_it_has_ended(sandbox, call, sales)
    test_permissions_name_links_people_guests_invitations_and_what_is_inherited(sandbox, call)
    test_links_are_made_once_and_people_invited(sandbox, call)
    test_items_are_moved_and_renamed_within_their_drive(sandbox, call)
    test_new_content_is_a_new_version_and_old_ones_come_back(sandbox, call)
    test_a_copy_goes_on_behind_an_address_at_another_host(sandbox, call)
    test_an_upload_session_takes_parts_in_order(sandbox, call)
    assert call("DELETE", at(sandbox, "deploy.sh")).status == 204
    assert call("POST", f"{at(sandbox, 'empty.bin')}/permanentDelete").status == 204
    call("POST", f"{at(sandbox, 'Budget')}/children", {"name": "New", "folder": {}})
    call.get(f"{at(sandbox, 'Budget')}/children")
    described = Specification.load("office365", "graph-v1-from-csdl.json")
    judged = [each for each in sandbox.requests if described.describes(each)]
    assert len(judged) > 60
    for each in judged:
        if each.status < 400:
            described.validate_request(each)
        # Copies are answered without the body that the schema has; bytes come from another host.
        if each.status not in (202, 302):
            described.validate_response(each)
