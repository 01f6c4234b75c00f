"""What a test run says of what it was held against, and that it fails where it was held against nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNTING = """
import pytest
from tests.counts import count

@pytest.mark.parametrize("number", range(6))
def test_something(number):
    count("specs")
"""
SKIPPED = "import pytest\n\n@pytest.mark.peers\ndef test_peer():\n    pytest.skip('no such client')\n"


DATABASES = """
import pytest

def test_without(): pass

@pytest.mark.django_db
def test_by_its_mark(): pass

def test_by_a_fixture(transactional_db): pass

@pytest.mark.one_database
@pytest.mark.django_db
def test_of_an_app(): pass
"""


def run(folder: Path, test: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One file of tests under the hooks of tests/conftest.py, with a folder that holds something."""
    (folder / "test_it.py").write_text(test)
    for name in ("GATEHOUSE_REQUIRE", "PYTEST_XDIST_WORKER"):
        environment.setdefault(name, "")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest", *arguments]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"GATEHOUSE_SPECS": str(folder), "GATEHOUSE_CORPUS": str(folder)}
    return subprocess.run(
        [*command, str(folder / "test_it.py")],
        cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [[], ["-n2"]], ids=["alone", "in two workers"])
def test_what_was_looked_at_is_summed_up_and_what_was_not_fails_the_run(tmp_path: Path, arguments: list[str]) -> None:
    ended = run(tmp_path, COUNTING, *arguments, GATEHOUSE_REQUIRE="specs,corpus")
    assert "specs: 6 exchanges and deliveries validated" in ended.stdout
    assert "FAILED corpus: 0 recordings served" in ended.stdout
    assert "FAILED specs" not in ended.stdout
    assert (ended.returncode, "6 passed" in ended.stdout) == (1, True)


def test_where_all_that_is_required_was_looked_at_the_run_passes(tmp_path: Path) -> None:
    assert run(tmp_path, COUNTING, GATEHOUSE_REQUIRE="specs").returncode == 0


def test_a_skipped_peer_is_an_error_where_peers_are_required(tmp_path: Path) -> None:
    assert run(tmp_path, SKIPPED).returncode == 0
    pytest.importorskip("githubkit", reason="without the peers such a run does not even begin")
    ended = run(tmp_path, SKIPPED, GATEHOUSE_REQUIRE="peers")
    assert ended.returncode == 1
    assert "GATEHOUSE_REQUIRE names peers, and this was skipped" in ended.stdout


def test_where_postgresql_is_required_only_what_is_about_the_database_is_run(tmp_path: Path) -> None:
    url = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    everything = run(tmp_path, DATABASES, "--collect-only", "-q", **url)
    assert "4 tests collected" in everything.stdout
    left = run(tmp_path, DATABASES, "--collect-only", "-q", GATEHOUSE_REQUIRE="postgresql", **url)
    assert "2/4 tests collected (2 deselected)" in left.stdout
    assert "test_by_its_mark" in left.stdout
    assert "test_by_a_fixture" in left.stdout
