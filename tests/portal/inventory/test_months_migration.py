"""Rows that were there before there were partitions find their months, and the way back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from connectors.base import Activity, ActivityCategory
from portal.inventory import models, months, store

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has partitions"),
]

NOW = datetime.now(UTC)
MIGRATION = import_module("portal.inventory.migrations.0007_months_of_activities")


def run(step: Any) -> None:
    with connection.schema_editor() as editor:
        step(apps, editor)


def save(*ages: int) -> store.Saved:
    """Activities that happened so many days ago."""
    records = [
        Activity(
            id=f"e{days}", occurred_at=NOW - timedelta(days=days), action="repo.create",
            category=ActivityCategory.ADMIN, raw={"days": days},
        )
        for days in ages
    ]  # fmt: skip
    with transaction.atomic():
        return store.save(1, records, feed="f", partition="", pass_id=1, now=NOW - timedelta(days=max(ages)))


def content() -> list[Any]:
    return [sorted(model._default_manager.values_list()) for model in (models.Activity, models.ActivityRaw)]


def query(text: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return sorted(cursor.fetchall())


def indexes() -> list[Any]:
    """Of the tables themselves; what they are and how they are made."""
    return query(
        "SELECT indexname, replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes "
        "WHERE tablename IN ('inventory_activity', 'inventory_activityraw')"
    )


def columns() -> list[Any]:
    return query(
        "SELECT table_name, ordinal_position, column_name, data_type, is_nullable, column_default "
        "FROM information_schema.columns WHERE table_name IN ('inventory_activity', 'inventory_activityraw')"
    )


def checks() -> list[Any]:
    return query(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid IN ('inventory_activity'::regclass, 'inventory_activityraw'::regclass)"
    )


def kinds() -> set[str]:
    return {kind for _, kind in query(
        "SELECT relname, relkind FROM pg_class WHERE relname IN ('inventory_activity', 'inventory_activityraw')"
    )}  # fmt: skip


@pytest.fixture(autouse=True)
def divided() -> Iterator[None]:
    yield
    if kinds() != {"p"}:
        run(MIGRATION.divide)


def test_existing_rows_are_divided_by_month_and_joined_again_with_all_that_belongs_to_them() -> None:
    made = (indexes(), columns(), checks())
    save(0, 20, 45, 150, 400, 2_000)
    before = content()

    run(MIGRATION.join)
    assert kinds() == {"r"}
    assert content() == before
    assert (indexes(), columns(), checks()) == made
    assert save(1, 45) == store.Saved(written=2, new=1), "the key is there, too"
    before = content()

    run(MIGRATION.divide)
    assert kinds() == {"p"}
    assert content() == before
    assert (indexes(), columns(), checks()) == made
    assert save(1, 2, 45) == store.Saved(written=3, new=1)
    lying = query("SELECT vendor_id, tableoid::regclass::text FROM inventory_activityraw")
    places = {name: place.removeprefix("inventory_activityraw_") for name, place in lying}
    assert places["e400"] == places["e2000"] == "earlier"
    for days in (0, 20, 45, 150):
        assert places[f"e{days}"] == f"{NOW - timedelta(days=days):%Y_%m}"
    assert months.months(connection, "inventory_activity")


def test_an_unfinished_migration_leaves_everything_as_it_was() -> None:
    save(0, 45)
    before = (content(), kinds())
    with transaction.atomic():
        MIGRATION.join(apps, connection.schema_editor())
        transaction.set_rollback(True)
    assert (content(), kinds()) == before
