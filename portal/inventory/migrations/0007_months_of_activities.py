"""On PostgreSQL, activities and their raw records are kept in a partition a month. Nothing changes for the ORM.

The rows that are there move into new tables, whose indexes are made when they are full: some ten minutes for ten million.
"""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

from portal.inventory import months

TABLES = ('inventory_activity', 'inventory_activityraw')
DAYS_KEPT = 180
KEY = 'PRIMARY KEY (instance_id, occurred_at, vendor_id)'


def divide(apps, schema_editor):
    """One table each, divided by the time."""
    connection = schema_editor.connection
    if connection.vendor != 'postgresql':
        return
    now = timezone.now()
    with connection.cursor() as cursor:
        indexes = {table: set_aside(cursor, table) for table in TABLES}
        for table in TABLES:
            cursor.execute(f'CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS) '
                           'PARTITION BY RANGE (occurred_at)')
        months.arrange(connection, now - timedelta(days=DAYS_KEPT), now)
        for table in TABLES:
            refill(cursor, table, indexes[table])


def join(apps, schema_editor):
    """Back to one table each."""
    connection = schema_editor.connection
    if connection.vendor != 'postgresql':
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            indexes = set_aside(cursor, table)
            cursor.execute(f'CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)')
            refill(cursor, table, indexes)


def set_aside(cursor, table):
    """The table under another name and without its indexes; returns what made those."""
    cursor.execute('SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s',
                   [table])
    indexes = {name: made_by for name, made_by in cursor.fetchall() if name != f'{table}_pkey'}
    for name in indexes:
        cursor.execute(f'DROP INDEX {name}')
    cursor.execute(f'ALTER TABLE {table} RENAME CONSTRAINT {table}_pkey TO {table}_whole_pkey')
    cursor.execute(f'ALTER TABLE {table} RENAME TO {table}_whole')
    return [made_by.replace(' ON ONLY ', ' ON ') for made_by in indexes.values()]


def refill(cursor, table, indexes):
    cursor.execute(f'INSERT INTO {table} SELECT * FROM {table}_whole')
    cursor.execute(f'DROP TABLE {table}_whole')
    cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT {table}_pkey {KEY}')
    for made_by in indexes:
        cursor.execute(made_by)


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0006_activity_roll_ups'),
    ]

    operations = [
        migrations.RunPython(divide, join),
    ]
