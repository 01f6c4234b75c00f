"""Carrying actions out as the portal does: step by step, each with the results of those before."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, replace

from connectors.base import Action, Client, Gone, Order, Record, StepResult, TargetGone, Unavailable
from connectors.base.auth import forget
from tests.connectors.conformance.bench import Bench, Trial
from tests.connectors.conformance.reading import key_of, records_of
from tests.sandbox.exchange import Exchange


def carry_out(action: Action, order: Order, client: Client) -> Order:
    """All steps; the order comes back with their results."""
    for step in action.steps:
        order = replace(order, results={**order.results, step.name: dict(step.run(client, order))})
    return order


def take_back(action: Action, order: Order, client: Client, *, is_repeated: bool = False) -> None:
    """The undo of each step that has one, backwards; `order` holds the results of what is taken back. A second time
    only where that is declared harmless. The app must say that it was done, where it can be asked."""
    for step in reversed(action.steps):
        if step.undo and (step.undo_is_repeatable or not is_repeated):
            step.undo(client, order)
            assert step.undo_is_done is None or step.undo_is_done(client, order), f"{step.name} is not undone"


def trials(bench: Bench) -> Iterator[tuple[Trial, Action, Order]]:
    """Each trial on a simulator that is back at its seed, or what `shorten` leaves of it."""
    for trial, order in zip(bench.trials, bench.orders, strict=True):
        bench.begin(is_short=True)
        yield trial, bench.connector.action(trial.action), order


def again(run: Callable[[Client, Order], StepResult], client: Client, order: Order) -> None:
    """A step that was done is asked for once more; that its target is gone is an answer, too."""
    with suppress(TargetGone):
        run(client, order)


def changing_calls(bench: Bench, calls: list[Exchange]) -> list[int]:
    """Which of the calls change something."""
    return [number for number, call in enumerate(calls) if not bench.only_reads(call)]


def carry_on(action: Action, order: Order, make_client: Callable[[], Client]) -> None:
    """As the portal goes on after a lost answer: a step that is done is not repeated, nor one that must not be."""
    for step in action.steps:
        try:
            result = dict(step.run(make_client(), order))
        except Unavailable as lost:
            if not lost.is_sent:
                raise AssertionError(f"{step.name} is said never to have reached the app") from lost
            is_done = step.is_done is not None and step.is_done(make_client(), order)
            assert is_done or step.is_repeatable, f"nobody can tell whether {step.name} was done"
            result = {} if is_done else dict(step.run(make_client(), order))
        order = replace(order, results={**order.results, step.name: result})


def untruths(bench: Bench, trial: Trial, records: list[Record]) -> list[str]:
    """Where what was read back differs from what the feeds list now. It may know more, never less."""
    told = [(each.kind if isinstance(each, Gone) else type(each), each.id) for each in records]
    kinds = {kind for kind, _ in told}
    feeds = [feed for feed in bench.feeds_of(trial.action) if kinds & set(feed.records)]
    now = {key_of(record): record for record in records_of(feeds, bench.client())}
    found = [] if (trial.target, trial.target_id) in told else ["it says nothing about the target"]
    for record in records:
        if isinstance(record, Gone):
            found += [f"{record} is still listed"] if (record.kind.__name__, record.id) in now else []
        elif key_of(record) not in now:
            found.append(f"{key_of(record)} is not listed")
        else:
            found += _lost(now[key_of(record)], record)
    return found


def _lost(listed: Record, told: Record) -> Iterator[str]:
    for field in fields(listed):
        known, said = getattr(listed, field.name), getattr(told, field.name)
        if field.name != "raw" and known not in ("", None, ()) and known != said:
            yield f"{key_of(listed)}: {field.name} is {known!r}, read back as {said!r}"


def every_use(bench: Bench) -> list[Exchange]:
    """Whatever the connector can do is done once; the calls it took."""
    connector, client = bench.connector, bench.client()
    connector.check(client)
    list(records_of(bench.every_feed, client))
    exchanges = list(bench.sandbox.requests)
    for trial, action, order in trials(bench):
        client = bench.client()
        if action.refuse:
            action.refuse(client, order)
        if action.preview:
            action.preview(client, order)
        done = carry_out(action, order, client)
        list(action.read_back(client, done))
        [step.is_done(client, done) for step in action.steps if step.is_done]
        if trial.is_undone:
            take_back(action, done, client)
        exchanges += bench.sandbox.requests
    scheme = connector.method(bench.method_id).scheme
    if scheme.revoke is not forget:
        scheme.revoke(bench.client().setup)
        exchanges.append(bench.sandbox.requests[-1])
    return exchanges
