"""Writing activities and their raw records: inserted once, never changed. Only store.py calls this.

Behind `insert` a faster way into PostgreSQL may take the place of `bulk_create`; its result stays the same.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from connectors.base import Activity as Record
from portal.inventory.cleaning import json_object
from portal.inventory.models import Activity, ActivityRaw
from portal.inventory.rows import activity as columns_of

LOOKED_UP_AT_ONCE = 500

Key = tuple[datetime, str]


def insert(instance_id: int, records: Sequence[Record]) -> tuple[int, int]:
    """Insert those that are not there yet. Returns how many are there now, and how many of them are new."""
    if not records:
        return 0, 0
    rows: dict[Key, tuple[Activity, ActivityRaw]] = {}
    for record in records:
        row = Activity(instance_id=instance_id, **columns_of(record))
        raw = ActivityRaw(
            instance_id=instance_id, occurred_at=row.occurred_at, vendor_id=row.vendor_id, raw=json_object(record.raw)
        )
        rows[row.occurred_at, row.vendor_id] = row, raw
    fresh = sorted(rows.keys() - _known(instance_id, list(rows)))
    # Another writer may be as far: then its row stays, and ours is left out.
    Activity.objects.bulk_create([rows[each][0] for each in fresh], ignore_conflicts=True)
    ActivityRaw.objects.bulk_create([rows[each][1] for each in fresh], ignore_conflicts=True)
    return len(rows), len(fresh)


def delete_some(instance_id: int, limit: int) -> int:
    """Delete up to `limit` activities, oldest first, each with its raw record; 0 when none is left."""
    rows = Activity.objects.filter(instance_id=instance_id)
    keys = list(rows.order_by("occurred_at", "vendor_id").values_list("occurred_at", "vendor_id")[:limit])
    if not keys:
        return 0
    moment, vendor_id = keys[-1]
    upto = Q(occurred_at__lt=moment) | Q(occurred_at=moment, vendor_id__lte=vendor_id)
    ActivityRaw.objects.filter(upto, instance_id=instance_id).delete()
    return rows.filter(upto).delete()[0]


def count(instance_id: int) -> int:
    return Activity.objects.filter(instance_id=instance_id).count()


def _known(instance_id: int, keys: Sequence[Key]) -> set[Key]:
    known: set[Key] = set()
    for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
        part = keys[start : start + LOOKED_UP_AT_ONCE]
        times = [occurred_at for occurred_at, _ in part]
        rows = Activity.objects.filter(
            instance_id=instance_id,
            occurred_at__range=(min(times), max(times)),
            vendor_id__in=[vendor_id for _, vendor_id in part],
        )
        known.update(rows.values_list("occurred_at", "vendor_id"))
    return known
