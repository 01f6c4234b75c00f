"""A subscription to change notifications of Graph."""

from dataclasses import dataclass

MINUTE = 60
DRIVE_LIFE = 42_300 * MINUTE
DIRECTORY_LIFE = 41_760 * MINUTE
LIVES = {"drive": DRIVE_LIFE, "users": DIRECTORY_LIFE, "groups": DIRECTORY_LIFE}


@dataclass(slots=True)
class Subscription:
    """`watches`: drive, users or groups, `watched_id` of a drive. `seen`: how many of its or the directory's changes
    were told. `hears_sharing`: told also of changed permissions."""

    id: str
    client_id: str
    creator_id: str
    resource: str
    watches: str
    watched_id: str
    change_types: frozenset[str]
    change_type: str
    notification_url: str
    lifecycle_url: str | None
    client_state: str | None
    expires_at: float
    seen: int
    hears_sharing: bool

    def wants(self, change_type: str) -> bool:
        return change_type in self.change_types
