"""What is too old goes, on both databases, and is not taken in again; everything else stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

from connectors.base import Account, Activity, ActivityCategory, Record
from portal.inventory import models as tables
from portal.inventory import retention, store
from portal.preferences import preferences
from portal.queue import name_of

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
LONG_AGO = datetime(2019, 6, 3, tzinfo=UTC)
KEPT_DAYS = 180
OLDEST = datetime(2026, 5, 28, tzinfo=UTC)
"""The beginning of the 180th day before NOW."""

RunTasks = Callable[..., int]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(retention, "SQLITE_PAUSE_SECONDS", 0.0)


def event(name: str, occurred_at: datetime, **values: Any) -> Activity:
    return Activity(
        id=name, occurred_at=occurred_at, action="org.add_member", category=ActivityCategory.ADMIN,
        raw={"name": name}, **values,
    )  # fmt: skip


def save(*records: Record, instance_id: int = 1, now: datetime = NOW) -> store.Saved:
    with transaction.atomic():
        return store.save(instance_id, records, feed="f", partition="", pass_id=1, now=now)


def kept(model: Any = tables.Activity) -> list[str]:
    return sorted(model.objects.values_list("vendor_id", flat=True))


def days() -> list[str]:
    return [f"{day:%m-%d}" for day in tables.ActivityRollUp.objects.order_by("day").values_list("day", flat=True)]


def keep_for(number: int) -> None:
    preferences.keep({"activity_days": number})


def test_activities_are_kept_for_180_whole_days_unless_somebody_says_otherwise() -> None:
    assert retention.oldest_kept(NOW) == OLDEST
    keep_for(30)
    assert retention.oldest_kept(NOW) == datetime(2026, 10, 25, tzinfo=UTC)


def test_what_is_older_goes_with_its_raw_record_and_its_count_and_nothing_else_does(run_tasks: RunTasks) -> None:
    page: list[Record] = [
        event("today", NOW), event("just kept", OLDEST), event("just too old", OLDEST - timedelta(microseconds=1)),
        event("a month older", OLDEST - timedelta(days=40)), Account(id="ada"),
    ]  # fmt: skip
    for instance_id in (1, 2):
        save(*page, instance_id=instance_id, now=NOW - timedelta(days=100))
    assert len(kept()) == 8
    retention.look_after()
    run_tasks("scans")
    for model in (tables.Activity, tables.ActivityRaw):
        assert kept(model) == ["just kept", "just kept", "today", "today"]
    assert days() == ["05-28", "05-28", "11-24", "11-24"]
    assert tables.Account.objects.filter(gone_at=None).count() == 2


def test_an_event_older_than_what_is_kept_is_not_taken_in(run_tasks: RunTasks) -> None:
    assert save(event("old", OLDEST - timedelta(seconds=1)), event("new", NOW)) == store.Saved(written=1, new=1)
    assert kept() == kept(tables.ActivityRaw) == ["new"]
    assert days() == ["11-24"]


def test_a_page_that_comes_again_after_its_time_brings_nothing_back(run_tasks: RunTasks) -> None:
    page = [event(f"e{number}", OLDEST + timedelta(days=number - 3)) for number in range(6)]
    save(*page, now=NOW - timedelta(days=30))
    retention.look_after()
    assert save(*page) == store.Saved(written=3, new=0)
    assert kept() == ["e3", "e4", "e5"]
    assert days() == ["05-28", "05-29", "05-30"]


def test_it_is_done_in_small_batches_and_in_slices(monkeypatch: pytest.MonkeyPatch, run_tasks: RunTasks) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 4)
    monkeypatch.setattr(retention, "SQLITE_AT_ONCE", 4)
    monkeypatch.setattr(retention, "SLICE_SECONDS", -1.0)
    # In the month that ends what is kept, so that on PostgreSQL, too, they go one by one.
    too_old = [event(f"e{number}", OLDEST - timedelta(hours=number)) for number in range(1, 11)]
    save(*too_old, event("kept", OLDEST), now=NOW - timedelta(days=100))
    left = []
    batch = retention._remove_some

    def counting(*args: Any) -> int:
        deleted = batch(*args)
        left.append(len(kept()))
        return deleted

    monkeypatch.setattr(retention, "_remove_some", counting)
    retention.look_after()
    assert left == [7], "a slice that is over hands on to the next"
    run_tasks("scans")
    assert left == [7, 3, 1, 1]
    assert kept() == kept(tables.ActivityRaw) == ["kept"]
    assert days() == ["05-28"]


def test_two_at_once_and_one_that_was_killed_leave_the_same(run_tasks: RunTasks) -> None:
    save(*(event(f"e{number}", OLDEST - timedelta(hours=number)) for number in range(-2, 8)), now=LONG_AGO)
    with transaction.atomic():
        retention.remove_rest()
        transaction.set_rollback(True)
    assert len(kept()) == 10
    retention.look_after()
    retention.look_after()
    assert kept() == ["e-1", "e-2", "e0"]


def test_it_is_looked_for_each_hour() -> None:
    call_command("migrate", verbosity=0)
    assert Schedule.objects.get(name=name_of(retention.look_after)).minutes == 60
