"""What the writing of a page costs hangs on what it holds, however much else the feed has listed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from connectors.base import Membership as MembershipRecord
from portal.inventory import statistics, store
from portal.inventory.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
IN_ALL, ON_A_PAGE = 1_000, 50
OF_ALL_ROWS = "membership_sweep"
"""The index over the rows of a feed: whoever looks a page's rows up by it reads them all."""
EXPLAIN = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}


def memberships(count: int) -> list[MembershipRecord]:
    return [MembershipRecord(group_id="g", member_id=f"m{number:05}") for number in range(count)]


def save(count: int, pass_id: int, now: datetime) -> None:
    store.save(1, memberships(count), feed="teams", partition="", pass_id=pass_id, now=now)


def read() -> None:
    save(ON_A_PAGE, 2, SECOND)


def see_again() -> None:
    ids = store.ids_of(memberships(ON_A_PAGE))
    assert ids is not None
    assert store.see_again(1, ids, feed="teams", partition="", pass_id=2, seen_at=FIRST, now=SECOND)


@pytest.mark.parametrize("write", [read, see_again])
def test_the_rows_of_a_page_are_found_by_their_ids(write: Callable[[], None]) -> None:
    with transaction.atomic():
        save(IN_ALL, 1, FIRST)
    statistics.keep()
    plans: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE")) and Membership._meta.db_table in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"{EXPLAIN[connection.vendor]} {sql}", params)
                plans.append("\n".join(str(row) for row in cursor.cursor.fetchall()))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(explained):
        write()
    assert plans
    assert not [plan for plan in plans if OF_ALL_ROWS in plan]
    assert Membership.objects.filter(pass_id=2, seen_at=SECOND).count() == ON_A_PAGE
