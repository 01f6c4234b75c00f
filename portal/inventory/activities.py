"""Writing activities and their raw records: inserted once, never changed. Only store.py calls this."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model, Q

from connectors.base import Activity as Record
from portal.inventory import roll_ups
from portal.inventory.cleaning import json_text
from portal.inventory.models import Activity, ActivityRaw
from portal.inventory.rows import Columns
from portal.inventory.rows import activity as columns_of

AT_ONCE = 1_000
ARRIVING = "activity_arriving"

Key = tuple[datetime, str]
Rows = Mapping[Key, Columns]


def insert(instance_id: int, records: Sequence[Record], oldest: datetime) -> tuple[int, int]:
    """Insert those that are not there yet, and are not older than what is kept. Returns how many are there now, and how
    many of them are new."""
    rows: dict[Key, Columns] = {}
    raws: dict[Key, Columns] = {}
    for record in records:
        columns = columns_of(record)
        moment, vendor_id = columns["occurred_at"], columns["vendor_id"]
        if moment < oldest:
            continue
        place = {"instance_id": instance_id, "occurred_at": moment, "vendor_id": vendor_id}
        rows[moment, vendor_id] = {**columns, **place, "targets": json.dumps(columns["targets"])}
        raws[moment, vendor_id] = {**place, "raw": json_text(record.raw)}
    # In one order everywhere: two writers of the same rows then queue up instead of locking each other out.
    keys = sorted(rows)
    parts = [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
    insert_part = _insert_by_copy if connection.vendor == "postgresql" else _insert_unknown
    new = [key for part in parts for key in insert_part(instance_id, part, rows, raws)]
    roll_ups.add(instance_id, (rows[key] for key in new))
    return len(rows), len(new)


def delete_some(instance_id: int, limit: int, before: datetime | None = None) -> int:
    """Delete up to `limit` activities, oldest first, each with its raw record and its count; 0 when none is left.
    `before`: only those of days that ended by then."""
    rows = Activity.objects.filter(instance_id=instance_id)
    some = rows if before is None else rows.filter(occurred_at__lt=before)
    keys = list(some.order_by("occurred_at", "vendor_id").values_list("occurred_at", "vendor_id")[:limit])
    if not keys:
        roll_ups.forget(instance_id, before)
        return 0
    moment, vendor_id = keys[-1]
    # The day that this batch ends in is forgotten by the next one, which may find more of it.
    roll_ups.forget(instance_id, before=moment)
    # The first condition is the one that the key's index can be searched by.
    upto = Q(occurred_at__lte=moment) & (Q(occurred_at__lt=moment) | Q(vendor_id__lte=vendor_id))
    ActivityRaw.objects.filter(upto, instance_id=instance_id).delete()
    return rows.filter(upto).delete()[0]


def count(instance_id: int) -> int:
    return Activity.objects.filter(instance_id=instance_id).count()


def _insert_by_copy(instance_id: int, keys: Sequence[Key], rows: Rows, raws: Rows) -> list[Key]:
    """The keys of those that were not there. Copied into a table of this connection, from which the database takes what
    is new: faster than statements with values, which are parsed, and bulk_create, which adapts every one."""
    names = ", ".join(rows[keys[0]])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {ARRIVING} (LIKE {Activity._meta.db_table}, raw jsonb) "
            "ON COMMIT DELETE ROWS"
        )
        # Those of an earlier batch of the same transaction.
        cursor.execute(f"DELETE FROM {ARRIVING}")  # noqa: S608  a name of our own
        with cursor.copy(f"COPY {ARRIVING} ({names}, raw) FROM STDIN") as copy:
            for key in keys:
                copy.write_row((*rows[key].values(), raws[key]["raw"]))
        cursor.execute(f"{_taking(Activity, names)} RETURNING occurred_at, vendor_id")
        new: list[Key] = sorted(cursor.fetchall())
        cursor.execute(_taking(ActivityRaw, ", ".join(raws[keys[0]])))
    return new


def _taking(model: type[Model], names: str) -> str:
    return (
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {names} FROM {ARRIVING} "  # noqa: S608  names of our own
        "ORDER BY occurred_at, vendor_id ON CONFLICT (instance_id, occurred_at, vendor_id) DO NOTHING"
    )


def _insert_unknown(instance_id: int, keys: Sequence[Key], rows: Rows, raws: Rows) -> list[Key]:
    """The keys of those that were not there. Straight to the driver: twice as fast as bulk_create."""
    known = _known(instance_id, keys)
    fresh = [key for key in keys if key not in known]
    _one_by_one(Activity, [rows[key] for key in fresh])
    _one_by_one(ActivityRaw, [raws[key] for key in fresh])
    return fresh


def _one_by_one(model: type[Model], rows: Sequence[Columns]) -> None:
    if not rows:
        return
    places = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({', '.join(rows[0])}) VALUES ({places})",  # noqa: S608  names of our own
            [[_adapted(value) for value in row.values()] for row in rows],
        )


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _known(instance_id: int, keys: Sequence[Key]) -> set[Key]:
    times = [occurred_at for occurred_at, _ in keys]
    rows = Activity.objects.filter(
        instance_id=instance_id,
        occurred_at__range=(min(times), max(times)),
        vendor_id__in=[vendor_id for _, vendor_id in keys],
    )
    return set(rows.values_list("occurred_at", "vendor_id"))
