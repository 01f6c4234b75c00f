"""Names of files in repositories, where the organisation wants them read: a part that is switched on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from connectors.base import (
    Answer,
    Capability,
    Client,
    Component,
    Cursor,
    File,
    NotAvailable,
    Page,
    Partition,
    link_pages,
    snapshot,
)
from connectors.github import repository_rows
from connectors.github.budget import CORE
from connectors.github.reading import PER_PAGE, document, objects, organisation_path, rows
from connectors.github.scopes import READ_CONTENTS, REPO

FILE_NAMES = Component(
    "file_names",
    "File names in repositories",
    "Lists the files of each repository's default branch, never what is in them. That is one call or a few for each "
    "repository, every twelve hours.",
)
AT_ONCE = 1_000
"""Files in one page of records: GitHub answers up to 100,000 at once."""


def repositories_with_files(client: Client) -> Iterable[Partition]:
    """All but those that are empty."""
    for answer in link_pages(client, organisation_path(client, "/repos"), {**PER_PAGE, "type": "all"}):
        for row in rows(answer, "id", "full_name"):
            if row.get("pushed_at") and not row.get("disabled"):
                yield Partition(str(row["id"]), str(row["full_name"]))


@snapshot(
    File,
    title="File names",
    serves=(Capability.DATA_SCAN,),
    permissions=(REPO, READ_CONTENTS),
    component=FILE_NAMES.id,
    needs=("repositories",),
    partitions=repositories_with_files,
    limits=(CORE,),
)
def file_names(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    """The tree of the default branch, all at once, or folder by folder where it is too large for that.

    Cursor: {"trees": [[path, sha], ...] still to be read, "at": how many of the first one's files are done}. A tree's
    sha names its content, so that what is asked for again is the same.
    """
    repository = document(client.get(f"/repositories/{partition}"), "id", "full_name", "default_branch")
    trees, at = (cursor["trees"], cursor["at"]) if cursor else ([["", repository["default_branch"]]], 0)
    while trees:
        path, sha = trees[0]
        tree = _tree(client, repository, sha)
        trees = [[path, tree["sha"]], *trees[1:]]
        found = [_file(repository, path, entry) for entry in tree["tree"] if entry["type"] == "blob"]
        rest = [*trees[1:], *_folders(path, tree)]
        for start in range(at, len(found), AT_ONCE):
            end = start + AT_ONCE
            place = {"trees": trees, "at": end} if end < len(found) else {"trees": rest, "at": 0}
            yield Page(found[start:end], place)
        if not found:
            yield Page([], {"trees": rest, "at": 0})
        trees, at = rest, 0


def _tree(client: Client, repository: Mapping[str, Any], sha: str) -> Mapping[str, Any]:
    """{sha, tree: [{path, type, sha, size}], is_flat}; of one folder alone where the whole is cut off by GitHub."""
    address = f"/repos/{repository['full_name']}/git/trees/{quote(sha)}"
    # 409: the repository is empty. 404: it was emptied, or its branch renamed, since it was listed.
    answer = client.get(address, params={"recursive": "1"}, expect=(404, 409))
    if answer.status in (404, 409):
        return {"sha": sha, "tree": [], "is_flat": False}
    whole = document(answer, "sha", "tree")
    if not whole.get("truncated"):
        return {"sha": whole["sha"], "tree": _entries(answer, whole), "is_flat": False}
    answer = client.get(address)
    one = document(answer, "sha", "tree")
    if one.get("truncated"):
        raise NotAvailable(
            f"GitHub does not list all files of {repository['full_name']}: one folder holds too many.",
            remedy="Nothing needs doing: the other repositories are read.",
        )
    return {"sha": one["sha"], "tree": _entries(answer, one), "is_flat": True}


def _entries(answer: Answer, tree: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return objects(answer, tree["tree"], "path", "type", "sha")


def _folders(path: str, tree: Mapping[str, Any]) -> list[list[str]]:
    if not tree["is_flat"]:
        return []
    return [[f"{path}{entry['path']}/", entry["sha"]] for entry in tree["tree"] if entry["type"] == "tree"]


def _file(repository: Mapping[str, Any], folder: str, entry: Mapping[str, Any]) -> File:
    return repository_rows.tree_file(repository, {**entry, "path": f"{folder}{entry['path']}"})
