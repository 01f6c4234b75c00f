"""The demo as a newcomer starts it, in a copy of the tree: real processes, real signals."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.architecture.test_run import free_port
from tests.journeys.test_story import consent, to_consent
from tests.portal.web.visitor import PASSWORD

ROOT = Path(__file__).parents[2]
PARTS = ("connectors", "portal", "templates", "static", "tests", "run.py", "manage.py", "requirements.txt")
LAST_LINE = "Ctrl-C stops it."

pytestmark = [pytest.mark.kill, pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the demo is SQLite's alone")]
__all__ = ["free_port"]


class Demo:
    """`run.py demo` in a copy of the tree."""

    def __init__(self, tree: Path, port: int) -> None:
        self.tree = tree
        self.process = subprocess.Popen(
            [sys.executable, "run.py", "demo", "--port", str(port)],
            cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def words(self) -> str:
        """What it prints until it is ready."""
        assert self.process.stdout
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith(LAST_LINE):
                return "".join(lines)
        raise AssertionError("".join(lines) + self.end().stderr)

    def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def end(self, number: int | None = None) -> subprocess.CompletedProcess[str]:
        if number is not None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return subprocess.CompletedProcess([], self.process.returncode, out, err)

    def processes(self) -> dict[int, str]:
        """Every process of this tree: id -> command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                is_ours = (folder / "cwd").resolve() == self.tree
            except OSError:  # it ended meanwhile
                continue
            if is_ours and command:
                found[int(folder.name)] = command
        return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path.resolve()


@pytest.fixture
def demo(tree: Path, free_port: int) -> Iterator[Demo]:
    found = Demo(tree, free_port)
    yield found
    if found.process.poll() is None:
        found.end(signal.SIGTERM)


def read(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status, answer.read().decode()


def test_the_demo_starts_answers_stops_and_starts_again_at_once(demo: Demo, free_port: int) -> None:
    words = demo.words()
    assert "Preparing the database" in words
    link = re.search(rf"http://localhost:{free_port}/\S+", words.replace(f"http://localhost:{free_port}\n", ""))
    assert link, words
    assert read(link[0])[0] == 200
    assert "Contoso" in read(f"http://127.0.0.1:{free_port + 1}/")[1]
    environment = demo.tree / "var" / "demo" / "env"
    assert stat.S_IMODE(environment.stat().st_mode) == 0o600
    assert demo.end(signal.SIGINT).returncode == 0
    assert demo.processes() == {}

    again = Demo(demo.tree, free_port)
    assert "Preparing" not in again.words()
    assert again.end(signal.SIGTERM).returncode == 0
    assert again.processes() == {}


def test_a_worker_that_dies_is_started_again_and_its_scans_go_on(demo: Demo) -> None:
    demo.words()
    clusters = [number for number, command in demo.processes().items() if "qcluster" in command]
    os.kill(min(clusters), signal.SIGKILL)
    told = demo.line()
    assert re.match(r"The (scans|actions) worker ended \(exit code -9\) and is started again at once", told), told
    while min(clusters) in demo.processes():
        time.sleep(0.1)
    assert demo.process.poll() is None
    assert demo.end(signal.SIGTERM).returncode == 0
    assert demo.processes() == {}


def test_commands_run_beside_the_demo_in_its_environment(demo: Demo) -> None:
    words = demo.words()
    command = [sys.executable, "run.py", "demo", "manage", "setup_link"]
    said = subprocess.run(command, cwd=demo.tree, capture_output=True, text=True, timeout=60)
    assert said.returncode == 0, said.stderr
    link = re.search(r"http://localhost:\S+/set-up/\S+", said.stdout)
    assert link, said.stdout
    assert link[0] not in words
    assert read(link[0])[0] == 200
    old = re.search(r"http://localhost:\S+/set-up/\S+", words)
    assert old
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(old[0])
    assert "python3 run.py demo manage setup_link" in refused.value.read().decode()


@pytest.mark.browser
def test_a_newcomer_gets_from_the_printed_link_to_a_removed_member(demo: Demo, free_port: int, page: Page) -> None:
    """The web server, hashed static files, both clusters and the sandbox are those of the demo, nothing in-process."""
    link = re.search(rf"http://localhost:{free_port}/set-up/\S+", demo.words())
    assert link
    page.set_default_timeout(30_000)
    page.goto(link[0])
    page.get_by_label("Your e-mail address").fill("dana.okafor@contoso.example")
    page.get_by_label("Your name").fill("Dana Okafor")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Later").click()
    to_consent(page)
    consent(page)
    expect(page.get_by_role("heading", name="What was read")).to_be_visible(timeout=60_000)
    page.goto(f"http://localhost:{free_port}/accounts/?q=asingh")
    page.locator("tbody tr[data-href]").first.get_by_role("link").first.click()
    page.get_by_role("link", name=re.compile("Remove from the organisation")).click()
    page.get_by_label("Reason").fill("Left the company on Friday")
    page.get_by_role("button", name=re.compile("Remove from the organisation")).click()
    expect(page.locator("#live-state")).to_contain_text("Done", timeout=30_000)
