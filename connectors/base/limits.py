"""What a vendor lets us ask of it: limits that its answers count, and limits that only its documents state.

A limit has a name, as some vendors count several apart (GitHub: core, graphql, audit_log); "" where there is one.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Budget:
    """What an answer said is left of a limit, in the vendor's own units, until it starts anew."""

    name: str
    limit: int
    remaining: int
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that answers do not count: so many calls in so many seconds."""

    calls: int
    seconds: int
    name: str = ""


@dataclass(slots=True)
class Traffic:
    """What a client sent since it was last asked, and what the answers said is left."""

    calls: int = 0
    budgets: dict[str, Budget] = field(default_factory=dict)
