"""Counters only grow, and old runs are forgotten."""

from datetime import timedelta

import pytest

from portal.instances.models import AppInstance
from portal.scans import meters, service
from portal.scans.models import Meter, RunOutcome, ScanRun
from tests.connectors.base.vendor import says
from tests.portal.scans.conftest import Clock
from tests.portal.scans.example import ExampleVendor
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_runs_did_is_counted_once(instance: AppInstance, vendor: ExampleVendor) -> None:
    service.begin(instance)
    run_tasks("scans")
    runs = ScanRun.objects.filter(instance=instance)
    totals = meters.totals()
    for name in meters.COUNTED:
        assert totals[instance.pk, name] == sum(runs.values_list(name, flat=True)), name
    assert totals[instance.pk, "calls"] > 0


def test_a_run_that_has_not_ended_counts_with_what_it_did_so_far(instance: AppInstance, clock: Clock) -> None:
    ScanRun.objects.create(instance=instance, feed="accounts", pass_id=1, started_at=clock.now(), calls=7, records=70)
    meters.add(instance.pk, {"calls": 3})
    assert meters.totals()[instance.pk, "calls"] == 10
    assert meters.totals()[instance.pk, "records"] == 70


def test_errors_are_counted_by_class(instance: AppInstance, vendor: ExampleVendor) -> None:
    vendor.trouble("/accounts", says({}, 503))
    service.begin(instance)
    run_tasks("scans")
    assert Meter.objects.get(instance_id=instance.pk, name="error:unavailable").value == 1


def test_old_runs_are_forgotten_and_what_they_did_is_not(instance: AppInstance, clock: Clock) -> None:
    service.begin(instance)
    run_tasks("scans")
    before = meters.totals()
    open_run = ScanRun.objects.create(
        instance=instance, feed="x", pass_id=1, started_at=clock.now() - timedelta(days=200), outcome=RunOutcome.RUNNING
    )
    clock.wait(days=91)
    meters.forget_old_runs()
    assert list(ScanRun.objects.filter(instance=instance)) == [open_run]
    assert meters.totals() == before
