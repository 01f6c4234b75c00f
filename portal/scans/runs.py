"""One run of a feed: how it begins, keeps pages, is cut, and ends well. A cursor is committed with its rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from connectors.base import Feed, FeedKind, Page, Record
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance
from portal.inventory import store
from portal.inventory.differences import Noting
from portal.inventory.homes import homes
from portal.scans import meters, wanted
from portal.scans.leases import Held
from portal.scans.models import FeedState, FeedStatus, RunOutcome, ScanRun
from portal.scans.plan import cadence, has_activity_log
from portal.scans.remembered import Pages, forget_unused

PASSING = {"unavailable", "conflict", "rate_limited", "bad_response", "database_busy"}
"""What is over as soon as a page comes."""
NO_ERROR = {"error_code": "", "error": "", "remedy": ""}
NOT_SWEEPING: dict[str, Any] = {"sweep_began_at": None, "sweep_told": []}


def begins_full(state: FeedState, feed: Feed) -> bool:
    """Whether the next run lists everything, so that a sweep follows it."""
    return feed.kind is FeedKind.SNAPSHOT or (feed.starts_full and (state.is_full_pass or state.cursor is None))


def begin(held: Held, feed: Feed) -> ScanRun:
    """Start a run, or go on with the one that was cut."""
    state = held.state
    if state.is_mid_run or state.sweep_began_at:
        return open_run(state) or _new_run(state)
    is_full = begins_full(state, feed)
    with transaction.atomic():
        held.write(
            is_mid_run=True,
            is_full_pass=is_full,
            pass_id=state.pass_id + 1 if is_full else state.pass_id,
            cursor=None if is_full else state.cursor,
            run_started_at=timezone.now(),
            run_records=0,
            run_pages=0,
            run_total=None,
        )
        return _new_run(state)


def open_run(state: FeedState) -> ScanRun | None:
    """The run that has not ended."""
    return _runs(state).filter(outcome=RunOutcome.RUNNING).order_by("-pk").first()


def noting_of(instance: AppInstance, **where: str) -> Noting | None:
    """Where the app keeps no log of its own, differences are noted; `where`: feed and partition, whose first pass is
    new all through and notes nothing."""
    if has_activity_log(instance):
        return None
    done = ScanRun.objects.filter(instance=instance, outcome=RunOutcome.DONE, **where).order_by("-started_at").first()
    return Noting(done.started_at) if done else None


def keep(held: Held, run: ScanRun, batch: Sequence[Page], memory: Pages, noting: Noting | None = None) -> None:
    """The pages' rows and the cursor that follows the last, or neither. Raises LeaseLost, and Changed for a page that
    the vendor calls unchanged while its rows are not."""
    state, now = held.state, timezone.now()
    number = sum(map(_size, batch))
    totals = [state.run_total, *(page.total for page in batch if page.total is not None)]
    mended = {"failures": 0, **NO_ERROR} if state.error_code in PASSING else {}
    with transaction.atomic():
        held.write(
            cursor=batch[-1].cursor,
            crashes=0,
            run_records=state.run_records + number,
            run_pages=state.run_pages + len(batch),
            run_total=totals[-1],
            last_page_at=now,
            **mended,
        )
        saved = write(state, [record for page in batch for record in page.records], now, noting)
        for page in batch:
            memory.keep(page, now)
        ScanRun.objects.filter(pk=run.pk).update(
            pages=F("pages") + len(batch), records=F("records") + number, new_rows=F("new_rows") + saved.new
        )


def _size(page: Page) -> int:
    return page.known.size if page.known and page.is_unchanged else len(page.records)


def write(state: FeedState, records: Sequence[Record], now: datetime, noting: Noting | None) -> store.Saved:
    """Of a full pass the rows become the feed's; otherwise those that are known stay where they are listed."""
    if state.is_full_pass:
        return store.save(
            state.instance_id, records, feed=state.feed, partition=state.partition, pass_id=state.pass_id,
            now=now, noting=noting,
        )
    where = homes(connector_of(state.instance), state.feed, state.partition, state.pass_id)
    return store.save_outside_pass(state.instance_id, records, homes=where, now=now, noting=noting)


def cut(held: Held, run: ScanRun, until: datetime | None = None) -> None:
    """The slice is over, the run is not: it goes on as soon as it is its turn again, or at a time. Raises LeaseLost."""
    ScanRun.objects.filter(pk=run.pk).update(slices=F("slices") + 1)
    held.release(status=FeedStatus.WAITING, next_run_at=until or timezone.now())


def count_calls(run: ScanRun, calls: int) -> None:
    """Requests that the run sent since this was last said."""
    if calls:
        ScanRun.objects.filter(pk=run.pk).update(calls=F("calls") + calls)


def count_gone(run: ScanRun, gone: int) -> None:
    """Rows that the sweep has just marked."""
    ScanRun.objects.filter(pk=run.pk).update(gone_rows=F("gone_rows") + gone)


def halt(held: Held, run: ScanRun) -> None:
    """Somebody wants it to stop. It goes on from here when it is resumed. Raises LeaseLost."""
    _close(run, RunOutcome.STOPPED, timezone.now())
    held.release(status=FeedStatus.WAITING, next_run_at=timezone.now())


def finish(held: Held, feed: Feed, run: ScanRun) -> None:
    """Everything was read, and swept if that was a full pass: plan the next run. Raises LeaseLost."""
    state, now = held.state, timezone.now()
    was_full = state.is_full_pass
    held.release(
        status=FeedStatus.WAITING,
        # A partition's next run is planned by its feed, which first looks which partitions there are.
        next_run_at=wanted.after_run(feed, state, now) or _planned(feed, state, now),
        is_mid_run=False,
        is_full_pass=feed.kind is FeedKind.SNAPSHOT,
        cursor=None if feed.kind is FeedKind.SNAPSHOT else state.cursor,
        last_success_at=now,
        failures=0,
        **NOT_SWEEPING,
        **NO_ERROR,
    )
    if was_full:
        forget_unused(state)
    _close(run, RunOutcome.DONE, now)


def end_vanished(held: Held, run: ScanRun) -> None:
    """What was in a partition that the app no longer lists is swept: it stops for good. Raises LeaseLost."""
    held.release(status=FeedStatus.STOPPED, next_run_at=None, is_mid_run=False, **NOT_SWEEPING)
    run.error_code, run.error = held.state.error_code, held.state.error
    _close(run, RunOutcome.STOPPED, timezone.now())


def _planned(feed: Feed, state: FeedState, now: datetime) -> datetime | None:
    return None if state.partition else now + cadence(feed, state.instance)


def fail(state: FeedState, code: str, words: str) -> None:
    """The open run, if any, ended in an error."""
    run = open_run(state)
    if run is not None:
        run.error_code, run.error = code, words
        _close(run, RunOutcome.FAILED, timezone.now())


def note(state: FeedState, code: str, words: str) -> None:
    """The open run met something that passes; it goes on later."""
    _runs(state).filter(outcome=RunOutcome.RUNNING).update(error_code=code, error=words)


def _close(run: ScanRun, outcome: RunOutcome, now: datetime) -> None:
    ScanRun.objects.filter(pk=run.pk).update(
        outcome=outcome, ended_at=now, slices=F("slices") + 1, error_code=run.error_code, error=run.error
    )
    meters.add_run(run)


def _new_run(state: FeedState) -> ScanRun:
    return ScanRun.objects.create(
        instance_id=state.instance_id, feed=state.feed, partition=state.partition, pass_id=state.pass_id,
        started_at=timezone.now(),
    )


def _runs(state: FeedState) -> QuerySet[ScanRun]:
    return ScanRun.objects.filter(instance_id=state.instance_id, feed=state.feed, partition=state.partition)
