"""What test_conformance.py needs to hold a connector against the rules: one bench, or several, for each app.

A connector's benches are in the module of its name in this folder: a class `Bench`, or `BENCHES`, several such classes
for connections that differ in what they offer, such as a product or a way of signing in.
"""

import importlib

from tests.connectors.conformance.bench import Bench


def benches_of(connector_id: str) -> list[type[Bench]]:
    """A connector's benches. Raises ModuleNotFoundError when nobody wrote one."""
    module = importlib.import_module(f"tests.connectors.conformance.{connector_id}")
    made: list[type[Bench]] = list(getattr(module, "BENCHES", (module.Bench,)))
    return made


def name_of(bench: type[Bench]) -> str:
    """The app, and the bench where an app has several."""
    return bench.connector_id if bench.__name__ == "Bench" else f"{bench.connector_id} {bench.__name__}"
