"""One step: recorded before and after its call, never blindly repeated.

After a lost answer or a dead worker the app is asked whether the step took effect (`Step.is_done`), or was taken back
(`Step.undo_is_done`). If not, it is called again only where that is declared harmless; otherwise the outcome is unknown
and waits for a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.base import Action, BadResponse, Client, ConnectorError, Order, RateLimited, StepResult, Unavailable
from portal.governance.claims import DONE_STATES, Claim
from portal.governance.models import GovernanceAction
from portal.governance.store import DatabaseStore
from portal.governance.targets import target_of


class OutcomeUnknown(Exception):
    """A call may or may not have taken effect, and the app could not tell."""


@dataclass(frozen=True)
class Call:
    """One step of the action, or one step taken back."""

    name: str
    run: Callable[[Client, Order], StepResult]
    is_done: Callable[[Client, Order], bool] | None
    is_repeatable: bool


def calls(row: GovernanceAction, action: Action) -> Iterator[Call]:
    """The steps in order; for an undo, what was done of the original, backwards."""
    if row.reverts is None:
        for step in action.steps:
            yield Call(step.name, step.run, step.is_done, step.is_repeatable)
        return
    done = {entry["name"] for entry in row.reverts.steps if entry["state"] in DONE_STATES}
    for step in reversed(action.steps):
        if step.undo is not None and step.name in done:
            yield Call(step.name, step.undo, step.undo_is_done, step.undo_is_repeatable)


def order_of(row: GovernanceAction) -> Order:
    """What the connector's functions are handed. An undo sees the results of what it takes back, and the bytes that it
    kept; so does the deletion of what it holds."""
    source = row.reverts or row
    held = results_of(row.deletes) if row.deletes else {}
    keeper = row.deletes or source
    return Order(target_of(row), row.params, results_of(source), held, source.notice, DatabaseStore(keeper))


def results_of(row: GovernanceAction) -> dict[str, StepResult]:
    """By the names of the steps that were begun."""
    return {entry["name"]: entry.get("result", {}) for entry in row.steps}


def perform(claim: Claim, call: Call, client: Client) -> None:
    """Bring one step to its end. Raises a ConnectorError, OutcomeUnknown or LeaseLost."""
    state = claim.step_state(call.name)
    if state in DONE_STATES:
        return
    if state == "started" and _is_settled(claim, call, client):
        return
    order = order_of(claim.row)
    claim.note(call.name, "started")
    try:
        result = call.run(client, order)
    except (Unavailable, BadResponse) as error:
        if isinstance(error, Unavailable) and not error.is_sent:
            claim.forget(call.name)
            raise
        if _is_settled(claim, call, client):
            return
        raise
    except ConnectorError:
        claim.forget(call.name)  # the app refused: the step certainly did not happen
        raise
    claim.note(call.name, "done", dict(result))


def _is_settled(claim: Claim, call: Call, client: Client) -> bool:
    """After a lost answer: True when the app says it was done, False when the step may be called again."""
    if call.is_done is not None and _says_done(claim, call, client):
        claim.note(call.name, "found_done")
        return True
    if not call.is_repeatable:
        raise OutcomeUnknown
    return False


def _says_done(claim: Claim, call: Call, client: Client) -> bool:
    """Ask the app. A vendor that cannot answer now is asked again later, where repeating is harmless."""
    assert call.is_done is not None  # noqa: S101  for the type checker; the only caller has looked
    try:
        return call.is_done(client, order_of(claim.row))
    except (RateLimited, Unavailable):
        if call.is_repeatable:
            raise
        raise OutcomeUnknown from None
    except ConnectorError as error:
        raise OutcomeUnknown from error
