"""The simulated files: trees, blobs, what may be written, what stays in history."""

import base64

import pytest

from tests.connectors.github_callers import ORG, anonymous, caller
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.files import git_sha

REPO = "/repos/contoso-dev"
README = f"{REPO}/storefront/contents/README.md"
RAW = {"Accept": "application/vnd.github.raw+json"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return caller(sandbox, SERVICE_OWNER)


def put(call: Caller, target: str, text: str, **more: Json) -> Reply:
    content = base64.b64encode(text.encode()).decode()
    return call("PUT", target, {"message": "Change", "content": content, **more})


def text_of(reply: Reply) -> str:
    return base64.b64decode(reply.json()["content"]).decode()


def test_a_tree_lists_a_folder_or_everything_below(owner: Caller) -> None:
    tree = owner.get(f"{REPO}/storefront/git/trees/main").json()
    assert [(each["path"], each["type"]) for each in tree["tree"]] == [
        (".github", "tree"),
        ("README.md", "blob"),
        ("src", "tree"),
    ]
    everything = owner.get(f"{REPO}/storefront/git/trees/main?recursive=0").json()
    assert "src/settings/defaults.env" in [each["path"] for each in everything["tree"]]
    below = owner.get(f"{REPO}/storefront/git/trees/{tree['tree'][2]['sha']}").json()
    assert [each["path"] for each in below["tree"]] == ["main.txt", "settings"]


def test_kinds_of_entries_are_files_folders_links_and_other_repositories(owner: Caller) -> None:
    rows = owner.get(f"{REPO}/engineering-handbook/git/trees/main?recursive=1").json()["tree"]
    modes = {row["path"]: (row["mode"], row["type"]) for row in rows}
    assert modes["latest"] == ("120000", "blob")
    assert modes["start.sh"] == ("100755", "blob")
    assert modes["vendor/protos"] == ("160000", "commit")
    assert modes["Größe & Maße/données #1.md"] == ("100644", "blob")


def test_a_tree_beyond_the_limit_is_truncated(sandbox: Sandbox, owner: Caller) -> None:
    assert owner.get(f"{REPO}/storefront/git/trees/main?recursive=1").json()["truncated"] is False
    sandbox.github.state.tree_limit = 2
    tree = owner.get(f"{REPO}/storefront/git/trees/main?recursive=1").json()
    assert (len(tree["tree"]), tree["truncated"]) == (2, True)


def test_an_empty_repository_has_no_tree_and_no_contents(owner: Caller) -> None:
    tree = owner.get(f"{REPO}/brand-new-thing/git/trees/main")
    assert (tree.status, tree.json()["message"]) == (409, "Git Repository is empty.")
    assert owner.get(f"{REPO}/brand-new-thing/contents").status == 404
    assert put(owner, f"{REPO}/brand-new-thing/contents/a.md", "a").status == 201
    assert owner.get(f"{REPO}/brand-new-thing").json()["pushed_at"] is not None


def test_a_blobs_name_is_git_s_own(owner: Caller) -> None:
    found = owner.get(README).json()
    assert found["sha"] == git_sha("blob", b"# storefront\n")
    assert text_of(owner.get(README)) == "# storefront\n"
    assert owner.get(README, RAW).body == b"# storefront\n"


def test_large_files_come_raw_or_not_at_all(owner: Caller) -> None:
    large = f"{REPO}/data-lake/contents/dumps/customers.csv"
    assert (owner.get(large).json()["content"], owner.get(large).json()["encoding"]) == ("", "none")
    assert len(owner.get(large, RAW).body) == owner.get(large).json()["size"] > 2_000_000
    assert owner.get(f"{REPO}/data-lake/contents/dumps/everything.bin", RAW).status == 403


def test_a_file_is_replaced_by_who_knows_its_present_blob(sandbox: Sandbox, owner: Caller) -> None:
    before = owner.get(README).json()["sha"]
    unnamed = put(owner, README, "new")
    assert (unnamed.status, '"sha" wasn\'t supplied' in unnamed.json()["message"]) == (422, True)
    stale = put(owner, README, "new", sha="0" * 40)
    assert (stale.status, stale.json()["message"]) == (409, f"README.md does not match {'0' * 40}")
    done = put(owner, README, "new", sha=before)
    assert (done.status, done.json()["content"]["sha"]) == (200, git_sha("blob", b"new"))
    assert text_of(owner.get(README)) == "new"
    activity = owner.get(f"{REPO}/storefront/activity?per_page=1").json()[0]
    assert (activity["after"], activity["activity_type"]) == (done.json()["commit"]["sha"], "push")
    assert activity["actor"]["login"] == SERVICE_OWNER


def test_the_old_content_stays_in_history(owner: Caller) -> None:
    before = owner.get(README).json()["sha"]
    done = put(owner, README, "new", sha=before).json()
    old = owner.get(f"{REPO}/storefront/git/blobs/{before}")
    assert text_of(old) == "# storefront\n"
    parent = done["commit"]["parents"][0]["sha"]
    assert text_of(owner.get(f"{README}?ref={parent}")) == "# storefront\n"
    back = put(owner, README, text_of(old), sha=done["content"]["sha"])
    assert back.json()["content"]["sha"] == before


def test_a_deleted_file_is_gone_from_the_branch_only(owner: Caller) -> None:
    sha = owner.get(README).json()["sha"]
    assert owner("DELETE", README, {"message": "Drop", "sha": "0" * 40}).status == 409
    assert owner("DELETE", README, {"message": "Drop"}).status == 422
    done = owner("DELETE", README, {"message": "Drop", "sha": sha})
    assert (done.status, done.json()["content"]) == (200, None)
    assert owner.get(README).status == 404
    assert owner("DELETE", README, {"message": "Drop", "sha": sha}).status == 404
    assert owner.get(f"{REPO}/storefront/git/blobs/{sha}").status == 200


def test_workflows_need_a_scope_of_their_own(sandbox: Sandbox, owner: Caller) -> None:
    target = f"{REPO}/storefront/contents/.github/workflows/new.yml"
    assert put(owner, target, "on: push").status == 404
    assert put(caller(sandbox, SERVICE_OWNER, "repo", "workflow"), target, "on: push").status == 201


def test_a_protected_branch_refuses(owner: Caller) -> None:
    refused = put(owner, f"{REPO}/release-tools/contents/x.md", "x")
    assert (refused.status, "approving review" in refused.json()["message"]) == (409, True)


def test_writing_needs_the_role_write(sandbox: Sandbox) -> None:
    assert put(caller(sandbox, "mkowalczyk"), f"{REPO}/docs/contents/x.md", "x").status == 403
    assert put(caller(sandbox, "fab-omar"), f"{REPO}/storefront/contents/x.md", "x").status == 404
    assert put(caller(sandbox, "fab-lena"), f"{REPO}/partner-portal/contents/x.md", "x").status == 201


def test_activity_is_chosen_by_time_kind_and_person(owner: Caller) -> None:
    def kinds(query: str) -> list[str]:
        pages = owner.pages(f"{REPO}/storefront/activity{query}")
        return [row["activity_type"] for reply in pages for row in reply.json()]

    assert kinds("?per_page=1") == kinds("") == ["push", "branch_creation"]
    assert kinds("?direction=asc") == ["branch_creation", "push"]
    assert kinds("?time_period=day") == ["push"]
    assert kinds("?activity_type=branch_creation") == ["branch_creation"]
    assert kinds("?actor=nobody") == []
    assert kinds("?ref=main") == kinds("?ref=refs/heads/main") == kinds("")


def test_the_world_sees_pushes_to_public_repositories_a_little_late(sandbox: Sandbox, owner: Caller) -> None:
    put(owner, f"{REPO}/storefront/contents/x.md", "x")
    put(owner, f"{REPO}/docs/contents/x.md", "x")
    world = anonymous(sandbox)
    before = world.get(f"{ORG}/events")
    assert before.headers["x-poll-interval"] == "60"
    sandbox.clock.advance(31)
    after = world.get(f"{ORG}/events").json()
    assert len(after) == len(before.json()) + 1
    assert (after[0]["repo"]["name"], after[0]["actor"]["login"]) == ("contoso-dev/docs", SERVICE_OWNER)
    shown = {row["repo"]["name"].partition("/")[2] for row in after}
    assert shown == {"docs", "contoso-sdk-js", "design-tokens"}
