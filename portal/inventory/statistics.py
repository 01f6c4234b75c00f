"""What a database must know of the inventory's tables to find rows by their ids.

Of a table that it has never looked at, PostgreSQL takes any condition for a rare one, and reads all rows of an instance
for each page that is written: a first scan would cost the square of its size. Its autovacuum looks too, but a minute
late, after a restore later still, and not at all where somebody has switched it off. SQLite never looks by itself: it
believes that an instance has ten files, and reads a million of them in the order of a list where a filter names twenty.
"""

from typing import Any

from django.db import connection

from portal.inventory.rows import TABLES

GROWN = """
SELECT relname FROM pg_class
WHERE relname = ANY(%s) AND pg_table_is_visible(oid)
  AND pg_relation_size(oid) > ((CASE WHEN reltuples > 0 THEN 2 * relpages ELSE 0 END) + 8)
      * current_setting('block_size')::bigint
"""
"""Tables with twice the pages, and some more, that they had when they were last looked at, or that were empty then:
deleted rows leave their pages."""


GROWN_ON_SQLITE = """
SELECT MAX(id) > {large} + 2 * COALESCE(
    (SELECT MAX(CAST(SUBSTR(stat, 1, INSTR(stat, ' ') - 1) AS INTEGER)) FROM sqlite_stat1 WHERE tbl = '{table}'), 0
) FROM {table}
"""
LARGE = 10_000
"""Rows: reading a smaller table from end to end is no matter."""
LOOKED_AT = 10_000
"""Rows of each index; so it takes milliseconds. Ten times as many as any filter names."""


def keep() -> None:
    """Look at the tables that have grown much. At the end of each slice: cheap, as tables double seldom. On SQLite,
    connections that are open know of it when they are made anew, after ten minutes at most."""
    tables = [table.model._meta.db_table for table in TABLES.values()]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _keep_on_sqlite(cursor, tables)
            return
        cursor.execute(GROWN, [tables])
        for (name,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {name}")


def _keep_on_sqlite(cursor: Any, tables: list[str]) -> None:
    if "sqlite_stat1" not in connection.introspection.table_names(cursor):
        cursor.execute("ANALYZE sqlite_schema")  # makes the table of statistics
    cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
    for name in tables:
        cursor.execute(GROWN_ON_SQLITE.format(large=LARGE, table=name))
        if cursor.fetchone()[0]:
            cursor.execute(f"ANALYZE {name}")
