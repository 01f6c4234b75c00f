"""Tasks travel through the database, by name, with ids alone."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ, Schedule

from portal import queue
from tests import tasks

done: list[tuple[Any, ...]] = []


def note(*ids: int | str) -> None:
    done.append(ids)


def note_and_go_on(left: int) -> None:
    done.append((left,))
    if left:
        queue.enqueue(note_and_go_on, left - 1)


def fail() -> None:
    raise ValueError("no such row")


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


@pytest.mark.django_db
def test_a_task_runs_with_its_ids() -> None:
    queue.enqueue(note, 12, "drive/7")
    assert done == []
    assert tasks.run_tasks() == 1
    assert done == [(12, "drive/7")]
    assert tasks.run_tasks() == 0


@pytest.mark.django_db
def test_each_cluster_works_off_its_own_tasks() -> None:
    queue.enqueue(note, 1)
    queue.enqueue(note, 2, cluster="actions")
    tasks.run_tasks("actions")
    assert done == [(2,)]
    assert tasks.waiting("scans") == ["tests.portal.test_queue.note"]


@pytest.mark.django_db
def test_a_task_may_enqueue_its_successor() -> None:
    queue.enqueue(note_and_go_on, 2)
    assert tasks.run_tasks() == 3
    assert done == [(2,), (1,), (0,)]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_takes_its_task_along() -> None:
    with transaction.atomic():
        queue.enqueue(note, 1)
        transaction.set_rollback(True)
    assert tasks.waiting("scans") == []


@pytest.mark.django_db
def test_a_failing_task_is_not_run_again_and_is_kept() -> None:
    queue.enqueue(fail)
    with pytest.raises(ValueError, match="no such row"):
        tasks.run_tasks()
    assert tasks.waiting("scans") == []
    assert Failure.objects.get().func == "tests.portal.test_queue.fail"


def test_only_ids_travel() -> None:
    with pytest.raises(TypeError, match="takes ids"):
        queue.enqueue(note, {"token": "x"})  # type: ignore[arg-type]


def test_a_function_that_no_worker_could_find_is_refused() -> None:
    def nested() -> None: ...

    functions: list[queue.Task] = [nested, lambda: None, str.strip]
    for function in functions:
        with pytest.raises(TypeError, match="no worker could find it"):
            queue.enqueue(function)


@pytest.mark.django_db
def test_repeating_twice_makes_one_schedule_and_keeps_its_time() -> None:
    queue.repeat(note)
    first = Schedule.objects.get(name="tests.portal.test_queue.note")
    queue.repeat(note, minutes=5)
    second = Schedule.objects.get(name="tests.portal.test_queue.note")
    assert (second.minutes, second.next_run, second.cluster) == (5, first.next_run, "scans")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cluster", ["scans", "actions"])
def test_a_running_cluster_finds_by_itself_that_the_clock_was_set_back(
    cluster: queue.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.repeat(note)
    queue.enqueue(note, 1, cluster=cluster)
    schedule, moment, broker = Schedule.objects.filter(name="tests.portal.test_queue.note"), [0.0], get_broker(cluster)
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    monkeypatch.setattr("django_q.brokers.orm.sleep", lambda seconds: None)
    assert len(broker.dequeue()) == 1, "as ever"

    later = timezone.now() + timedelta(hours=1)
    queue.enqueue(note, 2, cluster=cluster)
    schedule.update(next_run=later)
    OrmQ.objects.update(lock=later)
    moment[0] += 59
    assert not broker.dequeue(), "it looks each minute"
    moment[0] += 2
    assert len(broker.dequeue()) == 1
    assert schedule.get().next_run <= timezone.now()


@pytest.mark.django_db
def test_times_that_are_as_they_should_be_stay() -> None:
    queue.repeat(note, minutes=60)
    queue.enqueue(note, 1)
    due, taken = timezone.now() + timedelta(minutes=60), timezone.now() + timedelta(seconds=1200)
    schedule = Schedule.objects.filter(name="tests.portal.test_queue.note")
    schedule.update(next_run=due)
    OrmQ.objects.update(lock=taken)
    queue.mend_times()
    assert (schedule.get().next_run, OrmQ.objects.get().lock) == (due, taken)


@pytest.mark.django_db
def test_what_is_repeated_is_due_as_soon_as_it_is_said_again_after_the_clock_was_set_back() -> None:
    queue.repeat(note)
    schedule = Schedule.objects.filter(name="tests.portal.test_queue.note")
    schedule.update(next_run=timezone.now() + timedelta(hours=1))
    queue.repeat(note)
    assert schedule.get().next_run <= timezone.now()
