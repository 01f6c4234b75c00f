"""Many instances on few workers: everything that is due is read within its cadence, whoever else is due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.instances.models import AppInstance
from portal.scans import runner, service
from portal.scans.jobs import dispatch_due
from portal.scans.leases import Held, claim
from portal.scans.models import FeedState
from portal.scans.plan import cadence, feeds_of
from tests.portal.scans.conftest import Clock
from tests.portal.scans.example import ExampleVendor, accounts, connector, events, labels, people
from tests.tasks import run_one

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.load]

INSTANCES = 200
WORKERS = 2
SLICE_S = 0.3
"""How long a worker is taken to be busy with a slice."""
FIRST, THEN = timedelta(minutes=5), timedelta(minutes=11)
"""What the first scan is given, and how long is watched after it: twice the cadence of the quickest feeds and more."""
FEEDS = (accounts, people, events, labels, replace(labels, name="marks", title="Marks"))


class Waits:
    """How long each feed was due when a worker took it, as a share of its cadence and in seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[tuple[str, float, float]] = []

        def noting(feed_state_id: int, ticket: str = "") -> Held | None:
            due_at = FeedState.objects.values_list("next_run_at", flat=True).get(pk=feed_state_id)
            held = claim(feed_state_id, ticket)
            if held is not None and due_at is not None:
                self._note(held, (timezone.now() - due_at).total_seconds())
            return held

        monkeypatch.setattr(runner, "claim", noting)

    def _note(self, held: Held, seconds: float) -> None:
        feed = next(each for each in feeds_of(held.state.instance) if each.name == held.state.feed)
        self.taken.append((feed.name, seconds, seconds / cadence(feed, held.state.instance).total_seconds()))

    def longest(self) -> dict[str, float]:
        """Seconds, by feed."""
        return {name: round(max(s for feed, s, _ in self.taken if feed == name), 1) for name, *_ in self.taken}


def work(clock: Clock, span: timedelta) -> None:
    """The dispatcher looks each minute, the workers work without a pause. Only the tests' clock says how long it takes:
    what this machine needs is not counted."""
    end = clock.offset + span
    dispatched_at = clock.offset - timedelta(minutes=1)
    while clock.offset < end:
        if clock.offset - dispatched_at >= timedelta(minutes=1):
            dispatched_at = clock.offset
            dispatch_due()
        clock.wait(seconds=SLICE_S / WORKERS if run_one("scans") else 1)


def test_every_due_feed_of_many_instances_starts_within_its_cadence(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vendor.accounts[:], vendor.events, vendor.labels[:] = ["ada"], 1, ["red"]
    instances = [connect(f"Contoso {number}") for number in range(INSTANCES)]
    declare(connector(feeds=FEEDS))
    standing = clock.now()
    monkeypatch.setattr(timezone, "now", lambda: standing + clock.offset)
    waits = Waits(monkeypatch)
    for instance in instances:
        service.begin(instance)

    work(clock, FIRST)
    first_scan = waits.longest()
    assert not FeedState.objects.filter(last_success_at=None).exists()
    waits.taken.clear()
    work(clock, THEN)
    print(f"longest wait in seconds, first scan: {first_scan}; then: {waits.longest()}; starts: {len(waits.taken)}")

    assert len(waits.taken) >= INSTANCES * 3 * 2
    assert all(share < 1 for *_, share in waits.taken)
    quickest = min(feed.every for feed in FEEDS)
    assert not FeedState.objects.filter(next_run_at__lt=timezone.now() - quickest).exists(), "none was forgotten"
