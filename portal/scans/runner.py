"""Reading a feed in slices, and choosing which feeds of an instance are read next.

A task reads for some seconds and commits pages with the cursor that follows them; then it makes room and enqueues
whatever is due, itself included. A worker that dies leaves a lease that ends and a cursor to go on from.
"""

import logging
import time
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Min
from django.utils import timezone

from connectors.base import Client, ConnectorError, Feed, NotAvailable
from portal import patience
from portal.instances import connecting
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance, State
from portal.inventory import statistics
from portal.leases import LeaseLost, is_free, reserve
from portal.queue import enqueue
from portal.scans import budgets, partitions, runs, sweeps, troubles
from portal.scans.gathering import in_batches
from portal.scans.leases import Held, claim, give_back
from portal.scans.models import VANISHED, FeedState, FeedStatus, ScanRun
from portal.scans.pace import Pace, Slice
from portal.scans.plan import ensure_states, feeds_of, held_back, is_readable
from portal.scans.remembered import Changed, Pages
from portal.scans.turns import Turns

logger = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
AT_ONCE = 4
"""Feeds and partitions of one instance that are read or queued at the same time."""
AT_ONCE_PER_APP = 40
"""The same of all instances of one app: its vendor may be slow for all of them, and the other apps want to be read."""
LOOKED_AT = 20
"""Instances that are looked at for something to read when an app has little room left."""


def run_feed(feed_state_id: int, ticket: str = "") -> None:
    """The task. A doubled or late one finds nothing to claim and leaves; so does a worker that lost its lease."""
    state = FeedState.objects.select_related("instance").filter(pk=feed_state_id).first()
    if state is None:
        return
    held = claim(feed_state_id, ticket) if _may_run(state) else None
    if held is None:
        _leave(state, ticket)
        return
    try:
        _run(held)
    except LeaseLost:
        logger.warning("feed %s of instance %s was taken over or stopped", state.feed, state.instance_id)


def dispatch(instance: AppInstance) -> None:
    """Enqueue what is due and has room. Called as often as one likes: what is enqueued or held is left alone."""
    crowded = AT_ONCE_PER_APP - _active_in(instance.app_id, timezone.now()) < AT_ONCE
    found = _of_longest_waiting(instance.app_id) if crowded else candidates(instance)
    # In one order everywhere: two workers that end at the same moment then queue up for a row, not crosswise.
    for feed_state_id in sorted(found):
        put_in_queue(feed_state_id)


def put_in_queue(feed_state_id: int) -> None:
    """One task for one feed, unless it has one."""
    with transaction.atomic():
        ticket = reserve(FeedState.objects.filter(pk=feed_state_id))
        if ticket:
            enqueue(run_feed, feed_state_id, ticket)


def candidates(instance: AppInstance) -> list[int]:
    """The feeds and partitions to start now, as many as there is room for.

    Feeds take turns, so that one with thousands of partitions does not keep the others waiting; who is due longest
    goes first, and in a first scan who comes first in the connector.
    """
    instance.refresh_from_db(fields=["state", "unavailable"])
    if not is_readable(instance):
        return []
    now = timezone.now()
    rows = FeedState.objects.filter(instance=instance)
    active = list(rows.filter(lease_until__gte=now).values_list("feed", flat=True))
    room = min(AT_ONCE - len(active), AT_ONCE_PER_APP - _active_in(instance.app_id, now))
    if room <= 0:
        return []
    due = rows.filter(is_free(now), next_run_at__lte=now, is_stop_wanted=False).exclude(status=FeedStatus.STOPPED)
    names = set(due.values_list("feed", flat=True).distinct()) - held_back(instance).keys()
    names -= instance.unavailable.keys()
    names -= budgets.resting_feeds(connector_of(instance), budgets.resting(instance))
    queue: list[tuple[int, object, int, int]] = []
    for name in names:
        first = due.filter(feed=name).order_by("next_run_at", "pk").values_list("next_run_at", "position", "pk")[:room]
        queue += [(active.count(name) + turn, *row) for turn, row in enumerate(first)]
    return [pk for *_, pk in sorted(queue)[:room]]


def _leave(state: FeedState, ticket: str) -> None:
    """Nothing to do here now; others may have waited for the place."""
    with transaction.atomic():
        if give_back(state.pk, ticket):
            dispatch(state.instance)


def _of_longest_waiting(app_id: str) -> list[int]:
    """One feed of each of the app's instances that wait longest, as many as the app has room for."""
    now = timezone.now()
    room = AT_ONCE_PER_APP - _active_in(app_id, now)
    due = FeedState.objects.filter(
        is_free(now), instance__app_id=app_id, instance__state=State.CONNECTED, next_run_at__lte=now,
        is_stop_wanted=False,
    ).exclude(status=FeedStatus.STOPPED)
    waiting = due.values("instance_id").annotate(since=Min("next_run_at")).order_by("since", "instance_id")
    found: list[int] = []
    for row in waiting[:LOOKED_AT]:
        if len(found) >= room:
            break
        found += candidates(AppInstance.objects.get(pk=row["instance_id"]))[:1]
    return found


def _active_in(app_id: str, now: datetime) -> int:
    return FeedState.objects.filter(instance__app_id=app_id, lease_until__gte=now)[:AT_ONCE_PER_APP].count()


def _may_run(state: FeedState) -> bool:
    is_wanted = state.feed not in state.instance.unavailable
    return is_readable(state.instance) and is_wanted and state.feed not in held_back(state.instance)


def _run(held: Held) -> None:
    if troubles.has_crashed_too_often(held):
        return
    feed = next((each for each in feeds_of(held.state.instance) if each.name == held.state.feed), None)
    if feed is None:
        held.release(status=FeedStatus.WAITING)
        ensure_states(held.state.instance)
        return
    try:
        _work(held, feed)
    except LeaseLost:
        raise
    except (OperationalError, InterfaceError) as error:
        if not patience.was_too_short(error):
            # A database in trouble is nobody's mistake here: the lease ends, and another worker goes on.
            raise
        with transaction.atomic():
            troubles.waited_in_vain(held, error)
            dispatch(held.state.instance)
    except ConnectorError as error:
        with transaction.atomic():
            troubles.settle(held, feed, error)
            dispatch(held.state.instance)
    except Exception as error:
        with transaction.atomic():
            troubles.broke(held, error)
            dispatch(held.state.instance)


def _work(held: Held, feed: Feed) -> None:
    turns, ends_at = Turns(), time.monotonic() + SLICE_SECONDS
    if held.state.sweep_began_at:
        _end(held, feed, runs.begin(held, feed), turns, ends_at)
        return
    if runs.begins_full(held.state, feed) and not held.state.is_mid_run and not held.state.partition:
        # Whoever lost rights sees less, and a list that is only shorter looks complete: nothing may be swept by it.
        connecting.recheck(held.state.instance)
        _refuse_not_offered(held)
    if feed.partitions is not None and not held.state.partition:
        _plan(held, feed)
        return
    run = runs.begin(held, feed)
    known = Pages(held.state)
    client = client_for(held.state.instance, known)
    pace = Pace(held, feed, run, client, ends_at)
    with pace.counting():
        how = _read(held, feed, run, client, known, pace, turns)
    if how is Slice.DONE:
        _end(held, feed, run, turns, ends_at)
    else:
        _pause(held, run, how, pace.rests_until)


def _end(held: Held, feed: Feed, run: ScanRun, turns: Turns, ends_at: float) -> None:
    """Everything was read: what a full pass did not list is swept, and then the run is over."""
    how = sweeps.sweep(held, feed, run, turns, ends_at) if held.state.is_full_pass else Slice.DONE
    if how is not Slice.DONE:
        _pause(held, run, how)
        return
    with transaction.atomic():
        if held.state.error_code == VANISHED:
            runs.end_vanished(held, run)
        else:
            runs.finish(held, feed, run)
        dispatch(held.state.instance)
    statistics.keep()


def _pause(held: Held, run: ScanRun, how: Slice, rests_until: datetime | None = None) -> None:
    with transaction.atomic():
        if how is Slice.CUT:
            runs.cut(held, run, rests_until)
        else:
            runs.halt(held, run)
        dispatch(held.state.instance)
    statistics.keep()


def _refuse_not_offered(held: Held) -> None:
    instance = held.state.instance
    instance.refresh_from_db(fields=["unavailable"])
    if held.state.feed in instance.unavailable:
        raise NotAvailable(instance.unavailable[held.state.feed])


def _plan(held: Held, feed: Feed) -> None:
    found = partitions.listed(held, feed, client_for(held.state.instance))
    with transaction.atomic():
        partitions.plan(held, feed, found)
        dispatch(held.state.instance)


def _read(
    held: Held, feed: Feed, run: ScanRun, client: Client, known: Pages, pace: Pace, turns: Turns
) -> Slice:
    """Pages until there are none, the slice is over, or somebody wants it to stop."""
    noting = runs.noting_of(held.state.instance, feed=feed.name, partition=held.state.partition)
    pages = pace.followed(feed.pages(client, held.state.cursor, held.state.partition))
    for batch in in_batches(pages, lambda: pace.is_slice_over):
        try:
            with turns.taken():
                runs.keep(held, run, batch, known, noting)
        except Changed as changed:
            known.forget(changed.key)
            return Slice.CUT
        for page in batch:
            if page.when_stored:
                page.when_stored()
        if held.is_stop_wanted():
            return Slice.HALTED
        # Without a cursor there is nothing to go on from.
        if pace.is_slice_over and batch[-1].cursor is not None:
            return Slice.CUT
    return Slice.DONE
