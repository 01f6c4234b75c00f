"""Whose differences are noted: of apps that keep no log of their own, from the second pass on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.base import Feed
from portal.instances.models import AppInstance
from portal.inventory.models import Activity
from portal.scans import runs, service
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState
from tests.portal.scans.conftest import Clock, Killed
from tests.portal.scans.example import ExampleVendor, accounts, connector, events, labels, teams
from tests.portal.scans.pushing import Registrar, pushing
from tests.portal.scans.test_deliveries import push
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

Declare = Callable[..., None]


def noted(instance: AppInstance) -> set[tuple[str, str]]:
    """Action, and the id of its first target."""
    rows = Activity.objects.filter(instance_id=instance.pk, action__startswith="gatehouse.")
    found = [(row.action.removeprefix("gatehouse."), row.targets[0]["id"]) for row in rows]
    assert len(found) == len(set(found))
    return set(found)


def connected(connect: Callable[..., AppInstance], declare: Declare, *feeds: Feed, **values: Any) -> AppInstance:
    instance = connect(**values)
    declare(connector(feeds=feeds))
    service.begin(instance)
    run_tasks("scans")
    return instance


def changed(vendor: ExampleVendor) -> None:
    vendor.accounts = ["ada", "bo", "cy", "di", "flo"]
    vendor.regions = {"eu": ["paris", "rome"], "asia": ["kyoto"]}
    vendor.labels.append("-red")


EXPECTED = {
    ("account_added", "uflo"), ("privilege_added", "uflo"), ("account_removed", "ueve"), ("privilege_removed", "ueve"),
    ("group_removed", "eu-oslo"), ("group_removed", "us-austin"), ("group_removed", "red"),
    ("membership_removed", "uada"),
}


def test_the_first_pass_of_a_feed_and_of_a_partition_notes_nothing_and_the_next_what_changed(
    connect: Callable[..., AppInstance], declare: Declare, vendor: ExampleVendor, clock: Clock
) -> None:
    instance = connected(connect, declare, accounts, teams, labels)
    assert noted(instance) == set()
    changed(vendor)
    clock.wait_and_work(hours=13)
    rows = Activity.objects.filter(instance_id=instance.pk)
    found = {(row.action.removeprefix("gatehouse."), row.targets[0]["id"]) for row in rows}
    assert found == EXPECTED
    number = rows.count()
    clock.wait_and_work(hours=13)
    assert rows.count() == number


def test_an_app_with_a_log_of_its_own_needs_no_notes(
    connect: Callable[..., AppInstance], declare: Declare, vendor: ExampleVendor, clock: Clock
) -> None:
    instance = connected(connect, declare, accounts, events)
    changed(vendor)
    clock.wait_and_work(hours=13)
    assert noted(instance) == set()


def test_a_log_that_the_plan_does_not_offer_counts_as_none(
    connect: Callable[..., AppInstance], declare: Declare, vendor: ExampleVendor, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.instances.connecting.recheck", lambda instance: None)
    instance = connected(
        connect, declare, accounts, events, unavailable={"events": "The plan of Contoso has no audit log."}
    )
    changed(vendor)
    clock.wait_and_work(hours=13)
    assert ("account_added", "uflo") in noted(instance)


@pytest.mark.parametrize("place", ["write", "keep", "finish"])
@pytest.mark.parametrize("fatal_call", [1, 2, 3])
def test_a_worker_that_dies_leaves_each_difference_noted_once(
    connect: Callable[..., AppInstance], declare: Declare, vendor: ExampleVendor, clock: Clock,
    monkeypatch: pytest.MonkeyPatch, place: str, fatal_call: int,
) -> None:
    instance = connected(connect, declare, accounts)
    changed(vendor)
    real, calls = getattr(runs, place), []

    def deadly(*args: Any) -> Any:
        result = real(*args)
        calls.append(place)
        if len(calls) == fatal_call:
            raise Killed
        return result

    with monkeypatch.context() as death:
        death.setattr(runs, place, deadly)
        for _ in range(3):
            clock.wait(hours=13)
            try:
                dispatch_due()
                run_tasks("scans")
            except Killed:
                FeedState.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    clock.wait_and_work(hours=13)
    assert noted(instance) == {each for each in EXPECTED if each[0].startswith(("account", "privilege"))}


def test_what_a_push_brings_is_noted_too(
    connect: Callable[..., AppInstance], declare: Declare, vendor: ExampleVendor
) -> None:
    instance = connect()
    registrar = Registrar()
    declare(pushing(registrar, feeds=(accounts,)))
    service.begin(instance)
    run_tasks()
    push(instance, {"account": "flo"}, "d1")
    run_tasks("actions")
    assert ("account_added", "uflo") in noted(instance)
