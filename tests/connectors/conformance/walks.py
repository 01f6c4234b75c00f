"""Everything a connector does, done once undisturbed: its calls, their answers, and how the app stood before each.

With that any single call can be made to fail without making those before it again. Calls that are made at the same
place of the connector fail in the same way: one of them is enough.
"""

import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import connectors
from connectors.base import Action, Client, Feed, Order, Page
from tests.connectors.conformance.acting import carry_out, changing_calls, take_back, trials
from tests.connectors.conformance.bench import Bench, Play, Standing
from tests.connectors.conformance.reading import pages_of
from tests.sandbox.exchange import Exchange

CONNECTORS = str(Path(connectors.__file__).parent)


@dataclass(frozen=True, slots=True)
class Job:
    """Something a connector does in one go, where the app stands so."""

    name: str
    start: Standing
    run: Callable[[Client], object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the connector a call is made: the lines of code that wait for it, through which an error would go up,
    and the sort of call: method, host, and path without ids."""

    lines: tuple[tuple[str, int], ...]
    sort: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Walk:
    """A job that was done: what came of it, its calls, where each was made, and how the app stood before it.

    The connection stands there as at the job's start: what was signed in on the way is signed in by the answers told.
    """

    job: Job
    outcome: object
    calls: list[Exchange]
    places: list[Place]
    before: list[Standing]


def walks_of(bench: Bench) -> list[Walk]:
    """Everything: the check, each feed, each function of each action."""
    return [_walked(bench, job) for job in _jobs_of(bench)]


def _walked(bench: Bench, job: Job) -> Walk:
    start, before, lines = job.start, list[Standing](), list[tuple[tuple[str, int], ...]]()
    bench.bring_back(start)

    def look() -> None:
        lines.append(_waiting_lines())
        is_new = before and changing_calls(bench, bench.sandbox.requests[-1:])
        before.append(replace(bench.standing(), secrets=start.secrets) if is_new else (before or [start])[-1])

    outcome = job.run(bench.client(play=Play(before_call=look)))
    calls = list(bench.sandbox.requests)
    places = [Place(waiting, _sort_of(call)) for waiting, call in zip(lines, calls, strict=True)]
    return Walk(job, outcome, calls, places, before)


def _waiting_lines() -> tuple[tuple[str, int], ...]:
    """Of the connectors' code alone, innermost first: file and number."""
    stack = ((frame.f_code.co_filename, number) for frame, number in traceback.walk_stack(None))
    return tuple(line for line in stack if line[0].startswith(CONNECTORS))


def _sort_of(call: Exchange) -> tuple[str, str, str]:
    return call.method, call.host, re.sub(r"[^/]*\d[^/]*", "#", call.path)


def _jobs_of(bench: Bench) -> Iterator[Job]:
    bench.begin(is_short=True)
    start = bench.standing()
    yield Job("check", start, bench.connector.check)
    for feed in bench.struck_feeds:
        yield Job(f"feed {feed.name}", start, partial(_read, feed))
    for trial, action, order in trials(bench):
        if trial.is_struck:
            yield from _of_action(bench, action, order, str(trial), trial.is_undone)


def _of_action(bench: Bench, action: Action, order: Order, name: str, is_undone: bool) -> Iterator[Job]:
    """The functions of an action; some want it done before."""
    start = bench.standing()
    done = carry_out(action, order, bench.client())
    after = bench.standing()
    if action.refuse:
        yield Job(f"{name}, refuse", start, partial(_asked, action.refuse, order))
    if action.preview:
        yield Job(f"{name}, preview", start, partial(_asked, action.preview, order))
    yield Job(name, start, partial(carry_out, action, order))
    yield Job(f"{name}, read back", after, lambda client: list(action.read_back(client, done)))
    for step in action.steps:
        if step.is_done:
            yield Job(f"{name}, {step.name} done?", after, partial(_asked, step.is_done, done))
    if is_undone:
        yield Job(f"{name}, undo", after, partial(_undone, bench, action, done))


def _read(feed: Feed, client: Client) -> list[Page]:
    return pages_of(feed, client)


def _asked(ask: Callable[[Client, Order], object], order: Order, client: Client) -> object:
    return ask(client, order)


def _undone(bench: Bench, action: Action, done: Order, client: Client) -> object:
    take_back(action, done, client)
    return bench.state()
