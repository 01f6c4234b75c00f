"""PostgreSQL keeps activities and their raw records in a partition a month, so that a month goes by dropping a table.

What lies outside of the months goes into `_earlier` and `_later`, so an insert finds a place whatever a vendor says the
time is. They have bounds, where a default partition has none: a list by time then reads the newest month alone.
docs/decisions/0015 weighs it. SQLite has no partitions.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.inventory.models import Activity, ActivityRaw
from portal.inventory.roll_ups import day_of

logger = logging.getLogger(__name__)

TABLES = (Activity._meta.db_table, ActivityRaw._meta.db_table)
AHEAD = 2
"""Months that are there before they begin."""
PATIENCE = "2s"
"""How long the tables are waited for; while one waits, all who come later wait too."""

Cursor = Any


def arrange(connection: BaseDatabaseWrapper, oldest: datetime, now: datetime) -> bool:
    """Let there be a partition for each month from that of `oldest` to AHEAD months from now, and drop those before.
    Whether anything was to do. Raises OperationalError where somebody kept the tables busy; then nothing was done."""
    first, last = first_day(oldest), _after(first_day(now), AHEAD)
    with connection.cursor() as cursor:
        if all(_is_arranged(cursor, table, first, last) for table in TABLES):
            return False
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        # A month is not left half moved because it is large.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")
        for table in TABLES:
            _arrange(cursor, table, first, last)
    return True


def first_day(moment: datetime) -> date:
    """Of its month, in UTC."""
    return day_of(moment).replace(day=1)


def months(connection: BaseDatabaseWrapper, table: str) -> list[date]:
    """The months that a table has partitions for, by their first days."""
    with connection.cursor() as cursor:
        return sorted(_months(cursor, table))


def _is_arranged(cursor: Cursor, table: str, first: date, last: date) -> bool:
    there = _months(cursor, table)
    return bool(there) and min(there) == first and max(there) >= last


def _arrange(cursor: Cursor, table: str, first: date, last: date) -> None:
    there = _months(cursor, table)
    last = max([last, *there])
    earlier, later = f"{table}_earlier", f"{table}_later"
    partitions = _partitions(cursor, table)
    for end in (earlier, later):
        if end in partitions:
            cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {end}")
        else:
            cursor.execute(f"CREATE TABLE {end} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    for month in sorted(there):
        if month < first:
            cursor.execute(f"DROP TABLE {_name(table, month)}")
            logger.info("dropped %s", _name(table, month))
    for month in _every(first, last):
        if month not in there:
            bounds = f"FROM ('{_at(month)}') TO ('{_at(_after(month))}')"
            cursor.execute(f"CREATE TABLE {_name(table, month)} PARTITION OF {table} FOR VALUES {bounds}")
    beginning, end_at = _at(first), _at(_after(last))
    _hand_over(cursor, table, earlier, f"occurred_at >= '{beginning}'")
    _hand_over(cursor, table, later, f"occurred_at < '{end_at}'")
    cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {earlier} FOR VALUES FROM (MINVALUE) TO ('{beginning}')")
    cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {later} FOR VALUES FROM ('{end_at}') TO (MAXVALUE)")


def _hand_over(cursor: Cursor, table: str, end: str, condition: str) -> None:
    """What now has a month of its own."""
    cursor.execute(
        f"WITH moved AS (DELETE FROM {end} WHERE {condition} RETURNING *) "  # noqa: S608  names and dates of our own
        f"INSERT INTO {table} SELECT * FROM moved"
    )


def _partitions(cursor: Cursor, table: str) -> set[str]:
    cursor.execute(
        "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid "
        "WHERE inhparent = %s::regclass",
        [table],
    )
    return {name for (name,) in cursor.fetchall()}


def _months(cursor: Cursor, table: str) -> set[date]:
    parts = (name.removeprefix(f"{table}_").split("_") for name in _partitions(cursor, table))
    return {date(int(part[0]), int(part[1]), 1) for part in parts if len(part) == 2}


def _name(table: str, month: date) -> str:
    return f"{table}_{month:%Y_%m}"


def _at(day: date) -> str:
    return f"{day:%Y-%m-%d} 00:00:00+00"


def _after(month: date, count: int = 1) -> date:
    years, number = divmod(month.month - 1 + count, 12)
    return date(month.year + years, number + 1, 1)


def _every(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = _after(first)
