"""One worker at a time: of two tasks one works, and who lost the lease writes nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from portal import leases
from portal.instances import service as instances
from portal.instances.clients import client_for
from portal.instances.models import AppInstance, State
from portal.inventory.models import Account, Group
from portal.leases import LeaseLost
from portal.people.models import User
from portal.scans import runner, runs, service
from portal.scans.jobs import dispatch_due
from portal.scans.leases import claim
from portal.scans.models import FeedState, FeedStatus
from portal.scans.plan import ensure_states
from portal.scans.remembered import Pages
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import Clock, present, state_of
from tests.portal.scans.example import ExampleVendor, accounts
from tests.tasks import run_tasks, waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def state(instance: AppInstance) -> FeedState:
    """The accounts feed, due, with nothing enqueued."""
    ensure_states(instance)
    return state_of(instance, "accounts")


def test_of_many_workers_one_gets_the_feed(state: FeedState) -> None:
    won: list[str] = []

    def try_it() -> None:
        held = claim(state.pk)
        if held:
            won.append(held.owner)
        connection.close()

    workers = [threading.Thread(target=try_it) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(won) == 1


def test_a_feed_that_is_not_due_or_stopped_or_paused_is_not_claimed(state: FeedState, instance: AppInstance) -> None:
    rows = FeedState.objects.filter(pk=state.pk)
    rows.update(next_run_at=timezone.now() + timedelta(hours=1))
    assert claim(state.pk) is None
    rows.update(next_run_at=timezone.now(), is_stop_wanted=True)
    assert claim(state.pk) is None
    rows.update(is_stop_wanted=False, status=FeedStatus.STOPPED)
    assert claim(state.pk) is None
    rows.update(status=FeedStatus.WAITING)
    AppInstance.objects.filter(pk=instance.pk).update(state=State.PAUSED)
    runner.run_feed(state.pk)
    assert not Account.objects.exists()


def test_a_doubled_task_does_nothing(instance: AppInstance, vendor: ExampleVendor) -> None:
    service.begin(instance)
    state = state_of(instance, "accounts")
    ticket = state.lease_owner
    runner.run_feed(state.pk, ticket)
    calls = len(vendor.calls)
    runner.run_feed(state.pk, ticket)
    runner.run_feed(state.pk)
    assert len(vendor.calls) == calls


def test_a_late_task_finds_its_ticket_used(
    instance: AppInstance, vendor: ExampleVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0.0)
    service.begin(instance)
    state = state_of(instance, "accounts")
    runner.run_feed(state.pk, state.lease_owner)
    assert len(vendor.calls) == 1, "one slice, one page"

    # The next slice waits in the queue under a new ticket: the old task, delivered again, must not read beside it.
    runner.run_feed(state.pk, state.lease_owner)
    assert len(vendor.calls) == 1
    run_tasks("scans")
    assert present(Account, instance) == ["uada", "ubo", "ucy", "udi", "ueve"]


def test_a_worker_whose_lease_ended_writes_no_row_and_no_cursor(
    state: FeedState, vendor: ExampleVendor, clock: Clock
) -> None:
    stale = claim(state.pk)
    assert stale is not None
    run = runs.begin(stale, accounts)
    client = client_for(state.instance)
    pages, known = accounts.pages(client, None), Pages(stale.state)
    runs.keep(stale, run, [next(pages)], known)

    clock.wait(seconds=121)
    fresh = claim(state.pk)
    assert fresh is not None
    with pytest.raises(LeaseLost):
        runs.keep(stale, run, [next(pages)], known)
    assert present(Account, state.instance) == ["uada", "ubo"]
    with pytest.raises(LeaseLost):
        runs.finish(stale, accounts, run)
    now = state_of(state.instance, "accounts")
    assert (now.lease_owner, now.cursor) == (fresh.owner, {"page": 1})


def test_a_worker_that_lost_its_lease_leaves_quietly(
    instance: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    service.begin(instance)
    state = state_of(instance, "accounts")

    def take_over(path: str) -> None:
        """While the first worker waits for its second page, its lease is given to another."""
        if len(vendor.calls) == 2:
            FeedState.objects.filter(pk=state.pk).update(lease_owner="another")
            connection.close()

    vendor.before_answer = take_over
    runner.run_feed(state.pk, state.lease_owner)
    assert present(Account, instance) == ["uada", "ubo"]
    now = state_of(instance, "accounts")
    assert (now.lease_owner, now.status, now.error) == ("another", FeedStatus.RUNNING, "")


def test_the_dispatcher_enqueues_each_feed_once_and_revives_what_was_lost(
    instance: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    service.begin(instance)
    for _ in range(3):
        dispatch_due()
    assert len(waiting("scans")) == 1

    OrmQ.objects.all().delete()
    clock.wait(minutes=1)
    dispatch_due()
    assert waiting("scans") == [], "it may still be waiting somewhere"
    clock.wait(minutes=1)
    dispatch_due()
    assert len(waiting("scans")) == 1
    run_tasks("scans")
    assert present(Account, instance)


def test_a_task_that_may_not_run_gives_its_place_back(
    instance: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    vendor.trouble("/accounts", says({}, 503))
    service.begin(instance)
    accounts_state = state_of(instance, "accounts")
    runner.run_feed(accounts_state.pk, accounts_state.lease_owner)
    assert state_of(instance, "labels").lease_owner, "the first feed is in trouble, so the others are enqueued"

    service.scan_now(admin, instance)  # the first feed is tried anew, and the others wait for it again
    run_tasks("scans")
    assert present(Group, instance), "they were read as soon as the first feed was"
    assert not FeedState.objects.exclude(lease_until=None).exists()


def test_what_was_queued_before_a_pause_is_read_as_soon_as_it_is_resumed(
    instance: AppInstance, vendor: ExampleVendor, admin: User
) -> None:
    service.begin(instance)
    instances.pause(admin, instance)
    service.stop(instance)
    run_tasks("scans")
    assert vendor.calls == []
    assert not FeedState.objects.exclude(lease_until=None).exists()
    instances.resume(admin, instance)
    service.resume(instance)
    run_tasks("scans")
    assert present(Account, instance)


def test_beginning_anew_does_not_wait_for_tasks_that_were_lost(instance: AppInstance, vendor: ExampleVendor) -> None:
    service.begin(instance)
    OrmQ.objects.all().delete()
    service.after_reconnect(instance)
    run_tasks("scans")
    assert present(Account, instance)


def test_beginning_anew_takes_no_feed_from_a_worker(state: FeedState) -> None:
    held = claim(state.pk)
    assert held is not None
    service.after_reconnect(state.instance)
    assert state_of(state.instance, "accounts").lease_owner == held.owner
    held.write()


def test_instances_take_turns_and_none_takes_every_place(
    connect: object, vendor: ExampleVendor, clock: Clock, instance: AppInstance
) -> None:
    vendor.regions = {f"r{number}": ["x"] for number in range(20)}
    others = [connect(name) for name in ("B", "C")]  # type: ignore[operator]
    for each in (instance, *others):
        ensure_states(each)
        now = timezone.now()
        FeedState.objects.filter(instance=each).update(last_success_at=now, next_run_at=now)
        FeedState.objects.bulk_create(
            FeedState(instance=each, feed="teams", partition=f"r{number}", next_run_at=now, position=1)
            for number in range(20)
        )
    dispatch_due()

    queued = FeedState.objects.exclude(lease_owner="")
    assert {each.pk: queued.filter(instance=each).count() for each in (instance, *others)} == dict.fromkeys(
        [instance.pk, *(each.pk for each in others)], runner.AT_ONCE
    )
    assert set(queued.filter(instance=instance).values_list("feed", flat=True)) == {
        "accounts", "teams", "events", "labels",
    }, "partitions do not keep other feeds waiting"
    order = [SignedPackage.loads(row.payload)["args"][0] for row in OrmQ.objects.order_by("pk")]
    owners = [FeedState.objects.get(pk=pk).instance_id for pk in order]
    assert owners[:3] == [instance.pk, *(each.pk for each in others)]


def test_leases_outlive_the_longest_page_by_far() -> None:
    assert timedelta(seconds=runner.SLICE_SECONDS) * 3 < leases.FETCHED < leases.LEASE < leases.IN_QUEUE


def fetch_tasks() -> None:
    """A process takes all tasks from the queue, as django-q does: out of sight for a time, not gone."""
    OrmQ.objects.update(lock=timezone.now() + timedelta(minutes=20))


def test_a_task_that_died_with_the_process_that_fetched_it_is_enqueued_again(
    instance: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    service.begin(instance)
    fetch_tasks()
    clock.wait(seconds=80)
    dispatch_due()
    assert waiting("scans") == [], "its process may still come to it"
    clock.wait(seconds=20)
    dispatch_due()
    assert waiting("scans") == ["portal.scans.runner.run_feed"]
    run_tasks("scans")
    assert present(Account, instance) == ["uada", "ubo", "ucy", "udi", "ueve"]


def test_a_task_behind_others_that_wait_is_not_taken_for_lost(
    instance: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    service.begin(instance)
    clock.wait(minutes=5)
    dispatch_due()
    assert len(waiting("scans")) == 1


def test_whoever_comes_late_to_a_task_taken_for_lost_reads_nothing_twice(
    instance: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    service.begin(instance)
    late = state_of(instance, "accounts")
    fetch_tasks()
    clock.wait(minutes=2)
    dispatch_due()
    runner.run_feed(late.pk, late.lease_owner)
    assert vendor.calls == []
