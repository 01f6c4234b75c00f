"""python -m tests.bench [name ...]: the measurements of tests/bench/bench_<name>.py, on a database of their own."""

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from tests.bench.figures import Figure

FOLDER = Path(__file__).parent


def known() -> list[str]:
    """The names of all measurements."""
    return sorted(file.stem.removeprefix("bench_") for file in FOLDER.glob("bench_*.py"))


def measure(name: str) -> Iterator[Figure]:
    """Figures as they come, on the database that is connected."""
    yield from importlib.import_module(f"tests.bench.bench_{name}").measure()


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - set(known()):
        print(f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(known())}.")
        return 2
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"on {connection.vendor}, {os.cpu_count()} cores")
        for name in wanted or known():
            for figure in measure(name):
                print(f"{name:8} {figure.what:58} {figure.number:12,.1f} {figure.unit}", flush=True)
    finally:
        teardown_databases(databases, verbosity=0)
    return 0


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    sys.exit(main(sys.argv[1:]))
