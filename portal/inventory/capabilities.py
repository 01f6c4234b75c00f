"""The capability matrix: what each app's connector offers, and why it does not offer the rest.

Nothing here is kept by hand: offers and reasons come from the connectors' own declarations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.base import WORDS, ActionFamily, ActionKind, Capability, Connector

NOT_BUILT = "Gatehouse has no connector for this app yet."
READING = "What is read"
FAMILIES = {
    ActionFamily.ACCOUNT: "Account governance",
    ActionFamily.FILE: "Data governance",
    ActionFamily.APP_PERMISSION: "App-permission governance",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """`how` names the feeds or actions that serve it; where nothing does, `reason` says why."""

    app_id: str
    how: tuple[str, ...] = ()
    reason: str = ""
    is_built: bool = True

    @property
    def is_offered(self) -> bool:
        return bool(self.how)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: tuple[Cell, ...]
    """One for each app, in the order asked for."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


def matrix(app_ids: Sequence[str], connectors: Mapping[str, Connector]) -> tuple[Section, ...]:
    """Capabilities and kinds of action by app. An app without a connector has cells that say so."""
    return tuple(
        Section(title, tuple(_line(each, app_ids, connectors) for each in entries)) for title, entries in _entries()
    )


def _entries() -> Iterator[tuple[str, list[Capability | ActionKind]]]:
    yield READING, list(Capability)
    for family, title in FAMILIES.items():
        yield title, [kind for kind in ActionKind if WORDS[kind].family is family]


def _line(entry: Capability | ActionKind, app_ids: Sequence[str], connectors: Mapping[str, Connector]) -> Line:
    return Line(WORDS[entry].label, tuple(_cell(entry, app_id, connectors.get(app_id)) for app_id in app_ids))


def _cell(entry: Capability | ActionKind, app_id: str, connector: Connector | None) -> Cell:
    if connector is None:
        return Cell(app_id, reason=NOT_BUILT, is_built=False)
    how = _served(entry, connector) if isinstance(entry, Capability) else _done(entry, connector)
    return Cell(app_id, how, "" if how else connector.gaps.get(entry, ""))


def _served(capability: Capability, connector: Connector) -> tuple[str, ...]:
    feeds = tuple(feed.title for feed in connector.feeds if capability in feed.serves)
    if capability is Capability.REAL_TIME and connector.webhook:
        return (*feeds, f"Push by {connector.name}")
    return feeds


def _done(kind: ActionKind, connector: Connector) -> tuple[str, ...]:
    if kind is ActionKind.RESTORE_FROM_QUARANTINE and kind in connector.kinds:
        return ("Undo of a quarantine",)
    return tuple(action.label for action in connector.actions if action.kind is kind)
