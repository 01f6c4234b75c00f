"""Uploads in pieces."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class UploadSession:
    """Of who began it: `author_id` is the member's id."""

    id: str
    author_id: str
    content: bytearray = field(default_factory=bytearray)
    is_closed: bool = False
