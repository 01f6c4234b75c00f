"""Files, folders and revisions in a namespace."""

from dataclasses import dataclass, field

from tests.sandbox.dropbox.content_hash import content_hash


@dataclass(frozen=True, slots=True)
class Revision:
    """Bytes as they were saved once. `author_id`: the account of who saved them."""

    rev: str
    file_id: str
    content: bytes
    client_modified: float
    server_modified: float
    author_id: str

    @property
    def content_hash(self) -> str:
        return content_hash(self.content)


@dataclass(frozen=True, slots=True)
class Lock:
    account_id: str
    name: str
    created_at: float


@dataclass(slots=True)
class File:
    """`path`: as shown, from the namespace's root. `members`: account or e-mail -> access, of who was asked to this
    file alone; `groups` alike. `export_as`: format of what has no bytes of its own, such as a Paper document."""

    id: str
    path: str
    revision: Revision
    members: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    lock: Lock | None = None
    export_as: str = ""


@dataclass(slots=True)
class Folder:
    """`mounts`: the id of the namespace that is seen here, "" for a folder of its own."""

    id: str
    path: str
    mounts: str = ""


Entry = File | Folder


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened at a path: a revision was saved, or (None) what was there went away, moved or deleted."""

    at: float
    revision: Revision | None
    display: str
