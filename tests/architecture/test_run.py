"""run.py says in one sentence what a machine lacks and what to do. Each condition is made, then run.py is run."""

import ast
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parents[2]
LACKS_VENV = "import sys\nsys.modules['ensurepip'] = None\n"
OLD_PYTHON = "import sys\nsys.version_info = (3, 9, 18)\n"
READ_ONLY = """
import errno, os
def refuse(path, *arguments, **options):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
os.mkdir = refuse
"""
PACKAGE = "thing==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what run.py needs to get as far as installing packages."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copy(ROOT / "run.py", folder)
    (folder / "requirements.txt").write_text(PACKAGE)
    return folder


@pytest.fixture
def free_port() -> int:
    """The first of two neighbouring ports that nobody has."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def start(tree: Path, *arguments: str, fake: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """run.py as a process; `fake` is executed before it."""
    if fake:
        site = tree / "fake"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(fake)
        environment["PYTHONPATH"] = str(site)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment["PIP_CONFIG_FILE"] = os.devnull
    return subprocess.run(
        [sys.executable, "run.py", *arguments],
        cwd=tree, env={**inherited, **environment}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def sentence(ended: subprocess.CompletedProcess[str]) -> str:
    """The one line on the error output."""
    assert ended.returncode == 1
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    return lines[0]


def test_an_old_python_can_read_it() -> None:
    source = (ROOT / "run.py").read_text()
    tree = ast.parse(source, feature_version=(3, 6))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.NamedExpr | ast.Match)]
    assert "from __future__ import annotations" not in source


def test_it_needs_the_standard_library_alone() -> None:
    tree = ast.parse((ROOT / "run.py").read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_a_wrong_python(tree: Path) -> None:
    words = sentence(start(tree, "demo", fake=OLD_PYTHON))
    assert "needs Python 3.11 or newer and this is 3.9" in words
    assert "python3.11 run.py" in words


def test_a_python_without_venv(tmp_path: Path) -> None:
    shutil.copy(ROOT / "run.py", tmp_path)
    words = sentence(start(tmp_path, "demo", fake=LACKS_VENV))
    assert "sudo apt install python3-venv" in words


def test_a_read_only_folder(tree: Path) -> None:
    words = sentence(start(tree, "demo", fake=READ_ONLY))
    assert "cannot write to" in words
    assert "(Read-only file system)" in words
    assert "a folder you may write to" in words


@pytest.mark.parametrize("taken", [0, 1], ids=["the portal's", "the sandbox's"])
def test_a_busy_port(tree: Path, free_port: int, taken: int) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", free_port + taken))
        holder.listen()
        words = sentence(start(tree, "demo", "--port", str(free_port)))
    assert f"Port {free_port + taken} cannot be used (Address already in use)" in words
    assert "--port" in words


def test_a_port_that_cannot_be(tree: Path) -> None:
    assert "Port 70000 cannot be used (there is no such port)" in sentence(start(tree, "--port", "70000"))


def test_no_network(tree: Path, free_port: int) -> None:
    words = sentence(
        start(tree, "demo", "--port", str(free_port), PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="1")
    )
    assert "no package index answers" in words
    assert "PIP_INDEX_URL" in words


def test_a_package_that_is_not_the_one_meant(tree: Path, free_port: int) -> None:
    (tree / "thing-1.0-py3-none-any.whl").write_text("not what it should be")
    words = sentence(start(tree, "demo", "--port", str(free_port), PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tree)))
    assert "not the package that is meant" in words


@pytest.mark.parametrize(("arguments", "start_with"), [(["demo"], "python3 run.py demo`"), ([], "python3 run.py`")])
def test_a_command_before_the_first_start(tree: Path, arguments: list[str], start_with: str) -> None:
    words = sentence(start(tree, *arguments, "manage", "setup_link"))
    assert f"There is no portal here yet: start it first with `{start_with}." in words


# --- the environment file -------------------------------------------------------------------------------------------


def test_the_environment_file_is_private_and_its_keys_stay(tmp_path: Path) -> None:
    file = tmp_path / "env"
    first = run.write_environment(file, {"GATEHOUSE_SANDBOX": "1"}, {})
    file.write_text(file.read_text() + "# a note\nGATEHOUSE_LOG_LEVEL=DEBUG\n")
    second = run.write_environment(file, {"GATEHOUSE_PUBLIC_URL": "http://localhost:9000"}, {})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first["GATEHOUSE_SECRET_KEY"]) == 64
    assert {**first, "GATEHOUSE_LOG_LEVEL": "DEBUG", "GATEHOUSE_PUBLIC_URL": "http://localhost:9000"} == second
    assert "# a note" in file.read_text()


def test_keys_that_the_environment_holds_are_not_made_again(tmp_path: Path) -> None:
    given = {"GATEHOUSE_SECRET_KEY": "given", "GATEHOUSE_ENCRYPTION_KEYS": "given"}
    assert run.write_environment(tmp_path / "env", {}, given) == {}


def test_the_demo_sees_nothing_of_a_real_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example.com/real")
    monkeypatch.setenv("GATEHOUSE_EMAIL_URL", "smtp://mail.example.com")
    demo, real = run.child_environment(tmp_path, True), run.child_environment(tmp_path, False)
    assert {name for name in demo if name.startswith(("GATEHOUSE_", "DATABASE"))} == {
        "GATEHOUSE_ENV_FILE", "GATEHOUSE_DATA", "GATEHOUSE_MANAGE",
    }  # fmt: skip
    assert demo["GATEHOUSE_MANAGE"] == "python3 run.py demo manage"
    assert real["GATEHOUSE_MANAGE"] == "python3 run.py manage"
    assert real["DATABASE_URL"] == "postgres://db.example.com/real"


# --- processes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[run.Children]:
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    found = run.Children(tmp_path / "log")
    yield found
    found.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_child_that_ends_again_and_again_is_named_with_its_last_words(
    children: run.Children, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "RESTART_SECONDS", 0.01)
    monkeypatch.setattr(sys, "argv", ["run.py", "demo", "--port", "9876"])
    dying = "print('12:00 INFO ready'); print('the disk is full'); raise SystemExit(7)"
    children.start("portal", ["-c", "import time; time.sleep(60)"], dict(os.environ))
    children.start("scans worker", ["-c", dying], dict(os.environ))
    with pytest.raises(run.Trouble) as trouble:
        children.watch()
    words = str(trouble.value)
    assert "The scans worker ended (5 times within a minute, exit code 7)" in words
    assert "the disk is full" in words
    assert "ready" not in words
    assert words.endswith("start again with `python3 run.py demo --port 9876`.")
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 4, "one line for each new start"
    assert all(line.startswith("The scans worker ended (exit code 7) and is started again ") for line in told)
    assert [line.split("again ")[1].split(":")[0] for line in told] == [
        "at once", "in 0.01 seconds", "in 0.02 seconds", "in 0.04 seconds",
    ]  # fmt: skip


def test_a_child_that_ends_once_is_started_again_without_what_it_left_running(
    children: run.Children, tmp_path: Path
) -> None:
    left = tmp_path / "left"
    first_time = (
        f"import os, pathlib, time; left = pathlib.Path({str(left)!r})\n"
        "if left.exists(): time.sleep(60)\n"
        "child = os.fork()\n"
        "if child: left.write_text(str(child)); os._exit(0)\n"
        "time.sleep(60)"
    )
    child = children.start("actions worker", ["-c", first_time], dict(os.environ))
    first = child.process
    threading.Timer(3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    children.watch()
    assert child.process.pid != first.pid
    assert child.process.poll() is None
    with pytest.raises(ProcessLookupError):
        os.kill(int(left.read_text()), 0)


def test_a_child_that_refuses_to_start_is_quoted(children: run.Children) -> None:
    refusing = "print('Gatehouse does not start: no key.'); raise SystemExit(3)"
    children.start("portal", ["-c", refusing], dict(os.environ))
    with pytest.raises(run.Trouble, match=r"^Gatehouse does not start: no key\.$"):
        children.watch()


def test_many_signals_at_once_still_stop_it(children: run.Children) -> None:
    children.start("portal", ["-c", "import time; time.sleep(60)"], dict(os.environ))
    shots = [f"os.kill({os.getpid()}, signal.{name})" for name in ("SIGTERM", "SIGINT") for _ in range(200)]
    shooting = "import os, signal, time; time.sleep(0.5); " + "; ".join(shots)
    shooter = subprocess.Popen([sys.executable, "-c", shooting])
    children.watch()
    assert shooter.wait(10) == 0


def test_what_does_not_end_is_killed(children: run.Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "STOP_SECONDS", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    child = children.start("portal", ["-c", deaf], dict(os.environ))
    while not child.words():
        time.sleep(0.02)
    children.stop()
    assert child.process.returncode == -signal.SIGKILL


# --- developing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "last_words"),
    [(["--co", "-q"], "Collected only, nothing was run."), (["-q"], "All as it should be.")],
)
def test_it_does_not_praise_what_did_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], last_words: str
) -> None:
    monkeypatch.setattr(run, "install", lambda requirements: None)
    monkeypatch.setattr(run, "step", lambda name, command: True)
    assert run.test(False, False, arguments) == 0
    assert capsys.readouterr().out.splitlines()[-1] == last_words
