"""Working out anew who is external and how far files are shared: after the organisation's domains changed, and where
more hangs on one batch than one transaction takes.

A job in slices for each instance: its accounts, then collaborators, then files, in the order of their vendor ids. A
batch is committed with the cursor that follows it, so killed anywhere it goes on where it was. Which domains the rows
of an instance are worked out with is kept; each minute what differs from the settings is begun.
"""

import logging
import time

from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from portal.audit import trail
from portal.instances.models import AppInstance
from portal.inventory import exposure
from portal.inventory.domains import Domains, digest, own_domains
from portal.inventory.models import Account, Collaborator, File, InventoryRow, Recomputation
from portal.leases import (
    MOST_CRASHES,
    Held,
    LeaseLost,
    forget_lost_tickets,
    is_free,
    new_ticket,
    put_back_if_busy,
    reserve,
    take,
)
from portal.queue import enqueue

logger = logging.getLogger(__name__)

STAGES: tuple[type[InventoryRow], ...] = (Account, Collaborator, File)
AT_ONCE = 500
SLICE_SECONDS = 20.0
SQLITE_PAUSE_SECONDS = 0.02
MOST_NAMED = 5


def begin(instance_id: int) -> None:
    """From the beginning, with the domains as they are set now; what runs is given up."""
    now = timezone.now()
    ticket = new_ticket(now)
    values = {
        "domains_digest": digest(own_domains()), "stage": 0, "after": "", "total_rows": None, "done_rows": 0,
        "started_at": now, "ended_at": None, "tries": 0, "problem": "", **ticket,
    }
    with transaction.atomic():
        Recomputation.objects.update_or_create(pk=instance_id, defaults=values)
        enqueue(run, instance_id, ticket["lease_owner"])


def look_after() -> None:
    """Each minute, and when the domains change: instances worked out with other domains, and work that was lost."""
    now = digest(own_domains())
    for instance_id in AppInstance.objects.exclude(recomputation__domains_digest=now).values_list("pk", flat=True):
        begin(instance_id)
    forget_lost_tickets(Recomputation.objects.all())
    lost = Recomputation.objects.filter(is_free(timezone.now()), ended_at=None)
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


def failure() -> str:
    """Of which instances it ended before it was done, and why; '' where there are none."""
    rows = Recomputation.objects.exclude(problem="").select_related("instance").order_by("instance__name")
    found = list(rows[: MOST_NAMED + 1])
    if not found:
        return ""
    names = ", ".join(row.instance.name for row in found[:MOST_NAMED])
    more = " and others" if len(found) > MOST_NAMED else ""
    return (
        f"Exposure could not be recomputed for {names}{more}: {found[0].problem}. How far files there are shared, and "
        "who is external, may be as the domains were before. Whoever runs Gatehouse can see in the workers' log why "
        "(often too little memory)."
    )


def begin_failed(actor: trail.Actor) -> None:
    """Once more, what ended before it was done."""
    for row in Recomputation.objects.exclude(problem="").select_related("instance"):
        with transaction.atomic():
            trail.record(
                verb="instance.recompute_asked", actor=actor, object_kind="app_instance", object_id=str(row.pk),
                object_label=str(row.instance),
            )
            begin(row.pk)


def run(instance_id: int, ticket: str) -> None:
    """The task. A doubled one finds its ticket used and leaves."""
    held = take(Recomputation.objects.filter(pk=instance_id, ended_at=None), ticket, tries=F("tries") + 1)
    if held is None:
        return
    try:
        with put_back_if_busy(held, tries=0):
            _go_on(held)
    except LeaseLost:
        logger.info("the recomputation of instance %s was begun anew or taken over", instance_id)


def _go_on(held: Held[Recomputation]) -> None:
    domains = own_domains()
    if digest(domains) != held.row.domains_digest:
        begin(held.row.pk)
        return
    if held.row.tries > MOST_CRASHES:
        logger.error("the recomputation of instance %s killed %s workers and is set aside", held.row.pk, MOST_CRASHES)
        held.release(ended_at=timezone.now(), problem=f"the worker that does it died {MOST_CRASHES} times in a row")
        return
    if held.row.total_rows is None:
        counts = (stage._default_manager.filter(instance_id=held.row.pk).count() for stage in STAGES)
        held.write(total_rows=sum(counts))
    if _do_slice(held, domains):
        held.release(ended_at=timezone.now())
        return
    with transaction.atomic():
        held.release()
        _put_in_queue(held.row.pk)


def _do_slice(held: Held[Recomputation], domains: Domains) -> bool:
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


def _do_some(held: Held[Recomputation], domains: Domains) -> None:
    """The rows that follow the cursor; where there are none, the next table is begun."""
    row, model = held.row, STAGES[held.row.stage]
    rows = model._default_manager.filter(instance_id=row.pk)
    following = rows.filter(vendor_id__gt=row.after).order_by("vendor_id")
    ids = list(following.select_for_update().values_list("vendor_id", flat=True)[:AT_ONCE])
    if not ids:
        held.write(stage=row.stage + 1, after="", tries=0)
        return
    if model is Account:
        exposure.settle_accounts(Account.objects.filter(instance_id=row.pk, vendor_id__in=ids), domains)
    elif model is Collaborator:
        some = Collaborator.objects.filter(instance_id=row.pk, vendor_id__in=ids)
        exposure.settle_collaborators(row.pk, some, domains)
    else:
        exposure.settle_files(row.pk, ids)
    held.write(after=ids[-1], done_rows=row.done_rows + len(ids), tries=0)


def _put_in_queue(instance_id: int) -> None:
    """A task for the next slice, unless one runs or waits."""
    with transaction.atomic():
        ticket = reserve(Recomputation.objects.filter(pk=instance_id, ended_at=None))
        if ticket:
            enqueue(run, instance_id, ticket)
