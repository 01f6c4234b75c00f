"""Very many files of a simulated Box: a full pass, keeping up with changes after it, and the page that lists them.

Real: the connector's own feeds, a worker in a process of its own, the database; the page's view with all it asks the
database, in this process. Not real: the network, and that the vendor shares the machine. The pauses that Box's limit of
1,000 calls a minute asks for are passed over: of the calls can be told how many minutes a pass takes at least. There is
no web server in front of the page.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.inventory.models import File
from portal.people.roles import Role
from portal.scans import service
from portal.scans.models import Budget, FeedState, RunOutcome, ScanRun
from tests.bench.bench_changes import Pass
from tests.bench.figures import Figure, seconds, spread
from tests.bench.processes import work
from tests.portal.connected import connected_box
from tests.portal.web.visitor import client_of, person
from tests.sandbox.box.growth import EDITED, edit, grow
from tests.sandbox.box.state import State as Box
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.server import Sandbox

COUNT = 1_000_000
CHANGES = 1_000
ROUNDS = 50


def measure() -> Iterator[Figure]:
    yield from _page("empty")
    with Sandbox() as sandbox, override_settings(SANDBOX=True, NETWORK_OVERRIDES=sandbox.overrides()):
        unlimited(sandbox.box.state)
        grow(sandbox.box.state, COUNT)
        reader = Reader(sandbox)
        full = reader.everything()
        edit(sandbox.box.state, CHANGES)
        after = reader.changes()
        reader.check(COUNT, CHANGES)
    yield Figure(f"{COUNT:,} files: a full pass", full.calls, "calls")
    yield Figure(f"{COUNT:,} files: a full pass", full.seconds, "s")
    yield Figure(f"{CHANGES:,} changes after it", after.calls, "calls")
    yield Figure(f"{CHANGES:,} changes after it", after.seconds, "s")
    yield Figure("the changes beside the full pass", 100 * after.calls / full.calls, "% of the calls")
    yield Figure("the changes beside the full pass", 100 * after.seconds / full.seconds, "% of the time")
    yield from _page(f"{COUNT:,} files")


def unlimited(box: Box) -> None:
    """Box counts no calls, and tells of events at once."""
    box.calls_per_minute = None
    box.stream_delay = box.history_delay = 0


class Reader:
    """Box is connected, and read as often as one likes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._calls = 0
        _on_each_call(sandbox.box, self._count)
        self._instance = connected_box(sandbox)
        self._states = FeedState.objects.filter(instance=self._instance)
        service.begin(self._instance)

    def everything(self) -> Pass:
        """All feeds for the first time; but for the files little is in them."""
        return self._work()

    def changes(self) -> Pass:
        """Nothing but what tells of changed files."""
        self._states.exclude(next_run_at=None).update(next_run_at=timezone.now() + timedelta(days=1))
        self._states.filter(feed="changed_files").update(next_run_at=timezone.now())
        return self._work()

    def _work(self) -> Pass:
        """Until nothing is due: some feeds wait for others. Raises AssertionError where a run fails."""
        runs, before, took = ScanRun.objects.filter(instance=self._instance), self._calls, 0.0
        while self._states.filter(next_run_at__lte=timezone.now()).exists():
            took += work().seconds
            self._end_rests(runs.filter(outcome=RunOutcome.RUNNING))
        failed = list(runs.exclude(outcome=RunOutcome.DONE).values("feed", "outcome", "error"))
        assert not failed, failed
        return Pass(self._calls - before, took)

    def _end_rests(self, runs: QuerySet[ScanRun]) -> None:
        """What rests because of the calls that were counted goes on at once."""
        Budget.objects.filter(instance=self._instance).update(rests_until=None)
        for run in runs:
            self._states.filter(feed=run.feed, partition=run.partition).update(next_run_at=timezone.now())

    def check(self, count: int, changes: int) -> None:
        """Nothing more is read of it afterwards."""
        found = File.objects.filter(instance_id=self._instance.pk, name__startswith="grown-", gone_at=None)
        assert found.count() == count
        assert found.filter(size=len(EDITED)).count() == changes
        AppInstance.objects.filter(pk=self._instance.pk).update(state=State.DISCONNECTED)

    def _count(self) -> None:
        self._calls += 1


def _on_each_call(simulator: Any, action: Any) -> None:
    answer = simulator.answer

    def counted(request: Request) -> Answer:
        action()
        said: Answer = answer(request)
        return said

    simulator.answer = counted


def _page(when: str) -> Iterator[Figure]:
    """The list of files, by name, time after time; the first look is not counted."""
    client = client_of(person(Role.GLOBAL_ADMIN, f"{len(when)}@contoso.example"))
    look = partial(_look, client, reverse("file_list"))
    look()
    yield from spread(f"the page of files, {when}", [seconds(look) for _ in range(ROUNDS)])


def _look(client: Client, address: str) -> None:
    answer = client.get(address, SERVER_NAME="localhost")
    assert answer.status_code == 200, answer.status_code
