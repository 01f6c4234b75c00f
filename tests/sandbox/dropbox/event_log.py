"""The team's log: events in the order in which they arrived, which is not that of their times."""

from dataclasses import dataclass, field

from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Json


@dataclass(frozen=True, slots=True)
class Logged:
    """`arrived_at`: when the log came to know of it."""

    arrived_at: float
    event: Json


@dataclass(slots=True)
class EventLog:
    """`delay`: seconds until an event is listed. `generation`: cursors of an earlier one are answered with reset, and
    `resume_at` says from when to read again."""

    clock: Clock
    entries: list[Logged] = field(default_factory=list)
    delay: float = 0.0
    generation: int = 0
    resume_at: float = 0.0

    def add(self, event: Json, arrived_at: float | None = None) -> None:
        self.entries.append(Logged(self.clock.now() if arrived_at is None else arrived_at, event))

    def arrived(self) -> int:
        """How many are listed by now: an event that is late holds up those behind it."""
        until = self.clock.now() - self.delay
        for number in range(len(self.entries), 0, -1):
            if self.entries[number - 1].arrived_at <= until:
                return number
        return 0

    def expire_cursors(self, resume_at: float) -> None:
        self.generation += 1
        self.resume_at = resume_at

    def events(self, kind: str) -> list[Json]:
        """All of one type, oldest arrival first; for tests."""
        return [each.event for each in self.entries if each.event["event_type"][".tag"] == kind]
