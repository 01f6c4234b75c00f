"""The one writer of the inventory. Every function is called inside the caller's `atomic()`.

Rows are unique by (instance, vendor id), activities by (instance, time, vendor id): writing the same records again
changes nothing but the time they were seen. Activities older than what is kept are passed over. What a complete pass
did not list is marked gone by sweeping.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.base import Account, Activity, Group, Listed, Membership, Privilege, Record
from portal.inventory import activities, differences, exposure, exposure_days, models, recomputing
from portal.inventory.batches import Batch, Home, Sighting, Written, parts, write
from portal.inventory.cleaning import key, text
from portal.inventory.differences import Noting
from portal.inventory.domains import Domains, own_domains
from portal.inventory.retention import oldest_kept
from portal.inventory.rows import TABLES

BEFORE_FILES: tuple[type[Listed], ...] = (Account, Group, Membership, Privilege)

Ids = dict[str, list[str]]
"""Vendor ids of rows by the name of their kind."""


@dataclass(frozen=True, slots=True)
class Saved:
    """`written`: records that are in the database now; `new`: those of them that were not known before."""

    written: int
    new: int

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(self.written + other.written, self.new + other.new)


def save(
    instance_id: int, records: Iterable[Record], *, feed: str, partition: str, pass_id: int, now: datetime,
    noting: Noting | None = None,
) -> Saved:
    """Write one batch of a full pass: its rows become the feed's. What the vendor sent is cleaned, never refused.
    With `noting`, differences become activities. Raises KeyError for a kind without a table."""
    home = Home(text(feed, 64), key(partition), pass_id)
    return _write(Batch.of(records), Sighting(instance_id, now, dict.fromkeys(TABLES, home), is_pass=True), noting)


def save_outside_pass(
    instance_id: int, records: Iterable[Record], *, homes: Mapping[type[Listed], Home], now: datetime,
    noting: Noting | None = None,
) -> Saved:
    """Write one batch that no full pass brought: a change, a push, what an action left. Rows that are known stay with
    the feed that listed them, so that its sweep still decides; new ones go where `homes` says, and without a home stay
    until a pass lists them or somebody says that they are gone. Raises KeyError like `save`."""
    return _write(Batch.of(records), Sighting(instance_id, now, homes, is_pass=False), noting)


def _write(batch: Batch, seen: Sighting, noting: Noting | None) -> Saved:
    unknown = batch.unknown_kinds()
    if unknown:
        raise KeyError(f"The inventory has no table for {', '.join(unknown)}.")
    _empty_gone_groups(seen.instance_id, batch)
    domains = own_domains() if batch.rows else frozenset()

    def write_kind(kind: type[Listed]) -> Written:
        return write(kind, batch, seen, domains, differences.reading(kind) if noting else ())

    written = {kind: write_kind(kind) for kind in BEFORE_FILES}
    touched = exposure.touched(seen.instance_id, batch, written[Account])
    written |= {kind: write_kind(kind) for kind in TABLES if kind not in written}
    _settle(touched, domains)
    if noting:
        noted = differences.of_batch(seen.instance_id, written.values(), noting, seen.now)
        _insert_activities(seen.instance_id, noted, seen.now)
    counts = _insert_activities(seen.instance_id, batch.activities, seen.now)
    return sum((_saved(each) for each in written.values()), counts)


def _empty_gone_groups(instance_id: int, batch: Batch) -> None:
    """Nobody is in a group that is gone, whether or not the app says so of each: who lists members anew does not, and
    who tells changes tells of the group alone."""
    for part in parts(batch.gone(Group)):
        rows = models.Membership.objects.filter(instance_id=instance_id, group_id__in=part, gone_at=None)
        for vendor_id in rows.values_list("vendor_id", flat=True):
            batch.rows.setdefault(Membership, {}).setdefault(vendor_id, None)


def _settle(touched: exposure.Touched, domains: Domains) -> None:
    exposure.settle(touched, domains)
    if touched.is_too_much:
        recomputing.begin(touched.instance_id)


def _saved(written: Written) -> Saved:
    return Saved(len(written.rows), len(written.rows) - len(written.before))


def ids_of(records: Iterable[Record]) -> Ids | None:
    """The rows that `save` makes of these records; None where they are more than rows that are there."""
    batch = Batch.of(records)
    if batch.activities or any(record is None for rows in batch.rows.values() for record in rows.values()):
        return None
    return {kind.__name__: sorted(rows) for kind, rows in batch.rows.items()}


def see_again(
    instance_id: int, ids: Ids, *, feed: str, partition: str, pass_id: int, seen_at: datetime, now: datetime
) -> bool:
    """Note that the pass `pass_id` listed these rows again, unchanged. False, with some of them noted, unless all are
    there as this feed and partition left them at `seen_at`: the caller then rolls back."""
    as_left = (text(feed, 64), key(partition), seen_at, None)
    for kind, table in TABLES.items():
        for part in parts(ids.get(kind.__name__, [])):
            found = _lock(table.model, instance_id, part)
            if len(found) < len(part) or any(now_there != as_left for now_there in found.values()):
                return False
            table.model._default_manager.filter(pk__in=list(found)).update(pass_id=pass_id, seen_at=now)
    return True


def note_quarantine(instance_id: int, file_id: str, is_quarantined: bool) -> None:
    """Whether a file is held in quarantine. No sighting changes that."""
    models.File.objects.filter(instance_id=instance_id, vendor_id=file_id).update(is_quarantined=is_quarantined)


def _insert_activities(instance_id: int, records: Sequence[Activity], now: datetime) -> Saved:
    return Saved(*activities.insert(instance_id, records, oldest_kept(now))) if records else Saved(0, 0)


def delete_some(instance_id: int, limit: int) -> int:
    """Delete up to `limit` rows of an instance, and what was counted of them; 0 when nothing is left."""
    exposure_days.forget(instance_id)
    deleted = activities.delete_some(instance_id, limit)
    for table in TABLES.values():
        if deleted >= limit:
            break
        rows = table.model._default_manager.filter(instance_id=instance_id)
        some = list(rows.order_by("pk").values_list("pk", flat=True)[: limit - deleted])
        deleted += sum(rows.filter(pk__in=part).delete()[0] for part in parts(some))
    return deleted


def count(instance_id: int) -> int:
    """How many rows `delete_some` has to delete."""
    swept = (table.model._default_manager.filter(instance_id=instance_id).count() for table in TABLES.values())
    return sum(swept) + activities.count(instance_id)


def _lock(model: type[models.InventoryRow], instance_id: int, vendor_ids: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """By primary key, who left each of these rows and when. Found by their ids alone: were the feed in the condition,
    a database without statistics would walk through all rows of the feed, and a pass cost the square of its size."""
    rows = model._default_manager.filter(instance_id=instance_id, vendor_id__in=vendor_ids).order_by("vendor_id")
    found = rows.select_for_update().values_list("pk", "feed", "partition", "seen_at", "gone_at")
    return {pk: tuple(left) for pk, *left in found}
