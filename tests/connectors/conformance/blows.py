"""What goes wrong with single calls, and which of the nine errors a connector makes of it."""

import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.base import (
    BadResponse,
    ConnectorError,
    CredentialsRejected,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    Tenant,
    Unavailable,
)
from tests.connectors.conformance.acting import changing_calls
from tests.connectors.conformance.bench import Bench, Play, Standing
from tests.connectors.conformance.walks import Walk
from tests.sandbox.exchange import Exchange
from tests.sandbox.faults import PERFORMED, FaultKind

PAUSE_S = 37
HELD_S = 1.0


@dataclass(frozen=True, slots=True)
class Blow:
    """One way to fail. `is_of_body`: the status is a success; only who reads the body can tell. `is_lasting`: all calls
    from then on fail so, those for another token, too. `is_variant`: of one above it that becomes the same error, which
    is all that a place in the connector hears of; whether it becomes that is asked once for each sort of call."""

    name: str
    kind: FaultKind
    errors: tuple[type[ConnectorError], ...]
    is_of_body: bool = False
    is_lasting: bool = False
    is_variant: bool = False

    def __str__(self) -> str:
        return self.name


BLOWS = (
    Blow("401", FaultKind.UNAUTHORIZED, (CredentialsRejected,), is_lasting=True),
    Blow("403", FaultKind.UNAUTHORIZED, (PermissionMissing, NotAvailable)),
    Blow("429", FaultKind.RATE_LIMIT, (RateLimited,)),
    Blow("secondary limit", FaultKind.SECONDARY_RATE_LIMIT, (RateLimited,), is_variant=True),
    Blow("500", FaultKind.SERVER_ERROR, (Unavailable,)),
    Blow("time-out", FaultKind.TIMEOUT, (Unavailable,), is_variant=True),
    Blow("reset", FaultKind.RESET, (Unavailable,), is_variant=True),
    Blow("wrong shape", FaultKind.WRONG_SHAPE, (BadResponse,), is_of_body=True),
    Blow("cut off", FaultKind.TRUNCATED, (BadResponse,), is_of_body=True, is_variant=True),
    Blow("web page", FaultKind.HTML, (BadResponse,), is_of_body=True, is_variant=True),
)


def strike_each_call(bench: Bench, walks: list[Walk], blow: Blow) -> Iterator[str]:
    """Each job once for each call that it makes at a place of its own, that call struck: a sentence on what is wrong,
    '' where nothing is."""
    standing: Standing | None = None
    struck = set[object]()
    for walk in walks:
        for number, (call, place) in enumerate(zip(walk.calls, walk.places, strict=True)):
            like = place.sort if blow.is_variant else place
            if like in struck or (blow.is_of_body and not _tells(bench, call)):
                continue
            struck.add(like)
            if standing is not walk.before[number]:
                bench.bring_back(walk.before[number])
            outcome = _struck(bench, walk, number, blow)
            wrong = _wrong(bench, blow, call, walk.outcome, outcome)
            yield f"{walk.job.name}, call {number} ({call.method} {call.path}): {wrong}" if wrong else ""
            standing = None if _has_changed(bench, walk.before[number]) else walk.before[number]


def _struck(bench: Bench, walk: Walk, number: int, blow: Blow) -> object:
    """What came of the job, an error included. The calls before this one are not made again: their answers are told
    from the walk, and the app is as it was after them."""
    bench.sandbox.requests.clear()
    bench.sandbox.faults.clear()
    times = None if blow.is_lasting else 1
    bench.sandbox.faults.add(blow.kind, times=times, seconds=HELD_S, retry_after=PAUSE_S)
    is_held = blow.kind is FaultKind.TIMEOUT
    try:
        outcome = walk.job.run(bench.client(play=Play(deque(walk.calls[:number]), is_hasty=is_held)))
    except Exception as error:  # judged by the caller, whatever it is
        outcome = error
    if is_held and not (isinstance(outcome, Unavailable) and not outcome.is_sent):
        _wait_for_call(bench)
    return outcome


def _wait_for_call(bench: Bench) -> None:
    """Until the call that was given up has arrived: it must not meet the next run."""
    ends_at = time.monotonic() + 5
    while not bench.sandbox.requests and time.monotonic() < ends_at:
        time.sleep(0.0005)


def _has_changed(bench: Bench, standing: Standing) -> bool:
    """Whether the run left the app, or what is kept of the connection, as it was not before."""
    done = [each for each in bench.sandbox.requests if not each.fault or FaultKind(each.fault) in PERFORMED]
    return bool(changing_calls(bench, done)) or bench.secrets.read() != standing.secrets


def _tells(bench: Bench, call: Exchange) -> bool:
    """Whether the body of the call's answer tells something."""
    return call.status == 200 and bench.only_reads(call)


def _wrong(bench: Bench, blow: Blow, call: Exchange, undisturbed: object, outcome: object) -> str:
    if isinstance(outcome, Exception):
        return _wrong_error(bench, blow, outcome)
    if blow.is_of_body and outcome == undisturbed:
        return ""  # nobody wanted to know what the answer says
    if blow.name == "403" and isinstance(outcome, Tenant) and isinstance(undisturbed, Tenant):
        return "" if outcome.missing or outcome.unavailable else "the check does not tell of the refusal"
    if blow.name == "403" and call.path in bench.closable:
        return ""
    if RateLimited in blow.errors and isinstance(outcome, Tenant) and call.path in bench.unhurried:
        return ""
    return "no error"


def _wrong_error(bench: Bench, blow: Blow, error: Exception) -> str:
    told = "".join(traceback.format_exception(error, limit=0)) + repr(error) + str(error)
    if not isinstance(error, ConnectorError) or not isinstance(error, blow.errors):
        return f"{type(error).__name__}: {error}"
    if isinstance(error, RateLimited) and error.retry_after != PAUSE_S:
        return f"asks for a pause of {error.retry_after} seconds instead of {PAUSE_S}"
    if any(secret in told for secret in bench.secret_texts()):
        return "the error shows a secret"
    if "?" in str(error) or "<" in str(error):
        return f"the message shows a query string or a body: {error}"
    if not error.message.endswith("."):
        return f"the message is no sentence: {error.message}"
    return ""
