"""Shared links."""

from dataclasses import dataclass


@dataclass(slots=True)
class Link:
    """`entry_id` in `namespace_id`; `owner_id`: the member who made it. `audience`: public, team, members or no_one.

    The link stays when its file is deleted, and works again when that is restored.
    """

    url: str
    namespace_id: str
    entry_id: str
    owner_id: str
    audience: str = "public"
    access_level: str = "viewer"
    password: str = ""
    expires_at: float | None = None
    allow_download: bool = True
