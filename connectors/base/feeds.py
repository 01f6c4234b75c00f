"""Feeds: generators of pages, each page with the cursor to resume from.

    @snapshot(Account, Privilege, title="Accounts", every=TWELVE_HOURS, serves=(Capability.ACCOUNTS,))
    def accounts(client: Client, cursor: Cursor) -> Iterator[Page]: ...

    @changes(Activity, title="Audit log", every=timedelta(minutes=5), serves=(...))
    def audit_log(client: Client, cursor: Cursor) -> Iterator[Page]: ...

A *snapshot* starts with cursor None, lists everything and ends; what it did not list is then marked gone, if and only
if the pass was complete. *Changes* list what happened since the cursor and may yield `Gone`; the cursor of the last
page is where the next run starts. With `starts_full` the first run of a changes feed (cursor None, until it ends for
the first time) lists everything and is swept like a snapshot; after `CursorExpired` such a full pass is made anew.

A feed survives being stopped after any page: called again with that page's cursor it goes on, and nothing is lost.
Repeats are harmless. Pages are stored several at a time, so what stands after a `yield` may run before that page is
stored: what has to wait for it, such as deleting a queue's messages, is the page's `when_stored`. A feed with
`partitions` takes the partition as a third argument, and each partition has its own cursor, lease, error and sweep.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from connectors.base.capabilities import Capability
from connectors.base.records import Listed, Record

if TYPE_CHECKING:
    from connectors.base.client import Client

TWELVE_HOURS = timedelta(hours=12)

Cursor = dict[str, Any] | None
"""JSON-able; None is the beginning."""


class FeedKind(StrEnum):
    SNAPSHOT = "snapshot"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What it takes to ask whether a page has changed, and to go on after it if not (conditional.py)."""

    key: str
    """A digest of its address."""
    etag: str
    next: str
    """Address of the page after it, '' at the end."""
    note: Any
    """What of its content the feed needs to go on, JSON-able."""
    size: int
    """How many records it held."""


@dataclass(frozen=True, slots=True)
class Page:
    """`cursor` resumes after this page. `total`: how many records the whole pass has, only where the vendor says so.

    `known`: how to ask for it again. `is_unchanged`: it holds what it held when it was read last, so it is yielded
    without records. `when_stored` is called once its records and cursor are safe; its errors are those of reading.
    """

    records: Sequence[Record]
    cursor: Cursor
    total: int | None = None
    known: KnownPage | None = None
    is_unchanged: bool = False
    when_stored: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """One independently read part of a feed: a drive, a namespace, a region and account, a content type."""

    id: str
    label: str


Reader = Callable[..., Iterator[Page]]
Partitions = Callable[["Client"], Iterable[Partition]]
One = Callable[["Client", str, str], Iterable[Record]]
"""Reads one record anew by the partition and its id; `Gone` where the app no longer has it."""


@dataclass(frozen=True)
class Feed:
    name: str
    title: str
    kind: FeedKind
    records: tuple[type[Listed], ...]
    read: Reader
    every: timedelta
    serves: tuple[Capability, ...]
    component: str = ""
    permissions: tuple[str, ...] = ()
    """What the vendor must have granted for it, in the vendor's words."""
    needs: tuple[str, ...] = ()
    """Names of feeds that must have completed once before this one starts."""
    partitions: Partitions | None = None
    starts_full: bool = False
    limits: tuple[str, ...] = ("",)
    """Names of the vendor's limits that its calls draw on: it rests while one of them is used up."""
    one: One | None = None
    """For pushes that name what changed; without it the whole feed is read."""

    @property
    def is_swept(self) -> bool:
        """Whether a complete first pass tells what is gone."""
        return self.kind is FeedKind.SNAPSHOT or self.starts_full

    def pages(self, client: "Client", cursor: Cursor, partition: str = "") -> Iterator[Page]:
        """The pages after `cursor`; `partition` is a Partition's id, empty for a feed without partitions."""
        if self.partitions is None:
            return self.read(client, cursor)
        return self.read(client, cursor, partition)


def snapshot(
    *records: type[Listed],
    title: str,
    serves: tuple[Capability, ...],
    every: timedelta = TWELVE_HOURS,
    component: str = "",
    permissions: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    partitions: Partitions | None = None,
    one: One | None = None,
    limits: tuple[str, ...] = ("",),
) -> Callable[[Reader], Feed]:
    """Describe a feed that lists everything at each pass."""

    def describe(read: Reader) -> Feed:
        return Feed(
            read.__name__, title, FeedKind.SNAPSHOT, records, read, every, serves, component, permissions, needs,
            partitions, limits=limits, one=one,
        )

    return describe


def changes(
    *records: type[Listed],
    title: str,
    serves: tuple[Capability, ...],
    every: timedelta,
    component: str = "",
    permissions: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    partitions: Partitions | None = None,
    starts_full: bool = False,
    one: One | None = None,
    limits: tuple[str, ...] = ("",),
) -> Callable[[Reader], Feed]:
    """Describe a feed that lists what happened since the cursor."""

    def describe(read: Reader) -> Feed:
        return Feed(
            read.__name__, title, FeedKind.CHANGES, records, read, every, serves, component, permissions, needs,
            partitions, starts_full, limits, one,
        )

    return describe
