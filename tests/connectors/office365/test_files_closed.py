"""Files that cannot be read, or not now, and people whom nobody can place."""

import pytest

from connectors.base import Collaborator, Exposure, NotAvailable, RateLimited
from connectors.office365.mapping.sharing import role_of
from tests.connectors.office365.drives import FEED, Reader, id_of
from tests.sandbox.microsoft.files.identity import Identity, stranger
from tests.sandbox.microsoft.files.items import Permission


def test_a_locked_site_says_so_and_leaves_the_others_alone(sales: Reader, finance: Reader) -> None:
    sales.site.is_locked = True
    with pytest.raises(NotAvailable, match="locked"):
        sales.read()
    assert finance.read()


def test_a_site_that_is_locked_later_says_so_as_well(sales: Reader) -> None:
    sales.read()
    sales.site.is_locked = True
    with pytest.raises(NotAvailable, match="locked"):
        sales.read()


def test_a_site_without_a_drive_has_no_files(own: Reader) -> None:
    own.site.drive_ids.clear()
    assert own.read() == []


@pytest.mark.parametrize("roles", [True, 1, "read", {"read": 1}, [None, 2], None])
def test_roles_that_are_no_roles_say_nothing(roles: object) -> None:
    assert role_of({"id": "1", "roles": roles}) == ""


def test_an_open_file_is_in_nobodys_way(engineering: Reader) -> None:
    assert "open in Word.docx" in engineering.named()


def test_a_limit_that_is_used_up_says_which_and_until_when(sales: Reader) -> None:
    sales.files.units.a_minute = 5
    with pytest.raises(RateLimited) as told:
        sales.read()
    assert told.value.limit == "files"
    assert 1 <= told.value.retry_after <= 60


def test_what_is_left_of_the_limit_is_noted(sales: Reader) -> None:
    sales.files.units.a_minute = 80
    client = sales.bench.client()
    list(FEED.pages(client, None, sales.site.full_id))
    list(FEED.pages(client, None, sales.site.full_id))
    budget = client.take_traffic().budgets["files"]
    assert (budget.limit, budget.remaining < 16) == (80, True)


def test_a_guest_who_made_a_file_stays_a_guest(sales: Reader) -> None:
    assert sales.named()["Prices.xlsx"].exposure == Exposure.EXTERNAL


def test_whom_nobody_can_place_is_neither_inside_nor_outside(sales: Reader) -> None:
    nda = sales.files.named("NDA.pdf")
    nda.permissions.append(Permission("nameless", ["read"], granted_to=Identity("user", "", "Somebody")))
    nda.permissions.append(Permission("guest", ["read"], granted_to=stranger("a@b.example")))
    sales.files.touch(nda, sales.bench.held.now(), is_sharing=True)
    told = {each.vendor_id: each.is_external for each in sales.of(Collaborator) if each.file_id == id_of(nda)}
    assert (told["nameless"], told["guest"]) == (None, True)
