"""Somebody else keeps the database busy, and this process waits for it but for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, connections
from django.db.backends.signals import connection_created

from portal import patience
from portal.patience import Patience

SHORT = Patience(timedelta(milliseconds=50), timedelta(seconds=5))


def be_patient() -> None:
    """As a command; somebody before may have been a worker."""
    connection_created.disconnect(dispatch_uid=patience.OURS)
    connection.close()


@contextmanager
def occupied(table: str, mode: str = "ACCESS EXCLUSIVE") -> Iterator[None]:
    """Somebody else holds all of it. In mode EXCLUSIVE it can be read."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
            other.close()
