"""Working out anew who is external and how far files are shared: after the organisation's domains changed, and where
more hangs on one batch than one transaction takes.

A job in slices for each instance: its accounts, then collaborators, then files, in the order of their vendor ids. A
batch is committed with the cursor that follows it, so killed anywhere it goes on where it was. Which domains the rows
of an instance are worked out with is kept; each minute what differs from the settings is begun.
"""

import logging
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from portal.instances.models import AppInstance
from portal.inventory import exposure
from portal.inventory.domains import Domains, digest, own_domains
from portal.inventory.models import Account, Collaborator, File, InventoryRow, Recomputation
from portal.queue import enqueue

logger = logging.getLogger(__name__)

STAGES: tuple[type[InventoryRow], ...] = (Account, Collaborator, File)
AT_ONCE = 500
SLICE_SECONDS = 20.0
SQLITE_PAUSE_SECONDS = 0.02
LEASE = timedelta(seconds=120)
"""Renewed with each batch."""
IN_QUEUE = timedelta(minutes=10)
"""A task that has not begun by then is enqueued again."""


class LeaseLost(Exception):
    """Another worker has taken it over, or it was begun anew."""


@dataclass(frozen=True)
class Held:
    """A recomputation and the proof that this worker holds it."""

    row: Recomputation
    owner: str

    def write(self, **values: Any) -> None:
        """Raises LeaseLost."""
        mine = Recomputation.objects.filter(pk=self.row.pk, lease_owner=self.owner)
        if not mine.update(**{"lease_until": timezone.now() + LEASE, **values}):
            raise LeaseLost
        for name, value in values.items():
            setattr(self.row, name, value)


def begin(instance_id: int) -> None:
    """From the beginning, with the domains as they are set now; what runs is given up."""
    now, ticket = timezone.now(), secrets.token_hex(16)
    values = {
        "domains_digest": digest(own_domains()), "stage": 0, "after": "", "total_rows": None, "done_rows": 0,
        "started_at": now, "ended_at": None, "lease_owner": ticket, "lease_until": now + IN_QUEUE,
    }
    with transaction.atomic():
        Recomputation.objects.update_or_create(pk=instance_id, defaults=values)
        enqueue(run, instance_id, ticket)


def look_after() -> None:
    """Each minute, and when the domains change: instances worked out with other domains, and work that was lost."""
    now = digest(own_domains())
    for instance_id in AppInstance.objects.exclude(recomputation__domains_digest=now).values_list("pk", flat=True):
        begin(instance_id)
    lost = Recomputation.objects.filter(_is_free(timezone.now()), ended_at=None)
    for instance_id in lost.values_list("pk", flat=True):
        _put_in_queue(instance_id)


def sentence() -> str:
    """How far it is with all instances, '' where nothing is to do."""
    is_open = Q(ended_at=None) | ~Q(domains_digest=digest(own_domains()))
    found = Recomputation.objects.filter(is_open).aggregate(
        number=Count("pk"), done=Sum("done_rows"), total=Sum("total_rows")
    )
    if not found["number"]:
        return ""
    if not found["total"]:
        return "Exposure is being recomputed."
    return f"Exposure is being recomputed: {min(found['done'], found['total']):,} of {found['total']:,} rows."


def run(instance_id: int, ticket: str) -> None:
    """The task. A doubled one finds its ticket used and leaves."""
    owner = secrets.token_hex(16)
    mine = Recomputation.objects.filter(pk=instance_id, lease_owner=ticket, ended_at=None)
    if not mine.update(lease_owner=owner, lease_until=timezone.now() + LEASE):
        return
    held = Held(Recomputation.objects.get(pk=instance_id), owner)
    try:
        _go_on(held)
    except LeaseLost:
        logger.info("the recomputation of instance %s was begun anew or taken over", instance_id)


def _go_on(held: Held) -> None:
    domains = own_domains()
    if digest(domains) != held.row.domains_digest:
        begin(held.row.pk)
        return
    if held.row.total_rows is None:
        counts = (stage._default_manager.filter(instance_id=held.row.pk).count() for stage in STAGES)
        held.write(total_rows=sum(counts))
    if _do_slice(held, domains):
        held.write(ended_at=timezone.now(), lease_owner="", lease_until=None)
        return
    with transaction.atomic():
        held.write(lease_owner="", lease_until=None)
        _put_in_queue(held.row.pk)


def _do_slice(held: Held, domains: Domains) -> bool:
    """Batches for some seconds. True when nothing is left."""
    deadline = time.monotonic() + SLICE_SECONDS
    while held.row.stage < len(STAGES):
        with transaction.atomic():
            _do_some(held, domains)
        if time.monotonic() >= deadline:
            break
        if connection.vendor == "sqlite":
            time.sleep(SQLITE_PAUSE_SECONDS)
    return held.row.stage == len(STAGES)


def _do_some(held: Held, domains: Domains) -> None:
    """The rows that follow the cursor; where there are none, the next table is begun."""
    row, model = held.row, STAGES[held.row.stage]
    rows = model._default_manager.filter(instance_id=row.pk)
    following = rows.filter(vendor_id__gt=row.after).order_by("vendor_id")
    ids = list(following.select_for_update().values_list("vendor_id", flat=True)[:AT_ONCE])
    if not ids:
        held.write(stage=row.stage + 1, after="")
        return
    if model is Account:
        exposure.settle_accounts(Account.objects.filter(instance_id=row.pk, vendor_id__in=ids), domains)
    elif model is Collaborator:
        some = Collaborator.objects.filter(instance_id=row.pk, vendor_id__in=ids)
        exposure.settle_collaborators(row.pk, some, domains)
    else:
        exposure.settle_files(row.pk, ids)
    held.write(after=ids[-1], done_rows=row.done_rows + len(ids))


def _put_in_queue(instance_id: int) -> None:
    """A task for the next slice, unless one runs or waits."""
    now, ticket = timezone.now(), secrets.token_hex(16)
    with transaction.atomic():
        waiting = Recomputation.objects.filter(_is_free(now), pk=instance_id, ended_at=None)
        if waiting.update(lease_owner=ticket, lease_until=now + IN_QUEUE):
            enqueue(run, instance_id, ticket)


def _is_free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)
