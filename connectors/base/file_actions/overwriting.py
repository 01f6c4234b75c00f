"""Overwriting a file by a text: what it says, and taking it back only while nobody else has changed the file."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.base.actions import Order, Step, StepResult
from connectors.base.client import Client
from connectors.base.errors import Conflict
from connectors.base.fields import Field

TOMBSTONE = "The content of this file was removed by the security team of the organisation, by Gatehouse."
TEXT = Field(
    "text",
    "Text to put in its place",
    "What whoever opens the file reads. Left empty, it says that the security team removed the content.",
    is_required=False,
    is_multiline=True,
)


def replacement(order: Order) -> bytes:
    """What stands in the file afterwards."""
    return f"{order.params.get(TEXT.name) or order.notice or TOMBSTONE}\n".encode()


@dataclass(frozen=True, slots=True)
class Overwriting:
    """`hash_of`: the vendor's hash of a content. `hash_now`: of the file's; raises TargetGone. `hash_before`: what the
    first step remembered. `write` writes the replacement, and raises Conflict where somebody changed the file since.
    `bring_back` makes the remembered version the present one again.
    """

    vendor: str
    hash_of: Callable[[bytes], str]
    hash_now: Callable[[Client, Order], str]
    hash_before: Callable[[Order], str]
    write: Callable[[Client, Order], StepResult]
    bring_back: Callable[[Client, Order], StepResult]

    def step(self, label: str) -> Step:
        return Step(
            "overwrite", label, self.overwrite, self.is_overwritten, self.roll_back,
            undo_is_done=self.is_as_before, undo_is_repeatable=True,
        )  # fmt: skip

    def overwrite(self, client: Client, order: Order) -> StepResult:
        if self.is_overwritten(client, order):
            return {}
        return self.write(client, order)

    def is_overwritten(self, client: Client, order: Order) -> bool:
        return self.hash_now(client, order) == self.hash_of(replacement(order))

    def roll_back(self, client: Client, order: Order) -> StepResult:
        """Raises Conflict where somebody wrote something else over it."""
        if self.is_as_before(client, order):
            return {}
        if not self.is_overwritten(client, order):
            remedy = f"Choose the version in {self.vendor}."
            raise Conflict(f"Somebody changed {order.target.name} meanwhile.", remedy=remedy)
        return self.bring_back(client, order)

    def is_as_before(self, client: Client, order: Order) -> bool:
        return self.hash_now(client, order) == self.hash_before(order)

    def refuse(self, client: Client, order: Order) -> str:
        return "This file is overwritten already." if self.is_overwritten(client, order) else ""
