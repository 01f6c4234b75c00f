"""What apps and their instances are called on pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.catalogue import ANNOUNCED, catalogue
from portal.instances import queries
from portal.instances.models import AppInstance, State
from portal.people.scope import Scope

STATE_TONES = {
    State.CONNECTING: "info",
    State.CONNECTED: "ok",
    State.ATTENTION: "warn",
    State.PAUSED: "off",
    State.DISCONNECTING: "run",
    State.DISCONNECTED: "off",
}
STATE_PHRASES = {
    State.CONNECTING: "not connected yet",
    State.CONNECTED: "connected",
    State.ATTENTION: "in need of attention",
    State.PAUSED: "paused",
    State.DISCONNECTING: "being disconnected",
    State.DISCONNECTED: "disconnected",
}
"""As they stand in a sentence after "is"."""


@dataclass(frozen=True, slots=True)
class Label:
    """One instance as lists name it. `problem` is filled where its rows may be old."""

    pk: int
    name: str
    app_id: str
    app_name: str
    state: str
    state_phrase: str
    tone: str
    problem: str
    checked_at: datetime | None

    @property
    def is_stale(self) -> bool:
        """Nothing new is read from it now."""
        return self.state != State.CONNECTED


def app_name(app_id: str) -> str:
    """The name of an app; its id where neither a connector nor an announcement knows it."""
    connector = catalogue().get(app_id)
    return connector.name if connector else {app.id: app.name for app in ANNOUNCED}.get(app_id, app_id)


def label(instance: AppInstance) -> Label:
    """Words for one instance."""
    state = State(instance.state)
    return Label(
        pk=instance.pk,
        name=instance.name,
        app_id=instance.app_id,
        app_name=app_name(instance.app_id),
        state=state,
        state_phrase=STATE_PHRASES[state],
        tone=STATE_TONES[state],
        problem=instance.problem,
        checked_at=instance.checked_at,
    )


def labels(scope: Scope) -> dict[int, Label]:
    """Of every instance the scope may see, by id: one query, read once a page."""
    return {pk: label(instance) for pk, instance in queries.names(scope).items()}


def components(known: Mapping[int, Label]) -> tuple[tuple[str, str], ...]:
    """What the filter "Part of the app" offers: the parts that activities of these instances are told apart by."""
    connectors = {each.app_id: catalogue().get(each.app_id) for each in known.values()}
    names = {name for each in connectors.values() if each for name in each.activity_components}
    return tuple((name, name) for name in sorted(names, key=str.lower))


def choices(known: Mapping[int, Label]) -> dict[str, tuple[tuple[str, str], ...]]:
    """What the filters "App" and "Instance" offer."""
    apps = {each.app_id: each.app_name for each in known.values()}
    return {
        "app": tuple(sorted(apps.items(), key=lambda pair: pair[1].lower())),
        "instance": tuple((str(each.pk), f"{each.app_name}: {each.name}") for each in known.values()),
    }
