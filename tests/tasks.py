"""Workers in-process: takes waiting tasks from the queue's own table and runs them with django-q's own worker."""

import queue
from multiprocessing import Value
from typing import Any

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.monitor import save_task
from django_q.signing import SignedPackage
from django_q.worker import worker

CLUSTERS = ("actions", "scans")


def waiting(cluster: str) -> list[str]:
    """The names of the functions that are due, oldest first."""
    rows = OrmQ.objects.filter(key=cluster, lock__lte=timezone.now()).order_by("pk")
    return [SignedPackage.loads(row.payload)["func"] for row in rows]


def run_tasks(*clusters: str, limit: int = 1000) -> int:
    """Run what waits, and what that enqueues, until nothing is due; actions go first. Returns how many tasks ran.

    A task that raises is recorded and removed as in a worker, then the error is raised here.
    """
    done = 0
    while any(run_one(cluster) for cluster in clusters or CLUSTERS):
        done += 1
        if done >= limit:
            raise AssertionError(f"{limit} tasks ran and more are due: does a task enqueue itself without end?")
    return done


def run_one(cluster: str) -> bool:
    """Run the oldest task that is due. Whether there was one."""
    row = OrmQ.objects.filter(key=cluster, lock__lte=timezone.now()).order_by("pk").first()
    if row is None:
        return False
    # "sync" keeps the worker from closing the test's own connection, and lets errors through.
    task: dict[str, Any] = {**SignedPackage.loads(row.payload), "cluster": cluster, "sync": True}
    tasks: queue.Queue[Any] = queue.Queue()
    tasks.put(task)
    tasks.put("STOP")
    try:
        worker(tasks, queue.Queue(), Value("f", -1))
    except Exception as error:
        save_task({**task, "success": False, "result": repr(error), "stopped": timezone.now()}, get_broker(cluster))
        raise
    finally:
        OrmQ.objects.filter(pk=row.pk).delete()
    return True
