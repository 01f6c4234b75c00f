"""Counting activities by day and action, in the transaction that writes or deletes them. For activities.py alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import connection

from portal.inventory.models import ActivityRollUp
from portal.inventory.rows import Columns

Key = tuple[date, str, str]
"""Day, category, action."""

COLUMNS = ("instance_id", "day", "category", "action", "number")
AT_ONCE = 1_000


def add(instance_id: int, rows: Iterable[Columns]) -> None:
    """Count activities that were not there before."""
    found: Counter[Key] = Counter((day_of(row["occurred_at"]), row["category"], row["action"]) for row in rows)
    # In one order everywhere: two writers then queue up for a day's row instead of locking each other out.
    counts = sorted(found.items())
    for start in range(0, len(counts), AT_ONCE):
        _add([(instance_id, *key, number) for key, number in counts[start : start + AT_ONCE]])


def forget(instance_id: int, before: datetime | None = None) -> None:
    """Delete the counts of days that ended by then; all of them without a moment."""
    rows = ActivityRollUp.objects.filter(instance_id=instance_id)
    (rows.filter(day__lt=day_of(before)) if before else rows).delete()


def instances_before(moment: datetime) -> list[int]:
    """Instances with activities of days that ended by then."""
    rows = ActivityRollUp.objects.filter(day__lt=day_of(moment)).order_by("instance_id")
    return list(rows.values_list("instance_id", flat=True).distinct())


def day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _add(rows: list[tuple[int, date, str, str, int]]) -> None:
    table, columns = ActivityRollUp._meta.db_table, ", ".join(COLUMNS)
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {places} "  # noqa: S608  names of our own
            f"ON CONFLICT ({', '.join(COLUMNS[:-1])}) DO UPDATE SET number = {table}.number + excluded.number",
            [value for row in rows for value in row],
        )
