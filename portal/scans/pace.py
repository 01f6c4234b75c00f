"""Keeping a slice within its time and the vendor's limits: what its calls used is noted every few seconds, and it ends
where a limit is nearly used up."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum

from connectors.base import Client, Feed, Page, Traffic
from portal.scans import budgets, runs
from portal.scans.leases import Held
from portal.scans.models import ScanRun

NOTED_EVERY_S = 2.0
"""A row for each page would cost more than it tells; other workers see it this late."""


class Slice(Enum):
    """How a slice ended: nothing is left to do, its time or a limit was used up, or somebody wants it to stop."""

    DONE = "done"
    CUT = "cut"
    HALTED = "halted"


class Pace:
    """Of one slice. `is_slice_over`: it ends with the page that was read last. `rests_until`: it ends for so long, None
    while limits let it go on."""

    def __init__(self, held: Held, feed: Feed, run: ScanRun, client: Client, ends_at: float) -> None:
        self._instance = held.state.instance
        self._feed, self._run, self._client = feed, run, client
        self._noted_at = time.monotonic()
        self._traffic = Traffic()
        self._noted_after = budgets.part_of_counted(self._instance, feed)
        self._ends_at = ends_at
        self.is_slice_over = False
        self.rests_until: datetime | None = None

    def followed(self, pages: Iterator[Page]) -> Iterator[Page]:
        """The pages as they come, looking after each whether the slice goes on."""
        for page in pages:
            self._after_page()
            yield page

    def _after_page(self) -> None:
        """Looks what the calls for this page used, and now and then what all workers have."""
        self._take()
        is_late = time.monotonic() - self._noted_at >= NOTED_EVERY_S
        is_much = self._traffic.calls >= self._noted_after
        if is_late or is_much or any(budgets.is_spent(said) for said in self._traffic.budgets.values()):
            self._note()
            self.rests_until = budgets.rests_until(self._feed, budgets.resting(self._instance))
        self.is_slice_over = self.rests_until is not None or time.monotonic() >= self._ends_at

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Whatever was sent is noted in the end, also when the vendor answered an error."""
        try:
            yield
        finally:
            self._take()
            self._note()

    def _take(self) -> None:
        taken = self._client.take_traffic()
        self._traffic.calls += taken.calls
        self._traffic.budgets.update(taken.budgets)

    def _note(self) -> None:
        runs.count_calls(self._run, self._traffic.calls)
        budgets.note(self._instance, self._feed, self._traffic)
        self._traffic, self._noted_at = Traffic(), time.monotonic()
