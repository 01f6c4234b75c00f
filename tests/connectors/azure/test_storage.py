"""Resource groups and storage accounts, and whether anybody can read what is in them."""

from typing import Any

from connectors.base import Exposure, File
from tests.connectors.azure.vendor import ONE, Talk, listed, refused

GROUP = f"/subscriptions/{ONE}/resourceGroups/Web"
ACCOUNTS = f"/subscriptions/{ONE}/providers/Microsoft.Storage/storageAccounts"


def account(name: str, **properties: Any) -> dict[str, Any]:
    path = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{name}"
    return {"id": path, "name": name, "properties": {"creationTime": "2026-01-02T03:04:05.1234567Z", **properties}}


def container(name: str, of: str, access: str) -> dict[str, Any]:
    path = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{of}/blobServices/default/containers/{name}"
    return {"id": path, "name": name, "properties": {"publicAccess": access}}


def containers_of(name: str) -> str:
    return f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{name}/blobServices/default/containers"


def read(talk: Talk) -> dict[str, File]:
    return {each.name: each for each in talk.records("storage", ONE) if isinstance(each, File)}


def test_an_account_is_public_where_one_of_its_containers_is(talk: Talk) -> None:
    talk.says["GET", f"/subscriptions/{ONE}/resourceGroups"] = listed({"id": GROUP, "name": "Web"})
    talk.says["GET", ACCOUNTS] = listed(
        account("open", allowBlobPublicAccess=True), account("may", allowBlobPublicAccess=True),
        account("shut", allowBlobPublicAccess=False), account("silent"),
        account("far", allowBlobPublicAccess=True, publicNetworkAccess="Disabled"),
        account("near", allowBlobPublicAccess=True, networkAcls={"defaultAction": "Deny"}),
    )  # fmt: skip
    talk.says["GET", containers_of("open")] = listed(container("www", "open", "Blob"), container("in", "open", "None"))
    talk.says["GET", containers_of("may")] = listed(container("in", "may", "None"))
    found = read(talk)
    public = {name for name, each in found.items() if each.exposure is Exposure.PUBLIC}
    assert public == {"open", "www"}
    assert set(found) == {"Web", "open", "www", "may", "shut", "silent", "far", "near"}
    assert found["www"].parent_id == found["open"].id
    assert found["open"].parent_id == found["Web"].id == GROUP.lower()
    asked = {seen.path for seen in talk.vendor.seen if seen.path.endswith("/containers")}
    assert asked == {containers_of("open"), containers_of("may")}


def test_an_account_for_file_shares_alone_stops_none_of_the_others(talk: Talk) -> None:
    talk.says["GET", ACCOUNTS] = listed(
        account("shares", allowBlobPublicAccess=True), account("www", allowBlobPublicAccess=True)
    )
    talk.says["GET", containers_of("shares")] = refused(
        400, "FeatureNotSupportedForAccount", "Blob is not supported for the account."
    )
    talk.says["GET", containers_of("www")] = listed(container("site", "www", "Container"))
    found = read(talk)
    assert {name: each.exposure for name, each in found.items()} == {
        "shares": Exposure.INTERNAL, "www": Exposure.PUBLIC, "site": Exposure.PUBLIC,
    }  # fmt: skip


def test_a_pass_goes_on_after_the_last_account_that_was_read(talk: Talk) -> None:
    talk.says["GET", ACCOUNTS] = listed(account("a"), account("b"), account("c"))
    pages = talk.pages("storage", ONE)
    for number, page in enumerate(pages):
        assert talk.pages("storage", ONE, page.cursor) == pages[number + 1 :]
