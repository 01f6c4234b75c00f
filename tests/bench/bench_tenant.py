"""A large tenant of Office 365: everything for the first time, then what has changed since, and the worker's memory.

Real: the connector's own feeds of users, groups and activities, a worker in a process of its own, the database. Not
real: the network, and that the vendor shares the machine. The pauses that Microsoft's limits ask for are passed over.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.inventory.models import Account, Activity, Group, Membership
from portal.scans import service
from portal.scans.models import Budget, FeedState, RunOutcome, ScanRun
from tests.bench.figures import Figure
from tests.bench.processes import work
from tests.portal.connected import connected_office365
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft import Microsoft, growth
from tests.sandbox.server import Sandbox


class Size(NamedTuple):
    users: int
    groups: int
    records: int


SIZES = (Size(1_000, 200, 10_000), Size(100_000, 20_000, 1_000_000))
CHANGES = 10
FEEDS = ("users", "groups", "activity_feed")


class Pass(NamedTuple):
    """`calls`: by path; `records`: what the runs say they read; `peak_mib`: the most that one worker took."""

    calls: Counter[str]
    records: int
    seconds: float
    peak_mib: float


def measure() -> Iterator[Figure]:
    peaks = []
    for size in map(Size._make, SIZES):
        first, second = passes(size, CHANGES)
        peaks.append(first.peak_mib)
        what = f"{size.users:,} users, {size.groups:,} groups, {size.records:,} records"
        yield Figure(f"{what}: everything", first.calls.total(), "calls")
        yield Figure(f"{what}: everything", first.seconds, "s")
        yield Figure(f"{what}: one worker", first.records / first.seconds, "records a second")
        yield Figure(f"{what}: a worker's peak", first.peak_mib, "MiB")
        yield Figure(f"{what}: {CHANGES} changes after it", second.calls.total(), "calls")
        yield Figure(f"{what}: {CHANGES} changes after it", second.records, "records")
    yield Figure("the largest beside the smallest", peaks[-1] - peaks[0], "MiB more")


def passes(size: Size, changes: int) -> tuple[Pass, Pass]:
    """Everything is read, some users are disabled, and what is due every few minutes is read again."""
    with Sandbox() as sandbox, override_settings(SANDBOX=True, NETWORK_OVERRIDES=sandbox.overrides()):
        microsoft = sandbox.microsoft
        microsoft.state.limits.clear()
        growth.add_users(microsoft.state, size.users)
        growth.add_groups(microsoft.state, size.groups)
        microsoft.grow(size.records)
        reader = Reader(microsoft, connected_office365(sandbox, "users_and_groups", "activities"))
        first = reader.everything()
        for each in microsoft.state.directory.users()[-changes:]:
            microsoft.state.directory.update(each, {"accountEnabled": False})
        second = reader.changes()
        reader.check(size, changes)
    return first, second


class Reader:
    def __init__(self, microsoft: Microsoft, instance: AppInstance) -> None:
        self._microsoft, self._instance = microsoft, instance
        self._calls: Counter[str] = Counter()
        self._states = FeedState.objects.filter(instance=instance)
        self._count_calls()
        service.begin(instance)

    def everything(self) -> Pass:
        """All feeds for the first time."""
        return self._work()

    def changes(self) -> Pass:
        """What is read every few minutes."""
        self._states.exclude(next_run_at=None).update(next_run_at=timezone.now() + timedelta(days=1))
        self._states.filter(feed__in=FEEDS).exclude(next_run_at=None).update(next_run_at=timezone.now())
        return self._work()

    def _work(self) -> Pass:
        """Until nothing is due. Raises AssertionError where a run fails."""
        runs, before, took, peak = ScanRun.objects.filter(instance=self._instance), self._calls.copy(), 0.0, 0.0
        known = set(runs.values_list("pk", flat=True))
        while self._states.filter(next_run_at__lte=timezone.now()).exists():
            worked = work()
            took, peak = took + worked.seconds, max(peak, worked.peak_mib)
            self._end_rests(runs.filter(outcome=RunOutcome.RUNNING))
        new = runs.exclude(pk__in=known)
        failed = list(new.exclude(outcome=RunOutcome.DONE).values("feed", "outcome", "error"))
        assert not failed, failed
        return Pass(self._calls - before, sum(new.values_list("records", flat=True)), took, peak)

    def _end_rests(self, runs: QuerySet[ScanRun]) -> None:
        """What rests because of the calls that were counted goes on at once."""
        Budget.objects.filter(instance=self._instance).update(rests_until=None)
        for run in runs:
            self._states.filter(feed=run.feed, partition=run.partition).update(next_run_at=timezone.now())

    def check(self, size: Size, changes: int) -> None:
        """Nothing is missing, nothing is there twice; nothing more is read of it afterwards."""
        key = self._instance.pk
        accounts = Account.objects.filter(instance_id=key, email__startswith="grown-", gone_at=None)
        groups = Group.objects.filter(instance_id=key, name__startswith="Grown Group", gone_at=None)
        members = Membership.objects.filter(instance_id=key, group_id__in=groups.values("vendor_id"), gone_at=None)
        assert accounts.count() == size.users
        assert accounts.filter(status="suspended").count() == changes
        assert groups.count() == size.groups
        assert members.count() == size.groups * growth.PER_GROUP
        assert Activity.objects.filter(instance_id=key).count() >= size.records
        AppInstance.objects.filter(pk=key).update(state=State.DISCONNECTED)

    def _count_calls(self) -> None:
        answer = self._microsoft.answer

        def counted(request: Request) -> Answer:
            self._calls[f"{request.host}{request.path}"] += 1
            said: Answer = answer(request)
            return said

        self._microsoft.answer = counted  # type: ignore[method-assign]
