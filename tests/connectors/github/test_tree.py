"""Names of files in repositories."""

import pytest

from connectors.base import Client, Exposure, File, NotAvailable, Page
from connectors.github.feeds import tree
from connectors.github.feeds.tree import file_names, repositories_with_files
from tests.connectors.conformance.github import Bench
from tests.connectors.github.conftest import Read, Stub
from tests.sandbox.exchange import Answer

DOCS = "301445118"


def files(pages: list[Page]) -> dict[str, File]:
    """By the path inside the repository docs."""
    found = [each for page in pages for each in page.records if isinstance(each, File)]
    return {each.path.removeprefix("contoso-dev/docs/"): each for each in found}


def test_every_file_of_the_default_branch_is_a_file_of_its_repository(client: Client) -> None:
    found = files(list(file_names.pages(client, None, DOCS)))
    assert found
    for path, each in found.items():
        assert path == each.raw["path"]
        assert (each.kind, each.parent_id, each.exposure) == ("file", DOCS, Exposure.PUBLIC)
        assert each.id == f"{DOCS}:{each.raw['path']}"
        assert each.raw["sha"]
        assert each.url.startswith("https://github.com/contoso-dev/docs/blob/")


def test_an_empty_repository_is_no_partition(client: Client, bench: Bench) -> None:
    found = {each.label for each in repositories_with_files(client)}
    assert "contoso-dev/docs" in found
    assert "contoso-dev/brand-new-thing" not in found


@pytest.mark.parametrize("status", [404, 409])
def test_a_repository_that_was_emptied_meanwhile_has_no_files(client: Client, stub: Stub, status: int) -> None:
    stub("GET", "/repos/contoso-dev/docs/git/trees/.*", Answer.of_json({"message": "Git Repository is empty."}, status))
    assert files(list(file_names.pages(client, None, DOCS))) == {}


def test_a_tree_that_is_cut_off_is_read_folder_by_folder(client: Client, bench: Bench) -> None:
    whole = files(list(file_names.pages(client, None, DOCS)))
    folders = {path.rpartition("/")[0] for path in whole}
    assert len(folders) > 1
    bench.sandbox.github.state.tree_limit = max(2, len(whole) - 1)
    assert files(list(file_names.pages(client, None, DOCS))) == whole


def test_a_folder_that_is_too_large_is_said(client: Client, bench: Bench) -> None:
    bench.sandbox.github.state.tree_limit = 1
    with pytest.raises(NotAvailable, match="does not list all files of contoso-dev/docs"):
        list(file_names.pages(client, None, DOCS))


def test_it_goes_on_in_the_middle_of_a_tree(
    client: Client, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "AT_ONCE", 1)
    pages = list(file_names.pages(client, None, DOCS))
    assert len(pages) > 2
    for number, page in enumerate(pages[:-1]):
        rest = files(list(file_names.pages(client, page.cursor, DOCS)))
        assert rest == files(pages[number + 1 :])


def test_it_is_read_only_where_it_is_switched_on(bench: Bench) -> None:
    assert file_names.component in {each.id for each in bench.connector.components}


def test_a_private_repositorys_files_are_private(client: Client, read: Read) -> None:
    private = [each for each in files(read("repositories")).values() if each.exposure is Exposure.PRIVATE]
    partitions = {each.id for each in repositories_with_files(client)}
    chosen = next(each for each in private if each.id in partitions)
    found = files(list(file_names.pages(client, None, chosen.id)))
    assert {each.exposure for each in found.values()} <= {Exposure.PRIVATE}
