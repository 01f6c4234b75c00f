"""The counters behind the limits on signing in: rows of the cache's table, shared by all processes."""

from django.conf import settings
from django.db import connection
from django.utils import timezone


def forget_expired() -> None:
    """Each minute: rows whose time is over, so that the table never grows to where live ones would be thrown out."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608  the name is a setting
