"""Recycle bins of sites, which SharePoint opens to apps with a certificate alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.base import ActionTarget, ConnectorError, File, NotAvailable, Order, PermissionMissing
from connectors.office365 import connector, recycle_bin
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.office365 import Bench, Certified
from tests.connectors.office365.acting import Doer
from tests.connectors.office365.drives import Reader
from tests.sandbox.microsoft.files.items import FIRST_STAGE, LIVE, SECOND_STAGE, Site

TRASH = connector.feed("trash")
SHAREPOINT = "contoso.sharepoint.com"


@pytest.fixture(scope="module")
def certified() -> Iterator[Certified]:
    bench = Certified()
    with bench.sandbox:
        yield bench


@pytest.fixture
def opened(certified: Certified) -> Certified:
    """Contoso's tenant, connected by a certificate."""
    certified.begin()
    return certified


def site(bench: Bench, name: str) -> Site:
    return Reader(bench, name).site


def binned(bench: Bench, name: str) -> dict[str, File]:
    pages = TRASH.pages(bench.client(), None, site(bench, name).full_id)
    return {each.name: each for page in pages for each in page.records if isinstance(each, File)}


def order(bench: Bench, found: File) -> Order:
    return Order(ActionTarget(File, found.id, found.name, found.raw), store=bench.store)


def test_what_users_deleted_is_told_with_where_it_lay(opened: Certified) -> None:
    found = binned(opened, "Finance")
    draft = opened.held.files.named("Draft.docx")
    assert set(found) == {"Draft.docx", "Old ledger.csv"}
    assert found["Draft.docx"].path == "/sites/Finance/Shared Documents/Budget/Draft.docx"
    assert (found["Draft.docx"].size, found["Draft.docx"].kind) == (draft.current.size, "file")
    assert all(each.is_trashed for each in found.values())


def test_reading_goes_on_behind_the_stage_that_was_read(opened: Certified) -> None:
    first, second = TRASH.pages(opened.client(), None, site(opened, "Finance").full_id)
    (rest,) = TRASH.pages(opened.client(), first.cursor, site(opened, "Finance").full_id)
    assert rest == second
    assert list(TRASH.pages(opened.client(), second.cursor, site(opened, "Finance").full_id)) == []


def test_a_locked_site_says_so(opened: Certified) -> None:
    site(opened, "Finance").is_locked = True
    with pytest.raises(NotAvailable, match="locked"):
        binned(opened, "Finance")


def test_with_a_client_secret_recycle_bins_are_not_on_offer(bench: Bench) -> None:
    told = connector.check(bench.client()).unavailable
    assert set(told) == {"trash", "restore_file", "quarantine_trashed_file"}
    assert all("certificate" in each for each in told.values())
    with pytest.raises(NotAvailable, match="certificate"):
        recycle_bin.check_open(bench.client())


def test_where_sharepoints_own_permission_is_missing_it_is_named(opened: Certified) -> None:
    tokens = opened.held.login.tokens
    tokens |= {value: replace(each, roles=frozenset()) for value, each in tokens.items() if SHAREPOINT in each.audience}
    with pytest.raises(PermissionMissing) as refused:
        binned(opened, "Finance")
    assert refused.value.permission == "SharePoint: Sites.FullControl.All"


def test_a_file_comes_back_to_its_folder_from_either_stage(opened: Certified) -> None:
    ledger = opened.held.files.named("Old ledger.csv")
    assert ledger.stage == SECOND_STAGE
    action, asked = connector.action("restore_file"), order(opened, binned(opened, "Finance")["Old ledger.csv"])
    done = carry_out(action, asked, opened.client())
    assert ledger.stage == LIVE
    take_back(action, done, opened.client())
    assert ledger.stage == FIRST_STAGE


def test_an_undo_takes_what_was_restored_and_nothing_else_of_its_name(opened: Certified) -> None:
    files, now = opened.held.files, opened.held.now()
    ledger = files.named("Old ledger.csv")
    action, asked = connector.action("restore_file"), order(opened, binned(opened, "Finance")["Old ledger.csv"])
    done, folder = carry_out(action, asked, opened.client()), files.items[ledger.parent_id]
    assert ledger.author is not None
    files.move(ledger, folder, "Renamed ledger.csv", now)
    other = files.add_file(folder, "Old ledger.csv", b"another\n", ledger.author, now)
    take_back(action, done, opened.client())
    assert (ledger.stage, other.stage) == (FIRST_STAGE, LIVE)


def test_where_something_of_its_name_lies_it_is_refused_before(opened: Certified) -> None:
    action, asked = connector.action("restore_file"), order(opened, binned(opened, "Finance")["Draft.docx"])
    assert action.refuse
    assert "same name" in action.refuse(opened.client(), asked)
    with pytest.raises(NotAvailable, match="does not restore"):
        carry_out(action, asked, opened.client())


def test_a_trashed_file_is_kept_and_what_it_was_shared_with_ends(opened: Certified) -> None:
    files = opened.held.files
    brochure = files.named("Brochure.pdf")
    assert brochure.author is not None
    files.recycle(brochure, brochure.author, opened.held.now())
    action, asked = connector.action("quarantine_trashed_file"), order(opened, binned(opened, "Sales")["Brochure.pdf"])
    done = carry_out(action, asked, opened.client())
    assert (brochure.stage, brochure.permissions) == (FIRST_STAGE, [])
    assert list(opened.store.kept.values()) == [brochure.current.data]
    take_back(action, done, opened.client())
    assert (brochure.stage, opened.store.kept) == (FIRST_STAGE, {})


def test_what_cannot_be_closed_goes_back_to_the_recycle_bin(opened: Certified) -> None:
    files = opened.held.files
    brochure = files.named("Brochure.pdf")
    assert brochure.author is not None
    files.recycle(brochure, brochure.author, opened.held.now())
    action, asked = connector.action("quarantine_trashed_file"), order(opened, binned(opened, "Sales")["Brochure.pdf"])
    opened.sandbox.faults.add("unauthorized", method="GET", path_pattern="/permissions$", times=2)
    with pytest.raises(ConnectorError, match="put back into the recycle bin"):
        carry_out(action, asked, opened.client())
    assert (brochure.stage, opened.store.kept) == (FIRST_STAGE, {})


def test_what_sharepoint_deleted_meanwhile_is_made_anew_from_what_is_kept(opened: Certified) -> None:
    files = opened.held.files
    ledger = files.named("Old ledger.csv")
    data, asked = ledger.current.data, order(opened, binned(opened, "Finance")["Old ledger.csv"])
    action = connector.action("quarantine_trashed_file")
    done = carry_out(action, asked, opened.client())
    files.purge(ledger, opened.held.now())
    take_back(action, done, opened.client())
    assert files.named("Old ledger.csv").current.data == data


def test_a_quarantine_is_undone_with_versions_and_sharing(opened: Certified) -> None:
    doer = Doer(opened, "Sales", "Upload here.txt", "quarantine_with_portal")
    found = opened.held.files.named("Upload here.txt")
    doer.do()
    assert found.stage == FIRST_STAGE
    doer.undo()
    assert found.stage == LIVE
    assert [each.password for each in found.permissions] == ["Sommer-2026"]
