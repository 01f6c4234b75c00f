"""How long a process waits for the database, on PostgreSQL. SQLite has its busy timeout, which the settings hold.

A page waits neither for a lock nor for a query for ever, and a worker for no longer than it may be silent. Whoever
runs a command, such as migrate, waits as long as it takes. docs/decisions/0026 weighs it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LOCK_NOT_AVAILABLE, QUERY_CANCELED, DEADLOCK = "55P03", "57014", "40P01"
"""Of PostgreSQL."""
OURS = "portal.patience"
SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT")


@dataclass(frozen=True, slots=True)
class Patience:
    """For the lock that a statement needs, and for the statement as a whole."""

    lock: timedelta
    statement: timedelta


WEB = Patience(timedelta(seconds=10), timedelta(seconds=30))
WORKER = Patience(timedelta(seconds=30), timedelta(seconds=100))
"""Shorter than a lease, so that a worker that waited in vain still holds what it works at."""


def have(patience: Patience) -> None:
    """From now on, in this process: on the connection that is open, and on those that will be."""

    def apply(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        _set(connection, patience)

    connection_created.disconnect(dispatch_uid=OURS)
    connection_created.connect(apply, weak=False, dispatch_uid=OURS)
    if connection.connection is not None:
        _set(connection, patience)


def was_too_short(error: BaseException | None) -> bool:
    """Whether this is what the database says when it was waited for in vain: others kept it busy, and the same may
    go well in a moment. Deadlocks, which it ends by itself, are among them."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    is_waiting = getattr(cause, "sqlstate", "") in (LOCK_NOT_AVAILABLE, QUERY_CANCELED, DEADLOCK)
    return is_waiting or getattr(cause, "sqlite_errorname", "") in SQLITE_BUSY


def _set(connection: BaseDatabaseWrapper, patience: Patience) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for name, time in (("lock_timeout", patience.lock), ("statement_timeout", patience.statement)):
            cursor.execute("SELECT set_config(%s, %s, false)", [name, f"{round(time.total_seconds() * 1000)}ms"])
