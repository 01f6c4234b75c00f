"""How soon the vendor is called after a click, while a scan writes at full speed.

Real: the confirmation is sent to the web server as `run.py` starts it, by somebody who is signed in; the action is
carried out by the cluster for actions (one worker), while the two workers of the other cluster read a page server as
fast as they can. The vendor is the sandbox's GitHub: members are removed, one after the other, and the clock stops when
the call that removes arrives there. Not real: no proxy, and everything shares the machine's cores, this process too.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.test.utils import override_settings
from django.urls import reverse

from portal.governance.models import ActionState, GovernanceAction
from portal.instances.models import AppInstance, State
from portal.inventory.models import Account
from portal.scans import service
from portal.scans.models import ScanRun
from tests.bench.figures import Figure, seconds, spread
from tests.bench.paged_app import MANY, connected, paged, records_read
from tests.bench.processes import portal, wait_for
from tests.bench.visiting import Visitor
from tests.portal.connected import connected_github
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

CLICKS = 50
LOOK_SECONDS = 0.005


@dataclass
class Removals:
    """When GitHub was called to remove whom, of the clock `perf_counter`."""

    arrived: dict[str, float] = field(default_factory=dict)

    def watch(self, simulator: Any) -> None:
        answer = simulator.answer

        def watched(request: Request) -> Answer:
            if request.method == "DELETE":
                self.arrived.setdefault(request.path.rpartition("/")[2], time.perf_counter())
            said: Answer = answer(request)
            return said

        simulator.answer = watched


def measure() -> Iterator[Figure]:
    with _organisation() as (instance, removals), paged(events=MANY), portal() as address:
        visitor = Visitor(address)
        members = list(Account.objects.filter(instance_id=instance.pk, username__startswith="grown").order_by("pk"))
        click(visitor, members.pop(), removals)
        quiet = [click(visitor, members.pop(), removals) for _ in range(CLICKS)]
        yield from spread("nothing else runs: from click to call", quiet)
        with _scanning():
            before, busy = records_read(), list[float]()
            took = seconds(lambda: busy.extend(click(visitor, members.pop(), removals) for _ in range(CLICKS)))
            rate = (records_read() - before) / took
        yield from spread("during a scan: from click to call", busy)
        yield Figure("the scan meanwhile", rate, "records a second")


@contextmanager
def _organisation() -> Iterator[tuple[AppInstance, Removals]]:
    """Read, with as many members as are to be removed."""
    with Sandbox() as sandbox, override_settings(SANDBOX=True, NETWORK_OVERRIDES=sandbox.overrides()):
        sandbox.github.state.grow(members=2 * CLICKS + 50)
        instance = connected_github(sandbox)
        service.begin(instance)
        run_tasks()
        removals = Removals()
        removals.watch(sandbox.github)
        yield instance, removals
        AppInstance.objects.filter(pk=instance.pk).update(state=State.DISCONNECTED)


@contextmanager
def _scanning() -> Iterator[None]:
    """Both workers read, from the first page to the last look."""
    with connected("Contoso North") as north, connected("Contoso South") as south:
        runs = ScanRun.objects.filter(instance__in=[north, south], feed="events", records__gt=0)
        wait_for(lambda: runs.count() == 2, "the first records")
        yield


def click(visitor: Visitor, member: Account, removals: Removals) -> float:
    """Seconds from the confirmation to the vendor's call. Ends with the action."""
    place = reverse("governance_request", args=["account", member.pk, "remove_account"])
    begun = time.perf_counter()
    visitor.post(place, reason="Left the company")
    wait_for(lambda: member.username in removals.arrived, "the vendor's call", LOOK_SECONDS)
    asked = GovernanceAction.objects.filter(target_id=member.vendor_id, instance_id=member.instance_id)
    wait_for(lambda: asked.get().state == ActionState.DONE, "the end of the action", LOOK_SECONDS)
    return removals.arrived[member.username] - begun
