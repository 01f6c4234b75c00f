"""A worker that dies after any call of a file action, and the next one that goes on: no bytes are lost meanwhile.

What is left of a dead worker is what the app holds and what the portal had written down: the results of the parts that
had ended, and which one was begun. So one walk through an action leaves everything that is needed to go on from each
of its calls. Calls that only read leave what the call before them left.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from connectors.base import FINAL, WORDS, Action, ActionFamily, Client, Order, StepResult
from tests.connectors.conformance.acting import trials
from tests.connectors.conformance.bench import Bench, Play, Standing, Trial
from tests.sandbox.simulator import KeepsBytes


@dataclass(frozen=True, slots=True)
class Part:
    """A step, or a step taken back, as the portal calls it."""

    name: str
    run: Callable[[Client, Order], StepResult]
    is_done: Callable[[Client, Order], bool] | None
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class Death:
    """After a call of the part `number`. `order`: with the results that had been written down."""

    number: int
    call: str
    order: Order
    standing: Standing


def file_trials(bench: Bench) -> Iterator[tuple[Trial, Action, Order]]:
    """Those of actions of several steps on files, but what a bench alike has tried already."""
    tried = {trial.action for trial in bench.like.trials} if bench.like else set[str]()
    for trial, action, order in trials(bench):
        is_hard = WORDS[action.kind].family is ActionFamily.FILE and len(action.steps) > 1
        if is_hard and action.name not in tried:
            yield trial, action, order


def forth(action: Action) -> list[Part]:
    return [Part(step.name, step.run, step.is_done, step.is_repeatable) for step in action.steps]


def back(action: Action) -> list[Part]:
    return [
        Part(step.name, step.undo, step.undo_is_done, step.undo_is_repeatable)
        for step in reversed(action.steps)
        if step.undo
    ]


def readable(bench: Bench) -> set[str]:
    """By their hashes, the bytes that can be read somewhere now."""
    held: KeepsBytes = bench.simulator.state
    return held.fingerprints()


@dataclass
class Journey:
    """`parts`, forth or back. `kept`: bytes that must be readable after each call. `is_undo`: it goes back, and each
    part sees the results of what it takes back alone."""

    bench: Bench
    parts: list[Part]
    kept: set[str]
    is_undo: bool = False
    deaths: list[Death] = field(default_factory=list)

    def walk(self, order: Order) -> Order:
        """All parts once, with a death after each call that changes something and after the first call of each part;
        the order comes back with the results."""
        for number, part in enumerate(self.parts):
            client = self._client(partial(self._note, number, order))
            order = self._with(order, part, dict(part.run(client, order)))
        return order

    def go_on(self, death: Death) -> None:
        """The next worker: the part that was begun is asked about, and called again only where that is harmless."""
        self.bench.bring_back(death.standing)
        client, order = self._client(self._look), death.order
        for number, part in enumerate(self.parts[death.number :]):
            is_done = number == 0 and part.is_done is not None and part.is_done(client, order)
            is_harmless = number > 0 or part.is_repeatable
            assert is_done or is_harmless, f"nobody can tell whether {part.name} was done"
            order = self._with(order, part, {} if is_done else dict(part.run(client, order)))

    def _with(self, order: Order, part: Part, result: StepResult) -> Order:
        return order if self.is_undo else replace(order, results={**order.results, part.name: result})

    def _client(self, after_call: Callable[[], None]) -> Client:
        return self.bench.client(play=Play(after_call=after_call))

    def _note(self, number: int, order: Order) -> None:
        self._look()
        call = self.bench.sandbox.requests[-1]
        is_first = not any(death.number == number for death in self.deaths)
        if is_first or not self.bench.only_reads(call):
            self.deaths.append(Death(number, f"{call.method} {call.path}", order, self.bench.standing()))

    def _look(self) -> None:
        lost = self.kept - readable(self.bench)
        assert not lost, f"lost after {self.bench.sandbox.requests[-1].path}: {lost}"


def kept_by(action: Action, bench: Bench) -> set[str]:
    """What it must not lose: nothing, where it means to destroy."""
    return set() if action.kind in FINAL else readable(bench)
