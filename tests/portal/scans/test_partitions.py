"""Parts of a feed are read side by side, each for itself: one that fails stops only its own sweep."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from connectors.base import NotAvailable
from portal.instances.models import AppInstance
from portal.inventory.models import Group
from portal.scans import queries, service
from portal.scans.models import FeedState, FeedStatus, ScanRun
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import Clock, present, state_of
from tests.portal.scans.example import ExampleVendor, connector, teams
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)

ALL = ["eu-oslo", "eu-paris", "eu-rome", "us-austin"]


@pytest.fixture
def known(connect: Callable[..., AppInstance], declare: Callable[..., None]) -> AppInstance:
    declare(connector(feeds=(teams,)))
    instance = connect()
    service.begin(instance)
    run_tasks("scans")
    assert present(Group, instance) == ALL
    return instance


def test_partitions_are_listed_first_and_each_has_its_own_state(known: AppInstance, vendor: ExampleVendor) -> None:
    assert vendor.calls[0] == "/regions?"
    rows = FeedState.objects.filter(instance=known).exclude(partition="").order_by("partition")
    assert [(row.partition, row.partition_label, row.pass_id) for row in rows] == [
        ("eu", "Region eu", 1), ("us", "Region us", 1),
    ]


def test_a_partition_that_fails_stops_only_its_own_sweep(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.regions = {"eu": ["paris", "oslo"], "us": ["boston"]}
    vendor.trouble("/regions/eu", says({}, 403))
    clock.wait_and_work(hours=13)

    assert present(Group, known) == ["eu-oslo", "eu-paris", "eu-rome", "us-boston"]
    assert state_of(known, "teams", "eu").status == FeedStatus.BLOCKED
    assert state_of(known, "teams", "us").error == ""
    health = queries.health(known)[0]
    assert (health.partitions, health.partitions_failing, health.needs_attention) == (2, 1, True)
    assert health.sentence.startswith("1 of 2 could not be read (Region eu)")


def test_a_partition_that_cannot_be_had_keeps_no_feed_from_being_complete(known: AppInstance) -> None:
    part = FeedState.objects.filter(instance=known, partition="eu")
    part.update(last_success_at=None)
    assert queries.health(known)[0].as_of is None
    part.update(status=FeedStatus.UNAVAILABLE, error_code=NotAvailable.code, error="This region is closed.", failures=1)
    read_at = state_of(known, "teams", "us").last_success_at
    assert read_at is not None
    assert queries.health(known)[0].as_of == read_at


def test_a_new_partition_is_read_and_a_vanished_one_stops_with_what_was_in_it(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.regions = {"eu": vendor.regions["eu"], "asia": ["kyoto"]}
    vendor.server.seen.clear()
    clock.wait_and_work(hours=13)

    assert present(Group, known) == ["asia-kyoto", "eu-oslo", "eu-paris", "eu-rome"]
    assert (state_of(known, "teams", "us").status, state_of(known, "teams", "us").error_code) == (
        FeedStatus.STOPPED, "vanished",
    )
    assert not any("/regions/us" in call for call in vendor.calls)

    vendor.regions["us"] = ["austin"]
    clock.wait_and_work(hours=13)
    assert present(Group, known) == ["asia-kyoto", *ALL]


def test_a_list_of_partitions_that_cannot_be_read_stops_none(
    known: AppInstance, vendor: ExampleVendor, clock: Clock
) -> None:
    vendor.trouble("/regions", says({}, 503))
    clock.wait_and_work(hours=13)
    assert present(Group, known) == ALL
    assert not FeedState.objects.filter(status=FeedStatus.STOPPED).exists()
    assert state_of(known, "teams").error_code == "unavailable"
    clock.wait_and_work(minutes=3)
    assert ScanRun.objects.filter(instance=known).count() == 4


def test_partitions_run_side_by_side(
    connect: Callable[..., AppInstance], declare: Callable[..., None], vendor: ExampleVendor
) -> None:
    declare(connector(feeds=(teams,)))
    vendor.regions = {f"r{number}": ["x", "y", "z"] for number in range(9)}
    instance = connect()
    service.begin(instance)
    run_tasks("scans")
    assert Group.objects.filter(instance_id=instance.pk).count() == 27
    assert FeedState.objects.exclude(last_success_at=None).count() == 10


def test_health_asks_as_often_for_300_partitions_as_for_3(
    known: AppInstance, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def health_in(number: int) -> None:
        with django_assert_num_queries(number):
            queries.health(known)

    health_in(6)
    trouble = {"failures": 1, "error_code": "bad_response", "error": "The app answered nonsense."}
    FeedState.objects.bulk_create(
        FeedState(instance=known, feed="teams", partition=f"p{number}", **trouble) for number in range(300)
    )
    health_in(6)
    assert queries.health(known)[0].partitions_failing == 300
