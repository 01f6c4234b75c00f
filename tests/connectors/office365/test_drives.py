"""Which drives a site has, and the ways in which Microsoft says that there is none."""

from collections.abc import Iterator

import pytest

from connectors.base import NotAvailable
from connectors.office365.drives import drives_of, sites
from tests.connectors.base.vendor import says
from tests.connectors.office365.vendor import GRAPH, SITE, Tenant, begin, refused

URL = f"https://{SITE}/sites/Sales"
ONE = {"id": "s1", "displayName": "Sales", "webUrl": URL}
PATH = "/v1.0/sites/s1"


@pytest.fixture
def vendor() -> Iterator[Tenant]:
    for tenant in begin():
        tenant.says[GRAPH, PATH] = ONE
        yield tenant


def test_a_onedrive_has_an_owner_and_a_library_has_none(vendor: Tenant) -> None:
    owner = {"user": {"id": "u1", "displayName": "Ada"}}
    vendor.says[GRAPH, f"{PATH}/drives"] = {
        "value": [
            {"id": "d1", "name": "OneDrive", "driveType": "business", "owner": owner, "webUrl": f"{URL}/Documents"},
            {"id": "d2", "name": "Plans", "driveType": "documentLibrary", "owner": owner, "webUrl": f"{URL}/Plans"},
        ]
    }
    mine, plans = drives_of(vendor.client(), "s1")
    assert (mine.owner_id, mine.owner_name, mine.is_personal, mine.prefix) == ("u1", "Ada", True, "")
    assert (plans.owner_id, plans.is_personal, plans.prefix) == ("", False, "/Sales/Plans")


@pytest.mark.parametrize(
    "said",
    [
        refused("ResourceNotFound", 404, "User's mysite not found."),
        refused("itemNotFound", 404, ""),
        refused("accessDenied", 403, ""),
    ],
)
def test_nobodys_onedrive_is_none(vendor: Tenant, said: object) -> None:
    vendor.says[GRAPH, PATH] = {**ONE, "webUrl": f"https://{SITE}/personal/ada_contoso_example"}
    vendor.says[GRAPH, f"{PATH}/drives"] = said
    assert drives_of(vendor.client(), "s1") == []


def test_a_site_that_is_gone_has_none(vendor: Tenant) -> None:
    del vendor.says[GRAPH, PATH]
    assert drives_of(vendor.client(), "s1") == []


@pytest.mark.parametrize("word", ["", "Access denied by a policy."])
def test_a_site_that_does_not_let_the_app_in_says_so(vendor: Tenant, word: str) -> None:
    """Without a word that means of a OneDrive that there is none; of any other site, that the app lost its way in."""
    vendor.says[GRAPH, f"{PATH}/drives"] = refused("accessDenied", 403, word)
    with pytest.raises(NotAvailable, match="this site"):
        drives_of(vendor.client(), "s1")


def test_a_locked_site_says_so(vendor: Tenant) -> None:
    vendor.says[GRAPH, PATH] = refused("resourceLocked", 423)
    with pytest.raises(NotAvailable, match="locked"):
        drives_of(vendor.client(), "s1")


def test_sites_without_a_name_are_called_by_their_address(vendor: Tenant) -> None:
    vendor.says[GRAPH, "/v1.0/sites/getAllSites"] = says({"value": [{"id": "s2", "webUrl": URL}]})
    assert [each.label for each in sites(vendor.client())] == [f"Site: {URL}"]
