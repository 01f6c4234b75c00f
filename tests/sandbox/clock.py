"""The one clock of all simulators: real by default, frozen or moved on by tests."""

import time
from datetime import UTC, datetime


class Clock:
    def __init__(self) -> None:
        self._frozen: float | None = None
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        if self._frozen is not None:
            return self._frozen
        return time.time() + self._ahead

    def freeze(self, moment: datetime) -> None:
        self._frozen = moment.timestamp()

    def advance(self, seconds: float) -> None:
        if self._frozen is not None:
            self._frozen += seconds
        else:
            self._ahead += seconds

    def reset(self) -> None:
        self._frozen = None
        self._ahead = 0.0


def iso(moment: float) -> str:
    """Seconds since the epoch -> 2026-01-31T10:00:00Z."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
