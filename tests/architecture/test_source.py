"""Rules about the source that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 450
LONGER = {"run.py": 500}
"""What must stay one file: it runs before anything else is there."""
"""Lines. Beyond that a file holds more than one subject."""
VAGUE_NAMES = {"utils", "common", "helpers", "core", "misc"}
NETWORK_MODULES = {"urllib.request", "http.client", "socket", "ftplib"}
"""Mail goes through Django; smtplib's errors may be caught anywhere."""
TASK_CALLS = {"enqueue", "repeat"}


def python_files(*folders: str) -> list[Path]:
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in found if "migrations" not in file.parts]


OURS = python_files("connectors", "portal")
MODELS = [file for file in OURS if file.name == "models.py" or file.parent.name == "models"]
ALL = [*OURS, *python_files("tests"), ROOT / "run.py", ROOT / "manage.py"]


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def nodes(file: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(file.read_text()))


def calls(file: Path, names: set[str]) -> Iterator[ast.Call]:
    for node in nodes(file):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in names:
            yield node


@pytest.mark.parametrize("file", ALL, ids=name_of)
def test_no_file_is_too_long(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= LONGER.get(name_of(file), LONGEST_FILE)


def test_nothing_has_a_vague_name() -> None:
    assert [name_of(file) for file in ALL if VAGUE_NAMES & {*file.relative_to(ROOT).parts, file.stem}] == []


def test_tasks_are_named_by_the_function_itself() -> None:
    texts = [
        f"{name_of(file)}:{call.lineno}"
        for file in OURS
        for call in calls(file, TASK_CALLS)
        if call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.Lambda)
    ]
    assert texts == []


def test_only_connectors_base_opens_connections() -> None:
    allowed = ROOT / "connectors" / "base"
    found = [
        name_of(file)
        for file in OURS
        if allowed not in file.parents
        for node in nodes(file)
        if (isinstance(node, ast.Import) and NETWORK_MODULES & {alias.name for alias in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module in NETWORK_MODULES)
        or (isinstance(node, ast.ImportFrom) and node.module == "urllib" and "request" in {a.name for a in node.names})
    ]
    assert found == []


def test_no_column_takes_its_choices_from_the_catalogue() -> None:
    """They would make a migration out of every new connector or action."""
    bound = [
        f"{name_of(file)}:{node.lineno}"
        for file in MODELS
        for node in nodes(file)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("connectors")
    ]
    assert MODELS
    assert bound == []


def test_save_holds_no_logic() -> None:
    """Only the audit trail has a `save` and a `delete` of its own: they refuse."""
    own = [
        name_of(file)
        for file in MODELS
        for node in nodes(file)
        if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete")
    ]
    assert set(own) <= {"portal/audit/models.py"}


def test_requirements_name_no_address() -> None:
    assert [file.name for file in ROOT.glob("requirements*.txt") if "://" in file.read_text()] == []


def pins(name: str) -> set[str]:
    """name==version, without extras and conditions: what an extra brings has a pin of its own."""
    lines = (ROOT / name).read_text().splitlines()
    named = [re.sub(r"\[.*?\]", "", line) for line in lines if line and not line.startswith((" ", "#"))]
    return {line.split()[0] for line in named}


def test_larger_requirements_hold_the_pins_of_the_smaller() -> None:
    """run.py installs one file and takes the smaller ones for installed."""
    assert pins("requirements.txt") <= pins("requirements-dev.txt") <= pins("requirements-peers.txt")


def test_each_decision_has_a_number_of_its_own() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [file.name[:4] for file in files]
    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert [file.read_text().split(":")[0] for file in files] == [f"# {number}" for number in numbers]
