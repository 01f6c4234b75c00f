"""The audit records of the tenant and the blobs that hold them, and who has subscribed to them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.moments import iso

DAY = 86_400
KEPT = 7 * DAY
CONTENT_TYPES = ("Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General", "DLP.All")
REPEATED = 7
"""Every seventh record stands twice in its blob."""
ECHOED = 11
"""Every eleventh record stands in the following blob, too."""

Record = dict[str, Json]


@dataclass(slots=True)
class Webhook:
    """`status`: enabled, disabled. `failures`: deliveries since the last one that was taken."""

    address: str
    auth_id: str | None
    expires_at: float | None
    status: str = "enabled"
    failures: int = 0
    due_at: float = 0.0


@dataclass(slots=True)
class Subscription:
    """`settles_at`: until then a subscription that was switched on again answers as if it were not. `told_until`: its
    webhook has heard of the blobs that came to show by then."""

    content_type: str
    started_at: float
    is_enabled: bool = True
    stopped_at: float | None = None
    settles_at: float = 0.0
    webhook: Webhook | None = None
    told_until: float = 0.0


@dataclass(slots=True)
class Blob:
    """`created_at` is what windows are about; it may be long before `listed_at`, when the blob shows. `is_lost`: it is
    listed and cannot be fetched."""

    id: str
    content_type: str
    created_at: float
    listed_at: float
    records: Sequence[Record]
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """What a webhook was told of one blob. `status`: success or failed."""

    blob: Blob
    sent_at: float
    status: str


@dataclass
class Feed:
    """`delay`: seconds from an event to the blob that holds it. `first_wait`: seconds from a subscription's first start
    until it has blobs. `blobs_per_page`: in a listing. `is_audited`: whether the tenant
    has auditing switched on. `is_licensed`: whether anybody in it has a licence. `lists_empty_pages`: whether a page
    without blobs comes before the second one."""

    delay: float = 20.0
    first_wait: float = 0.0
    blobs_per_page: int = 4
    is_audited: bool = True
    is_licensed: bool = True
    lists_empty_pages: bool = True
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    notifications: list[Notification] = field(default_factory=list)
    _blobs: dict[str, list[Blob]] = field(default_factory=lambda: {each: [] for each in CONTENT_TYPES})
    _by_id: dict[str, Blob] = field(default_factory=dict)
    _filling: dict[str, list[Record]] = field(default_factory=dict)
    _echo: dict[str, Record] = field(default_factory=dict)
    _added: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random("20261204/feed"))

    def guid(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def blobs(self, content_type: str, now: float) -> list[Blob]:
        """Those that show by now, in the order in which they came to."""
        shown = [each for each in self._blobs[content_type] if each.listed_at <= now < each.created_at + KEPT]
        return sorted(shown, key=lambda each: each.listed_at)

    def blob(self, blob_id: str) -> Blob | None:
        return self._by_id.get(blob_id)

    def put(
        self,
        content_type: str,
        records: Sequence[Record],
        created_at: float,
        *,
        late_by: float = 0.0,
        is_lost: bool = False,
    ) -> Blob:
        """A blob as it is."""
        number = f"{len(self._by_id):012d}"
        stamp = "".join(letter for letter in iso(created_at) if letter.isdigit())
        name = f"{stamp}{number}${self._chance.getrandbits(64):016x}${content_type.lower().replace('.', '_')}$emea0013"
        blob = Blob(name, content_type, created_at, created_at + late_by, records, is_lost)
        self._blobs[content_type].append(blob)
        self._by_id[name] = blob
        return blob

    def keep(self, content_type: str, newest: int) -> None:
        """Nothing but so many of the last blobs."""
        self._blobs[content_type] = self._blobs[content_type][-newest:]

    def add(self, content_type: str, record: Record, now: float) -> None:
        """A record of what happens now: it is in the blob that shows next. What goes into blobs one by one goes there
        with the repetitions of the real service."""
        held = self._open(content_type, now)
        self._added += 1
        held.append(record)
        if self._added % REPEATED == 0:
            held.append(record)
        if self._added % ECHOED == 0:
            self._echo[content_type] = record

    def _open(self, content_type: str, now: float) -> list[Record]:
        """The records of the blob that does not show yet, a new one where there is none."""
        made = self._blobs[content_type]
        if made and made[-1].listed_at > now and content_type in self._filling:
            return self._filling[content_type]
        echo = self._echo.pop(content_type, None)
        records: list[Record] = [] if echo is None else [echo]
        self._filling[content_type] = records
        self.put(content_type, records, now + self.delay)
        return records
