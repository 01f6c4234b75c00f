"""Carrying an action out: claimed once, brought to an end (done, failed or unknown), and read back from the app."""

import logging
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from connectors.base import (
    Action,
    BadResponse,
    Client,
    Conflict,
    ConnectorError,
    CredentialsRejected,
    RateLimited,
    Unavailable,
)
from portal import patience
from portal.governance import quarantine
from portal.governance.catalogue import instance_obstacle, may_still
from portal.governance.claims import Claim, claim, kept_alive
from portal.governance.models import ActionState, GovernanceAction
from portal.governance.steps import OutcomeUnknown, calls, order_of, perform
from portal.governance.targets import row_of
from portal.instances import health
from portal.instances.clients import client_for, connector_of
from portal.inventory import store
from portal.inventory.homes import homes
from portal.leases import LeaseLost
from portal.queue import enqueue

logger = logging.getLogger(__name__)

MOST_TRIES = 6
RETRY_AFTER = timedelta(seconds=60)
LOCKED_FOR = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""After the first try, the second, and so on: somebody who has a file open closes it in minutes or in the evening."""
BUSY_FOR = timedelta(seconds=30)
"""After the database was waited for in vain."""
FORGOTTEN_AFTER = timedelta(seconds=90)
"""A queued action without a task for so long is enqueued again."""
REVIVED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Ending:
    """How a try ended. `wait` set: not ended, tried again after it."""

    state: ActionState
    code: str = ""
    problem: str = ""
    remedy: str = ""
    wait: timedelta | None = None


UNKNOWN = Ending(
    ActionState.UNKNOWN,
    "unknown",
    "The app's answer was lost, so it is not known whether it did this.",
    "Look at the target in the app. Try again only if it was not done.",
)
BUSY = Ending(
    ActionState.FAILED, "database_busy", "Gatehouse's own database was busy with something else.", wait=BUSY_FOR
)


def run_action(action_id: int) -> None:
    """The task. A doubled or late task finds nothing to claim and leaves.

    A database in trouble is nobody's mistake here. What waited for it in vain is put back; where nothing can be written
    any more the lease ends, and another worker goes on. Either way a step that was begun is asked about first.
    """
    held = claim(action_id)
    if held is None:
        return
    try:
        with kept_alive(held):
            _carry_out(held)
    except LeaseLost:
        logger.warning("governance action %s was taken over by another worker", action_id)
    except (OperationalError, InterfaceError) as error:
        if not patience.was_too_short(error):
            raise
        said = str(error).partition("\n")[0][:200]
        logger.warning("governance action %s is put back: %s", action_id, said)
        _put_back(held)


def revive() -> None:
    """Each minute: actions that are due again, lost their task, or whose worker died. Those of a batch that were not
    begun are left to bulk_jobs.py."""
    now = timezone.now()
    is_due = Q(state=ActionState.QUEUED, next_try_at__lte=now)
    is_forgotten = Q(state=ActionState.QUEUED, next_try_at=None, batch=None, requested_at__lt=now - FORGOTTEN_AFTER)
    is_orphan = Q(state=ActionState.RUNNING, lease_until__lt=now)
    waiting = GovernanceAction.objects.filter(is_due | is_forgotten | is_orphan).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)[:REVIVED_AT_ONCE]):
        enqueue(run_action, pk, cluster="actions")


def _carry_out(held: Claim) -> None:
    row = held.row
    held.write(tries=row.tries + 1, started_at=row.started_at or timezone.now(), notice=quarantine.notice_of(row))
    if row.tries > MOST_TRIES:
        # Its worker died again and again, perhaps while the target was read back: nothing of it is tried once more.
        _end(held, UNKNOWN)
        return
    try:
        action = connector_of(row.instance).action(row.action_name)
    except KeyError:
        _end(held, Ending(ActionState.FAILED, "no_connector", "Its connector is no longer installed."))
        return
    hindered = _hindered(row)
    if hindered is not None:
        _end(held, hindered)
        return
    quarantine.note_begun(row)
    client = client_for(row.instance)
    ending = _try(held, action, client)
    if ending.wait is not None and row.tries < MOST_TRIES:
        _wait(held, ending, ending.wait)
        return
    if ending.wait is not None:
        ending = _given_up(held, ending)
    _read_back(row, action, client)
    _end(held, ending)


def _try(held: Claim, action: Action, client: Client) -> Ending:
    """One try of all steps that are not done yet."""
    try:
        refusal = _refusal(held.row, action, client)
        if refusal:
            return Ending(ActionState.FAILED, "refused", refusal, "Nothing was changed.")
        for call in calls(held.row, action):
            perform(held, call, client)
    except OutcomeUnknown:
        return UNKNOWN
    except ConnectorError as error:
        return _ending_of(held, error)
    except (LeaseLost, OperationalError, InterfaceError):
        raise
    except Exception:
        reference = secrets.token_hex(4)
        logger.exception("governance action %s broke, reference %s", held.row.pk, reference)
        words = f"Gatehouse made a mistake while doing this (reference {reference})."
        return Ending(ActionState.UNKNOWN, "broken", words, "Look at the target in the app, and report the reference.")
    return Ending(ActionState.DONE)


def _hindered(row: GovernanceAction) -> Ending | None:
    """Before the first step: what has changed since this was asked for. What was begun is brought to its end."""
    if row.steps:
        return None
    sentence = instance_obstacle(row.instance)
    if sentence:
        return Ending(ActionState.FAILED, "not_connected", sentence, "Nothing was changed. Try again afterwards.")
    if not may_still(row):
        words = "Whoever asked for this may no longer do so."
        return Ending(ActionState.FAILED, "not_allowed", words, "Nothing was changed. Try again if it is still wanted.")
    return None


def _refusal(row: GovernanceAction, action: Action, client: Client) -> str:
    """Before the first step the connector may refuse the target, in words."""
    if row.steps or row.reverts_id or action.refuse is None:
        return ""
    return action.refuse(client, order_of(row))


def _ending_of(held: Claim, error: ConnectorError) -> Ending:
    words = " ".join(part for part in (error.message, error.why) if part)
    if isinstance(error, RateLimited):
        return Ending(ActionState.FAILED, error.code, words, error.remedy, timedelta(seconds=error.retry_after))
    if isinstance(error, Conflict):
        pause = LOCKED_FOR[min(held.row.tries, len(LOCKED_FOR)) - 1]
        return Ending(ActionState.FAILED, error.code, words, error.remedy, pause)
    if isinstance(error, Unavailable):
        return Ending(ActionState.FAILED, error.code, words, error.remedy, RETRY_AFTER)
    if isinstance(error, CredentialsRejected):
        health.mark_attention(held.row.instance, error)
    if isinstance(error, BadResponse) and held.is_any_step_open():
        return replace(UNKNOWN, problem=f"{words} It is not known whether it did this.")
    return Ending(ActionState.FAILED, error.code, words, error.remedy)


def _given_up(held: Claim, ending: Ending) -> Ending:
    if held.is_any_step_open():
        return UNKNOWN
    return Ending(ActionState.FAILED, ending.code, f"{ending.problem} It was tried {MOST_TRIES} times.", ending.remedy)


def _put_back(held: Claim) -> None:
    """After the database was waited for in vain, but not for ever. Raises LeaseLost."""
    held.row.refresh_from_db()  # what was written last is not in the database
    if held.row.tries < MOST_TRIES:
        _wait(held, BUSY, BUSY_FOR)
    elif held.row.steps:
        words = f"{BUSY.problem} It was tried {MOST_TRIES} times, and it is not known how far this came."
        _end(held, replace(UNKNOWN, problem=words))
    else:
        words = f"{BUSY.problem} It was tried {MOST_TRIES} times."
        _end(held, Ending(ActionState.FAILED, BUSY.code, words, "Nothing was changed. Try again later."))


def _wait(held: Claim, ending: Ending, delay: timedelta) -> None:
    """Tried again at its time, visibly. A vendor's pause is no failed try."""
    tries = held.row.tries - 1 if ending.code == RateLimited.code else held.row.tries
    held.write(
        tries=tries,
        state=ActionState.QUEUED, next_try_at=timezone.now() + delay, problem_code=ending.code, problem=ending.problem,
        remedy="It is tried again by itself.", lease_until=None, lease_owner="",
    )


def _end(held: Claim, ending: Ending) -> None:
    with transaction.atomic():
        held.write(
            state=ending.state, ended_at=timezone.now(), next_try_at=None, problem_code=ending.code,
            problem=ending.problem, remedy=ending.remedy, lease_until=None, lease_owner="",
        )
        if ending.state is ActionState.DONE:
            quarantine.note_done(held.row)


def _read_back(row: GovernanceAction, action: Action, client: Client) -> None:
    """What the app now says of the target goes into the inventory. Where it cannot be read, the next scan does that."""
    known = row_of(row)
    if known is None:
        return
    try:
        records = list(action.read_back(client, order_of(row)))
    except ConnectorError as error:
        logger.info("governance action %s: the target could not be read again: %s", row.pk, error)
        return
    where = homes(connector_of(row.instance), known.feed, known.partition)
    with transaction.atomic():
        store.save_outside_pass(row.instance_id, records, homes=where, now=timezone.now())
