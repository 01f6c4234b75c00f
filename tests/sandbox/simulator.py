"""What the server asks of each vendor's simulator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.faults import Fault


@dataclass(frozen=True, slots=True)
class Switch:
    """A button of the demo's start page. `turn` is called with the wanted state."""

    id: str
    label: str
    is_on: bool
    turn: Callable[[bool], None]


class KeepsBytes(Protocol):
    """What a simulator's state answers whose vendor keeps files, by the vendor's own hash of their bytes."""

    def fingerprints(self) -> set[str]:
        """Of all bytes that can be read somewhere now, were it by an admin alone."""
        ...

    def places_of(self, fingerprint: str) -> Sequence[Any]:
        """Everywhere these bytes can be read now; none: they are lost."""
        ...


class Simulator(Protocol):
    """One vendor. Calls of `answer` come from several threads; each simulator keeps its own lock.

    `deliver` takes what webhooks send: address, headers, body; it answers with a status. `sends_at_once`: webhooks
    are told at the end of each call; otherwise somebody calls `send` now and then.
    """

    title: str
    hosts: tuple[str, ...]
    deliver: Callable[[str, dict[str, str], bytes], int]
    sends_at_once: bool

    def answer(self, request: Request) -> Answer: ...

    def send(self) -> None: ...

    def refuse(self, request: Request, fault: Fault) -> Answer:
        """The vendor's own wording of a rate limit or refused credentials."""
        ...

    @property
    def state(self) -> Any:
        """All it knows; it can be pickled."""
        ...

    def adopt(self, state: Any) -> None:
        """Go on from a state that was kept."""
        ...

    def reset(self) -> None:
        """Back to the seed."""
        ...

    def credentials(self) -> list[tuple[str, str]]:
        """Label and value of what to type in the wizard."""
        ...

    def switches(self) -> list[Switch]: ...
