"""What every connector declares: words for people, what is offered or explained, a guide. Nothing here knows an app."""

import re
from pathlib import Path
from string import Formatter

import pytest

import connectors
from connectors.base import WORDS, ActionFamily, ActionKind, Capability, Connector
from connectors.catalogue import catalogue
from tests.connectors.conformance import benches_of
from tests.connectors.conformance.shapes import is_sentence

FOLDER = Path(connectors.__path__[0])
HEADINGS = (
    "What you need",
    "Set up",
    "What Gatehouse reads",
    "What Gatehouse can do",
    "What it cannot do",
    "When something goes wrong",
    "Disconnecting",
)
SECRET_WORDS = re.compile(r"secret|password|private.?key|api.?token|access.?key", re.IGNORECASE)
COPIES = {"", "callback_url", "webhook_url", "scopes", "egress_addresses", "text"}
PLACEHOLDERS = {"name", "tenant"}
ABOUT_CONTENT = {
    ActionKind.QUARANTINE_FILE, ActionKind.QUARANTINE_TRASHED_FILE, ActionKind.OVERWRITE_FILE, ActionKind.TRASH_FILE,
    ActionKind.RESTORE_FILE, ActionKind.DELETE_FILE,
}
"""Kinds that take content away, replace it, or bring it back."""


@pytest.fixture(params=catalogue().values(), ids=lambda each: each.id)
def connector(request: pytest.FixtureRequest) -> Connector:
    found: Connector = request.param
    return found


def offered(connector: Connector) -> set[Capability | ActionKind]:
    served = {capability for feed in connector.feeds for capability in feed.serves}
    pushed = {Capability.REAL_TIME} if connector.webhook else set()
    return {*served, *pushed, *connector.kinds}


def test_the_catalogue_holds_connectors() -> None:
    assert "github" in catalogue()


def test_every_name_is_unique(connector: Connector) -> None:
    names = [
        [method.id for method in connector.methods],
        [feed.name for feed in connector.feeds],
        [action.name for action in connector.actions],
        [component.id for component in connector.components],
        *([field.name for field in method.fields] for method in connector.methods),
    ]
    assert all(len(set(each)) == len(each) for each in names)
    assert connector.methods
    assert connector.feeds


def test_every_field_says_what_it_is_and_secrets_are_marked(connector: Connector) -> None:
    for method in connector.methods:
        assert method.label
        assert is_sentence(method.help)
        for field in method.fields:
            assert field.label, field.name
            assert is_sentence(field.help), field.name
            assert not field.pattern or is_sentence(field.problem), f"{field.name} does not say what is wrong"
            assert not field.example or re.fullmatch(field.pattern or ".*", field.clean(field.example)), field.name
            assert field.is_secret or not SECRET_WORDS.search(f"{field.name} {field.label}"), field.name


def test_every_step_at_the_vendor_can_be_followed(connector: Connector) -> None:
    for method in connector.methods:
        assert method.steps, f"{method.id} does not say what to do in {connector.name}"
        for step in method.steps:
            assert len(step.text.split()) >= 4
            assert step.copy in COPIES
            assert bool(step.copy_text) == (step.copy == "text")
            assert not step.of_scopes or step.copy == "scopes"
            assert step.url == "" or step.url.startswith("https://")


def test_every_capability_and_action_is_offered_or_explained(connector: Connector) -> None:
    for each in (*Capability, *ActionKind):
        if each in offered(connector):
            assert each not in connector.gaps, f"{WORDS[each].label} is both offered and a gap"
        else:
            assert is_sentence(connector.gaps.get(each, "")), f"{WORDS[each].label} is neither offered nor explained"


def test_feeds_declare_what_they_use(connector: Connector) -> None:
    filled_in = {field.name: field.example for method in connector.methods for field in method.fields}
    known = {scope for method in connector.methods for scope in method.wanted(filled_in)}
    known |= {scope for component in connector.components for scope in component.scopes(filled_in)}
    for number, feed in enumerate(connector.feeds):
        assert feed.title
        assert feed.records
        assert feed.serves
        assert set(feed.needs) <= {each.name for each in connector.feeds[:number]}, "it is read before what it needs"
        assert set(feed.permissions) <= known, f"{feed.name} uses what no method asks for"
        assert feed.component in {"", *(component.id for component in connector.components)}


def test_actions_on_files_say_beforehand_what_they_mean_beside_what_they_do(connector: Connector) -> None:
    for action in connector.actions:
        if WORDS[action.kind].family is not ActionFamily.FILE or len(action.steps) == 1:
            continue
        assert action.preview, f"{action.name} does not say what exactly it would change"
        meant = connector.consequences.get(action.kind)
        assert meant, f"{action.name} says nothing about earlier versions and about who is told"
        assert is_sentence(meant.told), action.name
        assert action.kind not in ABOUT_CONTENT or is_sentence(meant.versions), action.name


def test_actions_say_what_will_happen(connector: Connector) -> None:
    configs = [each().connect()[0] for each in benches_of(connector.id)]
    known = {scope for method in connector.methods for config in configs for scope in method.wanted(config)}
    known |= {scope for part in connector.components for config in configs for scope in part.scopes(config)}
    for action in connector.actions:
        assert action.label
        for text in (action.effect, action.undo_effect):
            assert is_sentence(text), action.name
            assert {name for _, name, _, _ in Formatter().parse(text) if name is not None} <= PLACEHOLDERS
        assert action.steps
        assert all(step.name and step.label for step in action.steps)
        assert all(step.is_done or step.is_repeatable for step in action.steps if step.undo)
        assert set(action.permissions) <= known
        for field in action.fields:
            assert field.label, field.name
            assert is_sentence(field.help), field.name
            assert not field.pattern or is_sentence(field.problem), f"{field.name} does not say what is wrong"
            assert not field.is_secret, f"{field.name} would be kept in the governance log"
            assert field.name != "reason", "the reason is asked for anyway"


def test_the_guide_has_its_headings(connector: Connector) -> None:
    guide = (FOLDER / connector.id / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (.+)$", guide, re.MULTILINE)
    assert [heading for heading in found if heading in HEADINGS] == list(HEADINGS)
