"""The set-up guide's table of troubles quotes what the portal says, and it names every action and right."""

import re
from pathlib import Path

import connectors.azure
import connectors.base
from connectors.azure import connector
from connectors.azure.scopes import ACTING, GRAPH, PUSHING

GUIDE = (Path(str(connectors.azure.__file__)).parent / "README.md").read_text(encoding="utf-8")


def sentences() -> str:
    """The source of the connector and of connectors.base, texts that run over several lines joined."""
    folders = [Path(str(each.__file__)).parent for each in (connectors.base, connectors.azure)]
    source = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    joined = re.sub(r'"\s*\n\s*f?"', "", source).replace("{name} ", "Azure ")
    return re.sub(r"\{[^{}\n]+\}", "...", joined)


def test_each_trouble_is_quoted_as_it_is_said() -> None:
    table = GUIDE.partition("## When something goes wrong")[2].partition("\n## ")[0]
    quoted = [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")][1:]
    said = sentences()
    assert len(quoted) > 10
    assert [each for each in quoted if each not in said] == []


def test_each_action_permission_and_right_is_explained() -> None:
    can = GUIDE.partition("## What Gatehouse can do")[2].partition("\n## ")[0]
    assert [action.label for action in connector.actions if f"| {action.label} |" not in can] == []
    rights = [each for each in (*GRAPH, *ACTING, *PUSHING) if not each.endswith("/delete")]
    assert [each for each in rights if f"`{each}`" not in GUIDE] == []


def test_the_guide_says_what_a_global_administrator_has_to_know() -> None:
    assert "Roles of Entra ID give no right in Azure" in GUIDE
    assert "Access\n   management for Azure resources to Yes" in GUIDE
