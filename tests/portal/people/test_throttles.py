"""The limits on signing in cannot be flushed by whoever they hold back."""

from datetime import UTC, datetime

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory

from portal.scans.jobs import dispatch_due

pytestmark = pytest.mark.django_db

OTHERS = 400
"""More than Django's cache keeps by itself."""


def fails(ip_address: str, email: str) -> bool:
    """A wrong password; whether it was looked at at all."""
    request = RequestFactory().post("/", REMOTE_ADDR=ip_address)
    return ratelimit.consume(request, action="login_failed", app="allauth.account", key=email) is not None


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM portal_cache")
        return int(cursor.fetchone()[0])


def test_failures_of_many_others_leave_a_held_back_address_held_back() -> None:
    held_back = [f"victim{number}@contoso.example" for number in range(10)]
    for number, email in enumerate(held_back):
        while fails(f"203.0.113.{number}", email):
            pass
    for number in range(OTHERS):
        fails(f"198.18.{number // 250}.{number % 250}", f"nobody{number}@contoso.example")
    assert rows() > OTHERS
    assert not any(fails(f"203.0.112.{number}", email) for number, email in enumerate(held_back))


def test_what_has_expired_is_deleted_each_minute_and_the_rest_stays() -> None:
    cache.clear()  # what tests in a browser left: the table is no model's, so nothing empties it after them
    cache.set("counts", 1, 300)
    cache.set("over", 1, 300)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET expires = %s WHERE cache_key LIKE %s",
            [connection.ops.adapt_datetimefield_value(datetime(2026, 1, 1, tzinfo=UTC)), "%over%"],
        )
    dispatch_due()
    assert rows() == 1
    assert cache.get("counts") == 1
