"""A file in a repository's default branch, as the actions on files find it and change it: by one commit each.

What a commit takes away stays in the history, by the name (sha) of its blob.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.base import (
    Answer,
    Client,
    Conflict,
    ConnectorError,
    Facts,
    File,
    Gone,
    NotAvailable,
    Order,
    PermissionMissing,
    Record,
    StepResult,
    TargetGone,
)
from connectors.github import ids, repository_rows
from connectors.github.actions.repositories import ARCHIVED, Repository, path_of, repository
from connectors.github.ownership import is_app
from connectors.github.reading import document
from connectors.github.scopes import WORKFLOW, WRITE_CONTENTS, WRITE_WORKFLOWS, held

WRITING = ("repo", WRITE_CONTENTS)
"""What a commit takes: the scope of an OAuth App, the permission of a GitHub App."""
WORKFLOWS = ".github/workflows/"
LARGEST_TO_PUT_BACK = 10 * 1024 * 1024
"""Bytes: a file goes through memory, in base64, on its way back."""
EXECUTABLE, LINK = "100755", "120000"
NO_WORKFLOWS = "GitHub lets an app change files below .github/workflows only with a permission of its own: {}."
HISTORY = (
    "Earlier versions stay in the history, readable for whoever can read the repository, and in forks and clones. "
    "Change every password and key that stood in the file."
)


@dataclass(frozen=True, slots=True)
class Place:
    """`repository` as it is now, whatever its name; `branch`: the one to commit to."""

    repository: Repository
    branch: str
    path: str

    @property
    def address(self) -> str:
        return path_of(self.repository, f"/contents/{quote(self.path)}")

    def __str__(self) -> str:
        return f"{self.path} in {self.repository['full_name']}"


def is_tree_file(facts: Facts) -> bool:
    return bool(facts["kind"] == "file")


def place_of(client: Client, order: Order) -> Place:
    """In the branch that was remembered, else in the default one. Raises TargetGone without the repository."""
    number, path = ids.tree_parts(order.target.id)
    found = repository(client, number)
    known = order.results.get("remember", {})
    return Place(found, str(known.get("branch") or found["default_branch"]), path)


def present(client: Client, place: Place) -> Mapping[str, Any] | None:
    """{sha, size, type} of the file now; None where there is none."""
    answer = client.get(place.address, params={"ref": place.branch}, expect=(404,))
    return None if answer.status == 404 else document(answer, "sha", "size", "type")


def sha_now(client: Client, order: Order) -> str:
    """'' where the file is not there."""
    found = present(client, place_of(client, order))
    return str(found["sha"]) if found else ""


def remember(client: Client, order: Order) -> StepResult:
    """{branch, sha, size}: by the sha the history has this version for good."""
    place = place_of(client, order)
    found = present(client, place)
    if found is None:
        raise _gone(place)
    return {"branch": place.branch, "sha": str(found["sha"]), "size": int(found["size"])}


def commit(client: Client, method: str, place: Place, message: str, **body: str) -> None:
    """One commit that writes (PUT) or deletes (DELETE) the file, if its blob is still the one named by `sha`.

    Raises TargetGone where the file was changed meanwhile, Conflict where the branch moved in this moment, NotAvailable
    where a rule of the branch forbids it, PermissionMissing for a workflow.
    """
    sent = {"message": message, "branch": place.branch, **body}
    hidden = (404,) if place.path.startswith(WORKFLOWS) else ()
    answer = client.request(method, place.address, json=sent, expect=(409, 422, *hidden))
    if answer.status == 404:
        raise _no_workflows(client)
    if answer.status in (409, 422):
        raise _refused(answer, place)


def put_back(client: Client, order: Order, instead_of: str) -> StepResult:
    """The remembered version once more, by a new commit, in the place of the blob `instead_of` ('': of no file).

    Nothing is done where it is there already, nor where somebody has written something else meanwhile.
    """
    known, place = order.results["remember"], place_of(client, order)
    sha = sha_now(client, order)
    if sha == known["sha"]:
        return {"sha": sha}
    if sha != instead_of:
        raise _changed(place)
    if known["size"] > LARGEST_TO_PUT_BACK:
        raise NotAvailable(
            f"{place} is too large to be put back from here.",
            remedy=f"Take it out of the history by git: blob {known['sha']}.",
        )
    guard = {"sha": instead_of} if instead_of else {}
    commit(client, "PUT", place, "Put back by Gatehouse", content=_content(client, place, known["sha"]), **guard)
    return {"sha": known["sha"]}


def is_put_back(client: Client, order: Order) -> bool:
    return bool(sha_now(client, order) == order.results["remember"]["sha"])


def refuse(client: Client, order: Order) -> str:
    place = place_of(client, order)
    if place.repository.get("archived"):
        return ARCHIVED
    if order.target.raw.get("mode") == LINK:
        return "This is a symbolic link: GitHub's API would change the file that it leads to. Change it by git."
    if place.path.startswith(WORKFLOWS) and _lacks_workflows(client):
        return NO_WORKFLOWS.format(_workflow_permission(client))
    return "" if present(client, place) else str(_gone(place))


def sentences(client: Client, order: Order, what_happens: str) -> Iterator[str]:
    """What a preview says; `what_happens` has {path}, {branch} and {repository}."""
    place = place_of(client, order)
    found = present(client, place)
    if found is None:
        raise _gone(place)
    words = {"path": place.path, "branch": place.branch, "repository": place.repository["full_name"]}
    yield what_happens.format(**words)
    yield HISTORY
    if order.target.raw.get("sha") not in (None, found["sha"]):
        yield "It was changed since Gatehouse last listed it."
    if int(found["size"]) > LARGEST_TO_PUT_BACK:
        yield "It is too large for Undo: it comes back by git alone."
    if order.target.raw.get("mode") == EXECUTABLE:
        yield "It is executable. After Undo it is an ordinary file: GitHub's API writes no others."


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """The file as the feed lists it, or that it is gone."""
    try:
        place = place_of(client, order)
    except TargetGone:
        yield Gone(File, order.target.id)
        return
    found = present(client, place)
    if found is None:
        yield Gone(File, order.target.id)
        return
    entry = {"path": place.path, "mode": order.target.raw.get("mode", ""), "type": "blob"}
    yield repository_rows.tree_file(place.repository, {**entry, "sha": found["sha"], "size": found["size"]})


def _content(client: Client, place: Place, sha: str) -> str:
    """Of any version there ever was, in base64."""
    blob = document(client.get(path_of(place.repository, f"/git/blobs/{sha}")), "content", "encoding")
    return "".join(str(blob["content"]).split())


def _refused(answer: Answer, place: Place) -> ConnectorError:
    said = str(document(answer).get("message") or "").lower()
    if "does not match" in said or "wasn't supplied" in said:
        return _changed(place)
    if "but expected" in said:
        return Conflict(f"GitHub took another commit to {place.branch} in this moment.")
    return NotAvailable(
        f"GitHub does not let {place.branch} of {place.repository['full_name']} be changed by a commit from here.",
        why="A rule of the branch forbids it, such as that every change is reviewed.",
        remedy="Change the file by a pull request in GitHub, or let Gatehouse's account or app bypass the rule: the "
        "repository's Settings > Rules, or Branches.",
    )


def _gone(place: Place) -> TargetGone:
    return TargetGone(f"The branch {place.branch} holds no {place} any more.")


def _changed(place: Place) -> TargetGone:
    return TargetGone(
        f"{place} was changed in GitHub meanwhile, and that change was not touched.",
        remedy="Look at the file in GitHub. Ask for the action again if it is still wanted.",
    )


def _workflow_permission(client: Client) -> str:
    return WRITE_WORKFLOWS if is_app(client) else WORKFLOW


def _lacks_workflows(client: Client) -> bool:
    granted = client.granted_scopes
    return bool(granted) and _workflow_permission(client) not in held(granted)


def _no_workflows(client: Client) -> PermissionMissing:
    permission = _workflow_permission(client)
    return PermissionMissing(
        NO_WORKFLOWS.format(permission),
        remedy="Choose Reconnect and grant all scopes that GitHub lists, or give the GitHub App the permission.",
        permission=permission,
    )
