"""An enterprise: what owns organisations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.sandbox.github.people import User

if TYPE_CHECKING:
    from tests.sandbox.github.app import Installation
    from tests.sandbox.github.organisation import Organisation


@dataclass(eq=False)
class Enterprise:
    """`owners`: user ids. `installations`: GitHub Apps installed on the enterprise itself."""

    id: int
    slug: str
    name: str
    organisations: list[Organisation] = field(default_factory=list)
    owners: set[int] = field(default_factory=set)
    installations: dict[int, Installation] = field(default_factory=dict)
    seats: int = 50
    created_at: float = 1_470_000_000.0
    updated_at: float = 1_750_000_000.0

    def is_owner(self, user: User) -> bool:
        return user.id in self.owners
