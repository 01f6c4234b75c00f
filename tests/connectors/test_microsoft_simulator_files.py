"""The simulated OneDrive and SharePoint keep files as Microsoft's do, and never lose bytes by accident."""

import pytest

from tests.connectors.microsoft_callers import code, feed, files, graph, rows
from tests.connectors.microsoft_files import at, delta, fetched, newest, places, put
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.clock import iso
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.files.growth import grow
from tests.sandbox.microsoft.files.items import Drive
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
    group, app = (each["grantedToV2"] for each in of("Runbooks")[:2])
    assert (group["group"]["displayName"], group["siteUser"]["loginName"][:6]) == ("Engineering", "c:0o.c")
    assert app["application"]["displayName"] == "Backup for Microsoft 365"
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
