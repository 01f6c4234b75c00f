"""Installed apps, and the accounts they act with."""

from connectors.base import Account, AccountKind, Client, Grant, OAuthApp, Page, Risk
from tests.connectors.conformance.github import Bench
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.github.refusal import not_found


def apps(pages: list[Page]) -> dict[str, OAuthApp]:
    return {each.name: each for page in pages for each in page.records if isinstance(each, OAuthApp)}


def grants(pages: list[Page]) -> dict[str, Grant]:
    return {each.app_id: each for page in pages for each in page.records if isinstance(each, Grant)}


def bots(pages: list[Page]) -> dict[str, Account]:
    return {each.username: each for page in pages for each in page.records if isinstance(each, Account)}


def test_installed_apps_hold_a_grant_of_the_whole_organisation(read: Read) -> None:
    pages = read("app_permissions")
    found = apps(pages)
    assert set(found) == {"gatehouse-at-contoso", "dependency-watch", "repo-janitor", "old-ci"}
    janitor = found["repo-janitor"]
    assert janitor.scopes == ("administration:write", "contents:write", "metadata:read")
    assert janitor.risk is Risk.HIGH
    assert janitor.url.startswith("https://github.com/organizations/contoso-dev/settings/installations/")
    assert found["dependency-watch"].risk is Risk.MEDIUM
    held = grants(pages)[janitor.id]
    assert (held.account_id, held.scopes, held.is_active) == ("", janitor.scopes, True)
    assert held.granted_at


def test_a_suspended_installation_is_a_grant_that_is_not_active(read: Read) -> None:
    pages = read("app_permissions")
    held = grants(pages)
    assert [name for name, each in apps(pages).items() if not held[each.id].is_active] == ["old-ci"]


def test_each_app_acts_with_an_account_of_its_own(read: Read) -> None:
    found = bots(read("app_permissions"))
    assert set(found) == {"gatehouse-at-contoso[bot]", "dependency-watch[bot]", "repo-janitor[bot]", "old-ci[bot]"}
    assert {each.kind for each in found.values()} == {AccountKind.BOT}


def test_an_app_without_an_account_is_listed_all_the_same(read: Read, stub: Stub) -> None:
    stub("GET", "/users/old-ci.*", not_found().answer())
    pages = read("app_permissions")
    assert "old-ci" in apps(pages)
    assert "old-ci[bot]" not in bots(pages)


def test_an_app_uninstalled_while_it_is_read_does_no_harm(bench: Bench, client: Client) -> None:
    pages = bench.connector.feed("app_permissions").pages(client, None)
    listed = next(pages)
    bench.organisation.installations.clear()
    assert len(apps([listed])) == 4
    assert len(bots(list(pages))) == 4
