"""Holding a row: one worker at a time works for it, and nothing is written by a worker that no longer holds it.

The lease passes from hand to hand: a ticket while a task waits in the queue, an owner while it runs. Taking it is one
compare-and-set, so that of two workers one wins; a lease that ran out belongs to whoever comes first. The rows are
those of a model with `lease_owner` and `lease_until`.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import OperationalError
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from portal import patience, queue

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)

LEASE = timedelta(seconds=120)
"""Renewed with every write: with a page of a feed, a batch of rows."""
IN_QUEUE = timedelta(minutes=10)
"""A task that did not start for so long is given up, and another one enqueued."""
FETCHED = timedelta(seconds=90)
"""A process that fetched a task starts it within this time, as soon as its workers end their slices; or it died."""
SKEW = queue.SKEW
MOST_CRASHES = 5
"""So often in a row a worker may die over a row without getting on; then the row is set aside and says so."""
TICKET = "ticket-"
"""Begins what stands as owner while a task waits in the queue; a worker's own begins otherwise."""


class LeaseLost(Exception):
    """Another worker has taken the row over, or it was stopped: this worker must not write any more."""


@dataclass(frozen=True)
class Held(Generic[Row]):
    """A row and the proof that this worker holds it. Every write checks the proof, and goes on holding the row."""

    row: Row
    owner: str
    lease: timedelta = LEASE

    def write(self, **values: Any) -> None:
        """Raises LeaseLost."""
        values = {"lease_until": timezone.now() + self.lease, **values}
        mine = type(self.row)._default_manager.filter(pk=self.row.pk, lease_owner=self.owner)
        if not mine.update(**values):
            raise LeaseLost
        for name, value in values.items():
            setattr(self.row, name, value)

    def release(self, **values: Any) -> None:
        """The last write of a slice. Raises LeaseLost."""
        self.write(lease_owner="", lease_until=None, **values)


@contextmanager
def put_back_if_busy(held: Held[Any], **values: Any) -> Iterator[None]:
    """Around the work of a task: where the database was waited for in vain, the row is free again, with what is written
    beside it, and whoever looks for work that was lost goes on with it. Raises LeaseLost."""
    try:
        yield
    except OperationalError as error:
        if not patience.was_too_short(error):
            raise
        said = str(error).partition("\n")[0][:200]
        logger.warning("%s is put back: %s", held.row, said)
        held.release(**values)


def is_free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)


def is_held_too_long(now: datetime) -> Q:
    """Rows that are held for longer than a lease lasts: the clock was set back since."""
    return Q(lease_until__gt=now + IN_QUEUE + SKEW) | (~has_ticket() & Q(lease_until__gt=now + LEASE + SKEW))


def has_ticket() -> Q:
    """Rows whose task waits in the queue, and that no worker holds."""
    return Q(lease_owner__startswith=TICKET)


def reserve(rows: QuerySet[Row], **values: Any) -> str:
    """A ticket for the task that is about to be enqueued for the one row, with what is written beside it; '' where
    the row is held or has a task already."""
    now = timezone.now()
    ticket = new_ticket(now)
    return ticket["lease_owner"] if rows.filter(is_free(now)).update(**ticket, **values) else ""


def new_ticket(now: datetime) -> dict[str, Any]:
    """The two columns of a row whose task is enqueued now, whoever held it before."""
    return {"lease_owner": TICKET + secrets.token_hex(12), "lease_until": now + IN_QUEUE}


def take(rows: QuerySet[Row], ticket: str, lease: timedelta = LEASE, **values: Any) -> Held[Row] | None:
    """What the task does first, with what is written beside it. None for a doubled task, or one that comes when another
    was enqueued in its place."""
    owner = secrets.token_hex(16)
    if not rows.filter(lease_owner=ticket).update(lease_owner=owner, lease_until=timezone.now() + lease, **values):
        return None
    return Held(rows.get(lease_owner=owner), owner, lease)


def forget_lost_tickets(rows: QuerySet[Row], cluster: queue.Cluster = "scans") -> None:
    """Free the rows whose task was fetched from the queue by a process that then died.

    Whatever was enqueued before the oldest task that still waits has been fetched. Where that is not quite so, because
    the clocks of two machines differ, the late task finds its ticket used and leaves.
    """
    fetched = queue.waits_since(cluster) - FETCHED
    rows.filter(has_ticket(), lease_until__lt=fetched + IN_QUEUE).update(lease_owner="", lease_until=None)
