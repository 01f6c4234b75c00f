"""Overwriting and deleting a file by a commit, and putting it back."""

import base64
from dataclasses import replace

import pytest

from connectors.base import Action, Conflict, File, Gone, NotAvailable, Order, PermissionMissing, TargetGone
from connectors.base.file_actions.overwriting import TOMBSTONE
from connectors.github import ids
from connectors.github.actions import tree_files
from connectors.github.actions.files import blob_name, overwrite_file, trash_file
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import Bench, tokens
from tests.connectors.github.acting import bodies, changes, order_for, preview, refusal, repository
from tests.connectors.github.conftest import Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.files import File as GitFile

REPLACEMENT = f"{TOMBSTONE}\n".encode()
SOURCE, WORKFLOW = "src/main.txt", ".github/workflows/ci.yml"
CONTENTS = "/repos/contoso-dev/docs/contents"
ACTIONS = (overwrite_file, trash_file)
each_action = pytest.mark.parametrize("action", ACTIONS, ids=lambda each: each.name)


def order(bench: Bench, path: str = SOURCE, name: str = "docs") -> Order:
    """As the list of file names has it."""
    found = repository(bench, name)
    file = found.history.branches["main"].files[path]
    raw = {"path": path, "mode": file.mode, "sha": file.sha, "type": "blob"}
    return order_for(bench, File, ids.tree_file(found.id, path), path.rpartition("/")[2], raw)


def content(bench: Bench, path: str = SOURCE, name: str = "docs") -> bytes | None:
    file = repository(bench, name).history.branches["main"].files.get(path)
    return file.data() if file else None


def commits(bench: Bench, name: str = "docs") -> int:
    return len(repository(bench, name).history.commits)


def change(bench: Bench, path: str = SOURCE, text: bytes = b"Somebody's work\n") -> None:
    actor = bench.sandbox.github.state.actor(SERVICE_OWNER)
    repository(bench, "docs").write("main", path, GitFile(text), "Work", actor)


def refused_with(bench: Bench, stub: Stub, status: int, message: str) -> Order:
    for method in ("PUT", "DELETE"):
        stub(method, f"{CONTENTS}/.*", Answer.of_json({"message": message}, status))
    return order(bench)


def test_a_file_is_overwritten_by_one_commit_and_the_history_keeps_it(bench: Bench) -> None:
    before, count = content(bench), commits(bench)
    asked = order(bench)
    done = carry_out(overwrite_file, asked, bench.client())
    assert changes(bench) == [("PUT", f"{CONTENTS}/{SOURCE}")]
    assert bodies(bench) == [
        {
            "message": "Overwritten by Gatehouse",
            "branch": "main",
            "content": base64.b64encode(REPLACEMENT).decode(),
            "sha": asked.target.raw["sha"],
        }
    ]
    assert (content(bench), commits(bench)) == (REPLACEMENT, count + 1)
    kept = repository(bench, "docs").history.blobs[str(done.results["remember"]["sha"])]
    assert kept.data() == before


def test_the_text_that_was_asked_for_stands_in_its_place_until_undo(bench: Bench) -> None:
    before = content(bench)
    asked = replace(order(bench), params={"text": "Ask the security team: größe 7"})
    done = carry_out(overwrite_file, asked, bench.client())
    assert content(bench) == "Ask the security team: größe 7\n".encode()
    take_back(overwrite_file, done, bench.client())
    assert content(bench) == before


def test_a_file_is_deleted_by_one_commit_and_the_history_keeps_it(bench: Bench) -> None:
    asked = order(bench)
    done = carry_out(trash_file, asked, bench.client())
    assert changes(bench) == [("DELETE", f"{CONTENTS}/{SOURCE}")]
    assert bodies(bench) == [{"message": "Deleted by Gatehouse", "branch": "main", "sha": asked.target.raw["sha"]}]
    assert content(bench) is None
    assert done.results["remember"]["sha"] in repository(bench, "docs").history.blobs
    assert list(trash_file.read_back(bench.client(), done)) == [Gone(File, asked.target.id)]


@each_action
def test_undo_puts_the_same_content_back_once(bench: Bench, action: Action) -> None:
    before, count = content(bench), commits(bench)
    done = carry_out(action, order(bench), bench.client())
    take_back(action, done, bench.client())
    take_back(action, done, bench.client(), is_repeated=True)
    assert (content(bench), commits(bench)) == (before, count + 2)


def test_names_of_any_kind_are_found(bench: Bench) -> None:
    path = "Größe & Maße/données #1.md"
    carry_out(overwrite_file, order(bench, path, "engineering-handbook"), bench.client())
    assert content(bench, path, "engineering-handbook") == REPLACEMENT


def test_a_renamed_repository_is_found_by_its_id(bench: Bench) -> None:
    asked = order(bench)
    repository(bench, "docs").rename("handbook", bench.sandbox.github.state.actor(SERVICE_OWNER))
    carry_out(trash_file, asked, bench.client())
    assert changes(bench) == [("DELETE", f"/repos/contoso-dev/handbook/contents/{SOURCE}")]


def test_what_is_read_back_is_the_file_as_it_is_now(bench: Bench) -> None:
    done = carry_out(overwrite_file, order(bench), bench.client())
    [found] = list(overwrite_file.read_back(bench.client(), done))
    assert isinstance(found, File)
    assert (found.path.partition("docs/")[2], found.size) == (SOURCE, len(REPLACEMENT))
    assert found.raw["sha"] == blob_name(REPLACEMENT)
    del bench.organisation.repositories[repository(bench, "docs").id]
    assert list(overwrite_file.read_back(bench.client(), done)) == [Gone(File, done.target.id)]


# --- what others did meanwhile --------------------------------------------------------------------------------------


@each_action
def test_what_was_changed_after_it_was_remembered_stays(bench: Bench, action: Action) -> None:
    asked = order(bench)
    remembered = dict(action.steps[0].run(bench.client(), asked))
    change(bench)
    later = Order(asked.target, results={"remember": remembered})
    with pytest.raises(TargetGone, match="changed in GitHub meanwhile") as error:
        action.steps[1].run(bench.client(), later)
    assert "again" in error.value.remedy
    assert content(bench) == b"Somebody's work\n"


@each_action
def test_undo_does_not_touch_what_somebody_wrote_since(bench: Bench, action: Action) -> None:
    done = carry_out(action, order(bench), bench.client())
    change(bench)
    count = commits(bench)
    with pytest.raises(TargetGone, match="was not touched"):
        take_back(action, done, bench.client())
    assert (content(bench), commits(bench)) == (b"Somebody's work\n", count)


def test_a_branch_that_moves_in_this_moment_is_tried_again_later(bench: Bench, stub: Stub) -> None:
    asked = refused_with(bench, stub, 409, "main is at 5d1f but expected 77a0")
    with pytest.raises(Conflict, match="in this moment"):
        carry_out(overwrite_file, asked, bench.client())


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    ["Could not update file: At least 1 approving review is required.", "Repository rule violations found"],
)
@pytest.mark.parametrize("status", [409, 422])
def test_a_rule_of_the_branch_is_told(bench: Bench, stub: Stub, status: int, message: str) -> None:
    asked = refused_with(bench, stub, status, message)
    with pytest.raises(NotAvailable, match="A rule of the branch") as error:
        carry_out(trash_file, asked, bench.client())
    assert "pull request" in error.value.remedy


def test_a_protected_branch_stays_as_it_is(bench: Bench) -> None:
    with pytest.raises(NotAvailable, match="main of contoso-dev/release-tools"):
        carry_out(overwrite_file, order(bench, SOURCE, "release-tools"), bench.client())
    assert content(bench, SOURCE, "release-tools") != REPLACEMENT


@each_action
def test_archived_repositories_links_and_missing_files_are_refused(bench: Bench, action: Action) -> None:
    assert refusal(bench, action, order(bench)) == ""
    assert "symbolic link" in refusal(bench, action, order(bench, "latest", "engineering-handbook"))
    assert "archived" in refusal(bench, action, order(bench, SOURCE, "legacy-crm"))
    asked = order(bench)
    carry_out(trash_file, asked, bench.client())
    assert "no src/main.txt" in refusal(bench, action, asked)


def test_what_is_overwritten_already_is_refused(bench: Bench) -> None:
    asked = order(bench)
    carry_out(overwrite_file, asked, bench.client())
    assert "already" in refusal(bench, overwrite_file, asked)


def test_workflows_take_a_scope_of_their_own(bench: Bench) -> None:
    asked = order(bench, WORKFLOW)
    assert refusal(bench, overwrite_file, asked) == ""
    granted = [scope for scope in bench.connector.method("oauth_app").scopes if scope != "workflow"]
    bench.secrets.write_tokens(tokens(bench.sandbox.github.state.issue_token(SERVICE_OWNER, granted), granted))
    assert "permission of its own: workflow" in refusal(bench, overwrite_file, asked)
    with pytest.raises(PermissionMissing) as error:
        carry_out(overwrite_file, asked, bench.client())
    assert error.value.permission == "workflow"
    assert content(bench, WORKFLOW) != REPLACEMENT


def test_a_file_beyond_what_the_api_takes_is_told(bench: Bench) -> None:
    with pytest.raises(NotAvailable, match="100 MB"):
        refusal(bench, overwrite_file, order(bench, "dumps/everything.bin", "data-lake"))


def test_a_file_too_large_for_memory_is_deleted_and_not_put_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_files, "LARGEST_TO_PUT_BACK", 1_000)
    asked = order(bench, "dumps/customers.csv", "data-lake")
    assert "too large for Undo" in preview(bench, trash_file, asked)
    done = carry_out(trash_file, asked, bench.client())
    with pytest.raises(NotAvailable, match="too large to be put back") as error:
        take_back(trash_file, done, bench.client())
    assert str(done.results["remember"]["sha"]) in error.value.remedy


# --- what is said beforehand ----------------------------------------------------------------------------------------


def test_the_preview_says_that_the_history_keeps_it(bench: Bench) -> None:
    said = preview(bench, overwrite_file, order(bench))
    assert f"to main of contoso-dev/docs puts the text in the place of all that is in {SOURCE}" in said
    assert "stay in the history" in said
    assert "changed since" not in said
    assert f"deletes {SOURCE}" in preview(bench, trash_file, order(bench))


def test_the_preview_says_what_is_unusual_about_the_file(bench: Bench) -> None:
    asked = order(bench)
    change(bench)
    assert "changed since" in preview(bench, trash_file, asked)
    assert "executable" in preview(bench, trash_file, order(bench, "start.sh", "engineering-handbook"))


def test_it_is_for_files_and_not_for_repositories() -> None:
    for action in ACTIONS:
        assert action.applies
        assert action.applies({"kind": "file"})
        assert not action.applies({"kind": "repository"})
