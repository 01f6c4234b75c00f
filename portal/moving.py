"""Moving an installation from SQLite to PostgreSQL: all of it or nothing.

One transaction on either side. SQLite lets nobody write meanwhile; PostgreSQL shows nothing before all was compared, so
wherever it is interrupted, the target is as empty as before and it can be begun again. Columns travel as they are
stored: what is encrypted stays so, and no secret is opened on the way.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import dj_database_url
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import BinaryField, Field, JSONField, Model
from django.db.utils import load_backend
from django.utils import timezone

from portal.inventory import months
from portal.inventory.retention import oldest_kept

TARGET = "target"
AT_ONCE = 2_000
HEAVY_AT_ONCE = 8
MADE_BY_MIGRATING = frozenset({"contenttypes.ContentType", "auth.Permission", "django_q.Schedule", "vault.Canary"})
"""What a database holds that was only prepared; the source's own rows take their place."""

Tell = Callable[[str], None]


class Refused(Exception):
    """A sentence for an admin: why nothing was moved."""


@dataclass(slots=True)
class Content:
    """Of a table: how many rows, and a sum of hashes that hangs on every value but not on the order of rows."""

    rows: int = 0
    digest: int = 0

    def add(self, values: Sequence[Any]) -> None:
        line = json.dumps(values, ensure_ascii=True).encode()
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(hashlib.sha256(line).digest())) % 2**256


def move(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, tell: Tell) -> int:
    """Everything from one into the other; returns how many rows. Raises Refused."""
    _check_source(source)
    _check_target(target)
    tell("Preparing the tables ...")
    call_command("migrate", database=target.alias, interactive=False, verbosity=0)
    call_command("createcachetable", database=target.alias, verbosity=0)
    with transaction.atomic(source.alias), transaction.atomic(target.alias):
        _clear(target)
        months.arrange(target, oldest_kept(timezone.now()), timezone.now())
        contents = {}
        for model in tables():
            contents[model] = _copy(model, source, target)
            tell(f"{model._meta.db_table}: {contents[model].rows:,}")
        _set_sequences(target)
        tell("Comparing ...")
        for model, content in contents.items():
            _compare(model, content, target)
    return sum(content.rows for content in contents.values())


@contextmanager
def target_at(url: str) -> Iterator[BaseDatabaseWrapper]:
    """The database to move into. Raises Refused where the address names no PostgreSQL database, or none answers."""
    config: Any = dj_database_url.parse(url)
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise Refused("The address names no PostgreSQL database. Write it like postgres://user:password@host:5432/name.")
    config = connections.configure_settings({"default": {}, TARGET: config})[TARGET]
    target: BaseDatabaseWrapper = load_backend(config["ENGINE"]).DatabaseWrapper(config, TARGET)
    try:
        target.ensure_connection()
    except OperationalError as error:
        raise Refused(f"The target cannot be reached: {str(error).strip()}") from None
    connections.settings[TARGET], connections[TARGET] = config, target
    try:
        yield target
    finally:
        target.close()
        del connections[TARGET]
        del connections.settings[TARGET]


def tables() -> list[type[Model]]:
    """All models with a table of their own."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _check_source(source: BaseDatabaseWrapper) -> None:
    if source.vendor != "sqlite":
        raise Refused("This portal does not run on SQLite, so there is nothing to move. Is DATABASE_URL set already?")
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("The SQLite database is of a former version. Run `migrate` first, then move.")


def _check_target(target: BaseDatabaseWrapper) -> None:
    """Nothing in it but what preparing it makes."""
    there = set(target.introspection.table_names())
    ours = {model._meta.db_table for model in tables()}
    parts = {name for name in there if name.startswith(tuple(f"{table}_" for table in months.TABLES))}
    foreign = there - ours - parts - {"django_migrations", str(settings.CACHES["default"]["LOCATION"])}
    if foreign:
        names = ", ".join(sorted(foreign)[:5])
        raise Refused(f"The target holds tables of something else: {names}. Give it an empty database.")
    for model in tables():
        is_filled = model._meta.db_table in there and model._meta.label not in MADE_BY_MIGRATING
        if is_filled and model._base_manager.using(target.alias).exists():
            raise Refused(f"The target is not empty: {model._meta.db_table} has rows. Nothing was changed in it.")


def _clear(target: BaseDatabaseWrapper) -> None:
    names = ", ".join(target.ops.quote_name(model._meta.db_table) for model in tables())
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def _columns(model: type[Model], connection: BaseDatabaseWrapper) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in _fields(model))


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    return list(model._meta.local_concrete_fields)


def _copy(model: type[Model], source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> Content:
    content, fields = Content(), _fields(model)
    table = target.ops.quote_name(model._meta.db_table)
    copying = f"COPY {table} ({_columns(model, target)}) FROM STDIN"
    try:
        with target.cursor() as cursor, cursor.copy(copying) as copy:
            for row in _rows(model, source):
                values = [_stored(value, field) for value, field in zip(row, fields, strict=True)]
                copy.write_row(values)
                content.add([_plain(value, field) for value, field in zip(values, fields, strict=True)])
    except psycopg.DataError as error:
        raise Refused(f"{_complaint(model, content.rows + 1, error)} Nothing was moved.") from None
    return content


def _complaint(model: type[Model], row: int, error: psycopg.DataError) -> str:
    """Without the value, which PostgreSQL's own words quote: it may be a secret."""
    where = re.search(r"line (\d+), column (\w+)", error.diag.context or "")
    place = f"row {where[1]}, column {where[2]}" if where else f"row {row}"
    why = error.diag.message_primary or "a text holds the character NUL"
    return f"PostgreSQL does not take what is in {model._meta.db_table}, {place}: {why}."


def _compare(model: type[Model], content: Content, target: BaseDatabaseWrapper) -> None:
    arrived, fields = Content(), _fields(model)
    for row in _rows(model, target):
        arrived.add([_plain(value, field) for value, field in zip(row, fields, strict=True)])
    if arrived != content:
        raise Refused(
            f"{model._meta.db_table} did not arrive as it was: {content.rows:,} rows were sent, {arrived.rows:,} came, "
            "and their hashes differ. Nothing was moved."
        )


def _at_once(model: type[Model]) -> int:
    """Rows in memory at a time: bytes that are kept here come in pieces of a megabyte."""
    is_heavy = any(isinstance(field, BinaryField) for field in _fields(model))
    return HEAVY_AT_ONCE if is_heavy else AT_ONCE


def _rows(model: type[Model], connection: BaseDatabaseWrapper) -> Iterator[Sequence[Any]]:
    """As they are stored, a few at a time."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {_columns(model, connection)} FROM {table}")  # noqa: S608  names of our own
        while some := cursor.fetchmany(_at_once(model)):
            yield from some


def _stored(value: Any, field: "Field[Any, Any]") -> Any:
    """SQLite's way of storing a value as PostgreSQL takes it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if value is not None and field.get_internal_type() in ("CharField", "TextField"):
        return str(value)
    return value


def _plain(value: Any, field: "Field[Any, Any]") -> Any:
    """The same of both databases: each has its own way of writing JSON, addresses and times."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(field, JSONField):
        return _plain_json(json.loads(value, parse_float=Decimal, parse_int=Decimal))
    return str(value)


def _plain_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_json(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_plain_json(each) for each in value]
    return f"{value.normalize() + 0}" if isinstance(value, Decimal) else value


def _set_sequences(target: BaseDatabaseWrapper) -> None:
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
