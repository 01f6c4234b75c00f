"""Free-text search on PostgreSQL: trigram indexes, where the database lets us have the extension. For migrations."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, transaction
from django.db.migrations import RunPython

logger = logging.getLogger(__name__)

NOTE = (
    "The PostgreSQL extension pg_trgm could not be created, so free-text search reads whole tables. Let a database "
    "administrator run: CREATE EXTENSION pg_trgm; and then: %s"
)


def trigram_indexes(tables: Mapping[str, str]) -> RunPython:
    """From the name of an index to its table, which has a column `search`. On other databases nothing happens."""
    statements = [
        f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (search gin_trgm_ops)"
        for name, table in tables.items()
    ]

    def add(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        try:
            with transaction.atomic(schema_editor.connection.alias):
                schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            logger.warning(NOTE, "; ".join(statements))
            return
        for statement in statements:
            schema_editor.execute(statement)

    def remove(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for name in tables:
                schema_editor.execute(f"DROP INDEX IF EXISTS {name}")

    return RunPython(add, remove)
