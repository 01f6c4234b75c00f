"""What is looked for in a site's recycle bin, and what is taken for a file that is back."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.base import ActionTarget, File, MemorySecrets, Order, certificates
from connectors.office365 import recycle_bin
from connectors.office365.actions import admin_quarantine, originals
from connectors.office365.drives import Drive
from connectors.office365.mapping.files import file_id
from connectors.office365.methods import BY_MADE_CERTIFICATE
from tests.connectors.base.vendor import START
from tests.connectors.office365.vendor import GRAPH, SITE, Tenant, begin

BIN = "/sites/Finance/_api/site/RecycleBin"
DRIVE = Drive(
    "d1", "Documents", "s1", "Finance", f"https://{SITE}/sites/Finance",
    url=f"https://{SITE}/sites/Finance/Shared%20Documents",
)  # fmt: skip
LIBRARY = "sites/Finance/Shared Documents"
ITEM = {"id": "i1", "name": "Plan.docx", "size": 7, "file": {}, "parentReference": {"id": "p1"}}


@pytest.fixture
def vendor() -> Iterator[Tenant]:
    yield from begin()


def deleted(number: str, folder: str, day: int, name: str = "Plan.docx") -> dict[str, Any]:
    return {"Id": number, "LeafName": name, "DirName": folder, "DeletedDate": f"2026-11-{day:02}T08:00:00Z"}


@pytest.mark.parametrize(
    ("folder", "wanted"), [("", "top"), ("/Budget", "budget"), ("/Old/Budget", "old"), ("/get", None)]
)
def test_a_file_of_that_name_out_of_another_folder_is_another_file(
    vendor: Tenant, folder: str, wanted: str | None
) -> None:
    vendor.secrets = MemorySecrets({"key_pair": certificates.new_pair(START)})
    vendor.says[SITE, BIN] = {
        "value": [
            deleted("before", LIBRARY, 1), deleted("top", LIBRARY, 2), deleted("budget", f"{LIBRARY}/Budget", 3),
            deleted("old", f"{LIBRARY}/Old/Budget", 4), deleted("other", LIBRARY, 5, "Other.docx"),
        ]
    }  # fmt: skip
    found = recycle_bin.find(vendor.client(method_id=BY_MADE_CERTIFICATE), DRIVE, "Plan.docx", folder)
    assert (found or {}).get("Id") == wanted


def test_a_bin_of_several_pages_is_read_to_its_end(vendor: Tenant) -> None:
    """What is not listed would be taken for gone."""
    vendor.secrets = MemorySecrets({"key_pair": certificates.new_pair(START)})
    second = f"https://{SITE}{BIN}/second"
    vendor.says[SITE, BIN] = {"value": [deleted("a", LIBRARY, 1)], "odata.nextLink": second}
    vendor.says[SITE, f"{BIN}/second"] = {"value": [deleted("b", LIBRARY, 2)]}
    rows = recycle_bin.deleted(vendor.client(method_id=BY_MADE_CERTIFICATE), DRIVE.site_url, recycle_bin.FIRST_STAGE)
    assert [row["Id"] for row in rows] == ["a", "b"]


def test_without_a_hash_nothing_is_taken_for_a_copy_or_for_the_file_itself(vendor: Tenant) -> None:
    known = {"name": "Plan.docx", "parent": "p1", "folder": "", "size": 7, "quick_xor": ""}
    results: dict[str, Any] = {"remember": known, "prepare": {"drive": "d1", "folder": "q1"}}
    raw = {"drive": DRIVE.kept()}
    order = Order(ActionTarget(File, file_id("d1", "i1"), "Plan.docx", raw), results=results)
    same = {**ITEM, "id": "i2"}
    vendor.says[GRAPH, "/v1.0/drives/d1/items/p1"] = {"id": "p1", "folder": {}}
    vendor.says[GRAPH, "/v1.0/drives/d1/items/p1:/Plan.docx"] = same
    vendor.says[GRAPH, "/v1.0/drives/d1/items/q1:/i1%20Plan.docx"] = same
    client = vendor.client()
    assert not admin_quarantine.is_copied(client, order)
    assert not originals.is_remembered(client, order)
