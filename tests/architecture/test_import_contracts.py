"""The import rules of pyproject.toml: kept by the tree as it is, and each broken by one bad import."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BAD_IMPORTS = {
    "each part of the portal imports only what stands below it": ("portal/inventory/bad.py", "import portal.web"),
    "connectors know no portal and no Django": ("connectors/base/bad.py", "import django"),
    "connectors know no other vendor, only connectors.base": ("connectors/one/bad.py", "import connectors.other"),
    "only portal.queue imports django-q": ("portal/scans/bad.py", "import django_q"),
    "only connectors.base talks to the network": ("portal/instances/bad.py", "import requests"),
    "nothing outside tests imports tests": ("portal/web/bad.py", "import tests.sandbox"),
}
NEIGHBOUR = "connectors/other/__init__.py"
PLACELESS = "portal/somewhere/__init__.py"


def lint(folder: Path) -> dict[str, str]:
    """Contract -> KEPT or BROKEN."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE))
    assert found, done.stdout + done.stderr
    return found


def copy_of_tree(folder: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("connectors", "portal", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=lambda _, names: [n for n in names if n == "__pycache__"])
    return folder


@pytest.fixture(scope="module")
def broken_tree(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    tree = copy_of_tree(tmp_path_factory.mktemp("broken"))
    for path, line in [*BAD_IMPORTS.values(), (NEIGHBOUR, "")]:
        file = tree / path
        file.parent.mkdir(exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(f"{line}\n")
    return lint(tree)


def test_the_tree_keeps_every_contract() -> None:
    assert lint(ROOT) == dict.fromkeys(BAD_IMPORTS, "KEPT")


@pytest.mark.parametrize("contract", BAD_IMPORTS)
def test_one_bad_import_breaks_the_contract(broken_tree: dict[str, str], contract: str) -> None:
    assert broken_tree[contract] == "BROKEN"


def test_a_new_part_of_the_portal_needs_a_place_in_the_layers(tmp_path: Path) -> None:
    tree = copy_of_tree(tmp_path)
    (tree / PLACELESS).parent.mkdir()
    (tree / PLACELESS).touch()
    assert [name for name, state in lint(tree).items() if state == "BROKEN"] == [next(iter(BAD_IMPORTS))]
