"""What lies in a repository: commits, trees, blobs."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

REGULAR = "100644"
EXECUTABLE = "100755"
SYMLINK = "120000"
SUBMODULE = "160000"
FOLDER = "040000"


def git_sha(kind: str, data: bytes) -> str:
    """The name that git gives an object: blob, tree, commit."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class File:
    """`padding`: bytes that are made when they are read, so that a large file costs nothing. `content` of a symbolic
    link is its target, that of a submodule the address of the other repository.
    """

    content: bytes
    mode: str = REGULAR
    padding: int = 0

    @property
    def size(self) -> int:
        return 0 if self.mode == SUBMODULE else len(self.content) + self.padding

    @property
    def sha(self) -> str:
        """A padded file's name does not count its padding."""
        return git_sha("commit" if self.mode == SUBMODULE else "blob", self.content)

    def data(self) -> bytes:
        return self.content + b"\n" * self.padding


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree. `type`: blob, tree, commit (a submodule)."""

    path: str
    mode: str
    type: str
    sha: str
    size: int | None
    file: File | None


@dataclass(slots=True)
class Commit:
    """`files`: path -> file, all that there is at this commit."""

    sha: str
    message: str
    at: float
    author: str
    email: str
    parent: str | None
    files: dict[str, File]

    @property
    def tree_sha(self) -> str:
        return tree_sha(self.files, "")


@dataclass
class History:
    """`branches`: name -> its newest commit. Nothing is ever lost: `blobs` keeps each version of each file."""

    branches: dict[str, Commit] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    blobs: dict[str, File] = field(default_factory=dict)

    def find(self, reference: str) -> Commit | None:
        """By branch (bare or as refs/heads/...), commit or tree."""
        name = reference.removeprefix("refs/heads/").removeprefix("heads/")
        found = self.branches.get(name) or self.commits.get(reference)
        return found or next((each for each in self.commits.values() if each.tree_sha == reference), None)

    def commit(
        self, branch: str, changes: dict[str, File | None], message: str, author: str, email: str, at: float
    ) -> Commit:
        """Write these files (None: delete it) on top of the branch."""
        parent = self.branches.get(branch)
        files = dict(parent.files) if parent else {}
        for path, file in changes.items():
            if file is None:
                files.pop(path, None)
            else:
                files[path] = file
                self.blobs[file.sha] = file
        above = parent.sha if parent else ""
        text = f"tree {tree_sha(files, '')}\nparent {above}\nauthor {author} <{email}> {at}\n\n{message}\n"
        sha = git_sha("commit", text.encode())
        made = Commit(sha, message, at, author, email, parent.sha if parent else None, files)
        self.branches[branch] = self.commits[sha] = made
        return made


def entries(files: dict[str, File], folder: str, is_recursive: bool = False) -> Iterator[Entry]:
    """The lines of a folder ("" or "a/b/"), in git's order; paths are relative to it."""
    seen = set()
    for path in sorted(path for path in files if path.startswith(folder)):
        rest = path.removeprefix(folder)
        steps = rest.split("/")
        for depth in range(1, len(steps) if is_recursive else min(len(steps), 2)):
            below = "/".join(steps[:depth])
            if below not in seen:
                seen.add(below)
                yield Entry(below, FOLDER, "tree", tree_sha(files, f"{folder}{below}/"), None, None)
        if is_recursive or len(steps) == 1:
            file = files[path]
            kind = "commit" if file.mode == SUBMODULE else "blob"
            yield Entry(rest, file.mode, kind, file.sha, file.size if kind == "blob" else None, file)


def tree_sha(files: dict[str, File], folder: str) -> str:
    """A name for what a folder holds; not git's own, but as stable."""
    lines = (f"{path} {files[path].mode} {files[path].sha}\n" for path in sorted(files) if path.startswith(folder))
    return git_sha("tree", "".join(lines).removeprefix(folder).encode())
