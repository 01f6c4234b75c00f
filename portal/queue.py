"""Background tasks. The only module that knows django-q.

A task is a module-level function that takes ids. It is enqueued through the database, so inside `atomic()` it becomes
due together with the rows that make it due, or not at all. It may run twice (a worker died before it could say that the
task was done), so every task claims its row first and is harmless when repeated.

Two clusters of workers: "scans", and "actions" for what a person waits for.
"""

import logging
import pydoc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ, Schedule
from django_q.signals import post_spawn
from django_q.tasks import async_task

Cluster = Literal["scans", "actions"]
Task = Callable[..., object]
MOST_COUNTED = 100_000
SKEW = timedelta(seconds=60)
"""The clocks of two machines differ by less."""
LOOKS_EVERY_S = 60.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tasks that are due, tasks that a worker has (or had, when it died), and how many seconds the oldest is due."""

    due: int
    taken: int
    oldest_s: float


def enqueue(function: Task, *ids: int | str, cluster: Cluster = "scans") -> None:
    """Run `function(*ids)` in a worker, as soon as the present transaction is committed.

    Raises TypeError for a function that a worker could not find again, and for arguments that are not ids.
    """
    for each in ids:
        if isinstance(each, bool) or not isinstance(each, int | str):
            raise TypeError(f"A task takes ids (int or str), not {type(each).__name__}: read the record in the task.")
    async_task(name_of(function), *ids, cluster=cluster)


def repeat(function: Task, *, minutes: int = 1, cluster: Cluster = "scans") -> None:
    """Run `function()` every so many minutes, once for all machines. Saying it again changes nothing, unless the clock
    was set back: then it is due now rather than when its old time comes again."""
    name = name_of(function)
    Schedule.objects.update_or_create(
        name=name,
        defaults={
            "func": name,
            "schedule_type": Schedule.MINUTES,
            "minutes": minutes,
            "repeats": -1,
            "cluster": cluster,
        },
    )
    mend_times()


def mend_times() -> None:
    """After the clock was set back, let what is repeated be due now, and what waits in the queue. A task that a worker
    has is left alone for as long as it would be without that; one that runs twice is harmless."""
    now = timezone.now()
    for row in Schedule.objects.filter(schedule_type=Schedule.MINUTES, next_run__gt=now + SKEW):
        if row.next_run > now + timedelta(minutes=row.minutes or 0) + SKEW:
            Schedule.objects.filter(pk=row.pk, next_run=row.next_run).update(next_run=now)
            logger.warning("the clock was set back: %s is due now, not at %s", row.name, row.next_run)
    longest = timedelta(seconds=settings.Q_CLUSTER["retry"])
    OrmQ.objects.filter(lock__gt=now + longest + SKEW).update(lock=now)


class Broker(ORM):  # type: ignore[misc]  # django-q has no types
    """django-q's own, which is asked for tasks again and again as long as a cluster runs. So it is the place to look
    each minute whether the clock was set back: then nothing that is repeated would run until its old time came again,
    and a task that looks would be one of them."""

    looked_at = float("-inf")

    def dequeue(self) -> Any:
        """Tasks for a worker; nothing after a short while without any."""
        if time.monotonic() - self.looked_at >= LOOKS_EVERY_S:
            self.looked_at = time.monotonic()
            mend_times()
        return super().dequeue()


def waiting(clusters: Iterable[Cluster] = ("scans", "actions")) -> dict[Cluster, Waiting]:
    """What waits in the queue, by cluster."""
    now = timezone.now()
    found: dict[Cluster, Waiting] = {}
    for cluster in clusters:
        rows = OrmQ.objects.filter(key=cluster)
        due = rows.filter(lock__lte=now)
        age = max(0.0, (now - waits_since(cluster)).total_seconds())
        found[cluster] = Waiting(due[:MOST_COUNTED].count(), rows.filter(lock__gt=now)[:MOST_COUNTED].count(), age)
    return found


def when_a_worker_begins(function: Callable[[], None]) -> None:
    """Let each worker process call this before its first task."""

    def call(**kwargs: Any) -> None:
        function()

    post_spawn.connect(call, weak=False, dispatch_uid=name_of(function))


def waits_since(cluster: Cluster) -> datetime:
    """When the oldest task was enqueued that no worker has fetched; now, where there is none."""
    now = timezone.now()
    oldest = OrmQ.objects.filter(key=cluster, lock__lte=now).order_by("lock").values_list("lock", flat=True).first()
    return oldest or now


def name_of(function: Task) -> str:
    """The name by which a worker finds the function.

    A name rather than a pickled reference: a task that waits while its function is renamed by an upgrade then ends as
    a failed task with a clear message, where unpickling would bring down the process that feeds all workers.
    """
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    if not name.isidentifier() or pydoc.locate(f"{module}.{name}") is not function:
        raise TypeError(f"{function!r} is not a module-level function, so no worker could find it.")
    return f"{module}.{name}"
