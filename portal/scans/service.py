"""What people do to scans. Whatever takes an actor checks the right itself and writes the audit trail."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal.instances.models import AppInstance, State
from portal.instances.problems import Problem
from portal.instances.service import record, require_connect
from portal.leases import is_free
from portal.people.models import User
from portal.scans import disconnecting, offered, runs, subscriptions
from portal.scans.leases import drop_tickets
from portal.scans.models import Disconnection, FeedState, FeedStatus, RunOutcome, ScanRun
from portal.scans.plan import ensure_states, is_readable
from portal.scans.runner import dispatch
from portal.scans.starting import Started, started

ENDABLE = (State.CONNECTED, State.ATTENTION, State.PAUSED)


@dataclass(frozen=True, slots=True)
class DisconnectProgress:
    """`sentence` says where it stands; `problem` what the vendor answered, if it did not simply revoke. `standstill`:
    why it waits for somebody to let it go on, '' where it does not."""

    sentence: str
    deleted: int
    total: int | None
    problem: str
    is_done: bool
    standstill: str = ""


def begin(instance: AppInstance) -> None:
    """After connecting, for the first time or again: the feeds are made and start, accounts first."""
    instance.refresh_from_db()
    if not is_readable(instance):
        return
    with transaction.atomic():
        ensure_states(instance)
        drop_tickets(instance)
        offered.keep_to_check(instance)
        _revive(instance)
        dispatch(instance)
        subscriptions.put_in_queue(instance)


def after_reconnect(instance: AppInstance) -> None:
    """After Reconnect or a good Test now: what was blocked is tried at once."""
    begin(instance)


def scan_now(actor: User, instance: AppInstance, feed: str | None = None) -> Started:
    """Make all feeds (or one) due, but for what the last check found not offered. Raises Problem for an instance that
    is not read at present."""
    require_connect(actor, instance)
    instance.refresh_from_db(fields=["state", "unavailable"])
    if not is_readable(instance):
        raise Problem(
            f"{instance.name} is not read at present.", remedy="Resume or reconnect it first; it is then read at once."
        )
    with transaction.atomic():
        ensure_states(instance)
        offered.keep_to_check(instance)
        rows = _idle(instance).filter(Q(partition="") | ~Q(error_code=""))
        # A vendor that asked for a pause is not asked again before it is over.
        rows = rows.exclude(error_code="rate_limited", next_run_at__gt=timezone.now())
        rows = rows.exclude(feed__in=list(instance.unavailable))
        if feed is not None:
            rows = rows.filter(feed=feed)
        # What the vendor refused as not in the plan is asked for, and stays not offered until it was read.
        rows.filter(status=FeedStatus.UNAVAILABLE).update(next_run_at=timezone.now())
        rows.exclude(status=FeedStatus.UNAVAILABLE).update(**_due_again())
        record(actor, "instance.scan_asked", instance, after={"feed": feed or "all"})
        dispatch(instance)
    return started(instance, feed)


def stop(instance: AppInstance) -> None:
    """Runs halt after the page they are at, and go on from there when resumed."""
    FeedState.objects.filter(instance=instance).update(is_stop_wanted=True)


def resume(instance: AppInstance) -> None:
    """What was halted goes on, what became due meanwhile starts."""
    FeedState.objects.filter(instance=instance).update(is_stop_wanted=False)
    begin(instance)


def disconnect(actor: User, instance: AppInstance, delete_data: bool) -> None:
    """End the connection: at once nothing is read any more, the rest is a job. Raises Problem for a draft."""
    require_connect(actor, instance)
    with transaction.atomic():
        ended = AppInstance.objects.filter(pk=instance.pk, state__in=ENDABLE).update(state=State.DISCONNECTING)
        if not ended:
            raise Problem("This app is not connected, or is being disconnected already.")
        _stop_for_good(instance)
        Disconnection.objects.create(
            instance=instance, is_data_deleted=delete_data, asked_by_email=actor.email, started_at=timezone.now()
        )
        record(actor, "instance.disconnect_asked", instance, after={"data": "delete" if delete_data else "keep"})
        disconnecting.put_in_queue(instance.pk)
    instance.refresh_from_db(fields=["state"])


def go_on_disconnecting(actor: User, instance: AppInstance) -> None:
    """Let a disconnection that stands still go on. Raises Problem where none does."""
    require_connect(actor, instance)
    with transaction.atomic():
        rows = Disconnection.objects.filter(pk=instance.pk, ended_at=None).exclude(problem="")
        if not rows.update(problem="", tries=0):
            raise Problem("This app is not being disconnected, or that goes on by itself.")
        record(actor, "instance.disconnect_resumed", instance)
        disconnecting.put_in_queue(instance.pk)


def disconnect_progress(instance: AppInstance) -> DisconnectProgress | None:
    """Where a disconnection stands; None where none was asked for."""
    row = Disconnection.objects.filter(pk=instance.pk).first()
    if row is None:
        return None
    return DisconnectProgress(
        _sentence(row), row.deleted_rows, row.total_rows, row.vendor_problem, bool(row.ended_at), row.problem
    )


def _sentence(row: Disconnection) -> str:
    if row.ended_at:
        return f"Disconnected; what was read {'is deleted' if row.is_data_deleted else 'stays'}."
    if not row.revoked_at:
        return "Telling the app that the connection ends."
    if row.is_data_deleted and row.total_rows:
        share = f"{min(row.deleted_rows, row.total_rows):,} of {row.total_rows:,} rows"
        return f"Deleting what was read: {share} are gone."
    return "Forgetting the credentials."


def _idle(instance: AppInstance) -> QuerySet[FeedState]:
    """Rows that no worker holds; what stopped for good stays stopped."""
    rows = FeedState.objects.filter(is_free(timezone.now()), instance=instance)
    return rows.exclude(status=FeedStatus.STOPPED)


def _due_again() -> dict[str, Any]:
    """As if nothing had ever been wrong."""
    return {
        "status": FeedStatus.WAITING, "next_run_at": timezone.now(), "failures": 0, "crashes": 0,
        **runs.NO_ERROR,
    }


def _revive(instance: AppInstance) -> None:
    """What stood still because of an error runs again, but for what the last check found this plan not to offer."""
    FeedState.objects.filter(instance=instance, is_stop_wanted=True).update(is_stop_wanted=False)
    in_trouble = _idle(instance).exclude(error_code="", status=FeedStatus.WAITING)
    in_trouble = in_trouble.exclude(error_code="rate_limited", next_run_at__gt=timezone.now())
    in_trouble.exclude(feed__in=list(instance.unavailable)).update(**_due_again())


def _stop_for_good(instance: AppInstance) -> None:
    """Taking the leases away is what keeps a running slice from writing one page more."""
    FeedState.objects.filter(instance=instance).update(
        status=FeedStatus.STOPPED, is_stop_wanted=True, next_run_at=None, is_mid_run=False, lease_owner="",
        lease_until=None,
    )
    ScanRun.objects.filter(instance=instance, outcome=RunOutcome.RUNNING).update(
        outcome=RunOutcome.STOPPED, ended_at=timezone.now(), slices=F("slices") + 1
    )
