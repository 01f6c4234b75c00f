"""The step rail of the wizard."""

from dataclasses import dataclass
from enum import IntEnum

from django.urls import reverse

from portal.instances.models import AppInstance, State


class Stage(IntEnum):
    APP = 0
    NAME = 1
    DETAILS = 2
    CONSENT = 3
    DONE = 4


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


def steps(stage: Stage, app_name: str = "", instance: AppInstance | None = None) -> list[Step]:
    """In order. A connected instance that connects again keeps its app and name, so it begins at the details."""
    is_new = instance is None or instance.state == State.CONNECTING
    stages = list(Stage) if is_new else [Stage.DETAILS, Stage.CONSENT, Stage.DONE]
    return [_step(each, stage, app_name or "the app", instance) for each in stages]


def _step(each: Stage, stage: Stage, app_name: str, instance: AppInstance | None) -> Step:
    label = _label(each, app_name)
    if each > stage:
        return Step(label, "ahead")
    if each == stage:
        return Step(label, "now")
    is_over = stage is Stage.DONE
    return Step(label, "done", "" if is_over else _url(each, instance))


def _label(each: Stage, app_name: str) -> str:
    return {
        Stage.APP: "Choose the app",
        Stage.NAME: "Instance name",
        Stage.DETAILS: f"Connect {app_name}",
        Stage.CONSENT: f"Connect in {app_name}",
        Stage.DONE: "Connected",
    }[each]


def _url(each: Stage, instance: AppInstance | None) -> str:
    if each is Stage.APP:
        return reverse("wizard_choose")
    if instance is None:
        return ""
    name = {Stage.NAME: "wizard_rename", Stage.DETAILS: "wizard_details", Stage.CONSENT: "wizard_consent"}[each]
    return reverse(name, args=[instance.pk])
