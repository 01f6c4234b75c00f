"""Webhooks: how long from the answer to the row, and how many one web process takes a second.

Real: the web server as `run.py` starts it (one process, four threads), the workers of both clusters, the database, and
what is sent: a delivery as the sandbox's GitHub wrote and signed it, whose signature is checked each time. Not real:
it is the same event over and over, only the delivery's id differs; and the sender is on the same machine, opens a
connection for each delivery, and takes its share of the cores.

A delivery's row is the activity that it tells of (the organisation's plan has no audit log). The database is looked at
each few milliseconds for rows that are new: no shorter time than that can be seen.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from django.test.utils import override_settings

from portal.instances.clients import client_for
from portal.instances.models import AppInstance, State
from portal.inventory.models import Activity
from portal.scans import service
from tests.bench.figures import Figure, spread
from tests.bench.processes import portal, wait_for
from tests.portal.connected import connected_github
from tests.sandbox.github.hook import Sent
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks

ONE_BY_ONE = 50
AT_ONCE = 500
SENDERS = 8
LOOK_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Accepted:
    """Moments of one delivery, of the clock `perf_counter`."""

    sent: float
    answered: float


def measure() -> Iterator[Figure]:
    with _instance() as (instance, sent), portal() as address:
        place = Place(address, instance.pk, sent)
        place.tell(["warm"])
        yield from _figures("one by one", [place.tell([f"single-{number}"]) for number in range(ONE_BY_ONE)])
        yield from _figures(f"{AT_ONCE:,} at once", [place.tell([f"burst-{number}" for number in range(AT_ONCE)])])


@contextmanager
def _instance() -> Iterator[tuple[AppInstance, Sent]]:
    """An organisation that was read and has its webhook, and one delivery of it."""
    with Sandbox() as sandbox, override_settings(SANDBOX=True, NETWORK_OVERRIDES=sandbox.overrides()):
        sandbox.github.organisation().plan = "team"
        instance = connected_github(sandbox)
        service.begin(instance)
        run_tasks()
        client_for(instance).patch("/repos/contoso-dev/docs", json={"visibility": "private"})
        yield instance, sandbox.github.state.sent[-1]
        AppInstance.objects.filter(pk=instance.pk).update(state=State.DISCONNECTED)


@dataclass(frozen=True, slots=True)
class Told:
    """By delivery: when it was sent and answered, and when its row was there."""

    accepted: dict[str, Accepted]
    rows: dict[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the instance's deliveries go to."""

    address: str
    instance_id: int
    example: Sent

    def tell(self, names: Sequence[str]) -> Told:
        """All of them, by as many senders as there are, and looked after until each has its row."""
        wanted = [f"push:{name}" for name in names]
        rows: dict[str, float] = {}

        def are_there() -> bool:
            found = Activity.objects.filter(instance_id=self.instance_id, vendor_id__in=wanted)
            now = time.perf_counter()
            for vendor_id in found.values_list("vendor_id", flat=True):
                rows.setdefault(vendor_id.removeprefix("push:"), now)
            return len(rows) == len(names)

        with ThreadPoolExecutor(SENDERS) as senders:
            sending = {name: senders.submit(self._send, name) for name in names}
            wait_for(are_there, "the rows of deliveries", LOOK_SECONDS)
        return Told({name: each.result() for name, each in sending.items()}, rows)

    def _send(self, name: str) -> Accepted:
        headers = {**self.example.headers, "X-GitHub-Delivery": name}
        url = f"{self.address}{urlsplit(self.example.url).path}"
        begun = time.perf_counter()
        answer = requests.post(url, self.example.body, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.status_code
        return Accepted(begun, time.perf_counter())


def _figures(name: str, all_told: Sequence[Told]) -> Iterator[Figure]:
    accepted = {name: each for told in all_told for name, each in told.accepted.items()}
    answers = [each.answered - each.sent for each in accepted.values()]
    waits = [max(0.0, told.rows[name] - each.answered) for told in all_told for name, each in told.accepted.items()]
    yield from spread(f"{name}: from call to answer", answers)
    yield from spread(f"{name}: from answer to row", waits)
    span = max(each.answered for each in accepted.values()) - min(each.sent for each in accepted.values())
    yield Figure(f"{name}: accepted", len(accepted) / span, "a second")
