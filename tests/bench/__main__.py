"""python -m tests.bench [name ...] [name.CONSTANT=value ...]: the measurements of tests/bench/bench_<name>.py, on a
database of their own. A constant says how much is done, such as changes.COUNT=10_000."""

import ast
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


def set_constant(argument: str) -> None:
    """`name.CONSTANT=value`. Raises AttributeError where the measurement has no such constant."""
    place, _, value = argument.partition("=")
    name, _, constant = place.partition(".")
    module = importlib.import_module(f"tests.bench.bench_{name}")
    getattr(module, constant)  # so that a wrong name is an error
    setattr(module, constant, ast.literal_eval(value))


def main(arguments: list[str]) -> int:
    wanted = [each for each in arguments if "=" not in each]
    constants = [each for each in arguments if "=" in each]
    named = {each.partition(".")[0] for each in arguments}
    if unknown := named - set(known()):
        print(f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(known())}.")
        return 2
    for argument in constants:
        set_constant(argument)
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
