"""What goes wrong with single calls, and which of the nine errors a connector makes of it."""

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from connectors.base import (
    Action,
    BadResponse,
    Client,
    ConnectorError,
    CredentialsRejected,
    Feed,
    NotAvailable,
    Order,
    Page,
    PermissionMissing,
    RateLimited,
    Tenant,
    Unavailable,
)
from tests.connectors.conformance.acting import carry_out, take_back, trials
from tests.connectors.conformance.bench import Bench
from tests.connectors.conformance.reading import pages_of
from tests.sandbox.exchange import Exchange
from tests.sandbox.faults import FaultKind

PAUSE_S = 37
PAUSES = range(PAUSE_S - 15, PAUSE_S + 3)
"""Simulators count from their clock, which stands still, answers are dated by the server's, which does not."""
HELD_S = 1.0


@dataclass(frozen=True, slots=True)
class Blow:
    """One way to fail. `is_of_body`: the status is a success; only who reads the body can tell. `is_lasting`: all calls
    from then on fail so, those for another token, too."""

    name: str
    kind: FaultKind
    errors: tuple[type[ConnectorError], ...]
    is_of_body: bool = False
    is_lasting: bool = False

    def __str__(self) -> str:
        return self.name


BLOWS = (
    Blow("401", FaultKind.UNAUTHORIZED, (CredentialsRejected,), is_lasting=True),
    Blow("403", FaultKind.UNAUTHORIZED, (PermissionMissing, NotAvailable)),
    Blow("429", FaultKind.RATE_LIMIT, (RateLimited,)),
    Blow("secondary limit", FaultKind.SECONDARY_RATE_LIMIT, (RateLimited,)),
    Blow("500", FaultKind.SERVER_ERROR, (Unavailable,)),
    Blow("time-out", FaultKind.TIMEOUT, (Unavailable,)),
    Blow("reset", FaultKind.RESET, (Unavailable,)),
    Blow("cut off", FaultKind.TRUNCATED, (BadResponse,), is_of_body=True),
    Blow("web page", FaultKind.HTML, (BadResponse,), is_of_body=True),
    Blow("wrong shape", FaultKind.WRONG_SHAPE, (BadResponse,), is_of_body=True),
)


@dataclass(frozen=True, slots=True)
class Job:
    """Something a connector does in one go. `prepare` is done before it, undisturbed.

    `is_changing`: it changes the app, so that each run wants the simulator as it was.
    """

    name: str
    run: Callable[[Client], object]
    prepare: Callable[[], object] = lambda: None
    is_changing: bool = False


def jobs_of(bench: Bench) -> list[Job]:
    """Everything: the check, each feed, each function of each action."""
    connector = bench.connector
    jobs = [Job("check", connector.check)]
    jobs += [Job(f"feed {feed.name}", partial(_read, feed)) for feed in bench.struck_feeds]
    for trial, action, order in trials(bench):
        if not trial.is_struck:
            continue
        jobs += _ActionJobs(bench, action, order).jobs(str(trial), trial.is_undone)
    return jobs


def _read(feed: Feed, client: Client) -> list[Page]:
    return pages_of(feed, client)


@dataclass
class _ActionJobs:
    """The functions of an action. Some want it done before; `done` is the order with its results."""

    bench: Bench
    action: Action
    order: Order
    done: Order | None = None

    def jobs(self, name: str, is_undone: bool) -> list[Job]:
        found = [Job(name, self._do, is_changing=True), Job(f"{name}, read back", self._read_back, self._prepare)]
        found += [
            Job(f"{name}, {step.name} done?", partial(self._ask, number), self._prepare)
            for number, step in enumerate(self.action.steps)
            if step.is_done
        ]
        if is_undone:
            found.append(Job(f"{name}, undo", self._undo, self._prepare, is_changing=True))
        if self.action.refuse:
            found.append(Job(f"{name}, refuse", self._refuse))
        if self.action.preview:
            found.append(Job(f"{name}, preview", self._preview))
        return found

    def _prepare(self) -> None:
        self.done = carry_out(self.action, self.order, self.bench.client())

    def _do(self, client: Client) -> object:
        return carry_out(self.action, self.order, client)

    def _read_back(self, client: Client) -> object:
        return list(self.action.read_back(client, self._made()))

    def _ask(self, number: int, client: Client) -> object:
        is_done = self.action.steps[number].is_done
        return is_done(client, self._made()) if is_done else None

    def _undo(self, client: Client) -> object:
        take_back(self.action, self._made(), client)
        return self.bench.state()

    def _refuse(self, client: Client) -> object:
        return self.action.refuse(client, self.order) if self.action.refuse else None

    def _preview(self, client: Client) -> object:
        return self.action.preview(client, self.order) if self.action.preview else None

    def _made(self) -> Order:
        assert self.done is not None
        return self.done


def strike_each_call(bench: Bench, job: Job, blow: Blow) -> Iterator[str]:
    """The job once for each of its calls, that call struck: a sentence on what is wrong, '' where nothing is."""
    _prepare(bench, job)
    undisturbed, calls = _run(bench, job, None, 0)
    for number, call in enumerate(calls):
        if not blow.is_of_body or _is_read(call):
            if job.is_changing:
                _prepare(bench, job)
            outcome, _ = _run(bench, job, blow, number)
            wrong = _wrong(bench, blow, undisturbed, outcome)
            yield f"{job.name}, call {number} ({call.method} {call.path}): {wrong}" if wrong else ""


def _prepare(bench: Bench, job: Job) -> None:
    bench.begin()
    bench.shorten()
    job.prepare()


def _run(bench: Bench, job: Job, blow: Blow | None, number: int) -> tuple[object, list[Exchange]]:
    """What came of it, an error included, and the calls it took."""
    before = len(bench.sandbox.requests)
    bench.sandbox.faults.clear()
    if blow:
        times = None if blow.is_lasting else 1
        bench.sandbox.faults.add(blow.kind, times=times, after=number, seconds=HELD_S, retry_after=PAUSE_S)
    is_held = blow is not None and blow.kind is FaultKind.TIMEOUT
    try:
        outcome = job.run(bench.client(hasty=number if is_held else -1))
    except Exception as error:  # judged by the caller, whatever it is
        outcome = error
    if is_held:
        _wait_for_call(bench, before + number)
    return outcome, bench.sandbox.requests[before:]


def _wait_for_call(bench: Bench, number: int) -> None:
    """Until the call that was given up has arrived: it must not meet the next run."""
    ends_at = time.monotonic() + 5
    while len(bench.sandbox.requests) <= number and time.monotonic() < ends_at:
        time.sleep(0.002)


def _is_read(call: Exchange) -> bool:
    """Whether the body of the call's answer tells something."""
    return call.status == 200 and (call.method == "GET" or call.path.endswith("/graphql"))


def _wrong(bench: Bench, blow: Blow, undisturbed: object, outcome: object) -> str:
    if isinstance(outcome, Exception):
        return _wrong_error(bench, blow, outcome)
    if blow.is_of_body and outcome == undisturbed:
        return ""  # nobody wanted to know what the answer says
    if blow.name == "403" and isinstance(outcome, Tenant) and isinstance(undisturbed, Tenant):
        return "" if outcome.missing or outcome.unavailable else "the check does not tell of the refusal"
    return "no error"


def _wrong_error(bench: Bench, blow: Blow, error: Exception) -> str:
    told = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    if not isinstance(error, ConnectorError) or not isinstance(error, blow.errors):
        return f"{type(error).__name__}: {error}"
    if isinstance(error, RateLimited) and int(error.retry_after) not in PAUSES:
        return f"asks for a pause of {error.retry_after} seconds instead of {PAUSE_S}"
    if any(secret in told for secret in bench.secret_texts()):
        return "the error shows a secret"
    if "?" in str(error) or "<" in str(error):
        return f"the message shows a query string or a body: {error}"
    if not error.message.endswith("."):
        return f"the message is no sentence: {error.message}"
    return ""
