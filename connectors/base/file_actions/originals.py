"""The file itself, which a quarantine takes away after it has a copy: brought back, or made anew from the copy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from connectors.base.actions import Order, Step, StepResult
from connectors.base.client import Client
from connectors.base.errors import NotAvailable


@dataclass(frozen=True, slots=True)
class Original:
    """The vendor's side of it.

    `where`: in which place the vendor has it after it was taken away, as part of a sentence ("in trash").
    `fetch` writes the content that the first step remembered into a stream, and raises BadResponse where that is not
    what the vendor says it holds. `trash` takes the file away, `is_trashed` says whether it is.
    `is_remembered`: whether the vendor has the file still, be it in trash. `restore` brings that back with all that it
    had. `put_back` makes a new file of the remembered name and place, out of a stream that stands at its beginning.
    """

    vendor: str
    where: str
    fetch: Callable[[Client, Order, IO[bytes]], StepResult]
    trash: Callable[[Client, Order], StepResult]
    is_trashed: Callable[[Client, Order], bool]
    is_remembered: Callable[[Client, Order], bool]
    restore: Callable[[Client, Order], StepResult]
    put_back: Callable[[Client, Order, IO[bytes]], StepResult]

    def taking(self, label: str, bring_back: Callable[[Client, Order], StepResult]) -> Step:
        """The step that takes it away. `bring_back`: the file, or a new one from the copy that this quarantine has."""
        return Step("trash", label, self.trash, self.is_trashed, bring_back, undo_is_repeatable=True)

    def lost(self, order: Order, copy: str) -> NotAvailable:
        """`copy`: where the copy was to be, in the form "in the quarantine folder"."""
        return NotAvailable(
            f"{order.target.name} is neither {self.where} nor {copy} any more.",
            remedy=f"Ask {self.vendor}'s support for it.",
        )
