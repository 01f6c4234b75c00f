"""What is known of a connected app, in the words of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.base import WORDS
from connectors.catalogue import catalogue
from portal.instances.clients import connector_of
from portal.instances.models import AppInstance, State
from portal.scans.queries import FeedHealth

LABELS = {str(word): words.label for word, words in WORDS.items()}


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A permission that was not granted, what that closes, and how to grant it."""

    permission: str
    closes: tuple[str, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class MissingIn:
    """What is missing for one component; `component` is '' for what the app needs whatever is switched on."""

    component: str
    rows: tuple[MissingRow, ...]

    @property
    def remedies(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(row.remedy for row in self.rows))


@dataclass(frozen=True, slots=True)
class Standing:
    """One of the state words with its tone; where a person is needed, what happened, the remedy and the button."""

    word: str
    tone: str
    sentence: str = ""
    remedy: str = ""
    mend_label: str = ""
    mend_url_name: str = ""


RESTING = {
    State.PAUSED: Standing("Paused", "off", "Nothing is read until it is resumed."),
    State.DISCONNECTING: Standing("Disconnecting", "run"),
    State.DISCONNECTED: Standing("Disconnected", "off"),
}


def standing(instance: AppInstance, feeds: Sequence[FeedHealth]) -> Standing:
    """How the instance stands: its own state first, then what its feeds do."""
    state = State(instance.state)
    if state in RESTING:
        return RESTING[state]
    if state is State.ATTENTION:
        return Standing("Needs attention", "warn", instance.problem, instance.remedy, *_mend(instance.problem_code))
    if any(feed.is_running for feed in feeds):
        return Standing("Scanning", "run")
    blocked = next((feed for feed in feeds if feed.needs_attention), None)
    if blocked:
        return Standing(
            "Needs attention", "warn", f"{blocked.title}: {blocked.sentence}", blocked.remedy, *_mend(blocked.code)
        )
    return Standing("Connected", "ok")


def as_of(feeds: Sequence[FeedHealth]) -> datetime | None:
    """Since when everything that is read at all is at least this fresh; None before the first scan is complete."""
    moments = [feed.as_of for feed in feeds if feed.is_read]
    known = [moment for moment in moments if moment is not None]
    return min(known) if known and len(known) == len(moments) else None


def _mend(code: str) -> tuple[str, str]:
    """The button that mends a problem: its label and the name of its address."""
    if code in {"credentials_rejected", "permission_missing"}:
        return "Reconnect", "instance_reconnect"
    return "Open", "instance_detail"


def missing_permissions(instance: AppInstance) -> list[MissingIn]:
    """As the last check found them, by component: one that two components want stands in both."""
    rows = {each.get("permission", ""): _missing(each) for each in instance.missing}
    found, told = [], set()
    for component in connector_of(instance).components:
        wanted = component.scopes(instance.config) if component.id in instance.components else ()
        lacking = [scope for scope in dict.fromkeys(wanted) if scope in rows]
        if lacking:
            found.append(MissingIn(component.label, tuple(rows[scope] for scope in lacking)))
            told.update(lacking)
    others = tuple(row for scope, row in rows.items() if scope not in told)
    return [*found, *([MissingIn("", others)] if others else [])]


def not_offered(instance: AppInstance) -> list[tuple[str, str]]:
    """(title, reason) of feeds and actions that the tenant's plan or the way of connecting does not offer."""
    connector = catalogue()[instance.app_id]
    titles = {feed.name: feed.title for feed in connector.feeds}
    titles |= {action.name: action.label for action in connector.actions}
    return [(titles.get(name, name), reason) for name, reason in instance.unavailable.items()]


def _missing(each: dict[str, Any]) -> MissingRow:
    closes = tuple(LABELS.get(word, word) for word in each.get("closes", ()))
    return MissingRow(each.get("permission", ""), closes, each.get("remedy", ""))
