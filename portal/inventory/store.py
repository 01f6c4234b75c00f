"""The one writer of the inventory. Every function is called inside the caller's `atomic()`.

Rows are unique by (instance, vendor id), activities by (instance, time, vendor id): writing the same records again
changes nothing but the time they were seen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from connectors.base import Activity, Gone, Listed, Record
from portal.inventory import activities, models
from portal.inventory.cleaning import key, text
from portal.inventory.rows import TABLES, Domains, Table
from portal.preferences import preferences

LOOKED_UP_AT_ONCE = 500
SEEN_COLUMNS = ("feed", "partition", "pass_id", "seen_at", "gone_at")

Ids = dict[str, list[str]]
"""Vendor ids of rows by the name of their kind."""


@dataclass(frozen=True, slots=True)
class Saved:
    """`written`: records that are in the database now; `new`: those of them that were not known before."""

    written: int
    new: int

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(self.written + other.written, self.new + other.new)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Who saw the records of one batch, in which pass, when."""

    instance_id: int
    feed: str
    partition: str
    pass_id: int
    now: datetime


@dataclass(slots=True)
class Sorted:
    """One batch by kind, the last word on each id: a record, or None where it is gone."""

    rows: dict[type[Listed], dict[str, Listed | None]] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Sorted":
        batch = cls()
        for record in records:
            if isinstance(record, Activity):
                batch.activities.append(record)
            elif isinstance(record, Gone):
                batch.rows.setdefault(record.kind, {})[key(record.id)] = None
            else:
                batch.rows.setdefault(type(record), {})[key(record.id)] = record
        return batch


def save(
    instance_id: int, records: Iterable[Record], *, feed: str, partition: str, pass_id: int, now: datetime
) -> Saved:
    """Write one batch. What the vendor sent is cleaned, never refused. Raises KeyError for a kind without a table."""
    seen = Sighting(instance_id, text(feed, 64), key(partition), pass_id, now)
    batch = Sorted.of(records)
    domains = own_domains() if batch.rows else frozenset()
    total = Saved(0, 0)
    unknown = batch.rows.keys() - TABLES.keys() - {Activity}
    if unknown:
        raise KeyError(f"The inventory has no table for {', '.join(sorted(kind.__name__ for kind in unknown))}.")
    for kind, table in TABLES.items():
        total += _save_kind(table, batch.rows.get(kind, {}), seen, domains)
    return total + Saved(*activities.insert(instance_id, batch.activities))


def ids_of(records: Iterable[Record]) -> Ids | None:
    """The rows that `save` makes of these records; None where they are more than rows that are there."""
    batch = Sorted.of(records)
    if batch.activities or any(record is None for rows in batch.rows.values() for record in rows.values()):
        return None
    return {kind.__name__: sorted(rows) for kind, rows in batch.rows.items()}


def are_as_left(instance_id: int, ids: Ids, *, feed: str, partition: str, seen_at: datetime) -> bool:
    """Whether all these rows are there, last written by this feed and partition at `seen_at` and by nobody since."""
    seen = Sighting(instance_id, text(feed, 64), key(partition), 0, seen_at)
    return sum(rows.count() for rows in _as_left(ids, seen)) == sum(map(len, ids.values()))


def see_again(
    instance_id: int, ids: Ids, *, feed: str, partition: str, pass_id: int, seen_at: datetime, now: datetime
) -> bool:
    """Note that the pass `pass_id` listed these rows again, unchanged. False, with some of them noted, unless all are
    as they were left: the caller then rolls back."""
    seen = Sighting(instance_id, text(feed, 64), key(partition), pass_id, seen_at)
    noted = sum(rows.update(pass_id=pass_id, seen_at=now) for rows in _as_left(ids, seen))
    return noted == sum(map(len, ids.values()))


def sweep(
    instance_id: int, records: tuple[type[Listed], ...], *, feed: str, partition: str, pass_id: int, now: datetime
) -> int:
    """Mark gone what the complete pass `pass_id` of this feed and partition did not list. Activities never go."""
    return sum(
        TABLES[kind]
        .model._default_manager.filter(
            instance_id=instance_id, feed=feed, partition=key(partition), pass_id__lt=pass_id, gone_at=None
        )
        .update(gone_at=now)
        for kind in records
        if kind in TABLES
    )


def delete_some(instance_id: int, limit: int) -> int:
    """Delete up to `limit` rows of an instance; 0 when nothing is left."""
    deleted = activities.delete_some(instance_id, limit)
    for table in TABLES.values():
        if deleted >= limit:
            break
        rows = table.model._default_manager.filter(instance_id=instance_id)
        some = list(rows.order_by("pk").values_list("pk", flat=True)[: limit - deleted])
        deleted += sum(rows.filter(pk__in=part).delete()[0] for part in _parts(some))
    return deleted


def count(instance_id: int) -> int:
    """How many rows `delete_some` has to delete."""
    swept = (table.model._default_manager.filter(instance_id=instance_id).count() for table in TABLES.values())
    return sum(swept) + activities.count(instance_id)


def _save_kind(table: Table, batch: dict[str, Listed | None], seen: Sighting, domains: Domains) -> Saved:
    gone = [vendor_id for vendor_id, record in batch.items() if record is None]
    # In one order everywhere: two writers of the same rows then queue up instead of locking each other out.
    listed = sorted((vendor_id, record) for vendor_id, record in batch.items() if record is not None)
    _mark_gone(table, gone, seen)
    if not listed:
        return Saved(0, 0)
    known = _known_passes(table, [vendor_id for vendor_id, _ in listed], seen)
    rows = [_row(table, vendor_id, record, seen, known, domains) for vendor_id, record in listed]
    table.model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["instance_id", "vendor_id"],
        update_fields=[*table.columns(listed[0][1], domains), *SEEN_COLUMNS],
    )
    return Saved(len(rows), len(rows) - len(known))


def _row(
    table: Table, vendor_id: str, record: Listed, seen: Sighting, known: dict[str, int], domains: Domains
) -> models.InventoryRow:
    columns: dict[str, Any] = table.columns(record, domains)
    return table.model(
        instance_id=seen.instance_id,
        vendor_id=vendor_id,
        feed=seen.feed,
        partition=seen.partition,
        pass_id=max(seen.pass_id, known.get(vendor_id, 0)),
        first_seen_at=seen.now,
        seen_at=seen.now,
        gone_at=None,
        **columns,
    )


def _known_passes(table: Table, vendor_ids: Sequence[str], seen: Sighting) -> dict[str, int]:
    """The rows that exist, with the pass that counts: of this feed and partition, else 0.

    Whoever writes outside a pass (an action reading its target back) must not set a row back to an older pass: the
    sweep that follows would take it for gone. Hence the lock.
    """
    known: dict[str, int] = {}
    rows = table.model._default_manager.filter(instance_id=seen.instance_id).order_by("vendor_id").select_for_update()
    for part in _parts(vendor_ids):
        found = rows.filter(vendor_id__in=part).values_list("vendor_id", "feed", "partition", "pass_id")
        for vendor_id, feed, partition, pass_id in found:
            is_same = (feed, partition) == (seen.feed, seen.partition)
            known[vendor_id] = pass_id if is_same else 0
    return known


def _mark_gone(table: Table, vendor_ids: Sequence[str], seen: Sighting) -> None:
    for part in _parts(sorted(vendor_ids)):
        table.model._default_manager.filter(
            Q(gone_at=None), instance_id=seen.instance_id, vendor_id__in=part
        ).update(gone_at=seen.now, seen_at=seen.now)


def _as_left(ids: Ids, seen: Sighting) -> Iterator[QuerySet[models.InventoryRow]]:
    for kind, table in TABLES.items():
        for part in _parts(ids.get(kind.__name__, [])):
            yield table.model._default_manager.filter(
                instance_id=seen.instance_id, vendor_id__in=part, feed=seen.feed, partition=seen.partition,
                seen_at=seen.now, gone_at=None,
            )


def own_domains() -> Domains:
    """The organisation's mail domains, by which accounts are told to be its own."""
    return frozenset(str(domain).lower() for domain in preferences.get("organisation_domains"))


def _parts(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + LOOKED_UP_AT_ONCE] for start in range(0, len(items), LOOKED_UP_AT_ONCE))
