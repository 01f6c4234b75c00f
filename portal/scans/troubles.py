"""What each error means for a feed: one decision for each of a connector's nine; anything else is our own mistake."""

import logging
import random
import secrets
import traceback
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from connectors.base import (
    BadResponse,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    CursorExpired,
    Feed,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    Unavailable,
)
from portal.instances import health
from portal.leases import MOST_CRASHES
from portal.scans import budgets, meters, remembered, runs
from portal.scans.leases import Held
from portal.scans.models import FeedState, FeedStatus
from portal.scans.plan import DAILY

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_PAUSE = timedelta(hours=24)
"""Whatever a vendor asks for, it is asked again after this."""
MOST_MISTAKES = 5
MOST_BAD_ANSWERS = 5
"""In a row: then the cursor itself may be what leads to nonsense, and the run begins anew."""

SHORT_REST = timedelta(seconds=30)

BROKEN = "broken"
DATABASE_BUSY = "database_busy"
WORKER_DIED = "worker_died"


@dataclass(frozen=True, slots=True)
class Effect:
    """`wait` None: only a person starts it again. `goes_on`: the run is not over, it resumes from its cursor."""

    wait: timedelta | None
    status: FeedStatus = FeedStatus.WAITING
    goes_on: bool = False
    is_failure: bool = True
    changes: dict[str, Any] = field(default_factory=dict)


def settle(held: Held, feed: Feed, error: ConnectorError) -> None:
    """Put the feed where the error says, with its sentence. Raises LeaseLost."""
    state = held.state
    if isinstance(error, CredentialsRejected):
        health.mark_attention(state.instance, error)
    if isinstance(error, CursorExpired):
        remembered.forget(state)
    reason = state.instance.unavailable.get(state.feed, "")
    if reason and isinstance(error, PermissionMissing):
        error = NotAvailable(reason)  # the check knows better why it is refused
    if isinstance(error, RateLimited):
        budgets.rest(state.instance, feed, error)
    level = logging.INFO if isinstance(error, RateLimited | Unavailable | Conflict) else logging.WARNING
    logger.log(level, "feed %s of instance %s: %s", state.feed, state.instance_id, error)
    effect = _effect(state, feed, error)
    if state.error_code == NotAvailable.code and isinstance(error, RateLimited | Unavailable | Conflict):
        effect = _still_unavailable(state, effect)
    _put(held, effect, error.code, _words(error), error.remedy)


def broke(held: Held, error: Exception) -> None:
    """An exception that no connector should raise: our mistake. Told with a reference, and not repeated for ever."""
    state, reference = held.state, secrets.token_hex(4)
    # One line of the message: a database's second line quotes the row. No locals: they hold what the vendor sent.
    said = str(error).partition("\n")[0][:200]
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error(
        "feed %s of instance %s broke, reference %s: %s: %s\n%s",
        state.feed, state.instance_id, reference, type(error).__name__, said, where,
    )
    mistakes = _in_a_row(state, BROKEN)
    is_last = mistakes >= MOST_MISTAKES
    effect = Effect(None, FeedStatus.BLOCKED) if is_last else Effect(back_off(mistakes))
    tries = f" It was tried {mistakes} times and is not tried again by itself." if is_last else ""
    words = f"Gatehouse made a mistake while reading this (reference {reference}).{tries}"
    _put(held, effect, BROKEN, words, "Report the reference to whoever runs Gatehouse; its log tells more.")


def waited_in_vain(held: Held, error: Exception) -> None:
    """The database kept a slice waiting for longer than it may be silent: it is put back. Raises LeaseLost."""
    state = held.state
    state.refresh_from_db()  # what was written last is not in the database
    said = str(error).partition("\n")[0][:200]
    logger.warning("feed %s of instance %s is put back: %s", state.feed, state.instance_id, said)
    goes_on = state.is_mid_run or state.sweep_began_at is not None
    effect = Effect(SHORT_REST, goes_on=goes_on, is_failure=False)
    _put(held, effect, DATABASE_BUSY, "The database was busy with something else.", "It goes on by itself.")


def has_crashed_too_often(held: Held) -> bool:
    """Whether claim after claim ended without a page and without a word. Such a feed is blocked."""
    if held.state.crashes <= MOST_CRASHES:
        return False
    words = f"The worker that reads this died {MOST_CRASHES} times in a row, so it is not started again by itself."
    _put(
        held, Effect(None, FeedStatus.BLOCKED), WORKER_DIED, words,
        "Whoever runs Gatehouse can see in the workers' log why (often too little memory); then choose Scan now.",
    )
    return True


def back_off(failures: int) -> timedelta:
    """1, 2, 4 ... 60 minutes, a quarter more or less, so that many feeds do not come back at the same moment."""
    whole = min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)
    return whole * random.uniform(0.75, 1.25)  # noqa: S311  no secret


def _effect(state: FeedState, feed: Feed, error: ConnectorError) -> Effect:
    failures = _in_a_row(state, error.code)
    if isinstance(error, CredentialsRejected):
        return Effect(timedelta(0))
    if isinstance(error, PermissionMissing):
        return Effect(DAILY, FeedStatus.BLOCKED)
    if isinstance(error, NotAvailable):
        return Effect(DAILY, FeedStatus.UNAVAILABLE)
    if isinstance(error, RateLimited):
        pause = timedelta(seconds=min(max(error.retry_after, 1.0), LONGEST_PAUSE.total_seconds()))
        return Effect(pause, goes_on=state.is_mid_run, is_failure=False)
    if isinstance(error, Unavailable | Conflict):
        return Effect(back_off(failures), goes_on=state.is_mid_run)
    if isinstance(error, BadResponse):
        # The cursor stands behind the last good page, so nothing is lost by going on from it.
        return Effect(back_off(failures), goes_on=state.is_mid_run and failures < MOST_BAD_ANSWERS)
    if isinstance(error, CursorExpired):
        # The first time at once; a cursor that expires again and again is waited for.
        wait = timedelta(0) if failures == 1 else back_off(failures)
        return Effect(wait, changes={"cursor": None, "is_full_pass": feed.is_swept})
    return Effect(back_off(failures))


def _still_unavailable(state: FeedState, effect: Effect) -> Effect:
    """An error that passes says nothing new of what the plan does not offer."""
    kept = {"error_code": state.error_code, "error": state.error, "remedy": state.remedy, "failures": state.failures}
    wait = max(effect.wait or LONGEST_WAIT, LONGEST_WAIT)
    return replace(effect, wait=wait, status=FeedStatus.UNAVAILABLE, changes=kept)


def _put(held: Held, effect: Effect, code: str, words: str, remedy: str) -> None:
    state = held.state
    meters.add(state.instance_id, {f"error:{code}": 1})
    if effect.goes_on:
        runs.note(state, code, words)
    else:
        runs.fail(state, code, words)
    values = {
        "status": effect.status,
        "next_run_at": None if effect.wait is None else timezone.now() + effect.wait,
        "is_mid_run": effect.goes_on,
        "failures": _in_a_row(state, code) if effect.is_failure else state.failures,
        "error_code": code,
        "error": words,
        "remedy": remedy,
    }
    held.release(**{**values, **effect.changes})


def _in_a_row(state: FeedState, code: str) -> int:
    return state.failures + 1 if state.error_code == code else 1


def _words(error: ConnectorError) -> str:
    return " ".join(part for part in (error.message, error.why) if part)
