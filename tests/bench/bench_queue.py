"""Tasks a second, with the work itself left out."""

from portal import queue
from tests.bench.figures import Figure, seconds
from tests.tasks import run_tasks

COUNT = 500


def nothing(number: int) -> None:
    """The task."""


def fill() -> None:
    for number in range(COUNT):
        queue.enqueue(nothing, number)


def measure() -> list[Figure]:
    return [
        Figure("tasks enqueued", COUNT / seconds(fill), "a second"),
        Figure("tasks run in-process", COUNT / seconds(run_tasks), "a second"),
    ]
