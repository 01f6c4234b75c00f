"""Writing the rows of one batch, kind by kind. Only store.py calls this.

In one order everywhere, of kinds and of ids: two writers of the same rows then queue up instead of locking each other
out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from connectors.base import Account, Activity, Collaborator, Gone, Listed, Record
from portal.inventory import models
from portal.inventory.cleaning import key
from portal.inventory.domains import Domains
from portal.inventory.rows import TABLES, Table

LOOKED_UP_AT_ONCE = 500
SEEN_COLUMNS = ("feed", "partition", "pass_id", "seen_at", "gone_at")
FOLLOWED: Mapping[type[Listed], tuple[str, ...]] = {Account: ("is_external",), Collaborator: ("file_id",)}
"""Columns whose former value the exposure of files hangs on."""

Before = dict[str, Any]
"""Some columns of a row, as they were before it was written."""


@dataclass(frozen=True, slots=True)
class Home:
    """The feed and partition whose complete passes tell whether a row is still there.

    `pass_id`: in which pass a new row counts as listed. None: in the one after the last, as the pass that runs now may
    have gone past its place already.
    """

    feed: str = ""
    partition: str = ""
    pass_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a batch was seen, and whose its rows become: in a full pass its feed's, outside of one those that are known
    stay where they are."""

    instance_id: int
    now: datetime
    homes: Mapping[type[Listed], Home]
    is_pass: bool


@dataclass(slots=True)
class Batch:
    """Records by kind, the last word on each id: a record, or None where it is gone."""

    rows: dict[type[Listed], dict[str, Listed | None]] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Batch":
        batch = cls()
        for record in records:
            if isinstance(record, Activity):
                batch.activities.append(record)
            elif isinstance(record, Gone):
                batch.rows.setdefault(record.kind, {})[key(record.id)] = None
            else:
                batch.rows.setdefault(type(record), {})[key(record.id)] = record
        return batch

    def listed(self, kind: type[Listed]) -> dict[str, Listed]:
        found = sorted((each, record) for each, record in self.rows.get(kind, {}).items() if record is not None)
        return dict(found)

    def gone(self, kind: type[Listed]) -> list[str]:
        return sorted(each for each, record in self.rows.get(kind, {}).items() if record is None)

    def unknown_kinds(self) -> list[str]:
        """Names of those without a table."""
        return sorted(kind.__name__ for kind in self.rows.keys() - TABLES.keys() - {Activity})


@dataclass(frozen=True, slots=True)
class Written:
    """Of one kind: the rows written, what those that were known were before, and what has just gone."""

    kind: type[Listed]
    rows: list[models.InventoryRow] = field(default_factory=list)
    before: dict[str, Before] = field(default_factory=dict)
    gone: list[Before] = field(default_factory=list)


def write(kind: type[Listed], batch: Batch, seen: Sighting, domains: Domains, watched: tuple[str, ...] = ()) -> Written:
    """`watched`: columns to be told in `before` and `gone`, beside those of FOLLOWED."""
    if kind not in batch.rows:
        return Written(kind)
    table, listed = TABLES[kind], batch.listed(kind)
    reading = tuple(dict.fromkeys((*SEEN_COLUMNS, "vendor_id", *FOLLOWED.get(kind, ()), *watched)))
    gone = _mark_gone(table, batch.gone(kind), seen, reading)
    if not listed:
        return Written(kind, gone=gone)
    known = _known(table, list(listed), seen, reading)
    places = _Places(table, seen, seen.homes.get(kind, Home()))
    rows = [
        table.model(
            instance_id=seen.instance_id,
            vendor_id=vendor_id,
            first_seen_at=seen.now,
            seen_at=seen.now,
            gone_at=None,
            **places.of(known.get(vendor_id)),
            **table.columns(record, domains),
        )
        for vendor_id, record in listed.items()
    ]
    table.model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["instance_id", "vendor_id"],
        update_fields=[*_said(table, next(iter(listed.values())), domains), *SEEN_COLUMNS],
    )
    return Written(kind, rows, known, gone)


def _said(table: Table, record: Listed, domains: Domains) -> list[str]:
    """The columns that every sighting writes."""
    return [name for name in table.columns(record, domains) if name not in table.worked_out]


class _Places:
    """The feed, partition and pass that a row is written under."""

    def __init__(self, table: Table, seen: Sighting, home: Home) -> None:
        self._rows = table.model._default_manager.filter(instance_id=seen.instance_id)
        self._is_pass = seen.is_pass
        self._home = home
        self._next: dict[tuple[str, str], int] = {}

    def of(self, before: Before | None) -> dict[str, Any]:
        home = self._home
        if self._is_pass:
            return self._place(home.feed, home.partition, max(home.pass_id or 0, self._pass_here(before)))
        if before is None:
            return self._place(home.feed, home.partition, self._fresh_pass(home.feed, home.partition))
        feed, partition = before["feed"], before["partition"]
        is_present = before["gone_at"] is None
        return self._place(feed, partition, before["pass_id"] if is_present else self._fresh_pass(feed, partition))

    def _place(self, feed: str, partition: str, pass_id: int) -> dict[str, Any]:
        return {"feed": feed, "partition": partition, "pass_id": pass_id}

    def _pass_here(self, before: Before | None) -> int:
        """A row must not be set back to an older pass: the sweep that follows would take it for gone."""
        if before is None or (before["feed"], before["partition"]) != (self._home.feed, self._home.partition):
            return 0
        pass_id: int = before["pass_id"]
        return pass_id

    def _fresh_pass(self, feed: str, partition: str) -> int:
        home = self._home
        if home.pass_id is not None and (feed, partition) == (home.feed, home.partition):
            return home.pass_id
        if (feed, partition) not in self._next:
            last = self._rows.filter(feed=feed, partition=partition).aggregate(last=Max("pass_id"))["last"]
            self._next[feed, partition] = (last or 0) + 1
        return self._next[feed, partition]


def _known(table: Table, vendor_ids: Sequence[str], seen: Sighting, reading: tuple[str, ...]) -> dict[str, Before]:
    """The rows that exist, locked: nobody else changes them before this batch is written."""
    rows = table.model._default_manager.filter(instance_id=seen.instance_id).order_by("vendor_id").select_for_update()
    found = (row for part in parts(vendor_ids) for row in rows.filter(vendor_id__in=part).values(*reading))
    return {row["vendor_id"]: row for row in found}


def _mark_gone(table: Table, vendor_ids: Sequence[str], seen: Sighting, reading: tuple[str, ...]) -> list[Before]:
    """Those of them that were present, as they were."""
    present = table.model._default_manager.filter(instance_id=seen.instance_id, gone_at=None)
    gone: list[Before] = []
    for part in parts(vendor_ids):
        rows = present.filter(vendor_id__in=part)
        gone += rows.order_by("vendor_id").select_for_update().values(*reading)
        rows.update(gone_at=seen.now, seen_at=seen.now)
    return gone


def parts(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """So many at a time as one query takes."""
    return (items[start : start + LOOKED_UP_AT_ONCE] for start in range(0, len(items), LOOKED_UP_AT_ONCE))
