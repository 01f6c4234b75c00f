"""Ending a connection: the vendor is told, the secrets are forgotten, the data is kept or deleted. In that order.

A job in slices: killed anywhere it goes on where it was. Telling the vendor twice is harmless, and deleting is counted
by what is left.
"""

import logging
import time

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from connectors.base import ConnectorError
from portal.audit import trail
from portal.instances import staging
from portal.instances.clients import client_for, method_of
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.inventory import store
from portal.leases import MOST_CRASHES, Held, LeaseLost, forget_lost_tickets, is_free, put_back_if_busy, reserve, take
from portal.queue import enqueue
from portal.scans import subscriptions
from portal.scans.models import Delivery, Disconnection, FeedState, Inbox, RememberedPage, ScanRun

logger = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
AT_ONCE = 2_000
SQLITE_AT_ONCE = 500
SQLITE_PAUSE_SECONDS = 0.02


def put_in_queue(instance_id: int) -> None:
    """A task for the next slice, unless one runs or waits."""
    with transaction.atomic():
        ticket = reserve(Disconnection.objects.filter(pk=instance_id, ended_at=None, problem=""))
        if ticket:
            enqueue(run_disconnect, instance_id, ticket)


def revive() -> None:
    """Each minute: disconnections whose task was lost or whose worker died."""
    forget_lost_tickets(Disconnection.objects.all())
    left = Disconnection.objects.filter(is_free(timezone.now()), ended_at=None, problem="")
    for instance_id in left.values_list("pk", flat=True):
        put_in_queue(instance_id)


def run_disconnect(instance_id: int, ticket: str) -> None:
    """The task. A doubled one finds its ticket used and leaves."""
    rows = Disconnection.objects.select_related("instance").filter(pk=instance_id, ended_at=None)
    held = take(rows, ticket, tries=F("tries") + 1)
    if held is None:
        return
    try:
        with put_back_if_busy(held, tries=0):
            _go_on(held)
    except LeaseLost:
        logger.warning("the disconnection of instance %s was taken over by another worker", instance_id)


def _go_on(held: Held[Disconnection]) -> None:
    _tell_vendor(held)
    if held.row.tries > MOST_CRASHES:
        logger.error("the disconnection of instance %s killed %s workers and stands still", held.row.pk, MOST_CRASHES)
        held.release(problem=f"The worker that does it died {MOST_CRASHES} times in a row.")
        return
    _forget_secrets(held)
    if held.row.is_data_deleted and not _delete_slice(held):
        with transaction.atomic():
            held.release()
            put_in_queue(held.row.pk)
        return
    _end(held)


def _tell_vendor(held: Held[Disconnection]) -> None:
    """Ask the vendor to revoke what it granted. Its refusal is told and stops nothing."""
    if held.row.revoked_at:
        return
    if held.row.tries > MOST_CRASHES:
        problem = f"The worker that tells the app died {MOST_CRASHES} times, so it was not told. End the access there."
    else:
        problem = _end_at_vendor(held.row.instance)
    held.write(revoked_at=timezone.now(), vendor_problem=problem, tries=0)


def _end_at_vendor(instance: AppInstance) -> str:
    """What the vendor refused, as a sentence."""
    try:
        problem = subscriptions.end_all(instance)
        method_of(instance).scheme.revoke(client_for(instance).setup)
    except ConnectorError as error:
        return str(error)
    except KeyError:
        return "Its connector is no longer installed, so the app could not be told."
    return problem


def _forget_secrets(held: Held[Disconnection]) -> None:
    if held.row.forgotten_at:
        return
    with transaction.atomic():
        held.write(forgotten_at=timezone.now(), tries=0)
        InstanceVault(held.row.pk).clear()
        staging.forget(held.row.pk)
        Inbox.objects.filter(pk=held.row.pk).delete()


def _delete_slice(held: Held[Disconnection]) -> bool:
    """Delete for some seconds. True when nothing is left."""
    row, deadline = held.row, time.monotonic() + SLICE_SECONDS
    if row.total_rows is None:
        held.write(total_rows=store.count(row.pk))
    is_sqlite = connection.vendor == "sqlite"
    while True:
        with transaction.atomic():
            deleted = store.delete_some(row.pk, SQLITE_AT_ONCE if is_sqlite else AT_ONCE)
            held.write(deleted_rows=row.deleted_rows + deleted, tries=0)
        if not deleted:
            return True
        if time.monotonic() >= deadline:
            return False
        if is_sqlite:
            time.sleep(SQLITE_PAUSE_SECONDS)


def _end(held: Held[Disconnection]) -> None:
    row = held.row
    with transaction.atomic():
        held.release(ended_at=timezone.now())
        FeedState.objects.filter(instance_id=row.pk).delete()
        RememberedPage.objects.filter(instance_id=row.pk).delete()
        if row.is_data_deleted:
            ScanRun.objects.filter(instance_id=row.pk).delete()
            Delivery.objects.filter(instance_id=row.pk).delete()
        AppInstance.objects.filter(pk=row.pk).update(state=State.DISCONNECTED)
        trail.record(
            verb="instance.disconnected", object_kind="app_instance", object_id=str(row.pk),
            object_label=str(row.instance),
            after={"data": "deleted" if row.is_data_deleted else "kept", "vendor": row.vendor_problem or "told"},
        )
