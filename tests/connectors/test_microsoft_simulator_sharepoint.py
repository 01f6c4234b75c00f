"""The simulated SharePoint keeps recycle bins, and lets nobody in who has no certificate."""

import pytest

from tests.connectors.microsoft_callers import SHAREPOINT, files, sharepoint
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.files.items import Item
from tests.sandbox.microsoft.files.quick_xor import quick_xor

FINANCE = "/sites/Finance/_api"
BIN = f"{FINANCE}/site/RecycleBin"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def call(sandbox: Sandbox) -> Caller:
    return sharepoint(sandbox)


def item(sandbox: Sandbox, name: str) -> Item:
    return sandbox.microsoft.state.files.named(name)


def trashed(sandbox: Sandbox, name: str) -> str:
    """The id in the recycle bin after somebody has deleted this."""
    found = item(sandbox, name)
    assert files(sandbox)("DELETE", f"/drives/{found.drive_id}/items/{found.id}").status == 204
    return found.bin_id


def listed(call: Caller, stage: int = 1) -> list[Json]:
    found: list[Json] = call.get(f"{BIN}?$filter=(ItemState%20eq%20{stage})").json()["value"]
    return found


def said(reply: Reply) -> str:
    return str(reply.json()["odata.error"]["message"]["value"])


def test_a_token_got_with_a_secret_is_good_for_nothing(sandbox: Sandbox) -> None:
    refused = sharepoint(sandbox, is_by_certificate=False).get(BIN)
    assert (refused.status, "Unsupported app only token" in refused.json()["error_description"]) == (401, True)
    other = Caller(sandbox, "contoso-my.sharepoint.com", sharepoint(sandbox).headers)
    assert other.get("/_api/site/RecycleBin").status == 401


def test_the_bin_has_two_stages_and_tells_where_things_were(call: Caller) -> None:
    [draft] = listed(call)
    assert (draft["LeafName"], draft["DirName"]) == ("Draft.docx", "sites/Finance/Shared Documents/Budget")
    assert (draft["Size"], draft["ItemType"], draft["DeletedByEmail"]) == ("8", 1, "ipetrova@contoso.example")
    assert [each["LeafName"] for each in listed(call, 2)] == ["Old ledger.csv"]
    assert len(call.get(BIN).json()["value"]) == 2
    assert call.get(f"{BIN}?$filter=Size%20eq%201").status == 400


def test_what_is_restored_comes_back_to_its_folder_with_its_id(sandbox: Sandbox, call: Caller) -> None:
    found = item(sandbox, "Rechnungen.pdf")
    number = trashed(sandbox, "Rechnungen.pdf")
    assert number in {each["Id"] for each in listed(call)}
    assert call("POST", f"{BIN}/RestoreByIds", {"ids": [number]}).status == 200
    back = files(sandbox).get(f"/drives/{found.drive_id}/items/{found.id}").json()
    assert (back["name"], back["parentReference"]["path"].rpartition(":")[2]) == ("Rechnungen.pdf", "/Budget")
    assert call("POST", f"{BIN}/RestoreByIds", {"ids": [number]}).status == 404


def test_nothing_is_restored_over_a_file_of_the_same_name_or_into_a_folder_that_is_gone(
    sandbox: Sandbox, call: Caller
) -> None:
    [draft] = listed(call)
    refused = call("POST", f"{BIN}/RestoreByIds", {"ids": [draft["Id"]]})
    assert "already exists" in said(refused)
    invoice = trashed(sandbox, "Rechnungen.pdf")
    trashed(sandbox, "Budget")
    assert "does not exist" in said(call("POST", f"{BIN}/RestoreByIds", {"ids": [invoice]}))


def test_a_folder_comes_back_with_all_that_was_in_it(sandbox: Sandbox, call: Caller) -> None:
    number = trashed(sandbox, "Budget")
    plan = item(sandbox, "Budget 2026.xlsx")
    held = sandbox.microsoft.state
    assert {each.how for each in held.places_of(quick_xor(b"final\n"))} == {"bin"}
    call("POST", f"{BIN}/RestoreByIds", {"ids": [number]})
    assert {each.how for each in held.places_of(quick_xor(b"final\n"))} == {"live"}
    assert files(sandbox).get(f"/drives/{plan.drive_id}/items/{plan.id}").status == 200


def test_at_most_twenty_in_one_call(call: Caller) -> None:
    assert "20" in said(call("POST", f"{BIN}/RestoreByIds", {"ids": ["x"] * 21}))
    assert call("POST", f"{BIN}/RestoreByIds", {}).status == 400


def test_what_is_deleted_from_the_bin_is_lost(sandbox: Sandbox, call: Caller) -> None:
    held = sandbox.microsoft.state
    [draft] = listed(call)
    assert quick_xor(b"a draft\n") in held.fingerprints()
    assert call("POST", f"{BIN}/DeleteByIds", {"ids": [draft["Id"]]}).status == 200
    assert (listed(call), held.places_of(quick_xor(b"a draft\n"))) == ([], [])
    [ledger] = listed(call, 2)
    call("POST", f"{BIN}/DeleteByIds", {"ids": [ledger["Id"]]})
    assert listed(call, 2) == []


def test_the_whole_first_stage_goes_to_the_second(call: Caller) -> None:
    assert call("POST", f"{FINANCE}/web/recycleBin/MoveAllToSecondStage").status == 200
    assert (listed(call), len(listed(call, 2))) == ([], 2)


def test_a_file_gets_back_the_permissions_of_its_folder(sandbox: Sandbox, call: Caller) -> None:
    name = "/sites/Finance/Shared Documents/Budget/Gehälter.xlsx"
    target = f"{FINANCE}/web/GetFileByServerRelativePath(DecodedUrl='{name}')/ListItemAllFields/resetroleinheritance"
    found = item(sandbox, "Gehälter.xlsx")
    address = f"/drives/{found.drive_id}/items/{found.id}/permissions"
    assert len(files(sandbox).get(address).json()["value"]) == 1
    assert call("POST", target.replace(" ", "%20").replace("ä", "%C3%A4")).status == 200
    shown = files(sandbox).get(address).json()["value"]
    assert (len(shown), all("inheritedFrom" in each for each in shown)) == (3, True)
    assert call("POST", target.replace("Gehälter", "Nothing").replace(" ", "%20")).status == 404


def test_ones_own_onedrive_has_a_bin_too(sandbox: Sandbox) -> None:
    host = "contoso-my.sharepoint.com"
    number = trashed(sandbox, "Notes.txt")
    site = sandbox.microsoft.state.files.site_of(item(sandbox, "Notes.txt"))
    own = sharepoint(sandbox, host)
    found = own.get(f"{site.path}/_api/site/RecycleBin").json()["value"]
    assert [each["Id"] for each in found] == [number]
    assert own.get("/personal/nobody/_api/site/RecycleBin").status == 404
    assert sharepoint(sandbox, SHAREPOINT).get("/sites/Archive/_api/site/RecycleBin").status == 423
