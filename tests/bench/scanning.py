"""A large organisation in the sandbox, and a worker in a process of its own that reads it to the end."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.scans import service
from portal.scans.models import FeedState, FeedStatus, ScanRun
from tests.bench.processes import Work, work
from tests.portal.connected import connected_github
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.github.people import Team
from tests.sandbox.server import Sandbox

NO_LIMIT = 10**9
TEAM_SIZE = 50
EVENT_DAYS = 6
"""GitHub forgets git events after seven days."""


@dataclass(frozen=True, slots=True)
class Size:
    members: int
    events: int
    teams: int

    @property
    def records(self) -> int:
        return self.members + self.events + self.teams * (TEAM_SIZE + 1)


SMALL = Size(members=1_000, events=10_000, teams=20)
LARGE = Size(members=100_000, events=1_000_000, teams=2_000)


@dataclass(frozen=True, slots=True)
class Scan:
    """`records`: as the runs counted them. `units`: what the calls cost of the vendor's hourly limits, by limit."""

    work: Work
    records: int
    calls: int
    units: Counter[str]


@dataclass
class Large:
    """One instance of a large organisation, read by `scan` as often as one likes."""

    sandbox: Sandbox
    instance: AppInstance
    calls: int = 0
    _spent: Counter[str] = field(default_factory=Counter)

    def scan(self) -> Scan:
        """All feeds that are offered, to their end. Raises CalledProcessError when the worker breaks, AssertionError if
        a feed fails."""
        before, calls, last_run = self._units(), self.calls, ScanRun.objects.order_by("pk").last()
        offered = FeedState.objects.filter(instance=self.instance).exclude(status=FeedStatus.UNAVAILABLE)
        offered.update(next_run_at=timezone.now())
        worked = work()
        runs = ScanRun.objects.filter(instance=self.instance, pk__gt=last_run.pk if last_run else 0)
        failed = list(runs.exclude(outcome="done").values_list("feed", "error"))
        assert not failed, failed
        records = runs.aggregate(all=Sum("records"))["all"] or 0
        return Scan(worked, records, self.calls - calls, self._units() - before)

    def _units(self) -> Counter[str]:
        spent = Counter[str]()
        for token in self.sandbox.github.state.tokens.values():
            spent.update(token.spent)
        return spent


@contextmanager
def large(size: Size) -> Iterator[Large]:
    """Connected, nothing read yet. Time stands still there, and the hourly limits hold nobody up."""
    with Sandbox() as sandbox, override_settings(SANDBOX=True, NETWORK_OVERRIDES=sandbox.overrides()):
        sandbox.clock.freeze(timezone.now())
        state = sandbox.github.state
        state.limits = dict.fromkeys(state.limits, NO_LIMIT)
        state.grow(members=size.members, events=size.events, days=EVENT_DAYS)
        organisation = sandbox.github.organisation()
        people = list(organisation.members)
        for number in range(size.teams):
            first = number * TEAM_SIZE % len(people)
            team = Team(70_000_000 + number, f"Team {number}", f"team-{number}")
            team.members = dict.fromkeys(people[first : first + TEAM_SIZE], "member")
            organisation.teams[team.id] = team
        found = Large(sandbox, connected_github(sandbox))
        _count_calls(found)
        service.begin(found.instance)
        yield found
        AppInstance.objects.filter(pk=found.instance.pk).update(state=State.DISCONNECTED)


def _count_calls(large: Large) -> None:
    simulator: Any = large.sandbox.github
    answer = simulator.answer

    def counted(request: Request) -> Answer:
        large.calls += 1
        said: Answer = answer(request)
        return said

    simulator.answer = counted
