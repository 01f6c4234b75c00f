"""The step rail of the wizard."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlencode

from django.urls import reverse

from connectors.base import Connector
from portal.instances.models import AppInstance, State


class Stage(IntEnum):
    APP = 0
    COMPONENTS = 1
    NAME = 2
    DETAILS = 3
    CONSENT = 4
    DONE = 5


PAGES = {
    Stage.COMPONENTS: "wizard_choose_components",
    Stage.NAME: "wizard_rename",
    Stage.DETAILS: "wizard_details",
    Stage.CONSENT: "wizard_consent",
}
"""Where each is, of an instance."""


@dataclass(frozen=True, slots=True)
class Step:
    """`state`: done, now or ahead. Only what is done has an address to go back to."""

    label: str
    state: str
    url: str = ""

    @property
    def spoken(self) -> str:
        """The state for a screen reader; the marks beside the label are drawn."""
        return {"done": "done", "now": "current step", "ahead": "still to come"}[self.state]


def steps(
    stage: Stage,
    connector: Connector | None = None,
    instance: AppInstance | None = None,
    chosen: Iterable[str] = (),
) -> list[Step]:
    """In order. A connected instance that connects again keeps its app and name, so it begins at the details.
    `chosen`: the components of what has no draft yet."""
    return [_step(each, stage, connector, instance, chosen) for each in _stages(connector, instance)]


def components_address(connector: Connector, instance: AppInstance | None, chosen: Iterable[str] = ()) -> str:
    """The page where components are chosen, with what was chosen so far."""
    if instance is not None:
        return reverse(PAGES[Stage.COMPONENTS], args=[instance.pk])
    query = urlencode([("components", each) for each in chosen])
    return reverse("wizard_components", args=[connector.id]) + (f"?{query}" if query else "")


def _stages(connector: Connector | None, instance: AppInstance | None) -> list[Stage]:
    if instance is not None and instance.state != State.CONNECTING:
        return [Stage.DETAILS, Stage.CONSENT, Stage.DONE]
    has_components = connector is not None and bool(connector.components)
    return [each for each in Stage if has_components or each is not Stage.COMPONENTS]


def _step(
    each: Stage, stage: Stage, connector: Connector | None, instance: AppInstance | None, chosen: Iterable[str]
) -> Step:
    label = _label(each, connector.name if connector else "the app")
    if each > stage:
        return Step(label, "ahead")
    if each == stage:
        return Step(label, "now")
    is_over = stage is Stage.DONE
    return Step(label, "done", "" if is_over else _url(each, connector, instance, chosen))


def _label(each: Stage, app_name: str) -> str:
    return {
        Stage.APP: "Choose the app",
        Stage.COMPONENTS: f"Select {app_name} components",
        Stage.NAME: "Instance name",
        Stage.DETAILS: f"Connect {app_name}",
        Stage.CONSENT: f"Connect in {app_name}",
        Stage.DONE: "Connected",
    }[each]


def _url(
    each: Stage, connector: Connector | None, instance: AppInstance | None, chosen: Iterable[str]
) -> str:
    if each is Stage.APP:
        return reverse("wizard_choose")
    if each is Stage.COMPONENTS and connector is not None:
        return components_address(connector, instance, chosen)
    return reverse(PAGES[each], args=[instance.pk]) if instance else ""
