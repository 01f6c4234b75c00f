"""Makes the feed big, for load tests: records are made when somebody fetches their blob."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from tests.sandbox.microsoft.activity_feed.feed import DAY, Feed, Record
from tests.sandbox.microsoft.activity_feed.stories.scene import Cast, Scene
from tests.sandbox.microsoft.activity_feed.stories.sharepoint import accessed, synchronised, uploaded

PER_BLOB = 500
STORIES = (accessed, synchronised, uploaded)
SPAN = 6 * DAY


@dataclass(frozen=True)
class GrownRecords(Sequence[Record]):
    """`first`: the number of its first record among all; `step`: seconds between two."""

    cast: Cast
    first: int
    size: int
    begins_at: float
    step: float

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self.size))]
        if not 0 <= index < self.size:
            raise IndexError(index)
        number = self.first + index
        scene = Scene(self.cast, "grown", number, self.begins_at + index * self.step)
        return STORIES[number % len(STORIES)](scene)


def grow(feed: Feed, cast: Cast, records: int, now: float) -> None:
    """So many records more of SharePoint and OneDrive, spread over the last six days."""
    step = SPAN / max(1, records)
    for first in range(0, records, PER_BLOB):
        count = min(PER_BLOB, records - first)
        begins_at = now - SPAN + first * step
        held = GrownRecords(cast, first, count, begins_at, step)
        feed.put("Audit.SharePoint", held, min(now, begins_at + count * step))
    feed.blobs_per_page = 200
