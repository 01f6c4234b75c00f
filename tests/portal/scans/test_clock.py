"""The machine's clock is set while feeds are read: none stands still for longer than a lease lasts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.instances.models import AppInstance
from portal.inventory.models import Account, Activity, Group
from portal.scans import runner, service
from portal.scans.leases import claim
from portal.scans.models import FeedState, FeedStatus
from tests.portal.scans.conftest import Clock, present, rows_hash, state_of
from tests.portal.scans.example import ExampleVendor
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

EVERYBODY = ["uada", "ubo", "ucy", "udi", "ueve"]
SET = pytest.mark.parametrize("hours", [-1, 24], ids=["an hour back", "a day forward"])


@pytest.fixture
def new(connect: Callable[..., AppInstance], clock: Clock) -> AppInstance:
    """Connected this moment."""
    instance = connect(connected_at=timezone.now())
    service.begin(instance)
    return instance


@SET
def test_a_feed_that_a_dead_worker_held_is_read(hours: int, new: AppInstance, clock: Clock) -> None:
    state = state_of(new, "accounts")
    assert claim(state.pk, state.lease_owner) is not None
    clock.wait(hours=hours)
    clock.wait_and_work(minutes=1)
    assert present(Account, new) == EVERYBODY


@SET
def test_feeds_whose_tasks_wait_in_the_queue_are_read(hours: int, new: AppInstance, clock: Clock) -> None:
    clock.wait(hours=hours)
    clock.wait_and_work(minutes=1)
    assert present(Account, new) == EVERYBODY


@SET
def test_a_run_that_was_cut_goes_on(
    hours: int, new: AppInstance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(runner, "SLICE_SECONDS", 0.0)
        state = state_of(new, "accounts")
        runner.run_feed(state.pk, state.lease_owner)
    FeedState.objects.update(lease_owner="", lease_until=None)  # it waits for a place
    assert present(Account, new) == EVERYBODY[:2]
    clock.wait(hours=hours)
    clock.wait_and_work(minutes=1)
    assert present(Account, new) == EVERYBODY


@SET
def test_a_clock_that_is_set_in_the_middle_of_a_slice_changes_no_row(
    hours: int, connect: Callable[..., AppInstance], vendor: ExampleVendor, clock: Clock
) -> None:
    reference = connect("Undisturbed")
    service.begin(reference)
    run_tasks("scans")
    AppInstance.objects.update(state="paused")
    instance = connect("Disturbed", connected_at=timezone.now())
    service.begin(instance)
    first = len(vendor.calls) + 2

    def set_clock(path: str) -> None:
        if len(vendor.calls) == first:
            clock.wait(hours=hours)

    vendor.before_answer = set_clock
    run_tasks("scans")
    clock.wait_and_work(minutes=1)
    assert rows_hash(instance) == rows_hash(reference)
    assert not FeedState.objects.filter(instance=instance).exclude(status=FeedStatus.WAITING).exists()


def test_after_a_clock_was_set_back_feeds_keep_their_cadence(
    new: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    run_tasks("scans")
    clock.wait(hours=-1)
    vendor.events += 1
    vendor.labels.append("black")
    clock.wait_and_work(minutes=1)
    assert Activity.objects.filter(instance_id=new.pk).count() == vendor.events
    assert "black" in present(Group, new)

    calls = len(vendor.calls)
    clock.wait_and_work(minutes=1)
    assert len(vendor.calls) == calls, "they are due once, not each minute"
    assert state_of(new, "events").next_run_at == pytest.approx(
        timezone.now() + timedelta(minutes=4), abs=timedelta(seconds=30)
    )
