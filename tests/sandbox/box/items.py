"""Files and folders, what is inside files, and how both are shared."""

from dataclasses import dataclass, field

ROOT = "0"


@dataclass(slots=True)
class Version:
    """Bytes that a file has or had. `data` is None where only a size is told, as of a file too big to keep here."""

    id: str
    sha1: str
    size: int
    data: bytes | None
    name: str
    created_at: float
    author_id: str
    trashed_at: float | None = None
    trashed_by: str | None = None
    restored_at: float | None = None
    restored_by: str | None = None


@dataclass(slots=True)
class SharedLink:
    token: str
    access: str
    password: str | None = None
    unshared_at: float | None = None
    can_download: bool = True
    can_edit: bool = False
    vanity_name: str | None = None
    download_count: int = 0
    preview_count: int = 0


@dataclass(slots=True)
class Lock:
    id: str
    user_id: str
    created_at: float
    expires_at: float | None
    is_download_prevented: bool


@dataclass(slots=True)
class Item:
    """`parent_id`: the folder that holds it, a root as `root:<user id>`; it stays while the item is in trash.

    `trashed_at`: when the item itself went to trash; what lies in a trashed folder has none. `busy`: how many more
    changes are refused because Box still works on it.
    """

    id: str
    name: str
    parent_id: str
    created_at: float
    modified_at: float
    creator_id: str | None
    modifier_id: str | None
    etag: int = 0
    description: str = ""
    link: SharedLink | None = None
    trashed_at: float | None = None
    trashed_by: str | None = None
    classification: str | None = None
    watermarked_at: float | None = None
    busy: int = 0
    tags: list[str] = field(default_factory=list)
    kind: str = "item"

    def touch(self, moment: float, user_id: str | None = None) -> None:
        """A change: another etag."""
        self.etag += 1
        self.modified_at = moment
        if user_id is not None:
            self.modifier_id = user_id


@dataclass(slots=True)
class Folder(Item):
    """`owner_id` is set on roots alone: everything below belongs to that user."""

    kind: str = "folder"
    owner_id: str | None = None
    is_restricted_to_enterprise: bool = False
    can_non_owners_invite: bool = True
    children: dict[str, str] = field(default_factory=dict)
    """Folded name -> id of what lies here and is not in trash."""


@dataclass(slots=True)
class WebLink(Item):
    kind: str = "web_link"
    url: str = ""


@dataclass(slots=True)
class File(Item):
    """`past`: former versions, newest first. `not_ready`: how many more downloads are answered with 202."""

    current: Version = field(default_factory=lambda: Version("0", "", 0, b"", "", 0.0, ""))
    kind: str = "file"
    past: list[Version] = field(default_factory=list)
    version_number: int = 1
    content_created_at: float = 0.0
    content_modified_at: float = 0.0
    lock: Lock | None = None
    not_ready: int = 0
    uploader_display_name: str = ""


@dataclass(slots=True)
class Collaboration:
    """Who else may open an item. Exactly one of `user_id`, `group_id`, `invite_email` says whom it lets in.

    `invite_email`: nobody at Box has this address yet.
    """

    id: str
    item_id: str
    role: str
    status: str
    creator_id: str | None
    created_at: float
    modified_at: float
    user_id: str | None = None
    group_id: str | None = None
    invite_email: str | None = None
    expires_at: float | None = None
    is_access_only: bool = False
    acknowledged_at: float | None = None
