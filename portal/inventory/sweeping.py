"""Marking gone what a complete pass did not list, some rows at a time. Activities never go.

What a pass has not listed when it is complete does not grow any more: whoever writes a row of its feed afterwards
gives it this pass or the next. So rows are found many at a time and marked few at a time.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from connectors.base import Collaborator, Listed
from portal.inventory import activities, differences, exposure, models
from portal.inventory.batches import Before, parts
from portal.inventory.cleaning import key, text
from portal.inventory.differences import Noting
from portal.inventory.retention import oldest_kept
from portal.inventory.rows import TABLES

MOST_AT_ONCE = 2_000
"""Rows that are written in one transaction; of collaborators half as many, as each may change its file."""
FOUND_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Pass:
    """A complete pass of a feed and partition, and the kinds that it lists."""

    instance_id: int
    records: tuple[type[Listed], ...]
    feed: str
    partition: str
    pass_id: int


@dataclass(frozen=True, slots=True)
class Some:
    """Rows of one kind, by primary key: what one transaction takes."""

    kind: type[Listed]
    pks: Sequence[int]


@dataclass(frozen=True, slots=True)
class Swept:
    """`gone`: rows that were marked; `told`: names of kinds that one sentence tells of, not a note for each row."""

    gone: int
    told: frozenset[str]


def not_listed(whole: Pass) -> Iterator[Some]:
    """What is to be marked, while it is being marked by whoever takes it."""
    for kind in (each for each in TABLES if each in whole.records):
        size = MOST_AT_ONCE // 2 if kind is Collaborator else MOST_AT_ONCE
        rows = _left(whole, kind)
        while found := list(rows.values_list("pk", flat=True)[:FOUND_AT_ONCE]):
            yield from (Some(kind, found[start : start + size]) for start in range(0, len(found), size))
            if len(found) < FOUND_AT_ONCE:
                break


def sweep_some(whole: Pass, some: Some, *, now: datetime, noting: Noting | None, told: Collection[str]) -> Swept:
    """Mark them gone; with `noting`, differences become activities. `now` is that of the whole sweep, and `told` what
    was told by its earlier transactions. Called inside the caller's `atomic()`."""
    told = frozenset(told)
    if noting and some.kind.__name__ not in told and _are_many(whole, some.kind):
        sentence = differences.in_one_sentence(some.kind, _left(whole, some.kind).count(), noting, now)
        activities.insert(whole.instance_id, [sentence], oldest_kept(now))
        told |= {some.kind.__name__}
    files = exposure.lock_files_of(whole.instance_id, some.pks) if some.kind is Collaborator else []
    gone = _mark(whole, some, now)
    if noting and gone and some.kind.__name__ not in told:
        noted = differences.of_sweep(whole.instance_id, some.kind, gone, now)
        activities.insert(whole.instance_id, noted, oldest_kept(now))
    exposure.settle_files(whole.instance_id, files)
    return Swept(len(gone), told)


def _are_many(whole: Pass, kind: type[Listed]) -> bool:
    """More than anybody reads one by one."""
    return _left(whole, kind)[: differences.MOST_NOTED + 1].count() > differences.MOST_NOTED


def _mark(whole: Pass, some: Some, now: datetime) -> list[Before]:
    """Those that are still to be marked, as they were."""
    gone: list[Before] = []
    for part in parts(some.pks):
        rows = _left(whole, some.kind).filter(pk__in=part)
        gone += rows.order_by("vendor_id").select_for_update().values(*differences.reading(some.kind))
        rows.update(gone_at=now)
    return gone


def _left(whole: Pass, kind: type[Listed]) -> QuerySet[models.InventoryRow]:
    return TABLES[kind].model._default_manager.filter(
        instance_id=whole.instance_id, feed=text(whole.feed, 64), partition=key(whole.partition),
        pass_id__lt=whole.pass_id, gone_at=None,
    )
