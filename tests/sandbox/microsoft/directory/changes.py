"""What has changed in the directory, for those who ask for changes alone and for those who are told."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    """Restorable."""
    PURGED = "purged"
    """Gone for good."""
    MEMBER_ADDED = "member added"
    MEMBER_REMOVED = "member removed"


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` and `id` of the object that changed; `names`: its properties that did, or the members."""

    number: int
    kind: str
    id: str
    what: What
    names: tuple[str, ...] = ()


class Changes:
    """Numbered from 1. What the seed planted is no change."""

    def __init__(self) -> None:
        self.all: list[Change] = []

    @property
    def last(self) -> int:
        return len(self.all)

    def add(self, kind: str, object_id: str, what: What, names: tuple[str, ...] = ()) -> None:
        self.all.append(Change(self.last + 1, kind, object_id, what, names))

    def since(self, number: int, kind: str) -> list[Change]:
        return [each for each in self.all[number:] if each.kind == kind]
