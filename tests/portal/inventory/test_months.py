"""Partitions of the activity tables by month: made ahead, dropped whole, and no moment is without a place."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.utils import timezone

from connectors.base import Activity, ActivityCategory
from portal.inventory import models as tables
from portal.inventory import months, retention, store

NO_PARTITIONS = "only PostgreSQL has partitions: DATABASE_URL names none"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason=NO_PARTITIONS),
    pytest.mark.usefixtures("arranged"),
]

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
LONG_AGO = datetime(2019, 6, 3, tzinfo=UTC)
OLDEST = datetime(2026, 5, 28, tzinfo=UTC)


@pytest.fixture
def arranged(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As it is on that day; afterwards as it is today."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    arrange_anew(OLDEST, NOW)
    yield
    today = datetime.now(UTC)
    arrange_anew(retention.oldest_kept(today), today)


def arrange_anew(oldest: datetime, now: datetime) -> None:
    with connection.cursor() as cursor:
        for table in months.TABLES:
            for month in months.months(connection, table):
                cursor.execute(f"DROP TABLE {table}_{month:%Y_%m}")
    months.arrange(connection, oldest, now)


def event(name: str, occurred_at: datetime) -> Activity:
    return Activity(
        id=name, occurred_at=occurred_at, action="org.add_member", category=ActivityCategory.ADMIN, raw={"name": name}
    )


def save(*records: Activity, now: datetime = NOW) -> store.Saved:
    with transaction.atomic():
        return store.save(1, records, feed="f", partition="", pass_id=1, now=now)


def kept(model: Any = tables.Activity) -> list[str]:
    return sorted(model.objects.values_list("vendor_id", flat=True))


def place_of(name: str, model: Any = tables.Activity) -> str:
    """The partition that a row lies in."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text FROM {model._meta.db_table} WHERE vendor_id = %s", [name])
        [(found,)] = cursor.fetchall()
    return str(found).removeprefix(f"{model._meta.db_table}_")


def month_names() -> list[str]:
    both: list[list[date]] = [months.months(connection, table) for table in months.TABLES]
    assert both[0] == both[1]
    return [f"{month:%Y-%m}" for month in both[0]]


def test_there_are_partitions_for_what_is_kept_and_two_months_ahead() -> None:
    assert month_names() == [f"2026-{number:02}" for number in range(5, 13)] + ["2027-01"]
    assert not months.arrange(connection, OLDEST, NOW), "nothing is done twice"


def test_a_late_event_goes_to_its_month_with_its_raw_record() -> None:
    save(
        event("last of May", datetime(2026, 5, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        event("first of June", datetime(2026, 6, 1, tzinfo=UTC)), event("from the future", datetime.max),
        event("before", LONG_AGO), now=LONG_AGO,
    )  # fmt: skip
    for model in (tables.Activity, tables.ActivityRaw):
        assert place_of("last of May", model) == "2026_05"
        assert place_of("first of June", model) == "2026_06"
        assert place_of("from the future", model) == "later"
        assert place_of("before", model) == "earlier"


def test_a_month_goes_as_a_whole_without_deleting_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    save(event("may", OLDEST), event("june", datetime(2026, 6, 9, tzinfo=UTC)), event("july", NOW.replace(month=7)))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 28, tzinfo=UTC))
    assert retention.oldest_kept(timezone.now()) == datetime(2026, 7, 1, tzinfo=UTC)
    monkeypatch.setattr(retention, "remove_rest", lambda: None)
    retention.look_after()
    assert month_names() == [f"2026-{number:02}" for number in range(7, 13)] + ["2027-01", "2027-02"]
    assert kept() == kept(tables.ActivityRaw) == ["july"]


def test_years_without_a_worker_are_made_up_for() -> None:
    save(event("here", NOW))
    months.arrange(connection, datetime(2031, 3, 5, tzinfo=UTC), datetime(2031, 4, 5, tzinfo=UTC))
    assert month_names() == ["2031-03", "2031-04", "2031-05", "2031-06"]
    assert kept() == []


def test_keeping_more_makes_the_months_before_and_moves_what_is_there_into_them() -> None:
    save(event("march", datetime(2026, 3, 3, tzinfo=UTC)), event("2019", LONG_AGO), now=LONG_AGO)
    months.arrange(connection, datetime(2026, 2, 10, tzinfo=UTC), NOW)
    assert month_names()[:4] == ["2026-02", "2026-03", "2026-04", "2026-05"]
    assert place_of("march") == place_of("march", tables.ActivityRaw) == "2026_03"
    assert place_of("2019") == "earlier"
    assert tables.ActivityRaw.objects.get(vendor_id="march").raw == {"name": "march"}


def test_an_event_that_came_before_its_time_is_moved_into_its_month_when_that_is_made() -> None:
    save(event("february", datetime(2027, 2, 14, tzinfo=UTC)), event("later still", datetime(2027, 9, 1, tzinfo=UTC)))
    assert place_of("february") == "later"
    months.arrange(connection, OLDEST, datetime(2026, 12, 1, tzinfo=UTC))
    assert (place_of("february"), place_of("later still")) == ("2027_02", "later")


def test_an_activity_is_unique_in_every_partition_and_a_new_one_has_all_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, count(*) FROM pg_indexes WHERE tablename LIKE 'inventory_activity%%' "
            "AND tablename NOT LIKE 'inventory_activityr%%' GROUP BY tablename"
        )
        numbers = dict(cursor.fetchall())
    assert len(numbers) == 9 + 3, "the months, earlier, later, and the table itself"
    assert set(numbers.values()) == {9}
    for moment in (LONG_AGO, NOW, datetime(2028, 1, 1, tzinfo=UTC)):
        save(event("same", moment), now=LONG_AGO)
        assert save(event("same", moment), now=LONG_AGO) == store.Saved(written=1, new=0)


def test_a_list_by_time_reads_the_newest_month_alone() -> None:
    rows = tables.Activity.objects.order_by("-occurred_at", "-instance_id", "-vendor_id")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # the tables are as good as empty here
        plan = rows.explain()
        cursor.execute("RESET enable_seqscan")
    assert "Append" in plan
    assert "Merge Append" not in plan
    assert "Sort" not in plan


def test_tables_that_are_in_use_are_left_for_the_next_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(months, "PATIENCE", "100ms")
    save(event("may", OLDEST))
    reader = connection.copy()
    try:
        reader.set_autocommit(False)
        with reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM inventory_activity")
        with pytest.raises(OperationalError, match="lock timeout"):
            months.arrange(connection, datetime(2026, 7, 1, tzinfo=UTC), NOW)
        assert kept() == ["may"]
    finally:
        reader.close()
    months.arrange(connection, datetime(2026, 7, 1, tzinfo=UTC), NOW)
    assert kept() == []
