"""Files of OneDrives and libraries: what is listed, and what has changed."""

from datetime import timedelta

import pytest

from connectors.base import (
    Collaborator,
    CursorExpired,
    Exposure,
    File,
    Gone,
    Page,
)
from connectors.office365 import folders
from tests.connectors.conformance.office365 import Bench
from tests.connectors.conformance.reading import killed_after_each_page, rows_of
from tests.connectors.office365.drives import FEED, Reader, id_of
from tests.sandbox.microsoft.files.identity import Identity
from tests.sandbox.microsoft.files.seed import Planter
from tests.sandbox.microsoft.seed_people import user_id

OWNER = user_id("C1028")
DAY = timedelta(days=1)


def asked(reader: Reader, end: str) -> int:
    return sum(each.path.endswith(end) for each in reader.bench.sandbox.requests)


def author(reader: Reader, name: str) -> Identity:
    found = reader.files.named(name).author
    assert found is not None
    return found


def later(reader: Reader, by: timedelta) -> None:
    reader.bench.sandbox.clock.advance(by.total_seconds())


def test_each_site_and_each_onedrive_is_read_by_itself(bench: Bench) -> None:
    assert FEED.partitions is not None
    labels = {each.label for each in FEED.partitions(bench.client())}
    person = bench.held.directory.objects[OWNER].name
    assert labels == {"Site: Finance", "Site: Sales", "Site: Engineering", f"OneDrive: {person}"}


# --- everything -------------------------------------------------------------------------------------------------------


def test_a_onedrive_is_its_owners_alone(own: Reader) -> None:
    found = own.named()
    assert {each.path for each in found.values()} == {
        "/", "/Documents", "/Documents/Notes.txt", "/Erste Schritte mit OneDrive.pdf",
    }  # fmt: skip
    assert {each.owner_id for each in found.values()} == {OWNER}
    assert {each.exposure for each in found.values()} == {Exposure.PRIVATE}
    assert found["OneDrive"].kind == "OneDrive"


def test_files_of_a_library_are_told_with_path_kind_size_and_author(finance: Reader) -> None:
    found = finance.named()
    budget, salaries = found["Budget"], found["Gehälter.xlsx"]
    assert budget.kind == "folder"
    assert salaries.path == "/Finance/Documents/Budget/Gehälter.xlsx"
    assert salaries.parent_id == budget.id
    assert salaries.size == finance.files.named("Gehälter.xlsx").current.size
    assert salaries.content_type.endswith("sheet")
    assert salaries.owner_name == author(finance, "Gehälter.xlsx").name
    assert found["Notebook"].kind == "notebook"
    assert found["Documents"].kind == "library"


def test_what_lies_in_the_recycle_bin_is_not_listed(finance: Reader) -> None:
    assert "Old ledger.csv" not in finance.named()


def test_exposure_follows_the_widest_permission(sales: Reader, finance: Reader) -> None:
    told = {name: each.exposure for reader in (sales, finance) for name, each in reader.named().items()}
    assert told["Brochure.pdf"] == Exposure.PUBLIC
    assert told["Upload here.txt"] == Exposure.PUBLIC
    assert told["Contract.docx"] == Exposure.EXTERNAL
    assert told["Pipeline.xlsx"] == Exposure.EXTERNAL
    assert told["Rechnungen.pdf"] == Exposure.INTERNAL
    assert told["Was shared.txt"] == Exposure.INTERNAL


def test_a_link_that_has_ended_opens_nothing(finance: Reader) -> None:
    rows = finance.read()
    ended = finance.id_of("Quartalsbericht.docx")
    assert [each.exposure for each in rows if each.id == ended] == [Exposure.INTERNAL]
    assert not [each for each in rows if isinstance(each, Collaborator) and each.file_id == ended]


def test_permissions_of_its_own_that_let_in_the_author_alone_make_it_private(finance: Reader) -> None:
    assert finance.named()["Gehälter.xlsx"].exposure == Exposure.PRIVATE


def test_whom_a_folder_lets_in_is_told_of_what_lies_in_it(sales: Reader) -> None:
    rows = sales.read()
    guest = sales.bench.held.directory.user("fab-omar").id
    for name in ("Fabrikam", "NDA.pdf", "Prices.xlsx"):
        shared = [each for each in rows if isinstance(each, Collaborator) and each.file_id == sales.id_of(name)]
        assert [(each.account_id, each.is_external, each.role) for each in shared] == [(guest, True, "write")]
        assert next(each for each in rows if each.id == sales.id_of(name)).exposure == Exposure.EXTERNAL


def test_links_say_what_they_let_do_and_what_they_ask_for(sales: Reader) -> None:
    public = {each.file_id: each.role for each in sales.of(Collaborator) if each.is_public}
    assert public[sales.id_of("Brochure.pdf")] == "view"
    assert public[sales.id_of("Upload here.txt")] == "edit, with password"
    ends = sales.bench.now() + 14 * DAY
    assert public[sales.id_of("Angebot – Entwurf.docx")] == f"edit, until {ends:%Y-%m-%d}"


def test_who_was_invited_is_pending_and_whom_a_link_names_is_told_by_name(sales: Reader) -> None:
    rows = sales.of(Collaborator)
    invited = next(each for each in rows if each.file_id == sales.id_of("Contract.docx"))
    assert (invited.email, invited.is_external, invited.is_pending) == ("buyer@proseware.example", True, True)
    named = {each.email: each.is_external for each in rows if each.file_id == sales.id_of("Pipeline.xlsx")}
    assert named == {"fmartin@contoso.example": False, "buyer@proseware.example": True}


def test_everybody_inside_is_a_group_of_the_tenant(engineering: Reader) -> None:
    rows = engineering.read()
    handbook = engineering.id_of("Handbook")
    inside = next(each for each in rows if isinstance(each, Collaborator) and each.file_id == handbook)
    assert (inside.name, inside.is_external) == ("Everyone except external users", False)


def test_permissions_are_asked_for_only_where_there_is_something_to_tell(finance: Reader) -> None:
    finance.read()
    assert asked(finance, "/permissions") == 3


def test_folders_that_are_no_longer_remembered_are_asked_for(
    sales: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_of([*_pages(sales)])
    monkeypatch.setattr(folders, "MOST", 1)
    assert rows_of([*_pages(sales)]) == whole


def _pages(reader: Reader) -> list[Page]:
    return list(FEED.pages(reader.bench.client(), None, reader.site.full_id))


def test_reading_goes_on_after_every_page_and_loses_nothing(sales: Reader) -> None:
    sales.files.largest_page = 2
    whole, site = _pages(sales), sales.site.full_id
    pieces = killed_after_each_page(FEED, sales.bench.client, site)
    assert rows_of(pieces) == rows_of(whole)


# --- what has changed -------------------------------------------------------------------------------------------------


def test_only_what_has_changed_is_told_afterwards(sales: Reader) -> None:
    sales.read()
    assert sales.read() == []
    nda = sales.files.named("NDA.pdf")
    sales.files.write(nda, b"another one", author(sales, "Brochure.pdf"), sales.bench.held.now())
    found = sales.of(File)
    assert [each.size for each in found if each.id == id_of(nda)] == [11]
    assert "Brochure.pdf" not in {each.name for each in found}


def test_what_was_deleted_is_gone(sales: Reader) -> None:
    sales.read()
    brochure = sales.files.named("Brochure.pdf")
    sales.files.recycle(brochure, author(sales, "Brochure.pdf"), sales.bench.held.now())
    assert Gone(File, id_of(brochure)) in sales.read()


def test_a_new_link_is_told_at_once(sales: Reader) -> None:
    sales.read()
    planter = Planter(sales.bench.held)
    planter.link(sales.files.named("Was shared.txt"), "view", "anonymous")
    rows = sales.read()
    number = sales.id_of("Was shared.txt")
    assert [each.exposure for each in rows if each.id == number] == [Exposure.PUBLIC]
    assert [each.is_public for each in rows if isinstance(each, Collaborator)] == [True]


def test_whose_access_ended_is_found_by_listing_everything_within_the_hour(sales: Reader) -> None:
    sales.read()
    contract = sales.files.named("Contract.docx")
    contract.permissions.clear()
    contract.was_shared = True
    sales.files.touch(contract, sales.bench.held.now(), is_sharing=True)
    assert [each.exposure for each in sales.of(File) if each.id == id_of(contract)] == [Exposure.INTERNAL]
    assert sales.cursor is not None
    later(sales, timedelta(hours=1))
    sales.read()
    assert sales.cursor is None


def test_everything_is_listed_anew_twice_a_day(sales: Reader) -> None:
    sales.read()
    later(sales, timedelta(hours=11))
    sales.read()
    assert sales.cursor is not None
    later(sales, timedelta(hours=1))
    sales.read()
    assert sales.cursor is None


def test_a_folder_that_was_deleted_has_everything_listed_anew(sales: Reader) -> None:
    sales.read()
    folder = sales.files.named("Fabrikam")
    sales.files.recycle(folder, author(sales, "Fabrikam"), sales.bench.held.now())
    later(sales, timedelta(hours=1))
    sales.read()
    assert sales.cursor is None


def test_a_place_that_graph_forgot_begins_anew(sales: Reader) -> None:
    sales.read()
    drive = sales.files.drive_named("Sales")
    drive.forgets = drive.changes + 1
    with pytest.raises(CursorExpired):
        sales.read()


def test_a_library_that_was_deleted_has_everything_listed_anew(finance: Reader) -> None:
    """Asked for what changed in it, Graph answers for ever that there is no such drive."""
    finance.files.add_drive(finance.site, "Archive", "Archive", finance.bench.held.now(), [])
    assert {"Documents", "Archive"} <= set(finance.named())
    archive = finance.files.drive_named("Finance", "Archive")
    finance.site.drive_ids.remove(archive.id)
    del finance.files.drives[archive.id]
    with pytest.raises(CursorExpired):
        finance.read()
    finance.cursor = None
    assert "Archive" not in finance.named()
