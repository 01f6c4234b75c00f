"""Trees, blobs and single files of a repository, read and written."""

import base64
import binascii

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import access
from tests.sandbox.github.addresses import web
from tests.sandbox.github.call import Call
from tests.sandbox.github.files import SUBMODULE, SYMLINK, Commit, Entry, File, entries, tree_sha
from tests.sandbox.github.refusal import Refusal, invalid, not_found
from tests.sandbox.github.repository import Repository
from tests.sandbox.github.router import Route, route
from tests.sandbox.github.shapes import node_id

INLINE_LIMIT = 1024 * 1024
FILE_LIMIT = 100 * INLINE_LIMIT
FOLDER_LIMIT = 1000
RAW = "application/vnd.github.raw"
WORKFLOWS = ".github/workflows/"


def get_tree(call: Call) -> Answer:
    """By branch, commit or tree; `recursive` is on whatever its value is."""
    repository = access.repository(call)
    reference = call.parameters["tree_sha"]
    files = _tree(_not_empty(repository), reference)
    is_recursive = bool(call.request.parameter("recursive"))
    lines = list(entries(files, "", is_recursive))
    limit = call.state.tree_limit
    sha = tree_sha(files, "")
    shape = {
        "sha": sha,
        "url": call.request.url(f"/repos/{repository.full_name}/git/trees/{sha}"),
        "tree": [_line(call, repository, each) for each in lines[:limit]],
        "truncated": len(lines) > limit,
    }
    return Answer.of_json(shape)


def _tree(repository: Repository, reference: str) -> dict[str, File]:
    commit = repository.history.find(reference)
    if commit is not None:
        return commit.files
    for known in repository.history.commits.values():
        folders = (each.path for each in entries(known.files, "", True) if each.sha == reference and each.file is None)
        folder = next(folders, None)
        if folder is not None:
            below = f"{folder}/"
            return {path[len(below) :]: file for path, file in known.files.items() if path.startswith(below)}
    raise not_found()


def _line(call: Call, repository: Repository, entry: Entry) -> dict[str, Json]:
    shape: dict[str, Json] = {"path": entry.path, "mode": entry.mode, "type": entry.type, "sha": entry.sha}
    if entry.size is not None:
        shape["size"] = entry.size
    if entry.type != "commit":
        shape["url"] = call.request.url(f"/repos/{repository.full_name}/git/{entry.type}s/{entry.sha}")
    return shape


def get_blob(call: Call) -> Answer:
    """Of any version there ever was."""
    repository = access.repository(call)
    file = _not_empty(repository).history.blobs.get(call.parameters["file_sha"])
    if file is None:
        raise not_found()
    if file.size > FILE_LIMIT:
        raise _too_large()
    if _wants_raw(call):
        return _raw(file)
    shape = {
        "sha": file.sha,
        "node_id": node_id("B", repository.id),
        "size": file.size,
        "url": call.request.url(f"/repos/{repository.full_name}/git/blobs/{file.sha}"),
        "content": _wrapped(file.data()),
        "encoding": "base64",
    }
    return Answer.of_json(shape)


def get_contents(call: Call) -> Answer:
    repository = access.repository(call)
    reference = call.request.parameter("ref") or repository.default_branch
    if not repository.history.branches:
        raise Refusal(404, "This repository is empty.")
    commit = repository.history.find(reference)
    if commit is None:
        raise Refusal(404, f"No commit found for the ref {reference}")
    path = call.parameters.get("path", "").strip("/")
    file = commit.files.get(path)
    if file is not None:
        return _raw(file) if _wants_raw(call) else _file(call, repository, path, file, reference)
    lines = list(entries(commit.files, f"{path}/" if path else ""))
    if not lines:
        raise not_found()
    below = f"{path}/" if path else ""
    shown = [_item(call, repository, below + each.path, each.file, each.sha, reference) for each in lines]
    return Answer.of_json(shown[:FOLDER_LIMIT])


def _file(call: Call, repository: Repository, path: str, file: File, reference: str) -> Answer:
    """Content up to 1 MB; above that only in raw form; above 100 MB not at all."""
    if file.size > FILE_LIMIT:
        raise _too_large()
    shape = _item(call, repository, path, file, file.sha, reference)
    if file.mode == SYMLINK:
        shape["target"] = file.content.decode()
    elif file.mode == SUBMODULE:
        shape["submodule_git_url"] = file.content.decode()
    elif file.size > INLINE_LIMIT:
        shape |= {"content": "", "encoding": "none"}
    else:
        shape |= {"content": _wrapped(file.data()), "encoding": "base64"}
    return Answer.of_json(shape)


def put_contents(call: Call) -> Answer:
    """201 for a new file; a file that is there is written only by who names its present blob."""
    repository, path, branch, body = _to_write(call)
    content = _decoded(body.get("content"))
    present = _present(repository, branch, path)
    sent = body.get("sha")
    if present is not None and sent is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if sent is not None and sent != (present.sha if present else None):
        raise Refusal(409, f"{path} does not match {sent}")
    mode = present.mode if present else "100644"
    file = File(content, mode)
    commit = repository.write(branch, path, file, str(body["message"]), call.actor)
    return _committed(call, repository, commit, path, file, 200 if present else 201)


def delete_contents(call: Call) -> Answer:
    repository, path, branch, body = _to_write(call)
    present = _present(repository, branch, path)
    if present is None:
        raise not_found()
    if not body.get("sha"):
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if body["sha"] != present.sha:
        raise Refusal(409, f"{path} does not match {body['sha']}")
    commit = repository.write(branch, path, None, str(body["message"]), call.actor)
    return _committed(call, repository, commit, path, None, 200)


def _to_write(call: Call) -> tuple[Repository, str, str, dict[str, Json]]:
    """The repository, the path, the branch and the body, once everything that forbids writing is looked at."""
    repository = access.repository(call, "write")
    repository.refuse_archived()
    path = call.parameters["path"].strip("/")
    if path.startswith(WORKFLOWS) and not call.allows("workflow"):
        raise not_found()
    body = dict(call.request.query) | call.body()
    if not body.get("message"):
        raise Refusal(422, 'Invalid request.\n\n"message" wasn\'t supplied.')
    branch = str(body.get("branch") or repository.default_branch).removeprefix("refs/heads/")
    if repository.history.branches and branch not in repository.history.branches:
        raise Refusal(404, f"Branch {branch} not found")
    if branch in repository.protected:
        needed = "At least 1 approving review is required by reviewers with write access."
        raise Refusal(409, f"Could not update file: {needed}")
    return repository, path, branch, body


def _present(repository: Repository, branch: str, path: str) -> File | None:
    commit = repository.history.branches.get(branch)
    return commit.files.get(path) if commit else None


def _decoded(text: Json) -> bytes:
    if not isinstance(text, str):
        raise Refusal(422, 'Invalid request.\n\n"content" wasn\'t supplied.')
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise invalid("Commit", "content", "content is not valid Base64") from None


def _committed(call: Call, repository: Repository, sha: str, path: str, file: File | None, status: int) -> Answer:
    commit = repository.history.commits[sha]
    content = _item(call, repository, path, file, file.sha, repository.default_branch) if file else None
    return Answer.of_json({"content": content, "commit": _commit(call, repository, commit)}, status)


def _commit(call: Call, repository: Repository, commit: Commit) -> dict[str, Json]:
    base = f"/repos/{repository.full_name}/git"
    who = {"name": commit.author, "email": commit.email, "date": iso(commit.at)}
    parents = [commit.parent] if commit.parent else []
    return {
        "sha": commit.sha,
        "node_id": node_id("C", repository.id),
        "url": call.request.url(f"{base}/commits/{commit.sha}"),
        "html_url": web(call.request, f"/{repository.full_name}/commit/{commit.sha}"),
        "author": who,
        "committer": who,
        "message": commit.message,
        "tree": {"sha": commit.tree_sha, "url": call.request.url(f"{base}/trees/{commit.tree_sha}")},
        "parents": [
            {
                "sha": each,
                "url": call.request.url(f"{base}/commits/{each}"),
                "html_url": web(call.request, f"/{repository.full_name}/commit/{each}"),
            }
            for each in parents
        ],
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }


def _item(
    call: Call, repository: Repository, path: str, file: File | None, sha: str, reference: str
) -> dict[str, Json]:
    """What all kinds of content have in common; file None stands for a folder."""
    kind = "dir" if file is None else {SYMLINK: "symlink", SUBMODULE: "submodule"}.get(file.mode, "file")
    url = call.request.url(f"/repos/{repository.full_name}/contents/{path}?ref={reference}")
    git = call.request.url(f"/repos/{repository.full_name}/git/{'trees' if file is None else 'blobs'}/{sha}")
    page = web(call.request, f"/{repository.full_name}/{'tree' if file is None else 'blob'}/{reference}/{path}")
    raw = f"https://raw.githubusercontent.com/{repository.full_name}/{reference}/{path}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": file.size if file else 0,
        "url": url,
        "html_url": page,
        "git_url": git,
        "download_url": raw if kind in ("file", "symlink") else None,
        "type": kind,
        "_links": {"self": url, "git": git, "html": page},
    }


def _not_empty(repository: Repository) -> Repository:
    if not repository.history.branches:
        raise Refusal(409, "Git Repository is empty.")
    return repository


def _too_large() -> Refusal:
    error = {"resource": "Blob", "field": "data", "code": "too_large"}
    return Refusal(403, "This API returns blobs up to 100 MB in size.", errors=[error])


def _wants_raw(call: Call) -> bool:
    return RAW in call.request.headers.get("accept", "")


def _raw(file: File) -> Answer:
    if file.size > FILE_LIMIT:
        raise _too_large()
    return Answer(200, file.data(), {"Content-Type": f"{RAW}; charset=utf-8"})


def _wrapped(data: bytes) -> str:
    """Base64 in lines of sixty characters, as the vendor sends it."""
    text = base64.b64encode(data).decode()
    return "".join(f"{text[start : start + 60]}\n" for start in range(0, len(text), 60))


BASE = "/repos/{owner}/{repo}"
FILE = f"{BASE}/contents/{{path:path}}"
ROUTES: list[Route] = [
    route(
        "GET",
        f"{BASE}/git/trees/{{tree_sha:path}}",
        get_tree,
        "repo",
        is_open=True,
        is_soft=True,
        permissions="contents=read",
    ),
    route(
        "GET",
        f"{BASE}/git/blobs/{{file_sha}}",
        get_blob,
        "repo",
        is_open=True,
        is_soft=True,
        permissions="contents=read",
    ),
    route("GET", f"{BASE}/contents", get_contents, "repo", is_open=True, is_soft=True, permissions="contents=read"),
    route("GET", FILE, get_contents, "repo", is_open=True, is_soft=True, permissions="contents=read"),
    route("PUT", FILE, put_contents, "repo", is_soft=True, permissions="contents=write"),
    route("DELETE", FILE, delete_contents, "repo", is_soft=True, permissions="contents=write"),
]
