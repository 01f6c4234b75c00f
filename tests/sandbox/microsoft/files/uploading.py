"""Uploads in parts."""

from dataclasses import dataclass, field

from tests.sandbox.microsoft.files.identity import Identity


@dataclass(slots=True)
class Upload:
    """Of a new version of `item_id`, or of a file `name` in `parent_id`. `client_id`: the application's, `size` is
    known with the first part."""

    id: str
    drive_id: str
    author: Identity
    expires_at: float
    client_id: str
    item_id: str = ""
    parent_id: str = ""
    name: str = ""
    conflict: str = "fail"
    size: int = -1
    data: bytearray = field(default_factory=bytearray)
