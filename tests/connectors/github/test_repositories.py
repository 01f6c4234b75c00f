"""Repositories as files, by the feed."""

from datetime import UTC, datetime

import pytest

from connectors.base import Client, Exposure, File, Gone, Page, PagesInMemory, PermissionMissing
from tests.connectors.conformance.github import Bench, tokens
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import SERVICE_OWNER


def files(pages: list[Page]) -> dict[str, File]:
    return {each.name: each for page in pages for each in page.records if isinstance(each, File)}


def test_all_repositories_are_read_with_how_visible_they_are(read: Read) -> None:
    found = files(read("repositories"))
    assert len(found) == 22
    exposures = [each.exposure for each in found.values()]
    assert [exposures.count(each) for each in (Exposure.PUBLIC, Exposure.INTERNAL, Exposure.PRIVATE)] == [3, 4, 15]
    assert found["docs"].path == "contoso-dev/docs"
    assert found["docs"].url == "https://github.com/contoso-dev/docs"
    assert found["legacy-crm"].raw["archived"] is True


def test_an_empty_repository_was_never_changed(read: Read, bench: Bench) -> None:
    found = files(read("repositories"))
    assert found["brand-new-thing"].modified_at is None
    pushed_at = bench.organisation.repositories[301445118].pushed_at
    assert pushed_at
    assert found["docs"].modified_at == datetime.fromtimestamp(int(pushed_at), UTC)


def test_a_renamed_repository_stays_the_same_file(read: Read, bench: Bench) -> None:
    before = files(read("repositories"))["docs"]
    bench.organisation.repositories[int(before.id)].rename("handbook", bench.sandbox.github.state.actor(SERVICE_OWNER))
    assert files(read("repositories"))["handbook"].id == before.id


def test_one_repository_is_read_by_its_id(bench: Bench, client: Client) -> None:
    one = bench.connector.feed("repositories").one
    assert one
    (found,) = one(client, "", "301445118")
    assert isinstance(found, File)
    assert found.name == "docs"
    assert list(one(client, "", "1")) == [Gone(File, "1")]


def test_pages_that_have_not_changed_cost_nothing(bench: Bench) -> None:
    """Although somebody pushed: pages are in an order that pushes do not change."""
    bench.sandbox.github.state.largest_page = 10
    memory = PagesInMemory()
    feed = bench.connector.feed("repositories")
    for page in feed.pages(bench.client(), None):
        memory.keep(page)
    newest = max(bench.organisation.repositories.values(), key=lambda each: each.created_at)
    newest.pushed_at = bench.sandbox.clock.now()
    again = list(feed.pages(bench.client(pages=memory), None))
    assert [page.is_unchanged for page in again] == [True, True, False]


def test_a_missing_scope_is_named(bench: Bench, read: Read, stub: Stub) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org"])
    bench.secrets.write_tokens(tokens(value, ["read:org"]))
    headers = {"X-OAuth-Scopes": "read:org", "X-Accepted-OAuth-Scopes": "repo"}
    stub("GET", "/repositories/.*", Answer.of_json({"message": "Not Found"}, 404, headers))
    with pytest.raises(PermissionMissing) as error:
        read("sharing")
    assert error.value.permission == "repo"
