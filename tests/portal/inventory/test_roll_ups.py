"""Activities counted by day and action: each once, whatever is delivered twice, taken back or deleted."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from connectors.base import Account, Activity, ActivityCategory, Record
from portal.inventory import store
from portal.inventory.differences import Noting
from portal.inventory.models import Activity as ActivityRow
from portal.inventory.models import ActivityRollUp

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 11, 24), date(2026, 11, 23)
ADMIN, SIGN_IN = ActivityCategory.ADMIN, ActivityCategory.SIGN_IN

Counts = dict[tuple[int, date, str, str], int]


def event(number: int, **values: Any) -> Activity:
    fields: dict[str, Any] = {
        "id": f"e{number}", "occurred_at": NOON, "action": "org.add_member", "category": ADMIN, **values,
    }
    return Activity(**fields)


def save(*records: Record, instance_id: int = 1, noting: Noting | None = None, now: datetime = NOON) -> None:
    with transaction.atomic():
        store.save(instance_id, records, feed="f", partition="", pass_id=1, now=now, noting=noting)


def rolled_up() -> Counts:
    rows = ActivityRollUp.objects.values_list("instance_id", "day", "category", "action", "number")
    return {(instance_id, day, category, action): number for instance_id, day, category, action, number in rows}


def counted() -> Counts:
    """The same from the activities themselves."""
    rows = ActivityRow.objects.values_list("instance_id", "occurred_at", "category", "action")
    return dict(Counter((pk, moment.astimezone(UTC).date(), category, action) for pk, moment, category, action in rows))


def test_activities_are_counted_by_instance_day_category_and_action() -> None:
    yesterday = NOON - timedelta(days=1)
    save(
        event(1), event(2), event(3, action="org.remove_member"), event(4, category=SIGN_IN),
        event(5, occurred_at=yesterday),
    )
    save(event(1), instance_id=2)
    assert rolled_up() == counted() == {
        (1, TODAY, ADMIN, "org.add_member"): 2,
        (1, TODAY, ADMIN, "org.remove_member"): 1,
        (1, TODAY, SIGN_IN, "org.add_member"): 1,
        (1, YESTERDAY, ADMIN, "org.add_member"): 1,
        (2, TODAY, ADMIN, "org.add_member"): 1,
    }  # fmt: skip


def test_a_day_is_a_day_of_utc() -> None:
    save(event(1, occurred_at=datetime(2026, 11, 24, 8, tzinfo=timezone(timedelta(hours=9)))))
    assert rolled_up() == {(1, YESTERDAY, ADMIN, "org.add_member"): 1}


def test_a_page_delivered_twice_is_counted_once() -> None:
    page = [event(number, action=f"action.{number % 7}") for number in range(1_234)]
    save(*page)
    save(*page, *page)
    save(*page[:10], event(2_000))
    assert sum(rolled_up().values()) == 1_235
    assert rolled_up() == counted()


def test_what_is_rolled_back_was_never_counted() -> None:
    save(event(1))
    with transaction.atomic():
        store.save(1, [event(1), event(2)], feed="f", partition="", pass_id=1, now=NOON)
        transaction.set_rollback(True)
    assert rolled_up() == {(1, TODAY, ADMIN, "org.add_member"): 1}


def test_two_writers_of_the_same_page_count_it_once() -> None:
    page = [event(number, action=f"action.{number % 40}") for number in range(400)]
    problems: list[BaseException] = []

    def write(records: list[Activity]) -> None:
        try:
            for start in range(0, 400, 40):
                save(*records[start : start + 40])
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(records,)) for records in (page, page[200:] + page[:200])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert problems == []
    assert sum(rolled_up().values()) == 400
    assert rolled_up() == counted()


def test_noted_differences_are_counted_like_what_the_app_tells() -> None:
    save(Account(id="1", name="Ada"))
    save(Account(id="1", name="Ada"), Account(id="2", name="Bo"), noting=Noting(NOON), now=NOON + timedelta(hours=1))
    assert sum(rolled_up().values()) == 1
    assert rolled_up() == counted()


def test_counts_go_with_the_activities_of_an_instance() -> None:
    records = [event(number, occurred_at=NOON + timedelta(hours=8 * number)) for number in range(10)]
    save(*records)
    save(*records, instance_id=2)
    while True:
        with transaction.atomic():
            if not store.delete_some(1, 4):
                break
        # The day that a batch ends in stays until that day is done.
        assert counted().keys() <= rolled_up().keys()
    assert {instance_id for instance_id, *_ in rolled_up()} == {2}
    assert rolled_up() == counted()


def test_the_migration_counts_what_is_there() -> None:
    save(event(1), event(2), event(3, occurred_at=NOON - timedelta(days=1)), event(4, action="repo.create"))
    ActivityRollUp.objects.all().delete()
    with connection.schema_editor() as editor:
        import_module("portal.inventory.migrations.0006_activity_roll_ups").count_what_is_there(apps, editor)
    assert rolled_up() == counted()
    assert sum(rolled_up().values()) == 4
