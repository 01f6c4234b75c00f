"""An organisation's audit log: recorded events and, for load tests, events that are computed when read."""

import base64
import hashlib
import heapq
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Json

Event = dict[str, Json]
Position = tuple[int, int]  # where an event stands in the log: milliseconds, number

DAY = 86_400
WEB_RETENTION = 180 * DAY
GIT_RETENTION = 7 * DAY
# An event may stand this far from its own time in the log.
DISORDER_MS = 60_000


@dataclass(slots=True)
class Entry:
    """`at_ms`: when it happened; `visible_from`: epoch seconds from which the API shows it."""

    position: Position
    event: Event
    at_ms: int
    visible_from: float = 0.0

    def __lt__(self, other: "Entry") -> bool:
        return self.position < other.position

    @property
    def is_git(self) -> bool:
        return str(self.event.get("action", "")).startswith("git.")


@dataclass(slots=True)
class Computed:
    """`count` events, one each `step_ms` from `first_ms` on, made by `make(number, at_ms)`."""

    count: int
    first_ms: int
    step_ms: int
    make: Callable[[int, int], Event]

    def entry(self, number: int) -> Entry:
        at_ms = self.first_ms + number * self.step_ms
        return Entry((at_ms, -number - 1), self.make(number, at_ms), at_ms)

    def ascending(self, start_ms: int) -> Iterator[Entry]:
        first = max(0, (start_ms - self.first_ms) // self.step_ms)
        return (self.entry(number) for number in range(first, self.count))

    def descending(self, end_ms: int) -> Iterator[Entry]:
        last = min(self.count - 1, (end_ms - self.first_ms) // self.step_ms)
        return (self.entry(number) for number in range(last, -1, -1))


@dataclass
class AuditLog:
    """`lag`: seconds until an event shows up in the API."""

    clock: Clock
    identity: Event
    lag: float = 0.0
    entries: list[Entry] = field(default_factory=list)
    computed: list[Computed] = field(default_factory=list)

    def record(
        self, action: str, /, *, late: float = 0.0, displaced_ms: int = 0, at: float | None = None, **details: Json
    ) -> Event:
        """Add an event with the members that every event has.

        `at`: epoch seconds, now by default; `late`: seconds until it shows up; `displaced_ms`: how far from its time it
        stands in the log. A member given as None is left out.
        """
        at_ms = int((self.clock.now() if at is None else at) * 1000)
        number = len(self.entries)
        event = {
            "@timestamp": at_ms,
            "_document_id": document_id(f"{self.identity['org_id']}/{number}"),
            "action": action,
            "created_at": at_ms,
            **self.identity,
            **details,
        }
        event = {key: value for key, value in event.items() if value is not None}
        visible_from = at_ms / 1000 + self.lag + late if self.lag or late else 0.0
        insort(self.entries, Entry((at_ms + displaced_ms, number), event, at_ms, visible_from))
        return event

    def repeat(self, event: Event, displaced_ms: int = 0) -> None:
        """Show an event a second time, as the vendor sometimes does."""
        at_ms = int(event.get("@timestamp") or event["created_at"])
        insort(self.entries, Entry((at_ms + displaced_ms, len(self.entries)), event, at_ms))

    def ascending(self, start_ms: int, after: Position | None) -> Iterator[Entry]:
        """Oldest first, from `start_ms` on, beginning behind `after`."""
        start_ms = max(start_ms - DISORDER_MS, after[0] if after else 0)
        first = bisect_left(self.entries, (start_ms, -1), key=lambda entry: entry.position)
        recorded = (self.entries[index] for index in range(first, len(self.entries)))
        merged = heapq.merge(recorded, *(each.ascending(start_ms) for each in self.computed))
        return (each for each in merged if self._is_shown(each) and (after is None or each.position > after))

    def descending(self, end_ms: int, after: Position | None) -> Iterator[Entry]:
        """Newest first, up to `end_ms`, beginning behind `after`."""
        end_ms = min(end_ms + DISORDER_MS, after[0] if after else end_ms + DISORDER_MS)
        last = bisect_left(self.entries, (end_ms + 1, -1), key=lambda entry: entry.position)
        recorded = (self.entries[index] for index in range(last - 1, -1, -1))
        merged = heapq.merge(recorded, *(each.descending(end_ms) for each in self.computed), reverse=True)
        return (each for each in merged if self._is_shown(each) and (after is None or each.position < after))

    def _is_shown(self, entry: Entry) -> bool:
        now = self.clock.now()
        retention = GIT_RETENTION if entry.is_git else WEB_RETENTION
        return entry.visible_from <= now and entry.at_ms / 1000 > now - retention


def document_id(seed: str) -> str:
    """22 characters, as the vendor's."""
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest())[:22].decode()
