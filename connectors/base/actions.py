"""Actions: what an admin may do in an app, as a row of recorded steps.

    @action(ActionKind.REMOVE_ACCOUNT, Account, label=..., effect=..., undo_effect=..., read_back=...)
    def remove_account(client: Client, order: Order) -> StepResult: ...

An action of one call is a function; one of several calls lists `Step`s with `steps_action`. The portal runs the steps
in order, commits "started" before and the result after each, and so knows after a crash which call may or may not have
reached the app. It then asks `is_done`; a step that is not done is called again only if it `is_repeatable`, else the
action ends as unknown. Taking a step back goes the same way, by `undo_is_done` and `undo_is_repeatable`. A step that
waits for the vendor (a copy that runs on its side) raises RateLimited with the seconds to wait, and is called again
then. After the last step (and after every failure) `read_back` asks the app what is true now, and only that answer
changes the inventory.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Protocol

from connectors.base.capabilities import ActionKind
from connectors.base.fields import Field
from connectors.base.records import Listed, Record

if TYPE_CHECKING:
    from connectors.base.client import Client

StepResult = Mapping[str, Any]
"""JSON-able and free of secrets: it is kept in the governance log and shown there."""


Facts = Mapping[str, Any]
"""What the inventory knows of a row, by the field names of its record (`status`, `exposure` and so on), but `raw`."""


@dataclass(frozen=True, slots=True)
class ActionTarget:
    """What the inventory knew of the target when the action was requested."""

    kind: type[Listed]
    id: str
    name: str
    raw: Mapping[str, Any] = field(default_factory=dict)


class ByteStore(Protocol):
    """Where quarantined bytes are kept when the vendor has no place for them; keys belong to one action."""

    @property
    def max_bytes(self) -> int:
        """Of one file, as the portal's settings allow."""

    def writer(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """What is written is kept, encrypted, if the block ends well; else nothing is."""

    def reader(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """The bytes again. Raises KeyError."""

    def forget(self, key: str) -> None:
        """Deletes them; nothing happens where there are none."""


@dataclass(frozen=True, slots=True)
class Order:
    """One requested action: its target, the admin's choices, and the results of the steps done so far, by step name."""

    target: ActionTarget
    params: Mapping[str, str] = field(default_factory=dict)
    """By the names of the action's fields, cleaned; what was left empty is not there."""
    results: Mapping[str, StepResult] = field(default_factory=dict)
    held: Mapping[str, StepResult] = field(default_factory=dict)
    """The results of the quarantine whose item this is about, by step name; empty where it is about no such item."""
    notice: str = ""
    """What is left in the place of what is taken away, as the organisation wants it said, with the reference of this
    action in it; empty where it says nothing of its own."""
    store: ByteStore | None = None
    """Written to while an action runs or is undone; `refuse` and `preview` ask for its limit alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call that changes the app (or remembers what is about to change).

    `is_done` asks the app, after a lost answer, whether the step took effect. `undo` takes it back; its errors are the
    nine of errors.py like those of `run`.

    An undo is a call of its own, and what is harmless forwards (removing somebody twice) need not be so backwards
    (inviting somebody twice). `undo_is_done` asks whether the step was taken back; `undo_is_repeatable` says that
    taking it back twice equals once. Where neither is said, a lost answer leaves the undo unknown.
    """

    name: str
    label: str
    run: Callable[["Client", Order], StepResult]
    is_done: Callable[["Client", Order], bool] | None = None
    undo: Callable[["Client", Order], StepResult] | None = None
    is_repeatable: bool = True
    undo_is_done: Callable[["Client", Order], bool] | None = None
    undo_is_repeatable: bool = False


@dataclass(frozen=True)
class Action:
    name: str
    kind: ActionKind
    target: type[Listed]
    label: str
    effect: str
    """What will happen in the app; `{name}` is the target, `{tenant}` the organisation."""
    undo_effect: str
    """Whether and how it can be undone, in the same form."""
    steps: tuple[Step, ...]
    read_back: Callable[["Client", Order], Iterable[Record]]
    refuse: Callable[["Client", Order], str] | None = None
    """Asked before the first step: a sentence why this target must not be acted on (oneself, the last owner), or ''."""
    preview: Callable[["Client", Order], tuple[str, ...]] | None = None
    """Reads the app and says what exactly the action would change, one sentence each; changes nothing."""
    permissions: tuple[str, ...] = ()
    component: str = ""
    is_standing: bool = False
    """The vendor cannot keep it (a ban without a block list): the portal does it again whenever the target is back."""
    applies: Callable[[Facts], bool] | None = None
    """Whether it makes sense for this target, by what the inventory knows and without asking the app: an unblocking
    only for what is blocked. Where it does not, the action is not offered. None: for every target of its kind."""
    fields: tuple[Field, ...] = ()
    """What the person decides who asks for it. It is kept in the governance log, so never a secret."""
    is_for_held: bool = False
    """It is about what quarantine holds, and offered there alone."""

    @property
    def is_reversible(self) -> bool:
        return any(step.undo for step in self.steps)


def steps_action(
    kind: ActionKind,
    target: type[Listed],
    *,
    name: str,
    label: str,
    effect: str,
    undo_effect: str,
    steps: tuple[Step, ...],
    read_back: Callable[["Client", Order], Iterable[Record]],
    refuse: Callable[["Client", Order], str] | None = None,
    preview: Callable[["Client", Order], tuple[str, ...]] | None = None,
    permissions: tuple[str, ...] = (),
    component: str = "",
    is_standing: bool = False,
    applies: Callable[[Facts], bool] | None = None,
    fields: tuple[Field, ...] = (),
    is_for_held: bool = False,
) -> Action:
    """An action of several recorded steps."""
    return Action(
        name, kind, target, label, effect, undo_effect, steps, read_back, refuse, preview, permissions, component,
        is_standing, applies, fields, is_for_held,
    )


def action(
    kind: ActionKind,
    target: type[Listed],
    *,
    label: str,
    effect: str,
    undo_effect: str,
    read_back: Callable[["Client", Order], Iterable[Record]],
    is_done: Callable[["Client", Order], bool] | None = None,
    undo: Callable[["Client", Order], StepResult] | None = None,
    is_repeatable: bool = True,
    undo_is_done: Callable[["Client", Order], bool] | None = None,
    undo_is_repeatable: bool = False,
    refuse: Callable[["Client", Order], str] | None = None,
    preview: Callable[["Client", Order], tuple[str, ...]] | None = None,
    permissions: tuple[str, ...] = (),
    component: str = "",
    is_standing: bool = False,
    applies: Callable[[Facts], bool] | None = None,
    fields: tuple[Field, ...] = (),
) -> Callable[[Callable[["Client", Order], StepResult]], Action]:
    """Describe a function of one call as an action."""

    def describe(run: Callable[["Client", Order], StepResult]) -> Action:
        step = Step(run.__name__, label, run, is_done, undo, is_repeatable, undo_is_done, undo_is_repeatable)
        return Action(
            run.__name__, kind, target, label, effect, undo_effect, (step,), read_back, refuse, preview, permissions,
            component, is_standing, applies, fields,
        )

    return describe
