"""Workers and a vendor on a bad day, as a seed has it: the same seed makes the same day."""

import pydoc
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from connectors.base import Feed, Page
from portal.scans.jobs import dispatch_due
from tests.connectors.base.vendor import Says, Seen, says
from tests.portal.scans.conftest import Clock
from tests.portal.scans.example import ExampleVendor

SHARE_DOUBLED = 0.2
SHARE_OF_LEASES = 0.1
"""Of all pages: before so many of them the lease of their worker has ended."""
MOST_ROUNDS = 600


class RoughWorkers:
    """Tasks come in any order and a part of them twice, also while the first still runs. Now and then a lease ends
    between two pages: others take the feed, and the worker that held it goes on as if nothing were.

    `doubled`: tasks that came again. `overtaken`: leases that ended.
    """

    def __init__(self, seed: int, clock: Clock) -> None:
        self.doubled = self.overtaken = 0
        self._random, self._clock, self._running = random.Random(seed), clock, 0

    def work_until(self, is_over: Callable[[], bool]) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Feed, "pages", self._pages_of(Feed.pages))
            for _ in range(MOST_ROUNDS):
                self._clock.wait(seconds=61)
                dispatch_due()
                self._deliver_all()
                if is_over():
                    return
        raise AssertionError(f"the scan has not ended after {MOST_ROUNDS} minutes")

    def _pages_of(self, real: Callable[..., Iterator[Page]]) -> Callable[..., Iterator[Page]]:
        def pages(feed: Feed, *args: Any) -> Iterator[Page]:
            for page in real(feed, *args):
                if self._running == 1 and self._random.random() < SHARE_OF_LEASES:
                    self._overtake()
                yield page

        return pages

    def _overtake(self) -> None:
        self.overtaken += 1
        self._clock.wait(seconds=121)
        dispatch_due()
        self._deliver_all()

    def _deliver_all(self) -> None:
        waiting = list(OrmQ.objects.filter(key="scans", lock__lte=timezone.now()).order_by("pk"))
        self._random.shuffle(waiting)
        for row in waiting:
            self._deliver(row)

    def _deliver(self, row: OrmQ) -> None:
        task = SignedPackage.loads(row.payload)
        function: Any = pydoc.locate(task["func"])
        self._running += 1
        try:
            function(*task["args"])
        finally:
            self._running -= 1
        if self._random.random() < SHARE_DOUBLED:
            self.doubled += 1  # nobody said that it was done: it stays in the queue
        else:
            OrmQ.objects.filter(pk=row.pk).delete()


def spoil(vendor: ExampleVendor, seed: int, share: float, struck: Counter[str]) -> None:
    """From now on this share (0 to 1) of all answers fails, which `struck` counts by kind."""
    chance = random.Random(seed)

    def answer(request: Seen) -> Says:
        said = vendor.answer(request)
        if chance.random() >= share:
            return said
        kind = chance.choice(["error", "rate limit", "hang up", "truncated", "bad body"])
        struck[kind] += 1
        if kind == "error":
            return says({}, 500)
        if kind == "bad body":
            return Says(200, b"<html>Maintenance</html>", {"Content-Type": "text/html"})
        if kind == "rate limit":
            return says({}, 429, Retry_After="1")
        return Says(raw=(b"" if kind == "hang up" else _cut_off(said.body),))

    vendor.server.answer = answer


def _cut_off(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body[: len(body) // 2]
