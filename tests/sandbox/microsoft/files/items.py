"""Files and folders, what is inside files, and who may see both."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.sandbox.microsoft.files.identity import Identity
from tests.sandbox.microsoft.files.quick_xor import quick_xor

FILE, FOLDER, PACKAGE = "file", "folder", "package"
LIVE, FIRST_STAGE, SECOND_STAGE = 0, 1, 2


@dataclass(slots=True)
class Version:
    """Bytes that a file has or had. `id` is like 3.0."""

    id: str
    data: bytes
    modified_at: float
    author: Identity
    hash: str = ""

    def __post_init__(self) -> None:
        self.hash = self.hash or quick_xor(self.data)

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(slots=True)
class Link:
    """`scope`: anonymous, organization, users. `type`: view, edit, embed."""

    type: str
    scope: str
    url: str
    prevents_download: bool = False


@dataclass(slots=True)
class Permission:
    """Either a link, with the people it was sent to, or what one identity may do. `invited`: the address of a guest who
    has not come yet."""

    id: str
    roles: list[str]
    link: Link | None = None
    password: str | None = None
    expires_at: float | None = None
    granted_to: Identity | None = None
    identities: list[Identity] = field(default_factory=list)
    invited: str = ""
    invited_by: Identity | None = None


@dataclass(slots=True)
class Item:
    """`parent_id`: the folder that holds it, "" for a drive's root; it stays while the item lies in the recycle bin.

    `changed`, `shared_changed`: the numbers of its last change and of the last one of its permissions. `is_unique`: it
    takes no permissions from its parent. `was_shared`: permissions of its own were given and taken away again.
    `is_locked`: somebody has it open. `stage`: of the recycle bin.
    """

    id: str
    drive_id: str
    parent_id: str
    name: str
    kind: str
    created_at: float
    modified_at: float
    author: Identity | None
    editor: Identity | None
    unique_id: str
    number: int
    changed: int = 0
    shared_changed: int = 0
    tag: int = 1
    versions: list[Version] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    children: dict[str, str] = field(default_factory=dict)
    is_unique: bool = False
    was_shared: bool = False
    is_locked: bool = False
    malware: str = ""
    special: str = ""
    stage: int = LIVE
    bin_id: str = ""
    deleted_at: float = 0.0
    deleter: Identity | None = None

    @property
    def is_root(self) -> bool:
        return self.parent_id == ""

    @property
    def current(self) -> Version:
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class Change:
    """`number` counts within the drive."""

    number: int
    at: float
    item_id: str


@dataclass(slots=True)
class Drive:
    """`log`: all changes, oldest first; of an item the last one counts. `forgets`: delta tokens from before that change
    are not taken any more. `owner_id`: the directory id of a OneDrive's owner, "" for a site's library. `gone`: what
    is not even in the recycle bin."""

    id: str
    site_id: str
    name: str
    folder: str
    root_id: str
    list_id: str
    created_at: float
    owner_id: str = ""
    forgets: int = 0
    log: list[Change] = field(default_factory=list)
    gone: dict[str, Item] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """How many there were."""
        return len(self.log)


@dataclass(slots=True)
class Site:
    """`path` is below the host, like /sites/Finance. `is_locked`: archived or closed by an administrator."""

    id: str
    host: str
    path: str
    name: str
    web_id: str
    created_at: float
    owner_id: str = ""
    is_locked: bool = False
    drive_ids: list[str] = field(default_factory=list)

    @property
    def is_personal(self) -> bool:
        return bool(self.owner_id)

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    @property
    def full_id(self) -> str:
        """As Graph writes it."""
        return f"{self.host},{self.id},{self.web_id}"
