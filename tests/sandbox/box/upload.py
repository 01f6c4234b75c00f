"""A big upload that comes in parts."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Part:
    id: str
    offset: int
    data: bytes
    sha1: str


@dataclass(slots=True)
class UploadSession:
    """For a new file in `folder_id`, or for a new version of `file_id`."""

    id: str
    user_id: str
    size: int
    name: str
    part_size: int
    expires_at: float
    folder_id: str = ""
    file_id: str = ""
    parts: dict[int, Part] = field(default_factory=dict)

    @property
    def total_parts(self) -> int:
        return -(-self.size // self.part_size)
