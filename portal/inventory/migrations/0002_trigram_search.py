"""Free-text search on PostgreSQL: trigram indexes, where the database lets us have the extension."""

import logging

from django.db import DatabaseError, migrations, transaction

logger = logging.getLogger(__name__)

INDEXES = {"activity_search_trigram": "inventory_activity", "account_search_trigram": "inventory_account"}
NOTE = (
    "The PostgreSQL extension pg_trgm could not be created, so free-text search reads whole tables. Let a database "
    "administrator run: CREATE EXTENSION pg_trgm; and then: %s"
)


def statements():
    return [
        f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (search gin_trgm_ops)"
        for name, table in INDEXES.items()
    ]


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        logger.warning(NOTE, "; ".join(statements()))
        return
    for statement in statements():
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
