"""Pages of snapshots that the vendor need not send again: asked for by ETag, their rows noted as listed if unchanged.

A sweep follows such a pass as any other, so a page is only taken for unchanged while each row it left is there as it
left it. A row that is gone, or that somebody else wrote since (a read-back after an action, another feed), costs the
page its place here, and it is read in full. So does another version of the code, other rights or other settings that
decide what is read and how.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from django.db.models import QuerySet

from connectors.base import KnownPage, Page, Record
from connectors.catalogue import code_digest
from portal.instances.models import AppInstance
from portal.inventory import store
from portal.inventory.domains import own_domains
from portal.scans.models import FeedState, RememberedPage

RIGHTS = ("method_id", "config", "components", "tenant_id", "connected_as", "granted", "unavailable")
KEY = ("instance", "feed", "partition", "key")
CONTENT = ("read_with", "etag", "next_address", "note", "rows", "pass_id", "seen_at")


class Changed(Exception):
    """A page that the vendor called unchanged has rows that are not as it left them: it must be read in full."""

    def __init__(self, key: str) -> None:
        super().__init__("a remembered page is no longer as it was")
        self.key = key


class Pages:
    """A PageMemory of one feed and partition, while a worker holds it."""

    def __init__(self, state: FeedState) -> None:
        self._state = state
        self._recalled: RememberedPage | None = None
        """The last one: a feed yields a page before it asks for another."""

    def recall(self, key: str) -> KnownPage | None:
        row = _of(self._state).filter(key=key, read_with=self._read_with).first()
        if row is None:
            return None
        self._recalled = row
        return KnownPage(key, row.etag, row.next_address, row.note, sum(map(len, row.rows.values())))

    def keep(self, page: Page, now: datetime) -> None:
        """In the transaction that stores the page's records at `now`. Raises Changed."""
        if page.known is None:
            return
        if page.is_unchanged:
            self._see_again(page.known, now)
        else:
            self._remember(page.known, page.records, now)

    def forget(self, key: str) -> None:
        """Read it in full next time."""
        _of(self._state).filter(key=key).delete()

    def _remember(self, known: KnownPage, records: Sequence[Record], now: datetime) -> None:
        ids = store.ids_of(records)
        if ids is None:
            return
        state = self._state
        row = RememberedPage(
            instance_id=state.instance_id, feed=state.feed, partition=state.partition, key=known.key,
            read_with=self._read_with, etag=known.etag, next_address=known.next, note=known.note, rows=ids,
            pass_id=state.pass_id, seen_at=now,
        )
        RememberedPage.objects.bulk_create([row], update_conflicts=True, unique_fields=KEY, update_fields=CONTENT)

    def _see_again(self, known: KnownPage, now: datetime) -> None:
        row = self._recalled
        if row is None or row.key != known.key or not store.see_again(
            row.instance_id, row.rows, feed=row.feed, partition=row.partition, pass_id=self._state.pass_id,
            seen_at=row.seen_at, now=now,
        ):
            raise Changed(known.key)
        RememberedPage.objects.filter(pk=row.pk).update(pass_id=self._state.pass_id, seen_at=now)

    @cached_property
    def _read_with(self) -> str:
        rights = AppInstance.objects.filter(pk=self._state.instance_id).values(*RIGHTS).get()
        code = (code_digest(self._state.instance.app_id), _inventory_digest())
        return _digest([*code, {**rights, "granted": sorted(rights["granted"])}, sorted(own_domains())])


def forget(state: FeedState) -> None:
    """Read all of it in full next time."""
    _of(state).delete()


def forget_unused(state: FeedState) -> None:
    """After a complete pass: what it did not come by is not asked for again."""
    _of(state).filter(pass_id__lt=state.pass_id).delete()


def _of(state: FeedState) -> QuerySet[RememberedPage]:
    return RememberedPage.objects.filter(instance_id=state.instance_id, feed=state.feed, partition=state.partition)


@cache
def _inventory_digest() -> str:
    """Changes with the code that makes rows of records."""
    files = sorted(Path(store.__file__).parent.rglob("*.py"))
    return _digest([file.read_text(encoding="utf-8") for file in files])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
