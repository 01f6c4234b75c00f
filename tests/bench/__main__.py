"""python -m tests.bench [name ...]: the measurements of tests/bench/bench_<name>.py, on a database of their own."""

import importlib
import os
import sys
from pathlib import Path

import django
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

FOLDER = Path(__file__).parent


def main(wanted: list[str]) -> int:
    known = sorted(file.stem.removeprefix("bench_") for file in FOLDER.glob("bench_*.py"))
    if unknown := set(wanted) - set(known):
        print(f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
        return 2
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"on {connection.vendor}, {os.cpu_count()} cores")
        for name in wanted or known:
            for figure in importlib.import_module(f"tests.bench.bench_{name}").measure():
                print(f"{name:12} {figure.what:40} {figure.number:12,.1f} {figure.unit}")
    finally:
        teardown_databases(databases, verbosity=0)
    return 0


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    sys.exit(main(sys.argv[1:]))
