"""Carrying out an action on what the feed tells of a file, as the tests of actions do."""

from dataclasses import dataclass, field, replace

from connectors.base import Action, ActionTarget, Collaborator, File, Order
from connectors.office365 import connector
from tests.connectors.conformance.office365 import Bench
from tests.connectors.office365.drives import Reader


@dataclass
class Doer:
    """One action on one file, or on the first collaborator of it with this address or name."""

    bench: Bench
    site: str
    name: str
    action_name: str
    address: str = ""
    params: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = Reader(self.bench, self.site).read()
        files = {each.id: each for each in rows if isinstance(each, File)}
        kind = Collaborator if self.address else File
        found = next(each for each in rows if isinstance(each, kind) and self._is_target(each, files))
        target = ActionTarget(kind, found.id, found.name, found.raw)
        self.order = Order(target, self.params, store=self.bench.store)

    def _is_target(self, row: File | Collaborator, files: dict[str, File]) -> bool:
        if isinstance(row, File):
            return row.name == self.name
        return files[row.file_id].name == self.name and self.address in (row.email, row.name)

    @property
    def action(self) -> Action:
        return connector.action(self.action_name)

    def refusal(self) -> str:
        return self.action.refuse(self.bench.client(), self.order) if self.action.refuse else ""

    def preview(self) -> str:
        return " ".join(self.action.preview(self.bench.client(), self.order)) if self.action.preview else ""

    def do(self) -> None:
        """From the step that has no result yet on."""
        for step in self.action.steps:
            if step.name not in self.order.results:
                result = dict(step.run(self.bench.client(), self.order))
                self.order = replace(self.order, results={**self.order.results, step.name: result})

    def undo(self) -> None:
        for step in reversed(self.action.steps):
            if step.undo:
                step.undo(self.bench.client(), self.order)
