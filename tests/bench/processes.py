"""The portal's processes as in production, on the database of this one and calling the vendors that it calls."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from django.conf import settings
from django.db import connection

from run import WEB_SERVER

ROOT = Path(settings.BASE_DIR)
PATIENCE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Work:
    """What one worker needed: `peak_mib` is the peak of its memory in all its life."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def work(cluster: str = "scans") -> Work:
    """A worker of this cluster that works until nothing is due. Raises CalledProcessError when it breaks."""
    # Through a shell: a process's peak begins with that of the process it was forked from, and this one may hold a
    # vendor.
    command = ["/bin/sh", "-c", '"$0" -m tests.bench.worker "$1"; exit $?', sys.executable, cluster]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, check=True)
    return Work(**json.loads(done.stdout))


@contextmanager
def portal() -> Iterator[str]:
    """The web server as `run.py` starts it and both clusters of workers. Yields the web server's address; in the end
    all are killed, whatever they are at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    with TemporaryDirectory() as data, ExitStack() as running:
        environment = {**_environment(), "GATEHOUSE_DATA": data, "GATEHOUSE_PUBLIC_URL": address}
        collect = ["manage.py", "collectstatic", "--no-input", "-v", "0"]
        subprocess.run([sys.executable, *collect], cwd=ROOT, env=environment, check=True)
        running.enter_context(_process([*WEB_SERVER, "--bind", f"127.0.0.1:{port}"], environment))
        running.enter_context(_process(["manage.py", "qcluster"], environment))
        running.enter_context(_process(["manage.py", "qcluster"], {**environment, "Q_CLUSTER_NAME": "actions"}))
        wait_for(lambda: _answers(address), "the web server")
        yield address


def wait_for(condition: Callable[[], bool], what: str, look_seconds: float = 0.1) -> None:
    """Raises AssertionError after ten minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS} s for {what}"
        time.sleep(look_seconds)


@contextmanager
def _process(arguments: Sequence[str], environment: dict[str, str]) -> Iterator[None]:
    """In a process group of its own, which is killed as a whole."""
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield
            assert process.poll() is None, f"{' '.join(arguments)} ended before its time"
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/health/ready/", timeout=5).ok
    except requests.RequestException:
        return False


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": _database_url(),
        "GATEHOUSE_SANDBOX": "1",
        "GATEHOUSE_NETWORK_OVERRIDES": json.dumps(settings.NETWORK_OVERRIDES),
    }


def _database_url() -> str:
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{there['NAME']}"
    secret = f":{there['PASSWORD']}" if there["PASSWORD"] else ""
    return f"postgres://{there['USER']}{secret}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
