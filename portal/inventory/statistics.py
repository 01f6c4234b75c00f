"""What PostgreSQL must know of the inventory's tables to find rows by their ids.

Of a table that it has never looked at, it takes any condition for a rare one, and reads all rows of an instance for
each page that is written: a first scan would cost the square of its size. Its autovacuum looks too, but a minute late,
after a restore later still, and not at all where somebody has switched it off.
"""

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


def keep() -> None:
    """Look at the tables that have grown much. At the end of each slice: cheap, as tables double seldom."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(GROWN, [[table.model._meta.db_table for table in TABLES.values()]])
        for (name,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {name}")
