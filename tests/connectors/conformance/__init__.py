"""What test_conformance.py needs to hold a connector against the rules: one bench for each app.

A connector's bench is the module of its name in this folder, with a class `Bench`.
"""

import importlib

from tests.connectors.conformance.bench import Bench


def bench_of(connector_id: str) -> Bench:
    """The bench of a connector, not begun. Raises ModuleNotFoundError when nobody wrote one."""
    module = importlib.import_module(f"tests.connectors.conformance.{connector_id}")
    made: Bench = module.Bench()
    return made
