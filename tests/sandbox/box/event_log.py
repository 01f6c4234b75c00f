"""What happened in the enterprise, as both admin feeds tell it."""

import bisect
import random
import uuid
from dataclasses import dataclass, field, replace

from tests.sandbox.exchange import Json

STREAM_BASE = 30_401_068_076_164_269
REPEATED = 7
"""Every seventh event comes twice in the streaming feed."""

Event = dict[str, Json]


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """`position` orders by the event's time; `recorded_at` is when Box wrote it down."""

    position: int
    recorded_at: float = field(compare=False)
    at: float = field(compare=False)
    event: Event = field(compare=False)


class EventLog:
    """`history`: by event time, each event once. `stream`: as they were written down, some twice."""

    def __init__(self) -> None:
        self.history: list[Entry] = []
        self.stream: list[Entry] = []
        self._random = random.Random("box/events")
        self._again: Entry | None = None

    def add(self, event: Event, at: float, recorded_at: float) -> Entry:
        """`event` without id; `at` may lie before what is known already."""
        number = len(self.history)
        event["event_id"] = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        entry = Entry(int(at * 1000) * 1_000_000 + number % 1_000_000, recorded_at, at, event)
        bisect.insort(self.history, entry)
        self.stream.append(entry)
        if self._again is not None:
            self.stream.append(replace(self._again, recorded_at=recorded_at))
            self._again = None
        if number % REPEATED == REPEATED - 1:
            self._again = entry
        return entry
