#!/usr/bin/env python3
"""Gatehouse on one machine. Needs Python 3.11 and nothing else.

  python3 run.py demo     the portal with simulated cloud apps of an invented company
  python3 run.py          the portal for real cloud apps
  python3 run.py test     style, types, import rules and tests; further arguments go to pytest
  python3 run.py bench    measurements
  python3 run.py [demo] manage COMMAND ...    a command of manage.py, such as setup_link

Everything it makes is in .venv/ and var/; delete them to begin again.
"""

# Annotations stay quoted where an old Python could not read them: it must get as far as saying that it is too old.

import argparse
import base64
import concurrent.futures
import contextlib
import functools
import hashlib
import http.client
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARKER = VENV / "gatehouse.json"
OLDEST_PYTHON = (3, 11)
PORT = 8800
WEB_SERVER = ["-m", "gunicorn", "portal.wsgi", "--workers=1", "--threads=4", "--no-control-socket"]
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt", "requirements-peers.txt"]
READY_SECONDS, STOP_SECONDS = 60, 10
REFUSAL = "Gatehouse does not start:"
LOG_BYTES, TAIL_LINES = 10_000_000, 15
RESTART_SECONDS, MOST_DEATHS, WITHIN_SECONDS = 1, 5, 60
NO_NETWORK = (
    "no package index answers. Connect this machine to the network, or set PIP_PROXY or PIP_INDEX_URL to the one your "
    "network uses, and start again."
)
PIP_INSTALL = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r"]
PIP_PROBLEMS = (
    ("THESE PACKAGES DO NOT MATCH THE HASHES", "a download is not the package that is meant. Try another network."),
    ("No space left on device", "the disk is full. Make room and start again."),
    ("NewConnectionError", NO_NETWORK),
    ("Temporary failure in name resolution", NO_NETWORK),
    ("timed out", NO_NETWORK),
    ("No matching distribution", "the package index that this machine uses does not have them. Set PIP_INDEX_URL."),
)
NOT_INHERITED = ("DJANGO_SETTINGS_MODULE", "Q_CLUSTER_NAME")
FAST_TESTS = "not load and not kill and not peers"
HOSTS_OF_SANDBOX = (
    "import json, tests.sandbox.server as server; "
    "print(json.dumps([host for each in server.Sandbox().simulators.values() for host in each.hosts]))"
)


class Trouble(Exception):
    """What is wrong and what to do, in one sentence or two."""


say = functools.partial(print, flush=True)


def main() -> int:
    try:
        check_machine()
        return run(sys.argv[1:])
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: "list[str]") -> int:
    is_demo = arguments[:1] == ["demo"]
    if arguments[is_demo : is_demo + 1] == ["manage"]:
        return manage(is_demo, arguments[is_demo + 1 :])
    parser = argparse.ArgumentParser(usage=__doc__, allow_abbrev=False)
    parser.add_argument("command", nargs="?", choices=["demo", "test", "bench"], help="see above")
    parser.add_argument("--port", type=int, default=PORT, help="the portal's port (the demo also takes the next one)")
    parser.add_argument("--peers", action="store_true", help="test: other people's clients against our simulators")
    parser.add_argument("--all", action="store_true", help="test: everything, also what takes minutes")
    options, rest = parser.parse_known_args(arguments)
    if options.command == "test":
        return test(options.peers, options.all, rest)
    if options.command == "bench":
        return bench(rest)
    if rest:
        parser.error("unknown: " + " ".join(rest))
    return start(options.command == "demo", options.port)


# --- this machine ---------------------------------------------------------------------------------------------------


def check_machine() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise Trouble(
            "Gatehouse needs Python 3.11 or newer and this is {}.{}: install one and start again with it, such as "
            "`python3.11 run.py`.".format(*sys.version_info)
        )
    if os.name != "posix":
        raise Trouble("Gatehouse runs on Linux and macOS: on Windows, start it inside WSL.")
    if not PYTHON.exists() and not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Trouble(
            "This Python comes without its `venv` module, which keeps Gatehouse's packages apart: install it (Debian "
            "and Ubuntu: `sudo apt install python3-venv`) and start again."
        )


def make_folder(path: Path) -> None:
    """Make the folder, for its owner alone, and see that one can write to it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        probe = path / ".probe"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"Gatehouse cannot write to {path} ({error.strerror}): start it as the owner of that folder, or copy the "
            "project to a folder you may write to."
        ) from None


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Trouble(
                f"Port {port} cannot be used ({getattr(error, 'strerror', 'there is no such port')}): stop the program "
                "that has it, perhaps another Gatehouse, or choose another port, such as `--port 9876`."
            ) from None


# --- packages -------------------------------------------------------------------------------------------------------


def install(requirements: str) -> None:
    """The virtual environment with the packages of a requirements file, unless it has them already."""
    # The larger files hold all pins of the smaller ones.
    wanted = {name: digest_of(ROOT / name) for name in REQUIREMENTS[: REQUIREMENTS.index(requirements) + 1]}
    marker = read_marker()
    if PYTHON.exists() and marker.get(requirements) == wanted[requirements]:
        return
    make_folder(ROOT / "var")
    if not is_venv_usable():
        make_venv()
    say(f"Installing the packages of {requirements} ...")
    command = [str(PYTHON), *PIP_INSTALL, requirements]
    done = subprocess.run(command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        words, log = done.stdout.decode(errors="replace"), ROOT / "var" / "install.log"
        log.write_text(words)
        last = (words.strip().splitlines() or ["pip said nothing"])[-1].strip()
        problem = next((problem for sign, problem in PIP_PROBLEMS if sign in words), f"{last} (All of it is in {log}.)")
        raise Trouble(f"The packages of {requirements} were not installed: {problem}")
    MARKER.write_text(json.dumps({**marker, **wanted}))


def is_venv_usable() -> bool:
    """Whether .venv holds a Python like this one, and pip."""
    words = "import pip, sys; sys.exit(sys.version_info[:2] != (%d, %d))" % sys.version_info[:2]  # noqa: UP031
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", words], capture_output=True).returncode == 0


def make_venv() -> None:
    say("Making a virtual environment in .venv ...")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        words = done.stdout.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Trouble(
            f"The virtual environment .venv could not be made ({words[-1].strip()}): check that {ROOT} can be written "
            "to and that Python's `venv` module is complete (Debian and Ubuntu: `sudo apt install python3-venv`)."
        )


def read_marker() -> "dict[str, str]":
    try:
        found = json.loads(MARKER.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()}


def digest_of(*paths: Path) -> str:
    """One digest of files, and of all files in folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


# --- environment ----------------------------------------------------------------------------------------------------


def write_environment(file: Path, values: "dict[str, str]", given: "dict[str, str]") -> "dict[str, str]":
    """Set these values in the environment file (mode 0600), keep its other lines, make keys unless they are given."""
    lines = file.read_text().splitlines() if file.exists() else []
    known = {name: value for name, separator, value in (line.partition("=") for line in lines) if separator}
    fresh = {
        "GATEHOUSE_SECRET_KEY": secrets.token_hex(32),
        "GATEHOUSE_ENCRYPTION_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
    }
    missing = {name: value for name, value in fresh.items() if name not in known and name not in given}
    changed = {**missing, **{name: value for name, value in values.items() if known.get(name) != value}}
    if changed:
        kept = [line for line in lines if line.partition("=")[0] not in changed]
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with open(os.open(str(draft), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.writelines(f"{line}\n" for line in [*kept, *(f"{name}={value}" for name, value in changed.items())])
        draft.replace(file)
    return {**known, **changed}


def child_environment(data: Path, is_demo: bool) -> "dict[str, str]":
    """What children see: of the demo, nothing that was set for a real portal."""
    found = dict(os.environ)
    for name in list(found):
        is_ours = name.startswith("GATEHOUSE_") or name == "DATABASE_URL"
        if name in NOT_INHERITED or (is_demo and is_ours):
            del found[name]
    command = "python3 run.py demo manage" if is_demo else "python3 run.py manage"
    ours = {"GATEHOUSE_ENV_FILE": str(data / "env"), "GATEHOUSE_DATA": str(data), "GATEHOUSE_MANAGE": command}
    return {**found, **ours, "PYTHONUNBUFFERED": "1"}


def sandbox_settings(port: int, environment: "dict[str, str]") -> "dict[str, str]":
    hosts = json.loads(python(["-c", HOSTS_OF_SANDBOX], environment))
    overrides = {host: f"http://127.0.0.1:{port}/~/{host}" for host in hosts}
    return {"GATEHOUSE_SANDBOX": "1", "GATEHOUSE_NETWORK_OVERRIDES": json.dumps(overrides)}


# --- starting and stopping ------------------------------------------------------------------------------------------


class Child:
    """A process of ours with its log."""

    def __init__(self, name: str, arguments: "list[str]", environment: "dict[str, str]", logs: Path) -> None:
        self.name = name
        self.log = logs / (name.replace(" ", "-") + ".log")
        self._arguments, self._environment = arguments, environment
        self._deaths: list[float] = []
        self.begin()

    def begin(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._begun_at = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as stream:
            # In a session of its own: Ctrl-C reaches run.py alone, which stops its children in order.
            self.process = subprocess.Popen(
                [str(PYTHON), *self._arguments], cwd=str(ROOT), env=self._environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def mourn(self) -> float:
        """It ended: how many seconds to wait before it is started again. Raises Trouble where that is no use."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # what it left running
        now = time.monotonic()
        self._deaths = [*(at for at in self._deaths if at > now - WITHIN_SECONDS), now]
        count, words = len(self._deaths), self.ending()
        if count == MOST_DEATHS or words.startswith(REFUSAL):
            raise Trouble(words)
        wait = RESTART_SECONDS * 2 ** (count - 2) if count > 1 else 0
        when = f"in {wait} seconds" if wait else "at once"
        say(f"The {self.name} ended (exit code {self.process.returncode}) and is started again {when}: see {self.log}.")
        return wait

    def words(self) -> str:
        """What it logged since this start."""
        with self.log.open("rb") as stream:
            stream.seek(self._begun_at)
            return stream.read().decode(errors="replace")

    def ending(self) -> str:
        """Why it ended, in its own words."""
        lines = [line for line in self.words().splitlines() if line.strip() and "INFO" not in line]
        for refusal in (line for line in lines if line.startswith(REFUSAL)):
            return refusal
        tail = "".join(f"\n  {line}" for line in lines[-TAIL_LINES:]) or " nothing but routine."
        times = f"{len(self._deaths)} times within a minute, " if len(self._deaths) > 1 else ""
        return (
            f"The {self.name} ended ({times}exit code {self.process.poll()}). Its last lines, from {self.log}:{tail}\n"
            f"When that is mended, start again with `{' '.join(['python3 run.py', *sys.argv[1:]])}`."
        )


class Children:
    """All of them, started in order, watched, and stopped in reverse."""

    def __init__(self, logs: Path) -> None:
        make_folder(logs)
        self.logs = logs
        self._all: list[Child] = []
        self.is_stop_wanted = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: "FrameType | None") -> None:
        self.is_stop_wanted = True  # no more than that: a second signal may come in the middle of the first

    def pause(self, seconds: float) -> bool:
        """Wait so long, or until a signal asks to stop: whether one did."""
        deadline = time.monotonic() + seconds
        while not self.is_stop_wanted and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.is_stop_wanted

    def start(self, name: str, arguments: "list[str]", environment: "dict[str, str]") -> Child:
        child = Child(name, arguments, environment, self.logs)
        self._all.append(child)
        return child

    def check(self) -> None:
        for child in self._all:
            if child.process.poll() is not None:
                raise Trouble(child.ending())

    def watch(self) -> None:
        """Until a signal asks to stop, or one of them ends again and again."""
        while not self.pause(0.3):
            for child in self._all:
                if child.process.poll() is not None and not self.pause(child.mourn()):
                    child.begin()

    def stop(self) -> None:
        """Workers first, so that a scan's last calls still find the app that they call."""
        for workers in (True, False):
            group = [child for child in self._all if child.name.endswith("worker") is workers]
            stop_all([child.process for child in group])


def stop_all(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Ask them to end; what has not ended in time is killed, which loses nothing."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        process.wait()


def start(is_demo: bool, port: int) -> int:
    os.umask(0o077)
    data = ROOT / "var" / "demo" if is_demo else ROOT / "var"
    make_folder(data)
    for each in (port, port + 1) if is_demo else (port,):
        check_port(each)
    install("requirements.txt")
    environment = child_environment(data, is_demo)
    here = {"GATEHOUSE_PUBLIC_URL": f"http://localhost:{port}"}
    values = {**here, **sandbox_settings(port + 1, environment)} if is_demo else {}
    environment = {**here, **write_environment(data / "env", values, environment), **environment}
    address = environment["GATEHOUSE_PUBLIC_URL"]
    prepare(data, environment)
    children = Children(data / "log")
    try:
        open_house(children, is_demo, port, address, environment)
        children.watch()
        say("\nStopping ...")
    finally:
        children.stop()
    return 0


def open_house(children: Children, is_demo: bool, port: int, address: str, environment: "dict[str, str]") -> None:
    """Start everything; the workers last, so that the first page is there sooner."""
    if is_demo:
        memory = environment["GATEHOUSE_DATA"] + "/sandbox"  # slow, so that a scan can be watched:
        where = ["--port", str(port + 1), "--portal", address]
        sandbox = ["-m", "tests.sandbox", *where, "--slow", "120", "--memory", memory]
        children.start("sandbox", sandbox, environment)
    children.start("portal", [*WEB_SERVER, "--bind", f"127.0.0.1:{port}"], environment)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        linking = pool.submit(python, ["manage.py", "setup_link"], environment)
        await_answer(children, port, urlsplit(address).netloc)
    if children.is_stop_wanted:
        return
    children.start("scans worker", ["manage.py", "qcluster"], environment)
    children.start("actions worker", ["manage.py", "qcluster"], {**environment, "Q_CLUSTER_NAME": "actions"})
    say(f"\nGatehouse is at    {address}")
    if is_demo:
        say(f"Simulated apps at  http://127.0.0.1:{port + 1}    what to type in the wizard is written there")
    if address in linking.result():  # else there is a Global Admin already
        say(f"\n{linking.result().strip()}")
    say(f"\nCtrl-C stops it. Logs are in {children.logs.relative_to(ROOT)}/.")


def prepare(data: Path, environment: "dict[str, str]") -> None:
    """Bring database and static files up to date, unless nothing changed since the last start."""
    migrations = sorted((ROOT / "portal").glob("*/migrations"))
    digest = digest_of(ROOT / "requirements.txt", ROOT / "static", *migrations)
    marker, made = data / "prepared", [data / "gatehouse.sqlite3", data / "static", data / "prepared"]
    if "DATABASE_URL" not in environment and all(each.exists() for each in made) and marker.read_text() == digest:
        return
    say("Preparing the database ...")
    python(["manage.py", "migrate", "--no-input", "-v", "0"], environment)
    python(["manage.py", "createcachetable"], environment)
    shutil.rmtree(str(data / "static"), ignore_errors=True)
    python(["manage.py", "collectstatic", "--no-input", "-v", "0"], environment)
    marker.write_text(digest)


def manage(is_demo: bool, arguments: "list[str]") -> int:
    """A command of manage.py, in the environment of a portal that was started before."""
    data = ROOT / "var" / "demo" if is_demo else ROOT / "var"
    if not (data / "prepared").exists():
        raise Trouble(f"There is no portal here yet: start it first with `python3 run.py{' demo' if is_demo else ''}`.")
    install("requirements.txt")
    command = [str(PYTHON), "manage.py", *arguments]
    return subprocess.run(command, cwd=str(ROOT), env=child_environment(data, is_demo)).returncode


def python(arguments: "list[str]", environment: "dict[str, str]") -> str:
    done = subprocess.run([str(PYTHON), *arguments], cwd=str(ROOT), env=environment, capture_output=True)
    if done.returncode:
        raise Trouble(f"`{' '.join(arguments[:2])}` failed:\n{done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def await_answer(children: Children, port: int, host: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not children.pause(0.05) and not answers(port, host):
        children.check()
        if time.monotonic() > deadline:
            raise Trouble(f"The portal did not answer within {READY_SECONDS} seconds: its log says why.")


def answers(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live/", headers={"Host": host})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# --- developing -----------------------------------------------------------------------------------------------------


def test(peers: bool, everything: bool, arguments: "list[str]") -> int:
    """Style, types, import rules, then pytest; with arguments for pytest, that alone."""
    install("requirements-peers.txt" if peers or everything else "requirements-dev.txt")
    selection = [] if everything else ["-m", "peers" if peers else FAST_TESTS]
    # Killing and measuring want the machine for themselves.
    selection += [] if everything or arguments else ["-n2", "--dist=worksteal"]
    steps = [("tests", [str(PYTHON), "-m", "pytest", *selection, *arguments])]
    if not arguments and not peers:
        style, types = [str(PYTHON), "-m", "ruff", "check", "."], [str(PYTHON), "-m", "mypy"]
        steps = [("style", style), ("types", types), ("imports", [str(VENV / "bin" / "lint-imports")]), *steps]
    failed = [name for name, command in steps if not step(name, command)]
    good = "Collected only, nothing was run." if {"--co", "--collect-only"} & {*arguments} else "All as it should be."
    say(f"\nNot as it should be: {', '.join(failed)}." if failed else f"\n{good}")
    return 1 if failed else 0


def step(name: str, command: "list[str]") -> bool:
    say(f"\n--- {name}")
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return subprocess.run(command, cwd=str(ROOT), env=environment).returncode == 0


def bench(arguments: "list[str]") -> int:
    install("requirements-dev.txt")
    return subprocess.run([str(PYTHON), "-m", "tests.bench", *arguments], cwd=str(ROOT)).returncode


if __name__ == "__main__":
    sys.exit(main())
