"""The set-up guide's table of troubles quotes what the portal says, and it names every feed's and action's words."""

import re
from pathlib import Path

import connectors.base
import connectors.box
from connectors.box import connector
from connectors.box.scopes import LABELS

GUIDE = (Path(str(connectors.box.__file__)).parent / "README.md").read_text(encoding="utf-8")


def sentences() -> str:
    """The source of the connector and of connectors.base, texts that run over several lines joined."""
    folders = [Path(str(each.__file__)).parent for each in (connectors.base, connectors.box)]
    source = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py"))
    joined = re.sub(r'"\s*\n\s*f?"', "", source).replace("{name} ", "Box ")
    return re.sub(r"\{[^{}\n]+\}", "...", joined)


def test_each_trouble_is_quoted_as_it_is_said() -> None:
    table = GUIDE.partition("## When something goes wrong")[2].partition("\n## ")[0]
    quoted = [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")][1:]
    said = sentences()
    assert len(quoted) > 10
    assert [each for each in quoted if each not in said] == []


def test_each_action_and_each_tick_is_explained() -> None:
    can = GUIDE.partition("## What Gatehouse can do")[2].partition("\n## ")[0]
    assert [action.label for action in connector.actions if f"| {action.label} |" not in can] == []
    assert [label for label in LABELS.values() if f"| {label}" not in GUIDE] == []
