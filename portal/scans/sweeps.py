"""The end of a complete pass: what it did not list is marked gone in transactions of some rows each.

The state says that it is being swept and since when, so whoever comes after a worker that died, or after a slice that
was over, goes on with it and reads nothing again. All of its rows and notes carry the moment it began.
"""

import time

from django.db import transaction
from django.utils import timezone

from connectors.base import Feed
from portal.inventory import sweeping
from portal.scans import runs
from portal.scans.leases import Held
from portal.scans.models import ScanRun
from portal.scans.pace import Slice
from portal.scans.turns import Turns


def sweep(held: Held, feed: Feed, run: ScanRun, turns: Turns, ends_at: float) -> Slice:
    """Sweep until nothing is left, or until `ends_at` (of time.monotonic), or until somebody wants it to stop. Raises
    LeaseLost."""
    state = held.state
    whole = sweeping.Pass(state.instance_id, tuple(feed.records), state.feed, state.partition, state.pass_id)
    noting = runs.noting_of(state.instance, feed=state.feed, partition=state.partition)
    for some in sweeping.not_listed(whole):
        now = state.sweep_began_at or timezone.now()
        with turns.taken(), transaction.atomic():
            held.write(sweep_began_at=now, crashes=0)
            swept = sweeping.sweep_some(whole, some, now=now, noting=noting, told=state.sweep_told)
            held.write(sweep_told=sorted(swept.told))
            runs.count_gone(run, swept.gone)
        if held.is_stop_wanted():
            return Slice.HALTED
        if time.monotonic() >= ends_at:
            return Slice.CUT
    return Slice.DONE
